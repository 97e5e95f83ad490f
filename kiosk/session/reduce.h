// SPDX-License-Identifier: Apache-2.0
// The rules: a state and an event give the next state and what must be done. Pure: no clock, no file, no thread.
#pragma once

#include "kiosk/session/event.h"

namespace anjungan::session {

/// Events that do not fit the screen (a late answer, a second touch) change nothing.
[[nodiscard]] Effects reduce(State& state, const Event& event, const Rules& rules, std::int64_t now_ms);

}  // namespace anjungan::session
