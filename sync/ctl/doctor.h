// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sync/ctl/exit_code.h"
#include "sync/ctl/findings.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// Looks at everything a terminal needs: folders, room on the disk, clock, enrolment, databases, printer, agent and
// centre. Changes nothing and may run beside kiosk and agent. Takes at most about 15 s (the centre's answer).
[[nodiscard]] std::vector<Finding> examine(const settings::Terminal& terminal);

// For people or, as JSON, for programs; `findings` when something is broken.
ExitCode show_findings(const std::vector<Finding>& findings, bool json);

// `anjunganctl doctor`: prints the findings; ends with `findings` when something is broken.
ExitCode run_doctor(const settings::Terminal& terminal, bool json);

}  // namespace anjungan::ctl
