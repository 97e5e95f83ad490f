// SPDX-License-Identifier: Apache-2.0
// Byte strings and the two spellings they have outside: hexadecimal and base64url (RFC 4648 section 5, no padding).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/result.h"

namespace anjungan::record {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// BLAKE2b-256.
using Hash = std::array<std::uint8_t, 32>;

[[nodiscard]] Hash hash(ByteView bytes);

/// BLAKE2b-256 of `domain`, a zero byte and `bytes`: values of one domain never equal those of another.
[[nodiscard]] Hash hash_in(std::string_view domain, ByteView bytes);

/// BLAKE2b-256 of what comes in pieces.
class Hasher {
 public:
  Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void add(ByteView piece);
  /// Of everything added; the hasher is used up.
  [[nodiscard]] Hash finish();

 private:
  struct State;
  std::unique_ptr<State> m_state;
};

[[nodiscard]] std::string to_hex(ByteView bytes);
void append_hex(std::string& out, ByteView bytes);

/// Lower or upper case; exactly two digits a byte. Fails with `invalid`.
[[nodiscard]] Result<Bytes> from_hex(std::string_view text);

[[nodiscard]] std::string to_base64url(ByteView bytes);
void append_base64url(std::string& out, ByteView bytes);

/// Strict: no padding, no white space, no unused bits set. Fails with `invalid`.
[[nodiscard]] Result<Bytes> from_base64url(std::string_view text);

/// The bytes of a text, not copied; valid as long as `text` is.
[[nodiscard]] inline ByteView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string to_text(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

/// Unpredictable bytes from the system's generator.
void fill_random(std::span<std::uint8_t> out);

/// Comparison whose time does not depend on the content.
[[nodiscard]] bool equal_secret(ByteView a, ByteView b);

/// Copies exactly N bytes into an array; fails with `invalid` naming `what` when the length differs.
template <std::size_t N>
[[nodiscard]] Result<std::array<std::uint8_t, N>> to_array(ByteView bytes, const char* what) {
  if (bytes.size() != N) {
    return fail(ErrorKind::invalid,
                std::string(what) + ": " + std::to_string(bytes.size()) + " bytes instead of " + std::to_string(N));
  }
  std::array<std::uint8_t, N> out{};
  for (std::size_t i = 0; i < N; i++) out[i] = bytes[i];
  return out;
}

}  // namespace anjungan::record
