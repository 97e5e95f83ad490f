// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sync/ctl/exit_code.h"

namespace anjungan::ctl {

struct PrinterSampleWish {
  std::string queue;
  int count = 1;
  std::string medium;  // empty: the profile's
  std::string profile;
  std::string mode = "raster";
  std::uint64_t seed = 1;
  int patience_s = 300;  // without any receipt coming to its end
};

// `anjunganctl printer sample`: invented receipts through a store of their own in a temporary folder (removed at the
// end), the spool and the CUPS queue. Done only when every paper was confirmed; a receipt that was only sent counts as
// refused.
ExitCode print_samples(const PrinterSampleWish& wish);

}  // namespace anjungan::ctl
