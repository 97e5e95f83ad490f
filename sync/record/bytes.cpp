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

struct Hasher::State {
  crypto_generichash_state blake;
};

Hasher::Hasher() : m_state(std::make_unique<State>()) {
  start_sodium();
  crypto_generichash_init(&m_state->blake, nullptr, 0, Hash{}.size());
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::add(ByteView piece) { crypto_generichash_update(&m_state->blake, piece.data(), piece.size()); }

Hash Hasher::finish() {
  Hash out;
  crypto_generichash_final(&m_state->blake, out.data(), out.size());
  return out;
}

std::string to_hex(ByteView bytes) {
  std::string out;
  append_hex(out, bytes);
  return out;
}

void append_hex(std::string& out, ByteView bytes) {
  static constexpr char k_digits[] = "0123456789abcdef";
  std::size_t at = out.size();
  out.resize(at + bytes.size() * 2);
  char* to = out.data();
  for (const std::uint8_t byte : bytes) {
    to[at++] = k_digits[byte >> 4];
    to[at++] = k_digits[byte & 15];
  }
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
  std::string out;
  append_base64url(out, bytes);
  return out;
}

void append_base64url(std::string& out, ByteView bytes) {
  // One cache line: which of its characters are read cannot be told from the time it takes.
  alignas(64) static constexpr char k_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::size_t before = out.size();
  out.resize(before + (bytes.size() * 4 + 2) / 3);
  char* to = out.data() + before;
  const auto put = [&](unsigned group, int characters) {
    for (int shift = 18; characters > 0; characters--, shift -= 6) *to++ = k_alphabet[group >> shift & 63];
  };
  const std::size_t whole = bytes.size() / 3 * 3;
  for (std::size_t i = 0; i < whole; i += 3) {
    put(unsigned{bytes[i]} << 16 | unsigned{bytes[i + 1]} << 8 | bytes[i + 2], 4);
  }
  if (bytes.size() - whole == 1) put(unsigned{bytes[whole]} << 16, 2);
  if (bytes.size() - whole == 2) put(unsigned{bytes[whole]} << 16 | unsigned{bytes[whole + 1]} << 8, 3);
}

Result<Bytes> from_base64url(std::string_view text) {
  // Arithmetic in place of a table, for the same reason as above; libsodium's takes five times as long, and every event
  // at the centre goes through here. Negative: no character of the alphabet.
  const auto digit = [](char c) {
    const int at = static_cast<unsigned char>(c);
    const auto among = [at](int first, int last, int value) {
      return (((first - 1 - at) & (at - (last + 1))) >> 8) & (value + 1);
    };
    return -1 + among('A', 'Z', at - 'A') + among('a', 'z', at - 'a' + 26) + among('0', '9', at - '0' + 52) +
           among('-', '-', 62) + among('_', '_', 63);
  };
  Bytes out;
  out.reserve(text.size() / 4 * 3 + 3);
  int bad = text.size() % 4 == 1 ? -1 : 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t characters = std::min<std::size_t>(4, text.size() - i);
    int group = 0;
    for (std::size_t at = 0; at < 4; at++) {
      const int value = at < characters ? digit(text[i + at]) : 0;
      bad |= value;
      group = group * 64 + (value & 63);
    }
    for (std::size_t at = 0; at + 1 < characters; at++) {
      out.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * at)));
      group &= (1 << (16 - 8 * at)) - 1;
    }
    bad |= -group;  // what is left over is zero: one meaning has one spelling
  }
  if (bad < 0) return fail(ErrorKind::invalid, "base64url: not well formed");
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
