// SPDX-License-Identifier: Apache-2.0
// How often somebody may guess an access code wrongly. Mistyped codes are caught by their check characters before a
// request, so honest misses are rare and the budget can be tight.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace anjungan::central {

/// At most `each` misses a key and `all` misses in total within a minute. Thread-safe; forgets keys by itself.
class MissBudget {
 public:
  MissBudget(std::size_t each, std::size_t all) : m_each(each), m_all(all) {}

  /// False: ask again later.
  [[nodiscard]] bool allows(const std::string& key, std::int64_t now_ms);
  void miss(const std::string& key, std::int64_t now_ms);

  static constexpr int k_retry_after_s = 60;

 private:
  void forget_old(std::int64_t now_ms);

  std::size_t m_each;
  std::size_t m_all;
  std::mutex m_mutex;
  std::map<std::string, std::size_t> m_counts;
  std::deque<std::pair<std::int64_t, std::string>> m_misses;
};

}  // namespace anjungan::central
