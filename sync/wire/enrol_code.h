// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/result.h"

namespace anjungan::wire {

// The one-time code an administrator hands to a technician: 12 Crockford base32 characters (60 random bits) and 2
// Reed-Solomon check characters, written 4-4-4-2. It authenticates both directions of enrolment, so it never travels:
// the request carries only its look-up id. It lives k_enrol_code_life_ms, which is what makes 60 bits enough.
class EnrolCode {
 public:
  // From the system's random source.
  [[nodiscard]] static EnrolCode random();
  // Accepts either case, spaces and dashes anywhere, O for 0 and I or L for 1. Any one or two wrong characters fail
  // with `invalid`, and the text says that the code was mistyped.
  [[nodiscard]] static record::Result<EnrolCode> parse(std::string_view text);

  // "7K3M-9QXT-2B4D-KA"
  [[nodiscard]] std::string str() const;

  // What the centre keeps instead of the code: `lookup_id` finds the row, `mac_key` authenticates. Both are BLAKE2b-256
  // of a domain and the 14 characters.
  using LookupId = std::array<std::uint8_t, 16>;
  using MacKey = std::array<std::uint8_t, 32>;
  [[nodiscard]] LookupId lookup_id() const;
  [[nodiscard]] MacKey mac_key() const;

 private:
  explicit EnrolCode(std::string characters) : m_characters(std::move(characters)) {}
  std::string m_characters;
};

}  // namespace anjungan::wire
