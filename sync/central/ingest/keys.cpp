// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/keys.h"

#include <algorithm>
#include <cstdio>

#include "sync/store/files.h"
#include "sync/wire/key_manifest.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;
using Secret = std::array<std::uint8_t, 32>;

namespace {

/// 32 bytes of a file, made at random where it is missing.
Result<Secret> secret_of(const std::string& path) {
  Secret out;
  auto bytes = store::read_file(path, out.size());
  if (bytes) {
    if (bytes->size() != out.size()) return fail(ErrorKind::corrupt, path + ": damaged; restore it from the backup");
    std::copy(bytes->begin(), bytes->end(), out.begin());
    record::wipe(*bytes);
    return out;
  }
  if (bytes.error().kind != ErrorKind::not_found) return tl::unexpected(bytes.error());
  record::fill_random(out);
  if (auto written = store::write_file(path, out, 0600); !written) return tl::unexpected(written.error());
  return out;
}

Result<record::Bytes> make_manifest(const std::string& folder, const record::PublicKey& signing,
                                    const record::PublicKey& sealing, const record::PublicKey& escrow,
                                    std::int64_t now_ms) {
  auto seed = secret_of(folder + "/root.key");
  if (!seed) return tl::unexpected(seed.error());
  const record::SigningKey root = record::SigningKey::from_seed(*seed);
  record::wipe(*seed);
  wire::KeyManifest manifest;
  manifest.serial = 1;
  manifest.issued_ms = now_ms;
  manifest.signing = {signing};
  manifest.sealing = {{wire::SealingPurpose::centre, sealing}, {wire::SealingPurpose::escrow, escrow}};
  auto bytes = wire::encode_key_manifest(manifest, root);
  if (!bytes) return bytes;
  if (auto kept = store::write_file(folder + "/root.pub", root.public_key(), 0660); !kept) {
    return tl::unexpected(kept.error());
  }
  if (auto kept = store::write_file(folder + "/manifest", *bytes, 0660); !kept) return tl::unexpected(kept.error());
  return bytes;
}

}  // namespace

Result<Keys> load_or_make_keys(const std::string& data_folder, std::int64_t now_ms) {
  const std::string folder = data_folder + "/keys";
  if (auto made = store::make_folder(folder); !made) return tl::unexpected(made.error());
  auto signing_seed = secret_of(folder + "/signing.key");
  if (!signing_seed) return tl::unexpected(signing_seed.error());
  auto sealing_secret = secret_of(folder + "/sealing.key");
  if (!sealing_secret) return tl::unexpected(sealing_secret.error());
  auto pepper = secret_of(folder + "/pepper.key");
  if (!pepper) return tl::unexpected(pepper.error());
  Keys out{
      {},     record::SigningKey::from_seed(*signing_seed), record::SealingKey::from_secret(*sealing_secret), {}, {},
      *pepper};
  record::wipe(*signing_seed);
  record::wipe(*sealing_secret);

  auto escrow = store::read_file(folder + "/escrow.pub", 32);
  if (!escrow) {
    auto secret = secret_of(folder + "/escrow.key");
    if (!secret) return tl::unexpected(secret.error());
    const record::SealingKey pair = record::SealingKey::from_secret(*secret);
    record::wipe(*secret);
    escrow = record::Bytes(pair.public_key().begin(), pair.public_key().end());
    if (auto kept = store::write_file(folder + "/escrow.pub", *escrow, 0660); !kept)
      return tl::unexpected(kept.error());
  }
  auto escrow_key = record::to_array<32>(*escrow, "escrow.pub");
  if (!escrow_key) return tl::unexpected(escrow_key.error());
  out.escrow = *escrow_key;

  auto manifest = store::read_file(folder + "/manifest", 64 * 1024);
  if (!manifest) {
    manifest = make_manifest(folder, out.signing.public_key(), out.sealing.public_key(), out.escrow, now_ms);
    if (!manifest) return tl::unexpected(manifest.error());
  }
  out.manifest = std::move(*manifest);
  auto root = store::read_file(folder + "/root.pub", 32);
  if (!root) return tl::unexpected(root.error());
  auto root_key = record::to_array<32>(*root, "root.pub");
  if (!root_key) return tl::unexpected(root_key.error());
  out.root = *root_key;
  auto proved = wire::open_key_manifest(out.manifest, out.root);
  if (!proved) return fail(ErrorKind::crypto, folder + "/manifest: not signed by root.pub");
  return out;
}

