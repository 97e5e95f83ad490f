// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/frame.h"

namespace anjungan::wire {

// Signatures and MACs of this folder's messages (PROTOCOL.md, "Proofs"). Each message kind has a domain of its own, so
// a signature made for one thing is worth nothing for another.

inline constexpr std::size_t k_signature_bytes = 64;
inline constexpr std::size_t k_mac_bytes = 32;
inline constexpr std::size_t k_key_id_bytes = 4;

// Appends the signature over everything in `message` so far.
void append_signature(record::Bytes& message, Kind kind, const record::SigningKey& key);
// Fails with `denied`; the text names the message and `signer` ("the device's key").
[[nodiscard]] record::Result<void> check_signature(Kind kind, record::ByteView covered, record::ByteView signature,
                                                   const record::PublicKey& key, std::string_view signer);

// The trusted key with this id whose signature it is; for answers, which name their key.
[[nodiscard]] record::Result<void> check_centre_signature(Kind kind, const Frame& frame,
                                                          std::span<const record::PublicKey> centre_keys);

// Keyed BLAKE2b-256 over everything in `message` so far.
void append_mac(record::Bytes& message, record::ByteView mac_key);
[[nodiscard]] record::Result<void> check_mac(Kind kind, record::ByteView covered, record::ByteView mac,
                                             record::ByteView mac_key);

}  // namespace anjungan::wire
