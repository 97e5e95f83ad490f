// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/result.h"

namespace anjungan::wire {

// One enrolment of one terminal: the region of its city and the code the centre gave it. A terminal that is enrolled
// anew gets a new code, so a device never has two histories.
struct DeviceId {
  std::uint16_t region = 0;    // 0..9999, such as 3273
  std::uint16_t terminal = 0;  // 1..9999; 0 is for samples and never reaches a centre

  // "3273-0012"
  [[nodiscard]] std::string str() const;
  [[nodiscard]] static record::Result<DeviceId> parse(std::string_view text);
  // Both numbers in range.
  [[nodiscard]] bool valid() const { return region <= 9999 && terminal >= 1 && terminal <= 9999; }

  friend auto operator<=>(const DeviceId&, const DeviceId&) = default;
};

// Random; changes whenever the centre has been restored from a backup. All zeros: the terminal has seen none yet.
using Epoch = std::array<std::uint8_t, 16>;

// Names the centre a message is meant for: the first 8 bytes of BLAKE2b-256("anjungan/root/1" 0x00 root public key).
// A request signed for one centre is refused by every other, over whatever path it travels.
using RootId = std::array<std::uint8_t, 8>;
[[nodiscard]] RootId root_id(record::ByteView root_public_key);

// The digest of a whole request as sent, proofs included. The answer is signed over it, so an answer fits one request.
[[nodiscard]] record::Hash message_digest(record::ByteView message);

}  // namespace anjungan::wire
