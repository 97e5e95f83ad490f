// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/ages.h"

#include <algorithm>
#include <utility>

namespace anjungan::slip {

/// A clock that was put back by more has been set: nobody knows how old the job is.
constexpr std::int64_t k_clock_slack_ms = 60'000;

Ages::Ages(Steady steady) : m_steady(std::move(steady)) {}

void Ages::count(const std::vector<store::PrintJob>& open, std::int64_t unix_ms) {
  std::map<std::int64_t, std::int64_t> born_ms;
  for (const store::PrintJob& one : open) {
    const auto known = m_born_ms.find(one.id);
    if (known != m_born_ms.end()) {
      born_ms.insert(*known);
      continue;
    }
    const std::int64_t age_ms = unix_ms - one.created_ms;
    born_ms[one.id] = m_steady() - (age_ms < -k_clock_slack_ms ? k_valid_ms + 1 : std::max<std::int64_t>(age_ms, 0));
  }
  m_born_ms = std::move(born_ms);
}

std::int64_t Ages::of(std::int64_t job) const {
  const auto born = m_born_ms.find(job);
  return born == m_born_ms.end() ? 0 : m_steady() - born->second;
}

}  // namespace anjungan::slip
