// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// `anjunganctl staff-pin`: sets the PIN that opens the staff panel. Read from standard input, without an echo and twice
// where a person types it.
ExitCode set_pin(const settings::Terminal& terminal);

}  // namespace anjungan::ctl
