// SPDX-License-Identifier: Apache-2.0
#include "sync/record/json_text.h"

#include <charconv>
#include <cstring>

namespace anjungan::record {
namespace {

constexpr std::uint64_t k_every_byte = 0x0101010101010101;

/// Some byte is zero (never misses one).
constexpr bool has_zero(std::uint64_t word) { return ((word - k_every_byte) & ~word & (k_every_byte * 0x80)) != 0; }

/// Eight characters of which none is escaped; may say false for nothing, never true.
bool eight_plain(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  const bool control = ((word - k_every_byte * 0x20) & ~word & (k_every_byte * 0x80)) != 0;
  return !control && !has_zero(word ^ (k_every_byte * '"')) && !has_zero(word ^ (k_every_byte * '\\')) &&
         !has_zero(word ^ (k_every_byte * 0x7f));
}

bool plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte != 0x7f && c != '"' && c != '\\';
}

}  // namespace

void put_json_string(std::string& out, std::string_view text) {
  static constexpr char k_digits[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t run = 0;  // where the characters began that need no escape
  for (std::size_t i = 0; i < text.size();) {
    if (i + 8 <= text.size() && eight_plain(text.data() + i)) {
      i += 8;
      continue;
    }
    const char c = text[i++];
    if (plain(c)) continue;
    out.append(text, run, i - 1 - run);
    run = i;
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out.push_back(k_digits[byte >> 4]);
      out.push_back(k_digits[byte & 15]);
    }
  }
  out.append(text, run);
  out.push_back('"');
}

void put_json_name(std::string& out, std::string_view name) {
  if (out.back() != '{') out.push_back(',');
  out.push_back('"');
  out += name;
  out += "\":";
}

void put_json_number(std::string& out, std::string_view name, std::int64_t value) {
  put_json_name(out, name);
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

}  // namespace anjungan::record
