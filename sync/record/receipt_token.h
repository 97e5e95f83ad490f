// SPDX-License-Identifier: Apache-2.0
// The 104 bytes in a receipt's QR code, signed with the terminal's receipt key. Whoever has the centre's list of
// terminal keys decides offline whether a receipt is genuine and reads the tracking number from it. Layout: FORMAT.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/tracking_number.h"

namespace anjungan::record {

using TokenSecret = std::array<std::uint8_t, 12>;

struct ReceiptToken {
  static constexpr std::size_t k_size = 104;
  static constexpr std::uint8_t k_version = 1;
  static constexpr std::uint8_t k_clock_not_sane = 1;  ///< flag: the terminal's clock was dead, minutes are 0
  static constexpr std::uint8_t k_sample = 2;          ///< flag: not a real complaint

  std::uint8_t flags = 0;
  KeyId key{};
  TrackingNumber number;
  std::uint64_t seq = 0;                       ///< of the event it proves, below 2^40
  std::uint32_t minutes = 0;                   ///< since 2020-01-01T00:00Z, below 2^24
  TokenSecret secret{};                        ///< unguessable; the event holds only its hash
  std::array<std::uint8_t, 8> event_prefix{};  ///< first bytes of the event's hash
  Signature signature{};

  /// Fills key and signature.
  void sign(const SigningKey& receipt_key);
  void sign(const SigningKey& receipt_key, SigningNonce&& nonce);
  [[nodiscard]] bool verify(const PublicKey& receipt_key) const;

  [[nodiscard]] Bytes encode() const;
  /// Exactly 104 bytes of version 1 with no unknown flag. Says nothing about genuineness: verify does.
  [[nodiscard]] static Result<ReceiptToken> decode(ByteView bytes);

  bool operator==(const ReceiptToken&) const = default;
};

/// BLAKE2b-256("anjungan/secret/1", secret): what the event and the stores hold.
[[nodiscard]] Hash secret_hash(const TokenSecret& secret);

/// Minutes since 2020 for a Unix time in milliseconds; 0 outside the three bytes' range.
[[nodiscard]] std::uint32_t token_minutes(std::int64_t unix_ms);
/// The Unix time in milliseconds of a token's minutes.
[[nodiscard]] std::int64_t token_time_ms(std::uint32_t minutes);

/// `<base>/t#<base64url>`; what follows # never reaches a server's log.
[[nodiscard]] std::string token_url(std::string_view base, const ReceiptToken& token);

/// Reads a whole URL (whatever its host) or the bare base64url text; at most 512 characters.
[[nodiscard]] Result<ReceiptToken> parse_token_text(std::string_view text);

}  // namespace anjungan::record
