// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sync/ctl/exit_code.h"
#include "sync/settings/settings.h"

namespace anjungan::ctl {

struct SeedWish {
  int complaints = 20;
  std::uint64_t seed = 1;  // the same seed and catalogue make the same complaints (not the same numbers)
  int photos = 0;          // invented photos with each
  bool json = false;       // lists number, access code and receipt URL of each
  bool print = false;      // prints each receipt on the configured printer and waits until all are printed
};

// `anjunganctl seed`: files invented complaints through the same store as the kiosk, for demonstrations and tests.
// Takes the kiosk's lock on the data folder, so the kiosk must not run. Without `print` nothing is printed: the print
// jobs are voided.
ExitCode seed_complaints(const settings::Terminal& terminal, const SeedWish& wish);

}  // namespace anjungan::ctl
