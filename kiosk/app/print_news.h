// SPDX-License-Identifier: Apache-2.0
// What a citizen is told of the job that prints the receipt: a fault at once, and never more than is known.
#pragma once

#include "kiosk/session/event.h"
#include "printer/spool/spool.h"

namespace anjungan::app {

/// "Not printed" is said only while nothing of it can be on paper.
[[nodiscard]] session::PrintChanged print_news(const spool::Snapshot& job, bool elsewhere);

/// Whether the citizen is told `now` after `told`: each new try passes through "printing", and who has read that there
/// is no paper, or was sent to look for it, waits for the end and for nothing else.
[[nodiscard]] bool is_news(const session::PrintChanged& now, const session::PrintChanged& told);

}  // namespace anjungan::app
