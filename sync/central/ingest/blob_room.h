// SPDX-License-Identifier: Apache-2.0
// How much each terminal's attachments have taken of their quota. The store can only count it from the rows of all of
// them, so it is counted now and then and followed between: several instances may together exceed a quota by what
// they take in a minute. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "sync/record/result.h"
#include "sync/wire/identifiers.h"

namespace anjungan::central {

class BlobRoom {
 public:
  /// Bytes that the store counts as held.
  using Count = std::function<record::Result<std::uint64_t>()>;
  /// `now`: for tests.
  explicit BlobRoom(std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now)
      : m_now(std::move(now)) {}

  /// Whether `size` more stay within `quota`. Fails as `count` does.
  [[nodiscard]] record::Result<bool> has(const wire::DeviceId& device, std::uint64_t size, std::uint64_t quota,
                                         const Count& count);
  /// The same, and takes them: of two that come together and do not both fit, one is refused.
  [[nodiscard]] record::Result<bool> take(const wire::DeviceId& device, std::uint64_t size, std::uint64_t quota,
                                          const Count& count);
  /// What was taken is not held after all.
  void give_back(const wire::DeviceId& device, std::uint64_t size);

 private:
  struct Use {
    std::uint64_t bytes = 0;
    std::chrono::steady_clock::time_point counted;
  };
  [[nodiscard]] record::Result<void> look(const wire::DeviceId& device, const Count& count);

  std::function<std::chrono::steady_clock::time_point()> m_now;
  std::mutex m_mutex;
  std::map<wire::DeviceId, Use> m_use;  ///< of confirmed terminals
};

}  // namespace anjungan::central
