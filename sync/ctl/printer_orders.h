// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

// What staff want of a terminal's printers. The running kiosk does it (its control socket); while it does not run, it
// is done in its store, and printed when it runs again.
struct PrinterWish {
  std::string order;  // "status", "jobs", "retry", "reprint", "move", "abandon", "pause", "resume", "test-page",
                      // "paper-changed"
  std::int64_t job = 0;
  std::string number;
  std::string printer = "struk";
  std::string to = "fallback";
  bool json = false;
};

// `anjunganctl printer ORDER`. A test page is waited for; done when it came out.
ExitCode order_printer(const settings::Terminal& terminal, const PrinterWish& wish);

}  // namespace anjungan::ctl
