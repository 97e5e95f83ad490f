// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "printer/receipt/content.h"

namespace anjungan::receipt {
namespace {

constexpr char32_t k_replacement = 0xfffd;

/// The code point at `at` and its length; the replacement character and 1 for a byte that starts none.
std::pair<char32_t, std::size_t> decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 && lead < 0xf5   ? 4
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                                                           : 0;
  if (length == 0 || at + length > text.size()) return {k_replacement, 1};
  char32_t value = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; i++) {
    if ((byte(at + i) & 0xc0) != 0x80) return {k_replacement, 1};
    value = value << 6 | (byte(at + i) & 0x3fU);
  }
  const char32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {k_replacement, 1};
  return {value, length};
}

/// Control characters, and those that turn the direction of what follows.
bool dropped(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto [c, length] = decode(text, at);
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space) {
      if (!out.empty() && out.back() != ' ') {
        out.push_back(' ');
        count++;
      }
    } else if (!dropped(c)) {
      if (count >= most) {
        while (!out.empty() && out.back() == ' ') out.pop_back();
        return out + "…";
      }
      if (c == k_replacement) {
        out += "\xef\xbf\xbd";
      } else {
        out.append(text.substr(at, length));
      }
      count++;
    }
    at += length;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace anjungan::receipt
