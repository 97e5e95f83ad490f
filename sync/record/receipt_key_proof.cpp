// SPDX-License-Identifier: Apache-2.0
#include "sync/record/receipt_key_proof.h"

#include <algorithm>

namespace anjungan::record {
namespace {

constexpr std::string_view k_domain = "anjungan/receipt-key/1";

Bytes statement(std::uint16_t region, std::uint16_t terminal, const RootId& centre, const PublicKey& receipt_key) {
  Bytes out{static_cast<std::uint8_t>(region >> 8U), static_cast<std::uint8_t>(region & 0xFFU),
            static_cast<std::uint8_t>(terminal >> 8U), static_cast<std::uint8_t>(terminal & 0xFFU)};
  out.insert(out.end(), centre.begin(), centre.end());
  out.insert(out.end(), receipt_key.begin(), receipt_key.end());
  return out;
}

}  // namespace

RootId root_id(ByteView root_public_key) {
  const Hash hash = hash_in("anjungan/root/1", root_public_key);
  RootId id{};
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

Signature prove_receipt_key(std::uint16_t region, std::uint16_t terminal, const RootId& centre,
                            const SigningKey& receipt_key) {
  return receipt_key.sign(k_domain, statement(region, terminal, centre, receipt_key.public_key()));
}

bool proves_receipt_key(std::uint16_t region, std::uint16_t terminal, const RootId& centre,
                        const PublicKey& receipt_key, const Signature& proof) {
  return verify(receipt_key, k_domain, statement(region, terminal, centre, receipt_key), proof);
}

}  // namespace anjungan::record
