// SPDX-License-Identifier: Apache-2.0
// The number printed on a receipt: region (4) · terminal (4) · running number (6) · check digit, for example
// 3273-0012-000427-5. Digits only, so that anyone can dictate and type it. It names a case and opens nothing.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/result.h"

namespace anjungan::record {

struct TrackingNumber {
  std::uint16_t region = 0;    ///< 0..9999, the region's code (Kemendagri, four digits)
  std::uint16_t terminal = 0;  ///< 0..9999, given by the centre at each enrolment; 0 is for samples
  std::uint32_t running = 0;   ///< 1..999999

  static constexpr std::uint32_t k_last_running = 999'999;
  using Packed = std::array<std::uint8_t, 6>;

  /// 3273-0012-000427-5
  [[nodiscard]] std::string str() const;
  /// The 15 digits without dashes.
  [[nodiscard]] std::string digits() const;
  /// The 14 digits without the check digit as one big-endian number.
  [[nodiscard]] Packed packed() const;
  [[nodiscard]] static Result<TrackingNumber> unpack(const Packed& packed);

  /// Accepts the digits with or without dashes and spaces. Catches every wrong digit and every swap of neighbours (Damm
  /// 2004).
  [[nodiscard]] static Result<TrackingNumber> parse(std::string_view text);

  auto operator<=>(const TrackingNumber&) const = default;
};

}  // namespace anjungan::record
