// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// `anjunganctl enrol`: makes this machine a terminal of the centre. Shows the fingerprint, waits up to `patience_s` for
// the administrator's confirmation and writes the identity. May be interrupted and run again with the same code.
ExitCode enrol_terminal(const settings::Terminal& terminal, const std::string& code, int patience_s);

}  // namespace anjungan::ctl
