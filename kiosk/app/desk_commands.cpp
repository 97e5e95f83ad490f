// SPDX-License-Identifier: Apache-2.0
// What an administrator at the centre orders. The agent lays commands down in sync.db; each one's end is an event in
// intake.db, and one that has it is never begun again. A kill at any moment leaves a command done or still to do.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

#include "kiosk/app/desk.h"
#include "kiosk/app/remote.h"
#include "sync/record/command.h"
#include "sync/settings/remote.h"

namespace anjungan::app {
namespace {

using Steady = std::chrono::steady_clock;
using record::Command;
using record::CommandEnd;
using record::CommandOutcome;

/// How often commands are looked at when no bell rings.
constexpr auto k_commands_every = std::chrono::seconds(60);

constexpr std::size_t k_most_jobs = 1'000;

}  // namespace

void Desk::look_for_commands() {
  if (!m_store) return;
  if (Steady::now() >= m_commands_at) {
    m_commands_at = Steady::now() + k_commands_every;
    const auto wanted = tend_commands();
    // Tried again at the next look: the command stays where it is.
    if (!wanted) spdlog::warn("command.put_off why=\"{}\"", wanted.error().text);
    m_leave_wanted = wanted ? *wanted : Leave::stay;
  }
  const bool now = m_leave_wanted != Leave::stay && !m_attempted && !receipt_at_printer();
  const Leave leave = now ? m_leave_wanted : Leave::stay;
  if (m_leave.exchange(leave) != leave) m_wake();
}

bool Desk::receipt_at_printer() {
  if (!m_printers) return false;
  const auto jobs = m_printers->jobs(k_most_jobs);
  if (!jobs) return true;
  return std::any_of(jobs->begin(), jobs->end(),
                     [](const slip::JobLine& one) { return one.state == store::PrintState::sending; });
}

record::Result<Leave> Desk::tend_commands() {
  auto sync = store::SyncReader::open(m_terminal.settings.data);
  if (!sync) return Leave::stay;  // the agent has not run yet
  const auto state = sync->state();
  if (!state) return tl::unexpected(state.error());
  const auto commands = sync->commands();
  if (!commands) return tl::unexpected(commands.error());
  Leave wanted = Leave::stay;
  for (const store::KeptCommand& one : *commands) {
    const std::lock_guard guard(m_store_mutex);
    const auto ended = m_store->command_ended(one.id);
    if (!ended) return tl::unexpected(ended.error());
    if (*ended) continue;
    auto outcome = fate_of(one, state->centre_now_ms(record::SystemClock().unix_ms()), wanted);
    if (!outcome) return tl::unexpected(outcome.error());
    if (!*outcome) continue;
    if (auto told = m_store->end_command(**outcome); !told) return tl::unexpected(told.error());
    spdlog::info("command.ended id={} outcome={} reason=\"{}\"", one.id.str(),
                 record::command_end_name((*outcome)->end), (*outcome)->reason);
    m_print_moved = true;  // there is an event to send
  }
  return wanted;
}

/// Nothing while it is not this program's turn, or while one before it has this program leave.
record::Result<std::optional<CommandOutcome>> Desk::fate_of(const store::KeptCommand& kept, std::int64_t centre_now_ms,
                                                            Leave& wanted) {
  const auto ends = [&](CommandEnd end, std::string reason) {
    return std::optional(CommandOutcome{kept.id, end, std::move(reason)});
  };
  if (!kept.outcome.empty()) {
    const auto end = record::parse_command_end(kept.outcome);
    if (!end) return ends(CommandEnd::not_understood, end.error().text);
    return ends(*end, kept.reason);
  }
  const auto command = record::parse_command(record::to_text(kept.body));
  if (!command) return ends(CommandEnd::not_understood, command.error().text);
  if (command->id != kept.id) return ends(CommandEnd::not_understood, "id: another one than its subject");
  if (record::is_for_agent(*command)) return std::nullopt;
  if (wanted != Leave::stay) {
    // Nothing of it has begun: it can end, and cannot begin.
    if (kept.cancelled) return ends(CommandEnd::cancelled, "");
    if (centre_now_ms > command->expires_ms) return ends(CommandEnd::expired, "");
    return std::nullopt;
  }
  // What is in force is done, whatever was said of it since.
  if (in_force(*command)) {
    forget_catalogues(m_terminal.settings.data, m_terminal.settings.remote.catalogue);
    return ends(CommandEnd::done, "");
  }
  auto fate = [&]() -> record::Result<std::optional<CommandOutcome>> {
    if (kept.cancelled) return ends(CommandEnd::cancelled, "");
    // A restart has been done when this very process is younger than the order.
    if (command->verb == record::Verb::restart && kept.place <= m_terminal.commands_before) {
      return ends(CommandEnd::done, "");
    }
    if (centre_now_ms > command->expires_ms) return ends(CommandEnd::expired, "");
    return begin(*command, wanted);
  }();
  // It may have been laid down before it came to that end: it must not come into force at the next start.
  if (fate && *fate) {
    if (auto back = put_back(*command); !back) return tl::unexpected(back.error());
  }
  return fate;
}

bool Desk::in_force(const Command& command) const {
  const settings::Remote& remote = m_terminal.settings.remote;
  const std::string& data = m_terminal.settings.data;
  const auto is = [&](const std::string& wanted, const std::string& present, const std::string& path) {
    // What lies there and cannot be read is not in force, and must go all the same.
    return wanted == present && (!wanted.empty() || !std::filesystem::exists(path));
  };
  if (!remote.accept) return false;
  if (command.verb == record::Verb::catalogue) {
    return is(record::catalogue_name(command), remote.catalogue, settings::remote_catalogue(data));
  }
  return command.verb == record::Verb::settings &&
         is(settings::settings_name(command.text), remote.settings, settings::remote_settings(data));
}

/// What this process runs with is what lies on the disk again.
record::Result<void> Desk::put_back(const Command& command) {
  const settings::Remote& remote = m_terminal.settings.remote;
  const std::string& data = m_terminal.settings.data;
  if (!remote.accept) return {};  // nothing is laid down there, and what lies there is the technician's to remove
  if (command.verb == record::Verb::settings) return keep_settings(data, remote.text);
  if (command.verb != record::Verb::catalogue) return {};
  if (auto used = use_catalogue(data, remote.catalogue); !used) return used;
  forget_catalogues(data, remote.catalogue);
  return {};
}

record::Result<std::optional<CommandOutcome>> Desk::begin(const Command& command, Leave& wanted) {
  if (command.verb == record::Verb::catalogue || command.verb == record::Verb::settings) {
    return take_up(command, wanted);
  }
  if (!m_terminal.brought_back) {
    return CommandOutcome{command.id, CommandEnd::refused,
                          "anjungan was not started by systemd: nothing would start it again"};
  }
  // The next process reads it anew, and ends where it cannot be read: nobody could order that one about any more.
  if (!m_terminal.config.empty()) {
    if (const auto sound = load_terminal(m_terminal.config, m_terminal.sample); !sound) {
      return CommandOutcome{command.id, CommandEnd::refused, "it would not start again: " + sound.error().text};
    }
  }
  wanted = Leave::restart;
  return std::nullopt;
}

/// What is laid down is in force once the program has begun anew with it; that process says that it is done.
record::Result<std::optional<CommandOutcome>> Desk::take_up(const Command& command, Leave& wanted) {
  const settings::Remote& remote = m_terminal.settings.remote;
  const auto refuse = [&](std::string why) { return CommandOutcome{command.id, CommandEnd::refused, std::move(why)}; };
  if (!remote.accept) return refuse("terminal.toml: remote.accept is false: a technician has shut this out");
  if (m_terminal.reloaded_for == command.id) {
    return refuse(remote.trouble.empty() ? "it did not come into force" : remote.trouble);
  }
  wanted = Leave::reload;
  if (reload_for() == command.id) return std::nullopt;  // laid down already, and waits
  const auto why = lay_down(command);
  if (!why || *why) wanted = Leave::stay;
  if (!why) return tl::unexpected(why.error());
  if (*why) return refuse(**why);
  {
    const std::lock_guard guard(m_news_mutex);
    m_reload_for = command.id;
  }
  return std::nullopt;
}

/// Checked before anything takes its place; gives the reason why it is refused.
record::Result<std::optional<std::string>> Desk::lay_down(const Command& command) {
  const std::string& data = m_terminal.settings.data;
  if (command.verb == record::Verb::settings) {
    settings::Terminal would_be = m_terminal.settings;
    if (const auto sound = settings::apply_remote(would_be, command.text); !sound) return sound.error().text;
    if (auto kept = keep_settings(data, command.text); !kept) return tl::unexpected(kept.error());
    return std::nullopt;
  }
  const std::string name = record::catalogue_name(command);
  if (!name.empty()) {
    auto sync = store::SyncReader::open(data);
    if (!sync) return tl::unexpected(sync.error());
    std::vector<record::Bytes> parts;
    for (const record::Hash& one : command.parts) {
      auto bytes = sync->part(one);
      if (!bytes) return tl::unexpected(bytes.error());
      if (!*bytes) return "parts: one is not here any more; order it again";
      parts.push_back(**std::move(bytes));
    }
    const auto files = record::join_catalogue(command, parts);
    if (!files) return files.error().text;
    if (auto laid = lay_down_catalogue(data, name, *files); !laid) return tl::unexpected(laid.error());
    const auto city = catalogue::load_catalogue(settings::remote_catalogue_folder(data, name));
    std::string why = city ? std::string() : city.error().text;
    if (city && city->region_code != m_identity->region) {
      why = fmt::format("region.toml: code: is {}, this terminal's is {}", city->region_code, m_identity->region);
    }
    if (!why.empty()) return why;
  }
  if (auto used = use_catalogue(data, name); !used) return tl::unexpected(used.error());
  return std::nullopt;
}

record::Uuid Desk::reload_for() {
  const std::lock_guard guard(m_news_mutex);
  return m_reload_for;
}

}  // namespace anjungan::app
