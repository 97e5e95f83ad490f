// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/agent_or_self.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sync/agent/journal.h"
#include "sync/ctl/exit_code.h"
#include "sync/ctl/ownership.h"
#include "sync/store/control_socket.h"
#include "sync/store/doorbell.h"

namespace anjungan::ctl {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

// The agent may be waiting for a network that does not answer.
constexpr int k_agent_patience_ms = 90'000;

Result<json> read_answer(std::string_view text, std::string_view who) {
  json answer = json::parse(text, nullptr, false);
  if (!answer.is_object()) return fail(ErrorKind::corrupt, fmt::format("the {}'s answer cannot be read", who));
  const auto error = answer.find("error");
  if (error == answer.end()) return answer;
  return fail(kind_named(error->value("kind", "")).value_or(ErrorKind::invalid), error->value("text", ""));
}

AgentOrSelf::AgentOrSelf(const settings::Terminal& terminal, Line line, Answer answer)
    : m_terminal(terminal), m_line(std::move(line)), m_answer(std::move(answer)) {}

AgentOrSelf::~AgentOrSelf() = default;

Result<json> AgentOrSelf::ask(std::string_view order, int file) {
  const auto text = say(order, file);
  if (!text) return tl::unexpected(text.error());
  return read_answer(*text, "agent");
}

Result<void> AgentOrSelf::leave() {
  if (!m_wrote) return {};
  m_own.reset();
  store::ring(store::app_bell(m_terminal.runtime));
  return give_to_services(m_terminal.data);
}

Result<std::string> AgentOrSelf::say(std::string_view order, int file) {
  if (!m_own) {
    auto answer = store::send_order(store::sync_control(m_terminal.runtime), order, k_agent_patience_ms, file);
    if (answer || answer.error().kind != ErrorKind::not_found) return answer;
    if (auto opened = open(); !opened) return tl::unexpected(opened.error());
  }
  return m_answer(*m_own, order, file);
}

Result<void> AgentOrSelf::open() {
  agent::set_journal_level(agent::Level::silent);
  auto line = m_line();
  if (!line) return tl::unexpected(line.error());
  m_transport = *std::move(line);
  // The lock first: only then nobody else changes what is read here.
  auto store = store::SyncStore::open(m_terminal.data);
  if (!store) {
    const bool held = store.error().kind == ErrorKind::conflict;
    return fail(held ? ErrorKind::busy : store.error().kind,
                store.error().text + (held ? "; try again: it may be starting" : ""));
  }
  m_wrote = true;
  auto identity = store::load_identity(m_terminal.data);
  if (!identity) return tl::unexpected(identity.error());
  auto key = store::load_key(m_terminal.data, store::KeyUse::device);
  if (!key) return tl::unexpected(key.error());
  agent::Uplink::Parts parts{m_terminal.data,   *std::move(identity), *std::move(key),
                             *std::move(store), m_transport.get(),    &m_clock};
  parts.stands_in = true;
  auto uplink = agent::Uplink::open(std::move(parts));
  if (!uplink) return tl::unexpected(uplink.error());
  m_own.emplace(*std::move(uplink));
  return {};
}

}  // namespace anjungan::ctl
