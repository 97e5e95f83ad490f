// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// What a technician asks of one terminal. These commands only read what the kiosk and the agent wrote and may run
// beside them; the fields of the JSON are in this folder's README.

// Enrolment, what waits, when the centre was last heard.
ExitCode show_status(const settings::Terminal& terminal, bool json);

// Every receipt this terminal issued: number, print state, whether the centre has it. No names and no codes: the
// terminal cannot read them back.
ExitCode show_receipts(const settings::Terminal& terminal, bool json);

}  // namespace anjungan::ctl
