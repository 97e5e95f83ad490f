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

// A new signing key, in two steps, so that no terminal meets an answer that it cannot check: first every terminal hears
// of the new key, then it is used. Both need root.key in the folder for that moment (`not_found` otherwise).
/// Makes the next key, if there is none yet, and a manifest that lists it beside the one in use: returns the manifest.
[[nodiscard]] record::Result<record::Bytes> announce_signing_key(const std::string& data_folder, std::int64_t now_ms);
/// Puts the announced key in the place of the present one for the next start: returns a manifest that lists it alone.
/// `conflict` when none was announced.
[[nodiscard]] record::Result<record::Bytes> switch_signing_key(const std::string& data_folder, std::int64_t now_ms);

/// What stands in the database for an access code.
[[nodiscard]] record::Hash code_hmac(const Keys& keys, const record::Hash& code_hash);

}  // namespace anjungan::central
