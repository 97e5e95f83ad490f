// SPDX-License-Identifier: Apache-2.0
// Stored events one after the other, each against its hash and its predecessor.
#pragma once

#include <optional>

#include "sync/store/database.h"

namespace anjungan::store {

class ChainWalk {
 public:
  /// The next event is `from_seq`; `before` is the hash of the one before it, where that is known.
  ChainWalk(std::uint64_t from_seq, std::optional<record::Hash> before)
      : m_seq(from_seq - 1), m_hash(before ? *before : record::Hash{}), m_known(before.has_value()) {}

  /// One row of `SELECT seq, bytes, hash FROM event ... ORDER BY seq`. Fails with `corrupt` when it is not the next one
  /// or not what was written, and with `conflict` when it stands for a lost event.
  [[nodiscard]] record::Result<void> step(const Statement& row);

  [[nodiscard]] std::uint64_t seq() const { return m_seq; }  ///< of the last row
  [[nodiscard]] const record::Hash& hash() const { return m_hash; }

 private:
  std::uint64_t m_seq;
  record::Hash m_hash;
  bool m_known;
};

}  // namespace anjungan::store
