// SPDX-License-Identifier: Apache-2.0
// Uplink: what an administrator at the centre orders this program to do. Each command waits in sync.db until its end
// stands there too; the app records that end as an event, and one that is recorded is never begun again. So a kill at
// any moment leaves a command done or still to do.
#include <fmt/format.h>

#include <algorithm>

#include "sync/agent/journal.h"
#include "sync/agent/uplink.h"

namespace anjungan::agent {

using record::Result;

void Uplink::read_order(const wire::FeedItem& item, store::Orders& out) {
  if (item.kind == wire::k_feed_part) {
    if (record::to_hex(record::hash(item.body)) == item.subject) {
      out.parts.push_back(item.body);
    } else {
      note(Level::error, "feed.unreadable", {{"cursor", item.cursor}, {"why", "a part is not what its subject names"}});
    }
    return;
  }
  const auto id = record::Uuid::parse(item.subject);
  if (!id) {
    note(Level::error, "feed.unreadable", {{"cursor", item.cursor}, {"why", "the subject is no command's id"}});
  } else if (item.kind == wire::k_feed_command) {
    out.commands.push_back({*id, item.body});
  } else {
    out.cancelled.push_back(*id);
  }
}

Result<void> Uplink::tend_commands() {
  m_resend.reset();
  auto commands = m_parts.store.commands();
  if (!commands) return tl::unexpected(commands.error());
  for (const store::KeptCommand& one : *commands) {
    if (!one.outcome.empty()) continue;
    auto go_on = tend(one);
    if (!go_on) return tl::unexpected(go_on.error());
    if (!*go_on) break;
  }
  return {};
}

// False while this one is not at its end: those behind it wait.
Result<bool> Uplink::tend(const store::KeptCommand& kept) {
  const auto command = record::parse_command(record::to_text(kept.body));
  // What cannot be understood is the app's to say.
  if (!command || command->id != kept.id || !record::is_for_agent(*command)) return true;
  auto intake = m_own.reader();
  // Without the app's file nobody knows whether it was done before; it waits.
  if (!intake) return false;
  auto ended = (*intake)->command_ended(kept.id);
  if (!ended) return tl::unexpected(ended.error());
  if (*ended) return true;

  const auto finish = [&](record::CommandEnd outcome, const std::string& reason) -> Result<bool> {
    if (auto done = end(kept.id, outcome, reason); !done) return tl::unexpected(done.error());
    return true;
  };
  if (kept.cancelled) return finish(record::CommandEnd::cancelled, "");
  const bool restart = command->verb == record::Verb::restart;
  // Only the agent itself can say what became of it.
  if (restart && m_parts.stands_in) return false;
  // A restart has been done when this very program is younger than the order.
  if (restart && kept.place <= m_commands_before) return finish(record::CommandEnd::done, "");
  if (kept.next_seq == 0 && m_state.centre_now_ms(m_parts.clock->unix_ms()) > command->expires_ms)
    return finish(record::CommandEnd::expired, "");
  if (restart && !m_parts.brought_back) {
    return finish(record::CommandEnd::refused,
                  "anjungan-sync was not started by systemd: nothing would start it again");
  }
  if (restart) {
    if (!m_restart_asked) note(Level::info, "command.restart", {{"id", kept.id.str()}});
    m_restart_asked = true;
    return false;
  }
  if (auto begun = begin_resend(*command, kept); !begun) return tl::unexpected(begun.error());
  return !m_resend;
}

Result<void> Uplink::begin_resend(const record::Command& command, const store::KeptCommand& kept) {
  auto intake = m_own.reader();
  if (!intake) return tl::unexpected(intake.error());
  // What the centre has not confirmed yet goes by itself.
  const std::uint64_t last = std::min(command.last, m_state.acked_seq);
  const std::uint64_t from = std::max(command.first, kept.next_seq);
  std::uint64_t next = 0;
  if (from <= last) {
    auto found = (*intake)->next_kept(from);
    if (!found) return tl::unexpected(found.error());
    next = *found;
  }
  if (next != 0 && next <= last) {
    m_resend = {kept.id, command.first, next, last};
    return {};
  }
  if (kept.next_seq != 0) {
    return end(kept.id, record::CommandEnd::done, fmt::format("events {} to {}", command.first, last));
  }
  return end(kept.id, record::CommandEnd::refused,
             from > last ? "the centre has not confirmed these events yet; they go by themselves"
                         : "this disk holds none of these events any more");
}

Result<void> Uplink::resent(std::uint64_t next_seq) {
  if (!m_resend) return {};
  return m_parts.store.save_command_progress(m_resend->id, next_seq);
}

Result<void> Uplink::end(const record::Uuid& id, record::CommandEnd outcome, const std::string& reason) {
  auto kept = m_parts.store.save_command_outcome(id, record::command_end_name(outcome), reason);
  if (kept) note(Level::info, "command.ended", {{"id", id.str()}, {"outcome", record::command_end_name(outcome)}});
  return kept;
}

}  // namespace anjungan::agent
