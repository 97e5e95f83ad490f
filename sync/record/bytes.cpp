// SPDX-License-Identifier: Apache-2.0
#include "sync/record/bytes.h"

#include <sodium.h>

#include <algorithm>

namespace anjungan::record {
namespace {

void start_sodium() {
  static const int once = sodium_init();
  ANJUNGAN_CHECK(once >= 0);
}

}  // namespace

Hash hash(ByteView bytes) {
  start_sodium();
  Hash out;
  crypto_generichash(out.data(), out.size(), bytes.data(), bytes.size(), nullptr, 0);
  return out;
}

Hash hash_in(std::string_view domain, ByteView bytes) {
  start_sodium();
  Hash out;
  crypto_generichash_state state;
  const std::uint8_t zero = 0;
  crypto_generichash_init(&state, nullptr, 0, out.size());
  const ByteView tag = view_of(domain);
  crypto_generichash_update(&state, tag.data(), tag.size());
  crypto_generichash_update(&state, &zero, 1);
  crypto_generichash_update(&state, bytes.data(), bytes.size());
  crypto_generichash_final(&state, out.data(), out.size());
  return out;
}

std::string to_hex(ByteView bytes) {
  static constexpr char k_digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out.push_back(k_digits[byte >> 4]);
    out.push_back(k_digits[byte & 15]);
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return fail(ErrorKind::invalid, "hexadecimal: an odd number of digits");
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorKind::invalid, "hexadecimal: not a digit");
    out.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return out;
}

std::string to_base64url(ByteView bytes) {
  start_sodium();
  constexpr int k_variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), k_variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), k_variant);
  out.resize(out.size() - 1);  // libsodium writes a closing zero byte
  return out;
}

Result<Bytes> from_base64url(std::string_view text) {
  start_sodium();
  Bytes out(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  const char* end = nullptr;
  const int bad = sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (bad != 0 || end != text.data() + text.size()) return fail(ErrorKind::invalid, "base64url: not well formed");
  out.resize(size);
  return out;
}

void fill_random(std::span<std::uint8_t> out) {
  start_sodium();
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

bool equal_secret(ByteView a, ByteView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace anjungan::record