namespace {

/// The manifest in use with other signing keys, under the next serial.
Result<record::Bytes> next_manifest(const std::string& folder, std::vector<record::PublicKey> signing,
                                    std::int64_t now_ms) {
  auto seed = store::read_file(folder + "/root.key", 32);
  if (!seed) {
    return fail(ErrorKind::not_found,
                folder + "/root.key: needed to sign the new manifest; bring it here for a moment");
  }
  auto secret = record::to_array<32>(*seed, "root.key");
  record::wipe(*seed);
  if (!secret) return tl::unexpected(secret.error());
  const record::SigningKey root = record::SigningKey::from_seed(*secret);
  record::wipe(*secret);
  auto present = store::read_file(folder + "/manifest", 64 * 1024);
  if (!present) return tl::unexpected(present.error());
  auto manifest = wire::open_key_manifest(*present, root.public_key());
  if (!manifest) return tl::unexpected(manifest.error());
  if (manifest->signing == signing) return present;
  manifest->serial++;
  manifest->issued_ms = now_ms;
  manifest->signing = std::move(signing);
  auto bytes = wire::encode_key_manifest(*manifest, root);
  if (!bytes) return bytes;
  if (auto kept = store::write_file(folder + "/manifest", *bytes, 0660); !kept) return tl::unexpected(kept.error());
  return bytes;
}

Result<record::PublicKey> public_half(const std::string& path) {
  auto seed = secret_of(path);
  if (!seed) return tl::unexpected(seed.error());
  const record::PublicKey out = record::SigningKey::from_seed(*seed).public_key();
  record::wipe(*seed);
  return out;
}

}  // namespace

Result<record::Bytes> announce_signing_key(const std::string& data_folder, std::int64_t now_ms) {
  const std::string folder = data_folder + "/keys";
  auto present = public_half(folder + "/signing.key");
  if (!present) return tl::unexpected(present.error());
  auto next = public_half(folder + "/signing-next.key");
  if (!next) return tl::unexpected(next.error());
  return next_manifest(folder, {*present, *next}, now_ms);
}

Result<record::Bytes> switch_signing_key(const std::string& data_folder, std::int64_t now_ms) {
  const std::string folder = data_folder + "/keys";
  if (std::rename((folder + "/signing-next.key").c_str(), (folder + "/signing.key").c_str()) != 0) {
    // Perhaps an earlier try ended here: the manifest then still lists the key that was.
    auto manifest = store::read_file(folder + "/manifest", 64 * 1024);
    if (!manifest) return tl::unexpected(manifest.error());
    auto root = store::read_file(folder + "/root.pub", 32);
    if (!root) return tl::unexpected(root.error());
    auto root_key = record::to_array<32>(*root, "root.pub");
    if (!root_key) return tl::unexpected(root_key.error());
    auto opened = wire::open_key_manifest(*manifest, *root_key);
    if (!opened) return tl::unexpected(opened.error());
    if (opened->signing.size() < 2) {
      return fail(ErrorKind::conflict, "keys: announce a new key first, so that terminals know it before it is used");
    }
  }
  if (auto synced = store::sync_folder(folder); !synced) return tl::unexpected(synced.error());
  auto present = public_half(folder + "/signing.key");
  if (!present) return tl::unexpected(present.error());
  return next_manifest(folder, {*present}, now_ms);
}

record::Hash code_hmac(const Keys& keys, const record::Hash& code_hash) {
  record::Bytes message(keys.pepper.begin(), keys.pepper.end());
  message.insert(message.end(), code_hash.begin(), code_hash.end());
  const record::Hash out = record::hash_in("anjungan/code-hmac/1", message);
  record::wipe(message);
  return out;
}

}  // namespace anjungan::central
