// SPDX-License-Identifier: Apache-2.0
// How old the receipts are that have not come out.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "printer/status/boot_clock.h"
#include "sync/store/intake_store.h"

namespace anjungan::slip {

/// Milliseconds of a clock that nobody sets.
using Steady = std::function<std::int64_t()>;

/// How long a receipt prints by itself. Later nobody stands there to take it: a person decides.
inline constexpr std::int64_t k_valid_ms = 15LL * 60 * 1000;

/// Of a terminal's open jobs, whatever printer they are for. Counted on `steady` from when a job was first seen here,
/// so that a clock that is set meanwhile makes nobody's receipt old or young. Guard it with the store's mutex.
class Ages {
 public:
  explicit Ages(Steady steady = status::since_boot_ms);

  /// Begins to count the ages of these open jobs, and forgets those that have ended. One that was made in the future
  /// has an age that nobody knows, and counts as older than k_valid_ms.
  void count(const std::vector<store::PrintJob>& open, std::int64_t unix_ms);
  /// Of a counted job; 0 of another.
  [[nodiscard]] std::int64_t of(std::int64_t job) const;

 private:
  Steady m_steady;
  std::map<std::int64_t, std::int64_t> m_born_ms;  ///< on m_steady
};

}  // namespace anjungan::slip
