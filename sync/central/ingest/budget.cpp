// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/budget.h"

namespace anjungan::central {
namespace {

constexpr std::int64_t k_window_ms = 60'000;

}  // namespace

void MissBudget::forget_old(std::int64_t now_ms) {
  while (!m_misses.empty() && m_misses.front().first + k_window_ms <= now_ms) {
    const auto found = m_counts.find(m_misses.front().second);
    if (found != m_counts.end() && --found->second == 0) m_counts.erase(found);
    m_misses.pop_front();
  }
}

bool MissBudget::allows(const std::string& key, std::int64_t now_ms) {
  const std::lock_guard guard(m_mutex);
  forget_old(now_ms);
  if (m_misses.size() >= m_all) return false;
  const auto found = m_counts.find(key);
  return found == m_counts.end() || found->second < m_each;
}

void MissBudget::miss(const std::string& key, std::int64_t now_ms) {
  const std::lock_guard guard(m_mutex);
  forget_old(now_ms);
  m_misses.emplace_back(now_ms, key);
  m_counts[key]++;
}

}  // namespace anjungan::central
