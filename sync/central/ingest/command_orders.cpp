// SPDX-License-Identifier: Apache-2.0
// Centre: what an administrator orders terminals to do (PROTOCOL.md, "Commands"). An order is in the feed, the log and
// the audit in one transaction.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/ingest/centre.h"
#include "sync/settings/remote.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

std::string what_of(const record::Command& command) {
  switch (command.verb) {
    case record::Verb::restart:
      return fmt::format("restart {}", record::program_name(command.program));
    case record::Verb::resend:
      if (command.last == record::k_last_seq) return fmt::format("resend {} to the newest", command.first);
      return fmt::format("resend {} to {}", command.first, command.last);
    case record::Verb::catalogue:
      return command.parts.empty() ? "catalogue none" : "catalogue " + record::catalogue_name(command).substr(0, 8);
    case record::Verb::settings:
      return command.text.empty() ? "settings none" : "settings " + settings::settings_name(command.text).substr(0, 8);
  }
  return "";
}

/// The names of the terminals that an order is for, in the order in which they are locked.
Result<std::vector<std::string>> targets(Reader& in, std::string_view target) {
  std::vector<std::string> out;
  auto devices = in.devices();
  if (!devices) return tl::unexpected(devices.error());
  for (const Device& one : *devices) {
    if (target == "all" ? one.state == DeviceState::active : one.id.str() == target) {
      if (one.state == DeviceState::revoked || one.state == DeviceState::pending) {
        return fail(ErrorKind::conflict, fmt::format("device: {} is {}", target, device_state_name(one.state)));
      }
      out.push_back(one.id.str());
    }
  }
  if (out.empty()) return fail(ErrorKind::not_found, "device: there is no such terminal");
  std::sort(out.begin(), out.end());
  return out;
}

/// What ails the log of one terminal keeps nothing from the others: it is full, or cannot be read.
bool is_its_own(const record::Error& error) {
  return error.kind == ErrorKind::conflict || error.kind == ErrorKind::corrupt;
}

void say_left_out(const std::vector<Centre::LeftOut>& list) {
  for (const Centre::LeftOut& one : list) spdlog::error("terminal {} was left out: {}", one.device, one.why);
}

}  // namespace

Result<Centre::Order> Centre::order(std::string_view target, record::Command command, const std::string& who) {
  if (command.verb == record::Verb::settings) {
    settings::Terminal any;
    if (auto sound = settings::apply_remote(any, command.text); !sound) return tl::unexpected(sound.error());
  }
  return give_order(target, std::move(command), {}, who);
}

Result<Centre::Order> Centre::order_catalogue(std::string_view target, const catalogue::Sources& files,
                                              std::int64_t expires_ms, const std::string& who) {
  record::Command command;
  command.verb = record::Verb::catalogue;
  command.expires_ms = expires_ms;
  const std::array<std::string, 4> texts{files.agencies, files.categories, files.holidays, files.region};
  static_assert(record::k_catalogue_files[0] == "agencies.toml" && record::k_catalogue_files[3] == "region.toml");
  if (std::all_of(texts.begin(), texts.end(), [](const std::string& one) { return one.empty(); })) {
    return give_order(target, std::move(command), {}, who);
  }
  if (auto sound = catalogue::parse_catalogue(files); !sound) return tl::unexpected(sound.error());
  auto parts = record::cut_catalogue(texts, command);
  if (!parts) return tl::unexpected(parts.error());
  return give_order(target, std::move(command), *parts, who);
}

