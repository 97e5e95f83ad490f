// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/key_manifest.h"

#include <algorithm>

#include "sync/wire/frame.h"
#include "sync/wire/limits.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {
namespace {

record::Result<void> check(const KeyManifest& manifest) {
  const auto fault = [](const char* text) {
    return record::fail(record::ErrorKind::invalid, std::string("key manifest: ") + text);
  };
  if (manifest.signing.empty() || manifest.signing.size() > k_max_signing_keys) return fault("1 to 8 signing keys");
  if (manifest.sealing.empty() || manifest.sealing.size() > k_max_sealing_keys) return fault("1 to 4 sealing keys");
  const bool centre = std::any_of(manifest.sealing.begin(), manifest.sealing.end(),
                                  [](const Recipient& key) { return key.purpose == SealingPurpose::centre; });
  if (!centre) return fault("no sealing key of the centre's own");
  return {};
}

}  // namespace

record::Result<record::Bytes> encode_key_manifest(const KeyManifest& manifest, const record::SigningKey& root) {
  if (auto ok = check(manifest); !ok) return tl::unexpected(ok.error());
  OctetWriter body;
  body.u64(manifest.serial);
  body.u64(static_cast<std::uint64_t>(manifest.issued_ms));
  body.u16(static_cast<std::uint16_t>(manifest.signing.size()));
  for (const record::PublicKey& key : manifest.signing) body.raw(key);
  body.u16(static_cast<std::uint16_t>(manifest.sealing.size()));
  for (const Recipient& key : manifest.sealing) {
    body.u8(static_cast<std::uint8_t>(key.purpose));
    body.raw(key.public_key);
  }
  record::Bytes message = open_frame(Kind::key_manifest, body.bytes());
  append_signature(message, Kind::key_manifest, root);
  return message;
}

record::Result<KeyManifest> open_key_manifest(record::ByteView message, const record::PublicKey& root) {
  const auto frame = parse_frame(Kind::key_manifest, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_signature(Kind::key_manifest, frame->covered, frame->proofs, root, "the centre's root"); !ok) {
    return tl::unexpected(ok.error());
  }
  OctetReader body(frame->body);
  KeyManifest manifest;
  manifest.serial = body.u64("serial");
  manifest.issued_ms = static_cast<std::int64_t>(body.u64("issued"));
  const std::size_t signing = body.count("signing keys", k_max_signing_keys);
  for (std::size_t i = 0; i < signing; ++i) manifest.signing.push_back(body.fixed<32>("signing key"));
  const std::size_t sealing = body.count("sealing keys", k_max_sealing_keys);
  for (std::size_t i = 0; i < sealing; ++i) {
    const std::uint8_t purpose = body.u8("sealing key's purpose");
    if (purpose != 1 && purpose != 2) body.refuse("sealing key's purpose", "neither centre (1) nor escrow (2)");
    manifest.sealing.push_back({static_cast<SealingPurpose>(purpose), body.fixed<32>("sealing key")});
  }
  if (auto ok = body.finish(kind_name(Kind::key_manifest)); !ok) return tl::unexpected(ok.error());
  if (auto ok = check(manifest); !ok) return tl::unexpected(ok.error());
  return manifest;
}

}  // namespace anjungan::wire
