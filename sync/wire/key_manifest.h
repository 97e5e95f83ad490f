// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"

namespace anjungan::wire {

enum class SealingPurpose : std::uint8_t { centre = 1, escrow = 2 };

// One to seal to; a record::SealingKey is the pair, this is the public half with its purpose.
struct Recipient {
  SealingPurpose purpose = SealingPurpose::centre;
  record::PublicKey public_key{};  // X25519

  friend bool operator==(const Recipient&, const Recipient&) = default;
};

// The centre's working keys as its offline root vouches for them. A terminal pins the root at enrolment; from then on
// the centre changes working keys by sending a manifest with a higher serial in the feed (kind "keys"), and needs the
// root for nothing else.
struct KeyManifest {
  std::uint64_t serial = 0;    // grows with each manifest; a terminal never goes back
  std::int64_t issued_ms = 0;  // Unix time, for people
  // Keys that may sign answers: 1 to k_max_signing_keys.
  std::vector<record::PublicKey> signing;
  // Whom a terminal seals to: every key listed, 1 to k_max_sealing_keys, at least one of purpose centre.
  std::vector<Recipient> sealing;

  friend bool operator==(const KeyManifest&, const KeyManifest&) = default;
};

// Signs with the root; done where the root is kept, never by a running centre. Fails with `invalid` over a limit.
[[nodiscard]] record::Result<record::Bytes> encode_key_manifest(const KeyManifest& manifest,
                                                                const record::SigningKey& root);

// The only way to read a manifest: with the root that must have signed it.
[[nodiscard]] record::Result<KeyManifest> open_key_manifest(record::ByteView message, const record::PublicKey& root);

}  // namespace anjungan::wire
