// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/text_buffer.h"

#include <algorithm>
#include <cstdint>

namespace anjungan::ui {
namespace {

void overwrite(std::string& text) {
  volatile char* at = text.data();
  for (std::size_t i = 0; i < text.capacity(); i++) at[i] = 0;
}

bool continues(char c) { return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80; }

/// The length of a well-formed code point at `at`; 0 when it is none.
std::size_t well_formed(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 && lead < 0xf5   ? 4
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                                                           : 0;
  if (length == 0 || at + length > text.size()) return 0;
  std::uint32_t value = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; i++) {
    if (!continues(text[at + i])) return 0;
    value = value << 6 | (byte(at + i) & 63U);
  }
  const std::uint32_t least = length == 4 ? 0x10000U : length == 3 ? 0x800U : 0x80U;
  return value >= least && value <= 0x10ffff && (value < 0xd800 || value > 0xdfff) && value >= 0xa0 ? length : 0;
}

}  // namespace

std::size_t code_point_bytes(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  return std::max<std::size_t>(1, well_formed(text, at));
}

TextBuffer::~TextBuffer() { overwrite(m_text); }

void TextBuffer::reserve_for(std::size_t bytes) {
  if (bytes <= m_text.capacity()) return;
  // Growing by hand: the old memory must not keep what was typed.
  std::string larger;
  larger.reserve(bytes * 2);
  larger = m_text;
  overwrite(m_text);
  m_text.swap(larger);
  overwrite(larger);
}

bool TextBuffer::insert(std::string_view utf8) {
  bool put = false;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t length = well_formed(utf8, at);
    const char first = utf8[at];
    const bool control =
        length == 1 && (static_cast<std::uint8_t>(first) < 0x20 || first == 0x7f) && !(first == '\n' && m_lines);
    if (length == 0 || control) {
      at++;
      continue;
    }
    if (m_length >= m_most) break;
    reserve_for(m_text.size() + length);
    m_text.insert(m_caret, utf8.substr(at, length));
    m_caret += length;
    m_length++;
    put = true;
    at += length;
  }
  return put;
}

bool TextBuffer::backspace() {
  if (m_caret == 0) return false;
  std::size_t from = m_caret - 1;
  while (from > 0 && continues(m_text[from])) from--;
  m_text.erase(from, m_caret - from);
  m_caret = from;
  m_length--;
  return true;
}

void TextBuffer::move_left() {
  if (m_caret == 0) return;
  do m_caret--;
  while (m_caret > 0 && continues(m_text[m_caret]));
}

void TextBuffer::move_right() { m_caret += code_point_bytes(m_text, m_caret); }

void TextBuffer::move_to_end() { m_caret = m_text.size(); }

void TextBuffer::set(std::string_view utf8) {
  clear();
  insert(utf8);
}

void TextBuffer::clear() {
  overwrite(m_text);
  m_text.clear();
  m_length = 0;
  m_caret = 0;
}

}  // namespace anjungan::ui
