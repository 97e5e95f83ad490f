// SPDX-License-Identifier: Apache-2.0
// The rules of the staff panel, as a part of reduce().
#pragma once

#include <optional>

#include "kiosk/session/event.h"

namespace anjungan::session {

/// Takes the event where it is the panel's: its own, and everything a hand does while it is open but changes of the
/// look. Nothing: the event belongs to the citizen's session.
[[nodiscard]] std::optional<Effects> reduce_staff(State& state, const Event& event, const Rules& rules,
                                                  std::int64_t now_ms);

}  // namespace anjungan::session
