// SPDX-License-Identifier: Apache-2.0
// The PIN that opens the staff panel on the screen: a file `<data>/keys/staff.pin` (0600) with its Argon2id hash, and a
// guard that makes guessing slow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/result.h"

namespace anjungan::store {

inline constexpr std::size_t k_least_pin_digits = 6;
inline constexpr std::size_t k_most_pin_digits = 12;

/// Durable when it returns; replaces an earlier one. `invalid` for anything but 6 to 12 digits, and for digits that
/// everybody tries first (all the same, or counted up or down).
[[nodiscard]] record::Result<void> set_staff_pin(const std::string& data_folder, std::string_view pin);

/// `denied` when it is another one, `not_found` when none was set. Takes about 0.1 s and 64 MiB.
[[nodiscard]] record::Result<void> check_staff_pin(const std::string& data_folder, std::string_view pin);

/// Five tries, then one a minute, then one in two minutes, and so on to an hour; the right PIN forgets them. Times are
/// of a clock that only goes forward, in milliseconds.
class PinGuard {
 public:
  /// Milliseconds until a try is heard; 0: now.
  [[nodiscard]] std::int64_t wait_ms(std::int64_t now_ms) const;
  void wrong(std::int64_t now_ms);
  void right() { *this = PinGuard(); }

 private:
  int m_wrong = 0;
  std::int64_t m_closed_until_ms = 0;
};

}  // namespace anjungan::store
