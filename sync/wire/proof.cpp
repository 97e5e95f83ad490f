// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/proof.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace anjungan::wire {
namespace {

std::string domain_of(Kind kind) { return fmt::format("anjungan/wire/1/{:02x}", static_cast<unsigned>(kind)); }

std::array<std::uint8_t, k_mac_bytes> mac_of(record::ByteView bytes, record::ByteView mac_key) {
  ANJUNGAN_CHECK(mac_key.size() == crypto_generichash_KEYBYTES);
  std::array<std::uint8_t, k_mac_bytes> mac{};
  crypto_generichash(mac.data(), mac.size(), bytes.data(), bytes.size(), mac_key.data(), mac_key.size());
  return mac;
}

tl::unexpected<record::Error> denied(Kind kind, std::string_view why) {
  return record::fail(record::ErrorKind::denied, fmt::format("{}: {}", kind_name(kind), why));
}

}  // namespace

void append_signature(record::Bytes& message, Kind kind, const record::SigningKey& key) {
  const record::Signature signature = key.sign(domain_of(kind), message);
  message.insert(message.end(), signature.begin(), signature.end());
}

record::Result<void> check_signature(Kind kind, record::ByteView covered, record::ByteView signature,
                                     const record::PublicKey& key, std::string_view signer) {
  const auto bytes = record::to_array<k_signature_bytes>(signature, "signature");
  if (!bytes) return tl::unexpected(bytes.error());
  if (record::verify(key, domain_of(kind), covered, *bytes)) return {};
  return denied(kind, fmt::format("{} did not sign it", signer));
}

record::Result<void> check_centre_signature(Kind kind, const Frame& frame,
                                            std::span<const record::PublicKey> centre_keys) {
  if (frame.body.size() < k_key_id_bytes) return denied(kind, "it names no key");
  for (const record::PublicKey& key : centre_keys) {
    const record::KeyId id = record::key_id(key);
    if (!std::equal(id.begin(), id.end(), frame.body.begin())) continue;
    if (check_signature(kind, frame.covered, frame.proofs, key, "the centre")) return {};
  }
  return denied(kind, "no key of the centre signed it");
}

void append_mac(record::Bytes& message, record::ByteView mac_key) {
  const auto mac = mac_of(message, mac_key);
  message.insert(message.end(), mac.begin(), mac.end());
}

record::Result<void> check_mac(Kind kind, record::ByteView covered, record::ByteView mac, record::ByteView mac_key) {
  if (record::equal_secret(mac_of(covered, mac_key), mac)) return {};
  return denied(kind, "its sender does not know the enrolment code");
}

}  // namespace anjungan::wire