Result<Centre::Order> Centre::give_order(std::string_view target, record::Command command,
                                         const std::vector<record::Bytes>& parts, const std::string& who) {
  const std::int64_t now = m_clock.unix_ms();
  if (command.expires_ms <= now) return fail(ErrorKind::invalid, "until: must lie in the future");
  command.id = record::Uuid::make(now);
  auto body = record::write_command(command);
  if (!body) return tl::unexpected(body.error());
  // What it brings comes before it.
  std::vector<wire::FeedItem> items;
  for (std::size_t i = 0; i < parts.size(); i++) {
    items.push_back({0, std::string(wire::k_feed_part), record::to_hex(command.parts[i]), parts[i]});
  }
  items.push_back({0, std::string(wire::k_feed_command), command.id.str(), record::Bytes(body->begin(), body->end())});
  Order out;
  auto done = m_store->write([&](Writer& change) -> Result<void> {
    out = {command.id.str(), {}, command.expires_ms, {}};
    auto names = targets(change, target);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) {
      if (auto locked = change.lock(name); !locked) return locked;
      OrderedCommand noted;
      noted.id = out.id;
      noted.device = name;
      noted.what = what_of(command);
      noted.by = who;
      noted.ordered_ms = now;
      noted.expires_ms = command.expires_ms;
      if (auto done_so = note_ordered(change, noted, now); !done_so) {
        if (names->size() == 1 || !is_its_own(done_so.error())) return done_so;
        out.left_out.push_back({name, done_so.error().text});
        continue;
      }
      if (auto added = change.add_feed(name, items); !added) return added;
      out.devices.push_back(name);
    }
    if (out.devices.empty()) return fail(ErrorKind::conflict, out.left_out.front().why);
    const std::string whose = target == "all" ? fmt::format("every terminal ({})", out.devices.size()) : out.devices[0];
    return change.add_audit({now, who, fmt::format("ordered {}: {} ({})", whose, what_of(command), out.id)});
  });
  if (!done) return tl::unexpected(done.error());
  say_left_out(out.left_out);
  return out;
}

Result<std::vector<OrderedCommand>> Centre::commands(std::string_view device) {
  std::vector<OrderedCommand> out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    out.clear();
    auto devices = in.devices();
    if (!devices) return tl::unexpected(devices.error());
    bool known = device.empty();
    for (const Device& one : *devices) {
      const std::string name = one.id.str();
      if (!device.empty() && name != device) continue;
      known = true;
      auto log = command_log(in, name);
      if (!log) return tl::unexpected(log.error());
      const bool open =
          std::any_of(log->begin(), log->end(), [](const auto& command) { return command.outcome.empty(); });
      std::vector<std::string> waiting;
      if (open) {
        auto subjects = in.feed_subjects(name, wire::k_feed_command);
        if (!subjects) return tl::unexpected(subjects.error());
        waiting = *std::move(subjects);
      }
      for (OrderedCommand& command : *log) {
        command.received =
            !command.outcome.empty() || std::find(waiting.begin(), waiting.end(), command.id) == waiting.end();
        out.push_back(std::move(command));
      }
    }
    if (!known) return fail(ErrorKind::not_found, "device: there is no such terminal");
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Centre::Cancelled> Centre::cancel_command(std::string_view id_text, const std::string& who) {
  auto id = record::Uuid::parse(id_text);
  if (!id) return fail(ErrorKind::invalid, "id: a command's id, as `commands` shows it");
  const std::int64_t now = m_clock.unix_ms();
  Cancelled out;
  auto done = m_store->write([&](Writer& change) -> Result<void> {
    out = {};
    bool known = false;
    auto devices = change.devices();
    if (!devices) return tl::unexpected(devices.error());
    std::vector<std::string> names;
    for (const Device& one : *devices) names.push_back(one.id.str());
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const auto is_it = [&](const OrderedCommand& one) { return one.id == id_text; };
      auto log = command_log(change, name);
      if (!log && is_its_own(log.error())) {
        out.left_out.push_back({name, log.error().text});
        continue;
      }
      if (!log) return tl::unexpected(log.error());
      if (std::none_of(log->begin(), log->end(), is_it)) continue;
      known = true;
      if (auto locked = change.lock(name); !locked) return locked;
      log = command_log(change, name);  // as it is now that nobody else changes it
      if (!log) return tl::unexpected(log.error());
      const auto found = std::find_if(log->begin(), log->end(), is_it);
      if (found == log->end() || !found->outcome.empty() || found->cancelled_ms != 0) continue;
      if (auto noted = note_cancelled(change, name, id_text, who, now); !noted) return noted;
      const wire::FeedItem item{0, std::string(wire::k_feed_command_cancel), id->str(), {}};
      if (auto added = change.add_feed(name, {&item, 1}); !added) return added;
      out.devices.push_back(name);
    }
    if (!known) {
      std::string why = "id: there is no such command";
      for (const LeftOut& one : out.left_out) why += "; " + one.why;
      return fail(ErrorKind::not_found, why);
    }
    if (out.devices.empty()) return fail(ErrorKind::conflict, "id: the command has come to its end already");
    return change.add_audit(
        {now, who, fmt::format("cancelled command {} at {} terminals", id_text, out.devices.size())});
  });
  if (!done) return tl::unexpected(done.error());
  say_left_out(out.left_out);
  return out;
}

}  // namespace anjungan::central
