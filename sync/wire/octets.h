// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sync/record/bytes.h"
#include "sync/record/result.h"

namespace anjungan::wire {

// The two halves of the byte layout in PROTOCOL.md: integers are big-endian, a text is u16 length + UTF-8, a block is
// u32 length + bytes. Nothing is padded and nothing is optional, so one meaning has exactly one encoding.

// Appends fields to a buffer it owns. A text or block longer than its length field can say trips an assertion: callers
// check the limits of limits.h first.
class OctetWriter {
 public:
  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void raw(record::ByteView bytes);
  void text(std::string_view utf8);
  void block(record::ByteView bytes);

  [[nodiscard]] const record::Bytes& bytes() const { return m_bytes; }
  [[nodiscard]] record::Bytes take() { return std::move(m_bytes); }

 private:
  record::Bytes m_bytes;
};

// Reads fields from bytes that nobody has vouched for. The first fault is kept with the field's name and every later
// read returns zeros, so a parser reads straight through and asks once, by finish(). The bytes must outlive the reader.
class OctetReader {
 public:
  explicit OctetReader(record::ByteView bytes) : m_rest(bytes) {}

  std::uint8_t u8(std::string_view field);
  std::uint16_t u16(std::string_view field);
  std::uint32_t u32(std::string_view field);
  std::uint64_t u64(std::string_view field);

  template <std::size_t N>
  std::array<std::uint8_t, N> fixed(std::string_view field) {
    std::array<std::uint8_t, N> out{};
    const record::ByteView part = take(field, N);
    if (part.size() == N) std::copy(part.begin(), part.end(), out.begin());
    return out;
  }

  // Valid UTF-8 without control characters, at most `max_bytes` long.
  std::string text(std::string_view field, std::size_t max_bytes);
  // Any bytes, at most `max_bytes` long.
  record::Bytes block(std::string_view field, std::size_t max_bytes);
  // A count that must not exceed `max`.
  std::size_t count(std::string_view field, std::size_t max);

  // Marks the bytes as wrong for a reason of the caller's own. The first reason given stays.
  void refuse(std::string_view field, std::string_view why);
  [[nodiscard]] bool good() const { return !m_fault.has_value(); }
  // Success only if no read failed and no byte is left over. `what` names the message in the error's text.
  [[nodiscard]] record::Result<void> finish(std::string_view what) const;

 private:
  record::ByteView take(std::string_view field, std::size_t size);
  std::uint64_t number(std::string_view field, std::size_t size);

  record::ByteView m_rest;
  std::optional<std::string> m_fault;
};

// Well-formed UTF-8 (no overlong forms, no surrogates) without C0/C1 control characters.
[[nodiscard]] bool is_plain_text(std::string_view utf8);

}  // namespace anjungan::wire
