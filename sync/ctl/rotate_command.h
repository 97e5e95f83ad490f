// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"
#include "sync/store/next_keys.h"

namespace anjungan::ctl {

struct RotateWish {
  store::KeysToGo which = store::KeysToGo::both;
  int patience_s = 60;  // then it is left to the agent, which goes on by itself
  bool json = false;
};

// Changes this terminal's keys while it is enrolled: through the running agent and kiosk, or in the place of whichever
// does not run.
ExitCode rotate_keys(const settings::Terminal& terminal, const RotateWish& wish);

}  // namespace anjungan::ctl
