// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/command_log.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace anjungan::central {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

/// Fewer than a terminal keeps.
constexpr std::size_t k_most_commands = 100;

std::string key_of(std::string_view device) { return "commands " + std::string(device); }

json to_json(const OrderedCommand& one) {
  return {{"id", one.id},
          {"what", one.what},
          {"by", one.by},
          {"ordered_ms", one.ordered_ms},
          {"expires_ms", one.expires_ms},
          {"cancelled_ms", one.cancelled_ms},
          {"cancelled_by", one.cancelled_by},
          {"outcome", one.outcome},
          {"reason", one.reason},
          {"outcome_ms", one.outcome_ms}};
}

OrderedCommand from_json(const json& in, std::string_view device) {
  const auto text = [&](const char* name) { return in.value(name, std::string()); };
  const auto number = [&](const char* name) { return in.value(name, std::int64_t{0}); };
  OrderedCommand out;
  out.device = device;
  out.id = text("id");
  out.what = text("what");
  out.by = text("by");
  out.ordered_ms = number("ordered_ms");
  out.expires_ms = number("expires_ms");
  out.cancelled_ms = number("cancelled_ms");
  out.cancelled_by = text("cancelled_by");
  out.outcome = text("outcome");
  out.reason = text("reason");
  out.outcome_ms = number("outcome_ms");
  return out;
}

Result<void> save(Writer& store, std::string_view device, const std::vector<OrderedCommand>& log) {
  json list = json::array();
  for (const OrderedCommand& one : log) list.push_back(to_json(one));
  return store.set_meta(key_of(device), record::view_of(list.dump(-1, ' ', false, json::error_handler_t::replace)));
}

/// Changes the command of this id; false when there is none or `change` leaves it as it is.
template <class Change>
Result<bool> change_one(Writer& store, std::string_view device, std::string_view id, Change change) {
  auto log = command_log(store, device);
  if (!log) return tl::unexpected(log.error());
  const auto found = std::find_if(log->begin(), log->end(), [&](const OrderedCommand& one) { return one.id == id; });
  if (found == log->end() || !change(*found)) return false;
  if (auto saved = save(store, device, *log); !saved) return tl::unexpected(saved.error());
  return true;
}

}  // namespace

Result<std::vector<OrderedCommand>> command_log(Reader& store, std::string_view device) {
  std::vector<OrderedCommand> out;
  auto bytes = store.meta(key_of(device));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return out;
  try {
    const json list = json::parse((*bytes)->begin(), (*bytes)->end());
    for (const json& one : list) out.push_back(from_json(one, device));
  } catch (const json::exception&) {
    return fail(ErrorKind::corrupt, "commands: the log of " + std::string(device) + " cannot be read");
  }
  return out;
}

Result<void> note_ordered(Writer& store, const OrderedCommand& command, std::int64_t now_ms) {
  auto log = command_log(store, command.device);
  if (!log) return tl::unexpected(log.error());
  if (log->size() >= k_most_commands) {
    const auto over = std::find_if(log->begin(), log->end(), [&](const OrderedCommand& one) {
      return !one.outcome.empty() || one.expires_ms < now_ms;
    });
    if (over == log->end()) {
      return fail(ErrorKind::conflict,
                  "commands: " + std::to_string(k_most_commands) + " wait for " + command.device + " already");
    }
    log->erase(over);
  }
  log->push_back(command);
  return save(store, command.device, *log);
}

Result<void> note_cancelled(Writer& store, std::string_view device, std::string_view id, const std::string& who,
                            std::int64_t now_ms) {
  auto done = change_one(store, device, id, [&](OrderedCommand& one) {
    one.cancelled_ms = now_ms;
    one.cancelled_by = who;
    return true;
  });
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> note_outcome(Writer& store, std::string_view device, const record::CommandOutcome& outcome,
                          std::int64_t at_ms) {
  auto done = change_one(store, device, outcome.id.str(), [&](OrderedCommand& one) {
    if (!one.outcome.empty()) return false;
    one.outcome = record::command_end_name(outcome.end);
    one.reason = outcome.reason;
    one.outcome_ms = at_ms;
    return true;
  });
  // Events are what counts: a log that cannot be read keeps none of them out.
  if (!done && done.error().kind == ErrorKind::corrupt) {
    spdlog::error("{}", done.error().text);
    return {};
  }
  if (!done) return tl::unexpected(done.error());
  return {};
}

Result<void> copy_command_log(Reader& from, Writer& to, std::string_view device) {
  auto log = command_log(from, device);
  if (!log) return tl::unexpected(log.error());
  if (log->empty()) return {};
  return save(to, device, *log);
}

}  // namespace anjungan::central
