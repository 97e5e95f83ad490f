// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// `anjunganctl export`: what the centre has not acknowledged, as files in the folder `to`. Reads only.
ExitCode export_events(const settings::Terminal& terminal, const std::string& to, bool json);

// `anjunganctl import`: the centre's answers in the folder `from`, taken in by the running agent or, while none runs,
// by this process in its place.
ExitCode import_answers(const settings::Terminal& terminal, const std::string& from, bool json);

}  // namespace anjungan::ctl
