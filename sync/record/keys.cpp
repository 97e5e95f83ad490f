// SPDX-License-Identifier: Apache-2.0
#include "sync/record/keys.h"

#include <sodium.h>

#include <algorithm>

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
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace anjungan::record
