// SPDX-License-Identifier: Apache-2.0
#include "sync/record/keys.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace anjungan::record {
namespace {

constexpr std::string_view k_key_domain = "anjungan/key/1";

/// What is signed: the purpose, a zero byte, the bytes.
Bytes tagged(std::string_view domain, ByteView bytes) {
  Bytes message;
  message.reserve(domain.size() + 1 + bytes.size());
  message.insert(message.end(), domain.begin(), domain.end());
  message.push_back(0);
  message.insert(message.end(), bytes.begin(), bytes.end());
  return message;
}

void start_sodium() { ANJUNGAN_CHECK(sodium_init() >= 0); }

}  // namespace

KeyId key_id(const PublicKey& key) {
  const Hash full = hash_in(k_key_domain, key);
  KeyId id;
  std::copy_n(full.begin(), id.size(), id.begin());
  return id;
}

std::string fingerprint(const PublicKey& key) {
  const std::string digits = to_hex(ByteView(hash_in(k_key_domain, key)).first(10));
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i++) {
    if (i > 0 && i % 4 == 0) out.push_back(' ');
    const char c = digits[i];
    out.push_back(c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return out;
}

SigningNonce SigningNonce::prepare() {
  start_sodium();
  SigningNonce out;
  crypto_core_ed25519_scalar_random(out.m_scalar.data());
  const int bad = crypto_scalarmult_ed25519_base_noclamp(out.m_point.data(), out.m_scalar.data());
  ANJUNGAN_CHECK(bad == 0);
  out.m_seal = out.seal();
  out.m_fresh = true;
  return out;
}

std::array<std::uint8_t, 16> SigningNonce::seal() const {
  std::array<std::uint8_t, 64> both;
  std::copy(m_scalar.begin(), m_scalar.end(), both.begin());
  std::copy(m_point.begin(), m_point.end(), both.begin() + 32);
  std::array<std::uint8_t, 16> out;
  crypto_generichash(out.data(), out.size(), both.data(), both.size(), nullptr, 0);
  wipe(both);
  return out;
}

void SigningNonce::take(SigningNonce& other) {
  m_scalar = other.m_scalar;
  m_point = other.m_point;
  m_seal = other.m_seal;
  m_fresh = std::exchange(other.m_fresh, false);
  wipe(other.m_scalar);
}

SigningNonce::SigningNonce(SigningNonce&& other) noexcept { take(other); }

SigningNonce& SigningNonce::operator=(SigningNonce&& other) noexcept {
  if (this != &other) take(other);
  return *this;
}

SigningNonce::~SigningNonce() { wipe(m_scalar); }

SigningKey SigningKey::generate() {
  Seed seed;
  fill_random(seed);
  SigningKey key = from_seed(seed);
  wipe(seed);
  return key;
}

SigningKey SigningKey::from_seed(const Seed& seed) {
  start_sodium();
  SigningKey key;
  crypto_sign_seed_keypair(key.m_public.data(), key.m_secret.data(), seed.data());
  return key;
}

SigningKey::SigningKey(SigningKey&& other) noexcept : m_secret(other.m_secret), m_public(other.m_public) {
  wipe(other.m_secret);
}

SigningKey& SigningKey::operator=(SigningKey&& other) noexcept {
  if (this != &other) {
    m_secret = other.m_secret;
    m_public = other.m_public;
    wipe(other.m_secret);
  }
  return *this;
}

SigningKey::~SigningKey() { wipe(m_secret); }

SigningKey::Seed SigningKey::seed() const {
  Seed seed;
  std::copy_n(m_secret.begin(), seed.size(), seed.begin());  // libsodium keeps the seed in front of the public half
  return seed;
}

Signature SigningKey::sign(std::string_view domain, ByteView bytes) const {
  const Bytes message = tagged(domain, bytes);
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(), m_secret.data());
  return signature;
}

