// SPDX-License-Identifier: Apache-2.0
#include "sync/store/runtime_key.h"

#include <sodium.h>

#include <algorithm>

#include "sync/record/keys.h"
#include "sync/store/files.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

Result<RuntimeKey> RuntimeKey::load_or_make(const std::string& folder) {
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  const std::string path = folder + "/print.key";
  RuntimeKey out;
  auto bytes = read_file(path, out.m_key.size());
  if (bytes && bytes->size() == out.m_key.size()) {
    std::copy(bytes->begin(), bytes->end(), out.m_key.begin());
    record::wipe(*bytes);
    return out;
  }
  if (!bytes && bytes.error().kind != ErrorKind::not_found) return tl::unexpected(bytes.error());
  record::fill_random(out.m_key);
  if (auto written = write_file(path, out.m_key, 0600); !written) return tl::unexpected(written.error());
  return out;
}

RuntimeKey::RuntimeKey(RuntimeKey&& other) noexcept : m_key(other.m_key) { record::wipe(other.m_key); }

RuntimeKey::~RuntimeKey() { record::wipe(m_key); }

record::Bytes RuntimeKey::encrypt(record::ByteView plain, std::string_view context) const {
  constexpr std::size_t k_nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  record::Bytes out(k_nonce + plain.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  record::fill_random(std::span(out).first(k_nonce));
  const record::ByteView extra = record::view_of(context);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + k_nonce, nullptr, plain.data(), plain.size(), extra.data(),
                                             extra.size(), nullptr, out.data(), m_key.data());
  return out;
}

Result<record::Bytes> RuntimeKey::decrypt(record::ByteView sealed, std::string_view context) const {
  constexpr std::size_t k_nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t k_tag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (sealed.size() < k_nonce + k_tag) return fail(ErrorKind::crypto, "print payload: too short");
  record::Bytes out(sealed.size() - k_nonce - k_tag);
  const record::ByteView extra = record::view_of(context);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, sealed.data() + k_nonce,
                                                 sealed.size() - k_nonce, extra.data(), extra.size(), sealed.data(),
                                                 m_key.data()) != 0) {
    return fail(ErrorKind::crypto, "print payload: made before the machine was last started");
  }
  return out;
}

}  // namespace anjungan::store
