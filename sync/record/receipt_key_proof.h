// SPDX-License-Identifier: Apache-2.0
// The word of a receipt key's holder that the key is meant for one terminal of one centre (sync/wire/PROTOCOL.md,
// "Rotation"). Made by the app, which has the key; carried by the agent, which has not.
#pragma once

#include "sync/record/keys.h"

namespace anjungan::record {

/// The first eight bytes of BLAKE2b-256("anjungan/root/1", root public key): names a centre.
using RootId = std::array<std::uint8_t, 8>;
[[nodiscard]] RootId root_id(ByteView root_public_key);

[[nodiscard]] Signature prove_receipt_key(std::uint16_t region, std::uint16_t terminal, const RootId& centre,
                                          const SigningKey& receipt_key);
[[nodiscard]] bool proves_receipt_key(std::uint16_t region, std::uint16_t terminal, const RootId& centre,
                                      const PublicKey& receipt_key, const Signature& proof);

}  // namespace anjungan::record
