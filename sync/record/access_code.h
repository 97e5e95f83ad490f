// SPDX-License-Identifier: Apache-2.0
// What a citizen types instead of scanning: 16 Crockford base32 characters, 70 random bits and two Reed-Solomon check
// characters over GF(32), written 4-4-4-4. Every error of up to two characters is caught before any request is made.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"

namespace anjungan::record {

class AccessCode {
 public:
  static constexpr std::size_t k_length = 16;
  static constexpr std::string_view k_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /// 14 random characters and their two check characters.
  [[nodiscard]] static AccessCode random();
  /// From 14 values of 0..31; for tests and vectors.
  [[nodiscard]] static AccessCode from_data(const std::array<std::uint8_t, 14>& data);

  /// Upper or lower case; O reads as 0, I and L as 1; dashes and spaces are passed over. The error says whether the
  /// length, a character or the check is wrong.
  [[nodiscard]] static Result<AccessCode> parse(std::string_view text);

  [[nodiscard]] std::string str() const;      ///< 7K4M-Q2XD-9TRN-H5WC
  [[nodiscard]] std::string compact() const;  ///< 7K4MQ2XD9TRNH5WC

  /// BLAKE2b-256("anjungan/code/1", the 16 characters): what stands in the event and goes over the wire.
  [[nodiscard]] Hash code_hash() const;

  bool operator==(const AccessCode&) const = default;

 private:
  std::array<std::uint8_t, k_length> m_values{};
};

}  // namespace anjungan::record
