// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/screens/scenes.h"

#include "printer/receipt/page.h"

namespace anjungan::screens {

using record::Field;
using record::Problem;
using session::Print;
using session::Screen;
using session::State;
using session::TrackState;

namespace {

State at(Screen screen) {
  State out;
  out.screen = screen;
  out.draft.kind = record::ComplaintClass::complaint;
  return out;
}

State filled(Screen screen) {
  State out = at(screen);
  out.consented = true;
  out.privacy_chosen = true;
  record::Complaint& draft = out.draft;
  draft.category = "jalan.lubang";
  draft.district = "coblong";
  draft.village = "coblong.dago";
  draft.story = "Ada lubang besar di depan SD Misal Jaya. Sudah dua minggu. Kemarin ada motor jatuh";
  draft.place = "Jalan Contoh Raya, dekat gerbang sekolah";
  draft.when = "Kemarin (11 November 2026)";
  draft.how = "Mohon ditambal sebelum musim hujan.";
  draft.privacy = record::Privacy::open;
  draft.name = "Sumiati Contoh";
  draft.phone = "081234567890";
  draft.nik = "3273014107650001";
  draft.address = "Jalan Misal 12, Coblong";
  return out;
}

State typing(Screen screen, const char* text) {
  State out = filled(screen);
  out.draft.text(*session::field_of(screen)) = text;
  return out;
}

State wrong(Screen screen, const char* text, Problem problem) {
  State out = typing(screen, text);
  out.problems = {{*session::field_of(screen), problem}};
  return out;
}

State issued(Print print, const char* reason = "") {
  State out = at(Screen::done);
  const auto code = record::AccessCode::from_data({7, 19, 4, 20, 23, 2, 29, 13, 9, 26, 24, 21, 17, 5});
  out.receipt = session::Receipt{
      {3273, 12, 427},
      code,
      "https://lapor.contoh.id/t#contoh",
      record::due_dates({2026, 11, 12}, record::ComplaintClass::complaint, bandung().limits, bandung().holidays),
      7,
      print,
      reason,
      0};
  return out;
}

State tracked(TrackState state, const std::string& json = {}) {
  State out = at(Screen::track_result);
  out.track.code = "7K4M-Q2XD-9TRN-H5WC";
  out.track.state = state;
  out.track.case_json = json;
  return out;
}

State faulty(void (*set)(session::Faults&)) {
  State out = at(Screen::attract);
  set(out.faults);
  return out;
}

/// Thursday, 12 November 2026, minutes before 10.32 WIB.
std::int64_t minutes_ago(int minutes) { return k_now_ms - std::int64_t{60'000} * minutes; }

State staff(Screen screen, bool busy = true) {
  State out = at(Screen::attract);
  session::StaffPanel& panel = out.staff.emplace();
  panel.screen = screen;
  session::StaffPrinter roll;
  roll.name = "struk";
  roll.condition = "ready";
  roll.since_ms = minutes_ago(190);
  roll.used_mm = 12'400;
  roll.roll_mm = 80'000;
  roll.changed = true;
  panel.view.receipts = {{"3273-0012-000426-7", minutes_ago(14)},
                         {"3273-0012-000425-0", minutes_ago(31)},
                         {"3273-0012-000424-3", minutes_ago(48)}};
  if (busy) {
    roll.condition = "media-empty";
    roll.since_ms = minutes_ago(9);
    roll.waiting = 3;
    roll.oldest_ms = minutes_ago(22);
    roll.used_mm = 79'200;
    session::StaffPrinter page;
    page.name = "fallback";
    page.fallback = true;
    page.condition = "ready";
    page.since_ms = minutes_ago(190);
    panel.view.jobs = {{31, "3273-0012-000427-3", 1, "struk", "failed", "expired", minutes_ago(22), true},
                       {32, "3273-0012-000428-1", 0, "struk", "sending", "media-empty", minutes_ago(8), false},
                       {33, "3273-0012-000429-9", 0, "struk", "queued", "", minutes_ago(2), false}};
    panel.view.printers = {roll, page};
  } else {
    panel.view.printers = {roll};
  }
  panel.printer = "struk";
  panel.job = 31;
  panel.number = "3273-0012-000426-7";
  return out;
}

constexpr const char* k_case = R"({"number":"3273-0012-000427-3","class":"complaint","status":"in_progress",
"office":"MPP Kota Bandung","received_ms":1794454320000,"utc_offset_min":420,"as_of_ms":1794800000000,
"category":{"id":"Jalan berlubang atau rusak","en":"Potholes"},"agency":"Dinas Sumber Daya Air dan Bina Marga",
"due":{"verify":"2026-11-17","answer":"2026-12-02","close":"2026-12-16","ombudsman":"2027-01-11"},
"steps":[{"kind":"received","at_ms":1794454320000},{"kind":"verified","at_ms":1794540720000},
{"kind":"disposed","at_ms":1794541720000,"agency":"Dinas Sumber Daya Air dan Bina Marga"},
{"kind":"followup","at_ms":1794790000000,"text":"Lubang sudah ditandai. Penambalan dijadwalkan 24 November.","evidence":true}]})";

constexpr const char* k_resolved = R"({"number":"3273-0012-000427-3","class":"complaint","status":"resolved",
"office":"MPP Kota Bandung","received_ms":1794454320000,"utc_offset_min":420,"as_of_ms":1795800000000,
"due":{"verify":"2026-11-17","answer":"2026-12-02","close":"2026-12-16","ombudsman":"2027-01-11"},
"attachments":{"named":2,"held":2},
"steps":[{"kind":"received","at_ms":1794454320000},{"kind":"verified","at_ms":1794540720000},
{"kind":"disposed","at_ms":1794541720000,"agency":"Dinas Sumber Daya Air dan Bina Marga"},
{"kind":"resolved","at_ms":1795790000000,"text":"Lubang sudah ditambal dan diperiksa bersama ketua RT.","evidence":true}]})";

