// SPDX-License-Identifier: Apache-2.0
#include "sync/store/chain_walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/record/event.h"
#include "sync/store/intake_schema.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;

record::Result<void> ChainWalk::step(const Statement& row) {
  const std::uint64_t expected = m_seq + 1;
  const record::Bytes bytes = row.bytes(1);
  const auto stored = record::to_array<32>(row.bytes(2), "hash");
  if (static_cast<std::uint64_t>(row.integer(0)) != expected || !stored) {
    return fail(ErrorKind::corrupt, fmt::format("intake.db: event {} is damaged", expected));
  }
  if (std::equal(bytes.begin(), bytes.end(), k_lost_event.begin(), k_lost_event.end())) {
    return fail(ErrorKind::conflict,
                fmt::format("intake.db: event {} was lost to damage before the centre had it; enrol the terminal again "
                            "(what was saved aside is in the folders damaged-*)",
                            expected));
  }
  if (!bytes.empty()) {
    if (record::hash(bytes) != *stored) {
      return fail(ErrorKind::corrupt, fmt::format("intake.db: event {} is damaged", expected));
    }
    const auto event = record::parse_event(bytes);
    if (!event || event->seq != expected || (m_known && event->prev != m_hash)) {
      return fail(ErrorKind::corrupt, fmt::format("intake.db: event {} does not follow its predecessor", expected));
    }
  }
  m_seq = expected;
  m_hash = *stored;
  m_known = m_hash != record::Hash{};  // of an event that was saved without its hash nothing can be said
  return {};
}

}  // namespace anjungan::store
