// SPDX-License-Identifier: Apache-2.0
// Ed25519 signing keys (RFC 8032) whose every signature names its purpose, and X25519 key pairs for sealing.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"

namespace anjungan::record {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;
/// The first four bytes of BLAKE2b-256("anjungan/key/1", public key): names a key where room is dear.
using KeyId = std::array<std::uint8_t, 4>;

[[nodiscard]] KeyId key_id(const PublicKey& key);

/// What two people compare aloud: five groups of four capital hexadecimal digits of the key's hash.
[[nodiscard]] std::string fingerprint(const PublicKey& key);

/// The costly part of a signature, which does not depend on what is signed: made while nobody waits, used for one
/// signature. Two signatures with the same nonce would give the key away, so it is move-only, taken by the signature
/// and wiped; never copy a process that holds one (no snapshots of a running virtual machine with a kiosk in it).
class SigningNonce {
 public:
  /// Random; about 20 us.
  [[nodiscard]] static SigningNonce prepare();

  SigningNonce(SigningNonce&& other) noexcept;
  SigningNonce& operator=(SigningNonce&& other) noexcept;
  SigningNonce(const SigningNonce&) = delete;
  SigningNonce& operator=(const SigningNonce&) = delete;
  ~SigningNonce();

 private:
  friend class SigningKey;
  SigningNonce() = default;
  void take(SigningNonce& other);
  /// Of scalar and point, as they were made.
  [[nodiscard]] std::array<std::uint8_t, 16> seal() const;

  std::array<std::uint8_t, 32> m_scalar{};
  std::array<std::uint8_t, 32> m_point{};
  std::array<std::uint8_t, 16> m_seal{};
  bool m_fresh = false;
};

/// An Ed25519 key pair. Move-only; the secret half is wiped on destruction.
class SigningKey {
 public:
  using Seed = std::array<std::uint8_t, 32>;

  [[nodiscard]] static SigningKey generate();
  [[nodiscard]] static SigningKey from_seed(const Seed& seed);

  SigningKey(SigningKey&& other) noexcept;
  SigningKey& operator=(SigningKey&& other) noexcept;
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;
  ~SigningKey();

  [[nodiscard]] const PublicKey& public_key() const { return m_public; }

  /// The 32 bytes to keep in a file of mode 0600; wipe the copy after use.
  [[nodiscard]] Seed seed() const;

  /// Signs `domain`, a zero byte and `bytes`: a signature made for one purpose verifies for no other.
  [[nodiscard]] Signature sign(std::string_view domain, ByteView bytes) const;
  /// The same with the costly part made ahead. Verifies like the other; not the same bytes twice.
  [[nodiscard]] Signature sign(std::string_view domain, ByteView bytes, SigningNonce&& nonce) const;

 private:
  SigningKey() = default;

  std::array<std::uint8_t, 64> m_secret{};
  PublicKey m_public{};
};

[[nodiscard]] bool verify(const PublicKey& key, std::string_view domain, ByteView bytes, const Signature& signature);

/// An X25519 key pair for sealed boxes. Move-only; the secret half is wiped on destruction.
class SealingKey {
 public:
  using Secret = std::array<std::uint8_t, 32>;

  [[nodiscard]] static SealingKey generate();
  [[nodiscard]] static SealingKey from_secret(const Secret& secret);

  SealingKey(SealingKey&& other) noexcept;
  SealingKey& operator=(SealingKey&& other) noexcept;
  SealingKey(const SealingKey&) = delete;
  SealingKey& operator=(const SealingKey&) = delete;
  ~SealingKey();

  [[nodiscard]] const PublicKey& public_key() const { return m_public; }
  [[nodiscard]] const Secret& secret() const { return m_secret; }

  /// Opens what seal_to made for this key. Fails with `crypto`.
  [[nodiscard]] Result<Bytes> open(ByteView sealed) const;

 private:
  SealingKey() = default;

  Secret m_secret{};
  PublicKey m_public{};
};

/// crypto_box_seal: 48 bytes longer than the plain bytes; only the holder of the secret half can open it.
[[nodiscard]] Bytes seal_to(const PublicKey& recipient, ByteView plain);

/// Overwrites a secret so that the compiler cannot leave it out; of a text all its storage.
void wipe(std::span<std::uint8_t> secret);
void wipe(std::string& secret);

}  // namespace anjungan::record
