// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/octets.h"

#include <fmt/format.h>

#include <limits>

namespace anjungan::wire {

using record::Bytes;
using record::ByteView;

void OctetWriter::u8(std::uint8_t value) { m_bytes.push_back(value); }

void OctetWriter::u16(std::uint16_t value) {
  u8(static_cast<std::uint8_t>(value >> 8));
  u8(static_cast<std::uint8_t>(value & 0xFF));
}

void OctetWriter::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value & 0xFFFF));
}

void OctetWriter::u64(std::uint64_t value) {
  u32(static_cast<std::uint32_t>(value >> 32));
  u32(static_cast<std::uint32_t>(value & 0xFFFFFFFF));
}

void OctetWriter::raw(ByteView bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }

void OctetWriter::text(std::string_view utf8) {
  ANJUNGAN_CHECK(utf8.size() <= std::numeric_limits<std::uint16_t>::max());
  u16(static_cast<std::uint16_t>(utf8.size()));
  m_bytes.insert(m_bytes.end(), utf8.begin(), utf8.end());
}

void OctetWriter::block(ByteView bytes) {
  ANJUNGAN_CHECK(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
  u32(static_cast<std::uint32_t>(bytes.size()));
  raw(bytes);
}

ByteView OctetReader::take(std::string_view field, std::size_t size) {
  if (m_fault) return {};
  if (m_rest.size() < size) {
    refuse(field, "the bytes end before it does");
    return {};
  }
  const ByteView part = m_rest.first(size);
  m_rest = m_rest.subspan(size);
  return part;
}

std::uint8_t OctetReader::u8(std::string_view field) {
  const ByteView part = take(field, 1);
  return part.empty() ? std::uint8_t{0} : part[0];
}

std::uint16_t OctetReader::u16(std::string_view field) { return static_cast<std::uint16_t>(number(field, 2)); }
std::uint32_t OctetReader::u32(std::string_view field) { return static_cast<std::uint32_t>(number(field, 4)); }
std::uint64_t OctetReader::u64(std::string_view field) { return number(field, 8); }

std::uint64_t OctetReader::number(std::string_view field, std::size_t size) {
  std::uint64_t value = 0;
  for (const std::uint8_t octet : take(field, size)) value = (value << 8) | octet;
  return value;
}

std::size_t OctetReader::count(std::string_view field, std::size_t max) {
  const std::size_t value = u16(field);
  if (value <= max) return value;
  refuse(field, fmt::format("{} is more than the limit of {}", value, max));
  return 0;
}

std::string OctetReader::text(std::string_view field, std::size_t max_bytes) {
  const std::size_t size = u16(field);
  if (size > max_bytes) {
    refuse(field, fmt::format("{} bytes are more than the limit of {}", size, max_bytes));
    return {};
  }
  const ByteView part = take(field, size);
  std::string out(part.begin(), part.end());
  if (is_plain_text(out)) return out;
  refuse(field, "not plain UTF-8 text");
  return {};
}

Bytes OctetReader::block(std::string_view field, std::size_t max_bytes) {
  const std::size_t size = u32(field);
  if (size > max_bytes) {
    refuse(field, fmt::format("{} bytes are more than the limit of {}", size, max_bytes));
    return {};
  }
  const ByteView part = take(field, size);
  return {part.begin(), part.end()};
}

void OctetReader::refuse(std::string_view field, std::string_view why) {
  if (!m_fault) m_fault = fmt::format("{}: {}", field, why);
  m_rest = {};
}

record::Result<void> OctetReader::finish(std::string_view what) const {
  if (m_fault) {
    return record::fail(record::ErrorKind::invalid, fmt::format("{}: {}", what, *m_fault));
  }
  if (!m_rest.empty()) {
    return record::fail(record::ErrorKind::invalid, fmt::format("{}: {} bytes too many", what, m_rest.size()));
  }
  return {};
}

bool is_plain_text(std::string_view utf8) {
  std::size_t at = 0;
  while (at < utf8.size()) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t more = lead < 0x80 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if ((lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || utf8.size() - at <= more) return false;
    std::uint32_t point = more == 0 ? lead : lead & (0x3FU >> more);
    for (std::size_t i = 1; i <= more; ++i) {
      const auto next = static_cast<unsigned char>(utf8[at + i]);
      if ((next & 0xC0) != 0x80) return false;
      point = (point << 6) | (next & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 4> k_least{0, 0x80, 0x800, 0x10000};
    if (point < k_least[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return false;
    if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return false;
    at += more + 1;
  }
  return true;
}

}  // namespace anjungan::wire
