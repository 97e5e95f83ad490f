// SPDX-License-Identifier: Apache-2.0
// UUID version 7 (RFC 9562): names an event or a complaint. Never used as order or as a secret.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/result.h"

namespace anjungan::record {

struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// 48 bits of `unix_ms` and 74 random bits; times before 1970 count as 0.
  [[nodiscard]] static Uuid make(std::int64_t unix_ms);
  /// The 36-character form with lower-case digits only; any version. Fails with `invalid`.
  [[nodiscard]] static Result<Uuid> parse(std::string_view text);

  [[nodiscard]] std::string str() const;

  auto operator<=>(const Uuid&) const = default;
};

}  // namespace anjungan::record
