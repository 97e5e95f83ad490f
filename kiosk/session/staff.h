// SPDX-License-Identifier: Apache-2.0
// The panel behind the hidden corner, for the hall's staff: printers, receipts that wait, and what can be done to them.
// It lies above the citizen's session and leaves it as it is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kiosk/session/screen.h"
#include "sync/record/secret_text.h"

namespace anjungan::session {

/// One printer; keywords are those of printer/spool and sync/store.
struct StaffPrinter {
  std::string name;
  bool fallback = false;
  std::string condition;      ///< "ready", "media-empty", ...
  std::int64_t since_ms = 0;  ///< wall clock; 0: not known
  bool paused = false;        ///< by staff
  int waiting = 0;            ///< receipts that are not printed yet
  std::int64_t oldest_ms = 0;
  std::int64_t used_mm = 0;  ///< of paper since it was changed
  std::int64_t roll_mm = 0;  ///< 0: not metered
  bool changed = false;      ///< somebody has said when paper was put in
  std::string test;          ///< "", "sending", "printed", "sent", "failed", "unknown": the last test page

  bool operator==(const StaffPrinter&) const = default;
};

/// One receipt that is not printed yet.
struct StaffJob {
  std::int64_t id = 0;
  std::string number;
  int copy = 0;
  std::string printer;
  std::string state;
  std::string reason;
  std::int64_t created_ms = 0;
  bool for_staff = false;  ///< its time is over, or it came out too often: a person decides

  bool operator==(const StaffJob&) const = default;
};

/// One receipt that has come out.
struct StaffReceipt {
  std::string number;
  std::int64_t issued_ms = 0;

  bool operator==(const StaffReceipt&) const = default;
};

struct StaffView {
  std::vector<StaffPrinter> printers;
  std::vector<StaffJob> jobs;          ///< the oldest first
  std::vector<StaffReceipt> receipts;  ///< the newest first

  bool operator==(const StaffView&) const = default;
};

enum class PinState { typing, checking, wrong, closed, not_set };
/// What became of the last deed.
enum class Told { nothing, done, under_way, refused };
enum class Deed { retry, reprint, move, abandon, pause, resume, test_page, paper_changed };

struct StaffPanel {
  Screen screen = Screen::staff_pin;
  record::SecretText pin;
  PinState pin_state = PinState::typing;
  int wait_s = 0;  ///< while it is closed
  StaffView view;
  std::string printer;  ///< whose screen is shown
  std::int64_t job = 0;
  std::string number;
  Told told = Told::nothing;
  std::int64_t touched_ms = 0;
};

// What staff do; a screen returns at most one.
struct OpenStaff {};  ///< the corner was tapped
struct TypePin {
  record::SecretText text;
};
struct EnterPin {};
struct ShowPrinter {
  std::string name;
};
struct ShowJob {
  std::int64_t id = 0;
};
struct ShowReceipts {};
struct ShowReceipt {
  std::string number;
};
/// Also the effect: what the program must do.
struct StaffDeed {
  Deed deed = Deed::retry;
  std::string printer;
  std::int64_t job = 0;
  std::string number;

  bool operator==(const StaffDeed&) const = default;
};

// Answers.
struct PinAnswered {
  bool right = false;
  PinState why = PinState::wrong;
  int wait_s = 0;
};
struct StaffSeen {
  StaffView view;
};
struct StaffTold {
  Told told = Told::done;
};

// What the program must do beside StaffDeed.
struct CheckPin {
  record::SecretText pin;
};
struct LeaveStaff {};  ///< nothing is looked at for the panel any more

}  // namespace anjungan::session
