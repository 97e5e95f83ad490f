// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "sync/agent/backoff.h"
#include "sync/agent/stop.h"
#include "sync/agent/uplink.h"
#include "sync/store/control_socket.h"
#include "sync/store/doorbell.h"

namespace anjungan::agent {

// How a run ended.
enum class RunEnd {
  asked_to_stop,     // SIGTERM
  asked_to_restart,  // by a command of the centre
  all_delivered,     // once: the centre has everything
  not_delivered,     // once: an exchange failed
  disagreement,      // once: this disk and the centre disagree; the terminal must be enrolled anew
};

// The agent's life: waits for the doorbell, the time of the next look and the end, whichever comes first, and has at
// most one request in flight. Times are the steady clock's: a wall clock that jumps changes no wait.
class Agent {
 public:
  struct Options {
    std::string runtime_folder;  // of the doorbells
    std::chrono::seconds base{5};
    std::chrono::seconds cap{900};
    std::chrono::seconds poll{30};
    bool once = false;  // deliver what there is, then end
  };

  // `doorbell` is the agent's own; without one (another program of ours may hold it with --once) it looks by the clock.
  // `control` takes the orders of anjunganctl.
  Agent(Options options, Uplink uplink, std::optional<store::Doorbell> doorbell,
        std::optional<store::ControlSocket> control, const Stop& stop);

  [[nodiscard]] RunEnd run();

 private:
  using Clock = std::chrono::steady_clock;

  RunEnd run_once();
  // Exchanges until there is nothing left to do; the time of the next look follows from how it went.
  void deliver();
  void answer_questions();
  // One step of the second lane, when it may: never while the first one waits out a failure, and so that whatever rings
  // meanwhile goes first.
  void carry_blob();
  void look_later(const Exchange& exchange);
  void wait();
  [[nodiscard]] bool order_waits() const;
  void take_orders();

  Options m_options;
  Uplink m_uplink;
  std::optional<store::Doorbell> m_doorbell;
  std::optional<store::ControlSocket> m_control;
  const Stop& m_stop;
  Backoff m_backoff;
  Backoff m_blob_backoff;  // of the same shape: a centre that takes no attachments now still takes events
  Clock::time_point m_next_look;
  Clock::time_point m_next_blob;
  bool m_backing_off = false;
};

}  // namespace anjungan::agent
