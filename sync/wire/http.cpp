// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/http.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <array>

namespace anjungan::wire {
namespace {

constexpr std::string_view k_member = "sha-256=";

tl::unexpected<record::Error> fault(std::string_view why) {
  return record::fail(record::ErrorKind::invalid, fmt::format("Content-Digest: {}", why));
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

Sha256 sha256(record::ByteView body) {
  Sha256 digest;
  // OpenSSL's, which uses the processor's own instructions: whole batches pass here, on both sides.
  ANJUNGAN_CHECK(EVP_Digest(body.data(), body.size(), digest.bytes.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

std::string content_digest(const Sha256& body) {
  std::array<char, sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)> text{};
  sodium_bin2base64(text.data(), text.size(), body.bytes.data(), body.bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  return fmt::format("{}:{}:", k_member, text.data());
}

record::Result<void> check_content_digest(std::string_view value, const Sha256& body) {
  const std::string wanted = content_digest(body);
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    const std::string_view member = trimmed(value.substr(0, comma));
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
    if (member.substr(0, k_member.size()) != k_member) continue;
    if (member == wanted) return {};
    return fault("the body does not have this digest");
  }
  return fault("no sha-256 member");
}

}  // namespace anjungan::wire
