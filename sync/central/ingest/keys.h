// SPDX-License-Identifier: Apache-2.0
// The centre's keys, files of mode 0600 under <data>/keys, made at the first start.
#pragma once

#include <string>

#include "sync/record/keys.h"

namespace anjungan::central {

struct Keys {
  record::PublicKey root{};               ///< what terminals pin; its secret half (root.key) can be taken offline
  record::SigningKey signing;             ///< signs answers
  record::SealingKey sealing;             ///< opens what terminals seal
  record::PublicKey escrow{};             ///< second recipient; escrow.key belongs into a safe, not on this machine
  record::Bytes manifest;                 ///< the root's word for the keys above
  std::array<std::uint8_t, 32> pepper{};  ///< access codes are kept as HMAC under it
};

/// Loads or makes them. Durable when it returns.
[[nodiscard]] record::Result<Keys> load_or_make_keys(const std::string& data_folder, std::int64_t now_ms);

/// What stands in the database for an access code.
[[nodiscard]] record::Hash code_hmac(const Keys& keys, const record::Hash& code_hash);

}  // namespace anjungan::central
