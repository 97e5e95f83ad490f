// SPDX-License-Identifier: Apache-2.0
// What an administrator at the centre orders. The agent lays commands down in sync.db; each one's end is an event in
// intake.db, and one that has it is never begun again. A kill at any moment leaves a command done or still to do.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "kiosk/app/desk.h"
#include "sync/record/command.h"

namespace anjungan::app {
namespace {

using Steady = std::chrono::steady_clock;
using record::Command;
using record::CommandEnd;
using record::CommandOutcome;

/// How often commands are looked at when no bell rings.
constexpr auto k_commands_every = std::chrono::seconds(60);

constexpr std::size_t k_most_jobs = 1'000;

bool is_agents(const Command& command) {
  return command.verb == record::Verb::resend ||
         (command.verb == record::Verb::restart && command.program == record::Program::agent);
}

std::int64_t centre_now_ms(const store::SyncState& state) {
  // A clock that died says too little, never too much.
  return std::max(state.centre_ms(), record::SystemClock().unix_ms() + state.clock_offset_ms);
}

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
    auto outcome = fate_of(one, centre_now_ms(*state), wanted);
    if (!outcome) return tl::unexpected(outcome.error());
    if (wanted != Leave::stay) return wanted;  // those behind it come when it is done
    if (!*outcome) continue;
    if (auto told = m_store->end_command(**outcome); !told) return tl::unexpected(told.error());
    spdlog::info("command.ended id={} outcome={} reason=\"{}\"", one.id.str(),
                 record::command_end_name((*outcome)->end), (*outcome)->reason);
    m_print_moved = true;  // there is an event to send
  }
  return wanted;
}

/// Nothing while it is not this program's turn.
record::Result<std::optional<CommandOutcome>> Desk::fate_of(const store::KeptCommand& kept, std::int64_t centre_now_ms,
                                                            Leave& wanted) {
  const auto ends = [&](CommandEnd end, std::string reason) {
    return std::optional(CommandOutcome{kept.id, end, std::move(reason)});
  };
  if (!kept.outcome.empty()) {
    const auto end = record::parse_command_end(kept.outcome);
    if (!end) return tl::unexpected(end.error());
    return ends(*end, kept.reason);
  }
  const auto command = record::parse_command(record::to_text(kept.body));
  if (!command) return ends(CommandEnd::not_understood, command.error().text);
  if (command->id != kept.id) return ends(CommandEnd::not_understood, "id: another one than its subject");
  if (is_agents(*command)) return std::nullopt;
  if (kept.cancelled) return ends(CommandEnd::cancelled, "");
  // A restart has been done when this very process is younger than the order.
  if (command->verb == record::Verb::restart && kept.place <= m_terminal.commands_before) {
    return ends(CommandEnd::done, "");
  }
  if (centre_now_ms > command->expires_ms) return ends(CommandEnd::expired, "");
  return begin(*command, wanted);
}

record::Result<std::optional<CommandOutcome>> Desk::begin(const Command& command, Leave& wanted) {
  if (!m_terminal.brought_back) {
    return CommandOutcome{command.id, CommandEnd::refused,
                          "anjungan was not started by systemd: nothing would start it again"};
  }
  wanted = Leave::restart;
  return std::nullopt;
}

}  // namespace anjungan::app
