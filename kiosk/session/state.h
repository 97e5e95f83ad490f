// SPDX-License-Identifier: Apache-2.0
// Everything a citizen's session is, at one moment. Plain values; only reduce() changes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/session/screen.h"
#include "kiosk/session/staff.h"
#include "sync/catalogue/catalogue.h"
#include "sync/record/access_code.h"
#include "sync/record/complaint.h"
#include "sync/record/secret_text.h"
#include "sync/record/tracking_number.h"

namespace anjungan::session {

/// How the screen looks and reads; back to its defaults after each citizen.
struct Settings {
  record::Language language = record::Language::indonesian;
  int text_step = 0;  ///< 0..3: x1, x1.2, x1.42, x1.8
  bool high_contrast = false;

  bool operator==(const Settings&) const = default;
};
inline constexpr int k_last_text_step = 3;

/// What stops intake, from the gravest to the least. The first that holds is shown; see fault_screen.
struct Faults {
  bool not_enrolled = false;
  bool numbers_used_up = false;  ///< the terminal's range of numbers is at its end
  bool keys_unusable = false;    ///< nothing can be sealed to the centre
  bool storage_damaged = false;  ///< corrupt or unreadable
  bool storage_taken = false;    ///< another program has it, or it is not the one that the centre knows
  bool storage_read_only = false;
  bool storage_full = false;

  [[nodiscard]] bool any() const { return *this != Faults{}; }
  bool operator==(const Faults&) const = default;
};

/// How this terminal's records stand with the centre: the sync light.
struct Uplink {
  bool known = false;             ///< false until it was looked at
  bool reachable = true;          ///< the last try succeeded
  std::uint64_t waiting = 0;      ///< records not confirmed by the centre
  std::int64_t confirmed_ms = 0;  ///< wall clock of its last confirmation; 0: never

  bool operator==(const Uplink&) const = default;
};

/// `uncertain`: it was at the printer, and nobody knows what came out.
enum class Print { waiting, printing, printed, sent, not_printed, uncertain };

/// The number on the screen, after it was saved.
struct Receipt {
  record::TrackingNumber number;
  record::AccessCode code;
  record::SecretText url;
  std::optional<record::DueDates> due;
  std::int64_t job = 0;
  Print print = Print::waiting;
  std::string reason;         ///< the printer's keyword when not printed
  std::int64_t since_ms = 0;  ///< of the last progress
  bool elsewhere = false;     ///< at another printer than the kiosk's own
};

enum class TrackState { typing, asking, found, unknown, throttled, offline };

struct Track {
  record::SecretText code;  ///< as typed
  bool wrong = false;       ///< the check characters do not fit
  TrackState state = TrackState::typing;
  record::SecretText case_json;  ///< of sync/central's README
  std::uint64_t question = 0;    ///< counts on over all sessions: an answer to an earlier one is none to this
};

/// What was chosen before an answer was mended in steps: a topic without its second step is none.
struct Chosen {
  std::string category;
  std::string district;
  std::string village;
};

/// Idle: nobody touched for a while. The warning counts down; then everything is wiped.
struct Idle {
  std::int64_t touched_ms = 0;
  std::optional<std::int64_t> warning_ms;  ///< when the countdown began
};

struct State {
  Screen screen = Screen::attract;
  Settings settings;
  Faults faults;
  Uplink uplink;
  bool staff_called = false;

  record::Complaint draft;  ///< wipes itself
  bool consented = false;
  bool privacy_chosen = false;
  bool editing = false;               ///< came from the review screen and goes back to it
  std::optional<Chosen> before_edit;  ///< put back when the edit is not carried through
  bool not_sent = false;              ///< the last try to hand it in failed
  std::int64_t saving_since_ms = 0;
  bool saving_slow = false;                    ///< long enough that staff should be called
  std::vector<record::FieldProblem> problems;  ///< of what was typed last, or found at review

  std::optional<Receipt> receipt;
  Track track;
  Idle idle;

  std::optional<StaffPanel> staff;  ///< open above all of it
};

/// What the reducer must know beside the state.
struct Rules {
  const catalogue::Catalogue* catalogue = nullptr;
  std::int64_t idle_ms = 60'000;
  std::int64_t warning_ms = 20'000;
  std::int64_t print_patience_ms = 10'000;  ///< no longer is a citizen held by a printer
  std::int64_t done_ms = 60'000;            ///< the number stays on the screen so long
  std::int64_t saving_patience_ms = 8'000;  ///< then "still saving" is said
};

/// Overwrites every typed text, then makes the draft new.
void wipe_draft(record::Complaint& draft);

/// The one place where a session ends: all but faults and uplink is as at the start, the draft overwritten.
void end_session(State& state, std::int64_t now_ms);

/// The screen to draw: the staff panel where it is open; a fault outranks the citizen's, but never the number that was
/// already issued.
[[nodiscard]] Screen visible_screen(const State& state);

/// Nobody is at the screen: neither a citizen nor staff, and nothing on it is anybody's.
[[nodiscard]] bool at_rest(const State& state);

/// Seconds left of the idle warning; nullopt when there is none.
[[nodiscard]] std::optional<int> warning_seconds(const State& state, const Rules& rules, std::int64_t now_ms);

}  // namespace anjungan::session
