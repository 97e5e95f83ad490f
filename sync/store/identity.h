// SPDX-License-Identifier: Apache-2.0
// Who this terminal is: what the centre granted at enrolment, and its two key pairs. Files under `<data>/keys/`:
// receipt.key and device.key (0600, 32 bytes each), identity.json (0660, nothing secret). Which keys are in use is what
// identity.json says: it is replaced as a whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/record/keys.h"

namespace anjungan::store {

/// A change of keys that the centre has taken (sync/wire/PROTOCOL.md, "Rotation").
struct KeyChange {
  record::PublicKey receipt_key{};  ///< that it ended, as the device key
  record::PublicKey device_key{};
  record::Bytes request;  ///< as it was signed: a centre that has forgotten it is shown it again
};
/// Older ones are forgotten.
inline constexpr std::size_t k_most_key_changes = 64;

struct Identity {
  std::uint16_t region = 0;
  std::uint16_t terminal = 0;  ///< 0: a sample terminal, its receipts are marked and never sent
  std::string office;
  std::string place;
  std::string public_url;                      ///< base of the receipt's URL
  record::PublicKey root{};                    ///< the centre's offline root, pinned
  record::Bytes key_manifest;                  ///< as the root signed it
  std::vector<record::PublicKey> seal_to;      ///< centre first, then escrow; from the manifest
  std::vector<record::PublicKey> centre_keys;  ///< keys that may sign answers; from the manifest
  record::PublicKey receipt_key{};             ///< public half
  record::PublicKey device_key{};              ///< public half
  std::vector<KeyChange> key_changes;          ///< oldest first

  /// "3273-0012": the device's name in events.
  [[nodiscard]] std::string device() const;
};

/// Fails with `not_found` when the terminal is not enrolled, `corrupt` when the file is damaged.
[[nodiscard]] record::Result<Identity> load_identity(const std::string& data_folder);
/// Durable when it returns.
[[nodiscard]] record::Result<void> save_identity(const std::string& data_folder, const Identity& identity);

enum class KeyUse { receipt, device };
/// The key in use, which the identity names: one that has just come into use may still lie under its name of before
/// (next_keys.h).
[[nodiscard]] record::Result<record::SigningKey> load_key(const std::string& data_folder, KeyUse use);
/// Loads it, or makes and stores a new one. Durable when it returns.
[[nodiscard]] record::Result<record::SigningKey> load_or_make_key(const std::string& data_folder, KeyUse use);

}  // namespace anjungan::store
