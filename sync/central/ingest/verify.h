// SPDX-License-Identifier: Apache-2.0
// Whether anybody has changed, removed or added rows behind the program's back, and whether bytes have rotted.
#pragma once

#include <string>
#include <vector>

#include "sync/central/store/store.h"

namespace anjungan::central {

struct StoreVerdict {
  std::uint64_t audit_rows = 0;
  record::Hash
      audit_head{};  ///< of the newest row; whoever kept an older head can ask whether it is still in the chain
  bool expected_found = false;
  std::uint64_t events = 0;
  std::vector<std::string> findings;  ///< at most 100; English, names rows by number

  [[nodiscard]] bool sound() const { return findings.empty(); }
};

/// Reads everything: the chain of the audit, every event's hash and place in its chain, and that what was acknowledged
/// is there as an event or in quarantine. With `expected`, also that a row of the audit has that hash: an end that was
/// cut off shows only so.
[[nodiscard]] record::Result<StoreVerdict> verify_store(Reader& store, const std::optional<record::Hash>& expected);

}  // namespace anjungan::central
