// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "sync/agent/uplink.h"
#include "sync/record/clock.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// The object that a writer answered an order with. Fails with what it says under "error", or `corrupt`; `who` names the
// writer ("agent").
[[nodiscard]] record::Result<nlohmann::json> read_answer(std::string_view text, std::string_view who);

// Orders for the one writer of sync.db and of the identity: the running agent, or this process once it holds the lock.
class AgentOrSelf {
 public:
  // What the agent would say to it.
  using Answer = std::function<std::string(agent::Uplink& uplink, std::string_view order, int file)>;
  // What this process sends through in the agent's place; asked for when there is none.
  using Line = std::function<record::Result<std::unique_ptr<agent::Transport>>()>;

  AgentOrSelf(const settings::Terminal& terminal, Line line, Answer answer);
  ~AgentOrSelf();
  AgentOrSelf(const AgentOrSelf&) = delete;
  AgentOrSelf& operator=(const AgentOrSelf&) = delete;

  // `file` goes along with the order, open; -1: none.
  [[nodiscard]] record::Result<nlohmann::json> ask(std::string_view order, int file = -1);
  // What was written as root goes to the services, and the kiosk looks anew.
  [[nodiscard]] record::Result<void> leave();

 private:
  record::Result<std::string> say(std::string_view order, int file);
  record::Result<void> open();

  const settings::Terminal& m_terminal;
  Line m_line;
  Answer m_answer;
  record::SystemClock m_clock;
  std::unique_ptr<agent::Transport> m_transport;
  std::optional<agent::Uplink> m_own;
  bool m_wrote = false;
};

}  // namespace anjungan::ctl
