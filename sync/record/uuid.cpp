// SPDX-License-Identifier: Apache-2.0
#include "sync/record/uuid.h"

#include <algorithm>

#include "sync/record/bytes.h"

namespace anjungan::record {

Uuid Uuid::make(std::int64_t unix_ms) {
  Uuid out;
  fill_random(out.bytes);
  std::uint64_t ms = unix_ms < 0 ? 0 : static_cast<std::uint64_t>(unix_ms);
  for (std::size_t i = 6; i-- > 0; ms >>= 8) out.bytes[i] = static_cast<std::uint8_t>(ms & 255);
  out.bytes[6] = static_cast<std::uint8_t>((out.bytes[6] & 0x0f) | 0x70);
  out.bytes[8] = static_cast<std::uint8_t>((out.bytes[8] & 0x3f) | 0x80);
  return out;
}

Result<Uuid> Uuid::parse(std::string_view text) {
  const auto bad = [] {
    return fail(ErrorKind::invalid, "uuid: not of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
  };
  if (text.size() != 36) return bad();
  std::string digits;
  for (std::size_t i = 0; i < text.size(); i++) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return bad();
    if (dash) continue;
    if (text[i] >= 'A' && text[i] <= 'F') return bad();
    digits.push_back(text[i]);
  }
  auto bytes = from_hex(digits);
  if (!bytes) return bad();
  Uuid out;
  std::copy_n(bytes->begin(), 16, out.bytes.begin());
  return out;
}

std::string Uuid::str() const {
  const ByteView all(bytes);
  std::string out;
  out.reserve(36);
  append_hex(out, all.first(4));
  for (std::size_t at = 4; at <= 10; at += 2) {
    out.push_back('-');
    append_hex(out, at < 10 ? all.subspan(at, 2) : all.subspan(at));
  }
  return out;
}

}  // namespace anjungan::record
