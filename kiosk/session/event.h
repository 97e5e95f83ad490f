// SPDX-License-Identifier: Apache-2.0
// What can happen to a session: a citizen's intents, answers of workers, time.
#pragma once

#include <string>
#include <variant>

#include "kiosk/session/state.h"
#include "sync/record/secret_text.h"

namespace anjungan::session {

// A citizen's intents; a screen returns at most one.
struct Start {};
struct StartTracking {};
struct Back {};
struct Next {};  ///< also "skip" where nothing is required
struct CallStaff {
  bool wanted = true;
};
struct ChooseLanguage {
  record::Language language = record::Language::indonesian;
};
struct SetTextStep {
  int step = 0;
};
struct SetContrast {
  bool high = false;
};
struct Consent {
  bool given = false;
};
struct ChooseKind {
  record::ComplaintClass kind = record::ComplaintClass::complaint;
};
struct ChooseCategory {
  std::string id;  ///< of either level
};
struct ChooseDistrict {
  std::string id;  ///< empty: "I do not know"
};
struct ChooseVillage {
  std::string id;
};
struct ChoosePrivacy {
  record::Privacy privacy = record::Privacy::open;
};
struct TypeText {
  record::Field field = record::Field::story;
  record::SecretText text;  ///< the whole new text
};
struct Edit {
  Screen screen = Screen::story;  ///< from the review screen
};
struct Submit {};
struct TypeCode {
  record::SecretText text;
};
struct AskCode {};
struct StillHere {};
struct EndNow {};   ///< "Hapus dan selesai", "Selesai"
struct Touched {};  ///< any touch or key, whatever it hit

// Answers and time.
struct Submitted {
  Receipt receipt;
};
/// Nothing was issued, and nothing of it will be found later. What keeps on standing in the way comes as FaultsChanged.
struct SubmitFailed {};
struct PrintChanged {
  std::int64_t job = 0;
  Print print = Print::printing;
  std::string reason;
  bool elsewhere = false;
};
struct CaseAnswered {
  std::uint64_t question = 0;  ///< the AskCase that it answers
  TrackState state = TrackState::unknown;
  record::SecretText case_json = {};
};
struct FaultsChanged {
  Faults faults;
};
struct UplinkChanged {
  Uplink uplink;
};
struct Tick {};

using Event =
    std::variant<Start, StartTracking, Back, Next, CallStaff, ChooseLanguage, SetTextStep, SetContrast, Consent,
                 ChooseKind, ChooseCategory, ChooseDistrict, ChooseVillage, ChoosePrivacy, TypeText, Edit, Submit,
                 TypeCode, AskCode, StillHere, EndNow, Touched, Submitted, SubmitFailed, PrintChanged, CaseAnswered,
                 FaultsChanged, UplinkChanged, Tick, OpenStaff, TypePin, EnterPin, ShowPrinter, ShowJob, ShowReceipts,
                 ShowReceipt, StaffDeed, PinAnswered, StaffSeen, StaffTold>;

// What the program must do.
struct PrepareDataKey {};  ///< make and seal the data key while the citizen reads
struct SubmitComplaint {
  record::Complaint complaint;
};
struct AskCase {
  record::AccessCode code;
  std::uint64_t question = 0;
};
struct ForgetCase {};  ///< nobody waits for the answer any more
struct RingStaff {
  bool wanted = true;
};
struct Wiped {};  ///< the session is over: drop pictures, glyph caches and key of the screen

using Effect = std::variant<PrepareDataKey, SubmitComplaint, AskCase, ForgetCase, RingStaff, Wiped, CheckPin, StaffDeed,
                            LeaveStaff>;
using Effects = std::vector<Effect>;

}  // namespace anjungan::session