constexpr const char* k_attached = R"({"number":"3273-0012-000427-3","class":"complaint","status":"verified",
"office":"MPP Kota Bandung","received_ms":1794454320000,"utc_offset_min":420,"as_of_ms":1794550000000,
"due":{"verify":"2026-11-17","answer":"2026-12-02","close":"2026-12-16","ombudsman":"2027-01-11"},
"attachments":{"named":3,"held":1},
"steps":[{"kind":"received","at_ms":1794454320000},{"kind":"verified","at_ms":1794540720000}]})";

std::string long_story() {
  std::string out;
  for (int i = 0; i < 24; i++) out += "Setiap hujan air masuk ke halaman rumah warga dan jalan tidak dapat dilewati. ";
  return out;
}

}  // namespace

const catalogue::Catalogue& bandung() {
  static const catalogue::Catalogue city = *catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  return city;
}

const QrModules& sample_qr() {
  static const QrModules modules = [] {
    const receipt::QrCode code = receipt::make_qr(
        "https://lapor.contoh.id/t#AQAAAAABzMBAAAAAAasAAAABADdGlkYWtBc2xpQ29udG9oU2FqYVRpZGFrQXNsaUNvbnRvaFNhamFUaWRh"
        "a0FzbGlDb250b2hTYWphVGlkYWtBc2xpQ29udG9oU2FqYQ");
    return QrModules{code.size, code.dark};
  }();
  return modules;
}

