// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync/ctl/central_control.h"
#include "sync/ctl/exit_code.h"

namespace anjungan::ctl {

// `anjunganctl central import`: hands every request file in the folder `from`, of whatever terminals, to the running
// centre and leaves its signed answers in `to`. A file that is refused keeps none of the others out.
ExitCode central_import(const CentralTarget& target, const std::string& from, const std::string& to);

}  // namespace anjungan::ctl
