// SPDX-License-Identifier: Apache-2.0
#include "sync/record/sealing.h"

#include <sodium.h>

#include <algorithm>

namespace anjungan::record {
namespace {

constexpr std::string_view k_domain = "anjungan/seal/1";

/// domain, 0, device, 0, seq as 8 bytes big-endian, the 16 bytes of the event's id.
Bytes additional_data(const SealContext& context) {
  Bytes out(k_domain.begin(), k_domain.end());
  out.push_back(0);
  out.insert(out.end(), context.device.begin(), context.device.end());
  out.push_back(0);
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(context.seq >> shift & 255));
  out.insert(out.end(), context.id.bytes.begin(), context.id.bytes.end());
  return out;
}

}  // namespace

Result<DataKey> DataKey::prepare(const std::vector<PublicKey>& recipients) {
  if (recipients.empty() || recipients.size() > 4)
    return fail(ErrorKind::invalid, "sealing: needs one to four recipients");
  DataKey key;
  fill_random(key.m_key);
  for (const PublicKey& recipient : recipients) {
    key.m_envelopes.push_back(Envelope{key_id(recipient), seal_to(recipient, key.m_key)});
  }
  return key;
}

DataKey::DataKey(DataKey&& other) noexcept : m_key(other.m_key), m_envelopes(std::move(other.m_envelopes)) {
  wipe(other.m_key);
}

DataKey& DataKey::operator=(DataKey&& other) noexcept {
  if (this != &other) {
    m_key = other.m_key;
    m_envelopes = std::move(other.m_envelopes);
    wipe(other.m_key);
  }
  return *this;
}

DataKey::~DataKey() { wipe(m_key); }

Sealed DataKey::seal(const SealContext& context, ByteView plain) && {
  ANJUNGAN_CHECK(!m_envelopes.empty());
  Sealed out;
  out.envelopes = std::move(m_envelopes);
  m_envelopes.clear();
  fill_random(out.nonce);
  out.cipher.resize(plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  const Bytes extra = additional_data(context);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.cipher.data(), nullptr, plain.data(), plain.size(), extra.data(),
                                             extra.size(), nullptr, out.nonce.data(), m_key.data());
  wipe(m_key);
  return out;
}

Result<Bytes> open_sealed(const Sealed& sealed, const SealContext& context, const SealingKey& key) {
  const KeyId mine = key_id(key.public_key());
  for (const Envelope& envelope : sealed.envelopes) {
    if (envelope.to != mine) continue;
    auto data_key = key.open(envelope.box);
    if (!data_key) return tl::unexpected(data_key.error());
    if (data_key->size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES ||
        sealed.cipher.size() < crypto_aead_xchacha20poly1305_ietf_ABYTES) {
      return fail(ErrorKind::crypto, "sealed part: wrong sizes");
    }
    Bytes plain(sealed.cipher.size() - crypto_aead_xchacha20poly1305_ietf_ABYTES);
    const Bytes extra = additional_data(context);
    const int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, sealed.cipher.data(),
                                                               sealed.cipher.size(), extra.data(), extra.size(),
                                                               sealed.nonce.data(), data_key->data());
    wipe(*data_key);
    if (bad != 0) return fail(ErrorKind::crypto, "sealed part: changed, or not of this event");
    return plain;
  }
  return fail(ErrorKind::crypto, "sealed part: not sealed to this key");
}

}  // namespace anjungan::record
