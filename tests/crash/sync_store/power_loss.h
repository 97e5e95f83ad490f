// SPDX-License-Identifier: Apache-2.0
// Terminals that lose their power, one a seed: submit, print, dark, again; then every receipt that was acknowledged is
// looked for.
#pragma once

#include <cstdint>
#include <string>

namespace anjungan::store {

struct PowerLossWish {
  std::uint64_t first_seed = 1;
  std::uint64_t seeds = 1;
  unsigned failing_syncs_percent = 0;
  bool normal = false;  ///< synchronous=NORMAL behind the store's back: shows that losses would be seen
};

struct PowerLossTally {
  std::uint64_t cuts = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t lost = 0;     ///< acknowledged and gone
  std::uint64_t doubled = 0;  ///< a number that two events carry, or that was skipped
  std::uint64_t corrupt = 0;  ///< a store that did not open again
  std::uint64_t refused = 0;  ///< submits that failed while the power was on
  std::string first_failure;  ///< its seed and what happened
};

/// Runs the seeds one after the other; the lock and the key in memory lie in a real temporary folder.
[[nodiscard]] PowerLossTally lose_power(const PowerLossWish& wish);

}  // namespace anjungan::store
