// SPDX-License-Identifier: Apache-2.0
#include "sync/record/access_code.h"

#include <fmt/format.h>

#include <algorithm>

namespace anjungan::record {
namespace {

constexpr std::string_view k_domain = "anjungan/code/1";

/// Product in GF(32) with x^5 + x^2 + 1.
constexpr std::uint8_t times(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0;
  for (unsigned bit = 0; bit < 5; bit++) {
    if ((static_cast<unsigned>(b) >> bit & 1U) != 0) product ^= static_cast<unsigned>(a) << bit;
  }
  for (unsigned bit = 9; bit >= 5; bit--) {
    if ((product >> bit & 1U) != 0) product ^= 0x25U << (bit - 5);
  }
  return static_cast<std::uint8_t>(product);
}

// The generator (x + 2)(x + 4) = x^2 + 6x + 8, with the roots a and a^2 of the field's generator a = 2.
constexpr std::uint8_t k_middle = 0x2 ^ 0x4;  // addition in the field
constexpr std::uint8_t k_last = times(2, 4);

/// The remainder of the data polynomial times x^2, divided by the generator: the two check values.
std::array<std::uint8_t, 2> check_values(const std::uint8_t* data) {
  std::uint8_t high = 0;
  std::uint8_t low = 0;
  for (std::size_t i = 0; i < 14; i++) {
    const auto lead = static_cast<std::uint8_t>(data[i] ^ high);
    high = static_cast<std::uint8_t>(low ^ times(lead, k_middle));
    low = times(lead, k_last);
  }
  return {high, low};
}

int value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const std::size_t at = AccessCode::k_alphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

AccessCode AccessCode::from_data(const std::array<std::uint8_t, 14>& data) {
  AccessCode code;
  for (std::size_t i = 0; i < data.size(); i++) {
    ANJUNGAN_CHECK(data[i] < 32);
    code.m_values[i] = data[i];
  }
  const auto check = check_values(code.m_values.data());
  code.m_values[14] = check[0];
  code.m_values[15] = check[1];
  return code;
}

AccessCode AccessCode::random() {
  std::array<std::uint8_t, 14> data;
  fill_random(data);
  for (std::uint8_t& value : data) value &= 31;
  return from_data(data);
}

Result<AccessCode> AccessCode::parse(std::string_view text) {
  if (text.size() > 64) return fail(ErrorKind::invalid, "access code: too long; it has 16 letters and digits");
  AccessCode code;
  std::size_t count = 0;
  for (const char c : text) {
    if (c == '-' || c == ' ') continue;
    const int value = value_of(c);
    if (value < 0) return fail(ErrorKind::invalid, "access code: a character does not belong in it");
    if (count < k_length) code.m_values[count] = static_cast<std::uint8_t>(value);
    count++;
  }
  if (count != k_length) {
    return fail(ErrorKind::invalid, fmt::format("access code: {} letters and digits instead of 16", count));
  }
  const auto check = check_values(code.m_values.data());
  if (check[0] != code.m_values[14] || check[1] != code.m_values[15]) {
    return fail(ErrorKind::invalid, "access code: a letter or digit is wrong; compare it with the receipt");
  }
  return code;
}

std::string AccessCode::compact() const {
  std::string out;
  for (const std::uint8_t value : m_values) out.push_back(k_alphabet[value]);
  return out;
}

std::string AccessCode::str() const {
  const std::string all = compact();
  return all.substr(0, 4) + '-' + all.substr(4, 4) + '-' + all.substr(8, 4) + '-' + all.substr(12, 4);
}

Hash AccessCode::code_hash() const { return hash_in(k_domain, view_of(compact())); }

}  // namespace anjungan::record
