// SPDX-License-Identifier: Apache-2.0
#include "kiosk/session/state.h"

#include <algorithm>

#include "sync/record/keys.h"

namespace anjungan::session {

void wipe_draft(record::Complaint& draft) {
  for (const record::Field field :
       {record::Field::story, record::Field::place, record::Field::when, record::Field::who, record::Field::how,
        record::Field::name, record::Field::phone, record::Field::nik, record::Field::address}) {
    record::wipe(draft.text(field));
  }
  draft = record::Complaint();
}

void end_session(State& state, std::int64_t now_ms) {
  State fresh;
  fresh.faults = state.faults;
  fresh.uplink = state.uplink;
  fresh.track.question = state.track.question;
  fresh.staff = std::move(state.staff);
  fresh.idle.touched_ms = now_ms;
  wipe_draft(state.draft);
  state = std::move(fresh);
}

bool at_rest(const State& state) {
  return state.screen == Screen::attract && !state.staff && !state.receipt && !state.idle.warning_ms &&
         state.settings == Settings{} && !state.staff_called;
}

Screen visible_screen(const State& state) {
  if (state.staff) return state.staff->screen;
  // A number that was issued stays: nothing may keep it from the person it belongs to.
  const bool number_shown =
      state.receipt.has_value() && (state.screen == Screen::done || state.screen == Screen::thanks);
  if (number_shown) return state.screen;
  // Who waits for the disk's answer goes on waiting for it: it says whether the report counts.
  if (state.screen == Screen::saving) return state.screen;
  if (state.faults.not_enrolled || state.faults.numbers_used_up || state.faults.keys_unusable)
    return Screen::out_of_service;
  if (state.faults.any()) return Screen::storage_fault;
  return state.screen;
}

std::optional<int> warning_seconds(const State& state, const Rules& rules, std::int64_t now_ms) {
  if (!state.idle.warning_ms) return std::nullopt;
  const std::int64_t left = *state.idle.warning_ms + rules.warning_ms - now_ms;
  return static_cast<int>(std::max<std::int64_t>(0, (left + 999) / 1'000));
}

}  // namespace anjungan::session