std::vector<Scene> scenes() {
  std::vector<Scene> out;
  const auto add = [&](const char* name, State state) { out.push_back({name, std::move(state), std::nullopt}); };
  add("attract", at(Screen::attract));
  {
    State state = at(Screen::attract);
    state.uplink = {true, true, 0, minutes_ago(3)};
    add("attract-sent", std::move(state));
  }
  {
    State state = at(Screen::attract);
    state.uplink = {true, false, 14, minutes_ago(60 * 30)};
    add("attract-waiting", std::move(state));
  }
  add("language", at(Screen::language));
  add("consent", at(Screen::consent));
  add("kind", at(Screen::kind));
  add("category", at(Screen::category));
  add("category-chosen", filled(Screen::category));
  {
    State state = at(Screen::subcategory);
    state.draft.category = "jalan";
    add("subcategory", state);
  }
  add("story-empty", typing(Screen::story, ""));
  add("story", filled(Screen::story));
  add("story-long", typing(Screen::story, long_story().c_str()));
  add("story-problem", wrong(Screen::story, "", Problem::empty));
  add("district", at(Screen::district));
  add("village", filled(Screen::village));
  add("place", filled(Screen::place));
  add("when", typing(Screen::when, ""));
  add("who", typing(Screen::who, ""));
  add("how", filled(Screen::how));
  add("identity", at(Screen::identity));
  add("identity-chosen", filled(Screen::identity));
  add("name", filled(Screen::name));
  add("name-problem", wrong(Screen::name, "", Problem::empty));
  add("phone", filled(Screen::phone));
  add("phone-problem", wrong(Screen::phone, "123", Problem::not_a_phone_number));
  add("nik", typing(Screen::nik, ""));
  add("nik-problem", wrong(Screen::nik, "327301300265000", Problem::wrong_length));
  add("nik-date", wrong(Screen::nik, "3273013002650001", Problem::impossible_date));
  add("address", filled(Screen::address));
  add("review", filled(Screen::review));
  {
    State state = filled(Screen::review);
    state.draft.privacy = record::Privacy::anonymous;
    state.draft.story = long_story();
    add("review-long", state);
  }
  {
    State state = filled(Screen::review);
    state.not_sent = true;
    add("review-not-sent", state);
  }
  add("saving", filled(Screen::saving));
  {
    State state = filled(Screen::saving);
    state.saving_slow = true;
    add("saving-slow", state);
    state.faults.storage_damaged = true;
    add("saving-doubtful", state);
  }
  add("done-waiting", issued(Print::waiting));
  add("done-printing", issued(Print::printing));
  add("done-printed", issued(Print::printed));
  add("done-sent", issued(Print::sent));
  add("done-no-paper", issued(Print::not_printed, "media-empty"));
  add("done-uncertain", issued(Print::uncertain, "cut-off"));
  {
    State state = issued(Print::printed);
    state.receipt->elsewhere = true;
    add("done-elsewhere", std::move(state));
  }
  add("thanks", at(Screen::thanks));
  add("track-empty", at(Screen::track_code));
  {
    State state = at(Screen::track_code);
    state.track.code = "7K4M-Q2XD-9TRN-H5WD";
    state.track.wrong = true;
    add("track-wrong", state);
  }
  add("track-asking", tracked(TrackState::asking));
  add("track-found", tracked(TrackState::found, k_case));
  add("track-attachments", tracked(TrackState::found, k_attached));
  add("track-resolved", tracked(TrackState::found, k_resolved));
  add("track-unknown", tracked(TrackState::unknown));
  add("track-throttled", tracked(TrackState::throttled));
  add("track-offline", tracked(TrackState::offline));
  add("fault-not-enrolled", faulty([](session::Faults& faults) { faults.not_enrolled = true; }));
  add("fault-numbers", faulty([](session::Faults& faults) { faults.numbers_used_up = true; }));
  add("fault-keys", faulty([](session::Faults& faults) { faults.keys_unusable = true; }));
  add("fault-taken", faulty([](session::Faults& faults) { faults.storage_taken = true; }));
  add("fault-damaged", faulty([](session::Faults& faults) { faults.storage_damaged = true; }));
  add("fault-read-only", faulty([](session::Faults& faults) { faults.storage_read_only = true; }));
  add("fault-full", faulty([](session::Faults& faults) { faults.storage_full = true; }));
  {
    State state = filled(Screen::kind);
    state.staff_called = true;
    add("staff-called", state);
  }
  {
    State state = staff(Screen::staff_pin);
    state.staff->pin = "271828";
    add("staff-pin", state);
    state.staff->pin = "";
    state.staff->pin_state = session::PinState::closed;
    state.staff->wait_s = 120;
    add("staff-pin-closed", state);
  }
  add("staff-quiet", staff(Screen::staff, false));
  add("staff-busy", staff(Screen::staff));
  {
    State state = staff(Screen::staff_printer);
    state.staff->told = session::Told::under_way;
    state.staff->view.printers.front().test = "sending";
    add("staff-printer", state);
  }
  add("staff-job", staff(Screen::staff_job));
  add("staff-receipts", staff(Screen::staff_receipts));
  add("staff-receipt", staff(Screen::staff_receipt));
  out.push_back({"idle-warning", filled(Screen::story), 14});
  out.push_back({"idle-warning-done", issued(Print::printed), 14});
  out.push_back({"display", at(Screen::attract), std::nullopt, true});
  out.push_back({"display-story", filled(Screen::story), std::nullopt, true});
  return out;
}

}  // namespace anjungan::screens