Signature SigningKey::sign(std::string_view domain, ByteView bytes, SigningNonce&& nonce) const {
  ANJUNGAN_CHECK(nonce.m_fresh);
  const SigningNonce used = std::move(nonce);
  const Bytes message = tagged(domain, bytes);
  // It may have lain in memory for hours. A bit that turned over there would make a receipt that nobody can verify; a
  // number that somebody knows would give the key away.
  if (used.seal() != used.m_seal) return sign(domain, bytes);
  // RFC 8032, 5.1.6: R = rB is there; S = r + SHA-512(R, A, message) a.
  std::array<std::uint8_t, crypto_hash_sha512_BYTES> digest;
  crypto_hash_sha512(digest.data(), m_secret.data(), Seed{}.size());
  digest[0] &= 248;
  digest[31] = static_cast<std::uint8_t>((digest[31] & 127) | 64);
  std::array<std::uint8_t, 32> secret;
  std::copy_n(digest.begin(), secret.size(), secret.begin());

  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, used.m_point.data(), used.m_point.size());
  crypto_hash_sha512_update(&state, m_public.data(), m_public.size());
  crypto_hash_sha512_update(&state, message.data(), message.size());
  crypto_hash_sha512_final(&state, digest.data());

  std::array<std::uint8_t, 32> scalar;
  crypto_core_ed25519_scalar_reduce(scalar.data(), digest.data());
  crypto_core_ed25519_scalar_mul(scalar.data(), scalar.data(), secret.data());
  crypto_core_ed25519_scalar_add(scalar.data(), scalar.data(), used.m_scalar.data());
  wipe(secret);
  wipe(digest);

  Signature signature;
  std::copy(used.m_point.begin(), used.m_point.end(), signature.begin());
  std::copy(scalar.begin(), scalar.end(), signature.begin() + 32);
  return signature;
}

bool verify(const PublicKey& key, std::string_view domain, ByteView bytes, const Signature& signature) {
  start_sodium();
  const Bytes message = tagged(domain, bytes);
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), key.data()) == 0;
}

SealingKey SealingKey::generate() {
  Secret secret;
  fill_random(secret);
  SealingKey key = from_secret(secret);
  wipe(secret);
  return key;
}

SealingKey SealingKey::from_secret(const Secret& secret) {
  start_sodium();
  SealingKey key;
  key.m_secret = secret;
  crypto_scalarmult_base(key.m_public.data(), secret.data());
  return key;
}

SealingKey::SealingKey(SealingKey&& other) noexcept : m_secret(other.m_secret), m_public(other.m_public) {
  wipe(other.m_secret);
}

SealingKey& SealingKey::operator=(SealingKey&& other) noexcept {
  if (this != &other) {
    m_secret = other.m_secret;
    m_public = other.m_public;
    wipe(other.m_secret);
  }
  return *this;
}

SealingKey::~SealingKey() { wipe(m_secret); }

Result<Bytes> SealingKey::open(ByteView sealed) const {
  if (sealed.size() < crypto_box_SEALBYTES) return fail(ErrorKind::crypto, "sealed box: too short");
  Bytes plain(sealed.size() - crypto_box_SEALBYTES);
  if (crypto_box_seal_open(plain.data(), sealed.data(), sealed.size(), m_public.data(), m_secret.data()) != 0) {
    return fail(ErrorKind::crypto, "sealed box: it is not for this key, or it was changed");
  }
  return plain;
}

Bytes seal_to(const PublicKey& recipient, ByteView plain) {
  start_sodium();
  Bytes sealed(plain.size() + crypto_box_SEALBYTES);
  const int bad = crypto_box_seal(sealed.data(), plain.data(), plain.size(), recipient.data());
  ANJUNGAN_CHECK(bad == 0);
  return sealed;
}

void wipe(std::span<std::uint8_t> secret) { sodium_memzero(secret.data(), secret.size()); }

void wipe(std::string& secret) {
  // Behind the end lies what a longer text, or one that was moved away, has left.
  secret.resize(secret.capacity());
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace anjungan::record
