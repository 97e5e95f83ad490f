// SPDX-License-Identifier: Apache-2.0
// Numbers of a fixed width: what dates, times and tracking numbers are made of.
#pragma once

#include <cstdint>
#include <string>

namespace anjungan::record {

/// `value` with leading zeros to `width` digits (at most 10); a longer value is cut on the left.
inline void put_digits(std::string& out, std::uint64_t value, std::size_t width) {
  out.resize(out.size() + width);
  for (auto at = out.rbegin(); width > 0; width--, value /= 10) *at++ = static_cast<char>('0' + value % 10);
}

}  // namespace anjungan::record
