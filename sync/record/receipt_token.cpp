// SPDX-License-Identifier: Apache-2.0
#include "sync/record/receipt_token.h"

#include <algorithm>

namespace anjungan::record {
namespace {

constexpr std::string_view k_signature_domain = "anjungan/receipt/1";
constexpr std::string_view k_secret_domain = "anjungan/secret/1";
constexpr std::size_t k_signed_size = ReceiptToken::k_size - 64;
constexpr std::int64_t k_2020_ms = 1'577'836'800'000;

void put_number(Bytes& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<std::uint8_t>(value >> shift & 255));
}

std::uint64_t get_number(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

/// Everything before the signature.
Bytes signed_part(const ReceiptToken& token) {
  ANJUNGAN_CHECK(token.seq < (std::uint64_t{1} << 40) && token.minutes < (1U << 24));
  Bytes out;
  out.reserve(ReceiptToken::k_size);
  out.push_back(ReceiptToken::k_version);
  out.push_back(token.flags);
  out.insert(out.end(), token.key.begin(), token.key.end());
  const auto packed = token.number.packed();
  out.insert(out.end(), packed.begin(), packed.end());
  put_number(out, token.seq, 5);
  put_number(out, token.minutes, 3);
  out.insert(out.end(), token.secret.begin(), token.secret.end());
  out.insert(out.end(), token.event_prefix.begin(), token.event_prefix.end());
  return out;
}

}  // namespace

void ReceiptToken::sign(const SigningKey& receipt_key) {
  key = key_id(receipt_key.public_key());
  signature = receipt_key.sign(k_signature_domain, signed_part(*this));
}

void ReceiptToken::sign(const SigningKey& receipt_key, SigningNonce&& nonce) {
  key = key_id(receipt_key.public_key());
  signature = receipt_key.sign(k_signature_domain, signed_part(*this), std::move(nonce));
}

bool ReceiptToken::verify(const PublicKey& receipt_key) const {
  return key == key_id(receipt_key) && record::verify(receipt_key, k_signature_domain, signed_part(*this), signature);
}

Bytes ReceiptToken::encode() const {
  Bytes out = signed_part(*this);
  out.insert(out.end(), signature.begin(), signature.end());
  return out;
}

Result<ReceiptToken> ReceiptToken::decode(ByteView bytes) {
  if (bytes.size() != k_size) return fail(ErrorKind::invalid, "receipt token: not 104 bytes");
  if (bytes[0] != k_version) return fail(ErrorKind::invalid, "receipt token: unknown version");
  ReceiptToken token;
  token.flags = bytes[1];
  if ((token.flags & ~(k_clock_not_sane | k_sample)) != 0)
    return fail(ErrorKind::invalid, "receipt token: unknown flag");
  std::copy_n(bytes.begin() + 2, 4, token.key.begin());
  TrackingNumber::Packed packed;
  std::copy_n(bytes.begin() + 6, 6, packed.begin());
  auto number = TrackingNumber::unpack(packed);
  if (!number) return tl::unexpected(number.error());
  token.number = *number;
  token.seq = get_number(bytes.subspan(12, 5));
  token.minutes = static_cast<std::uint32_t>(get_number(bytes.subspan(17, 3)));
  std::copy_n(bytes.begin() + 20, 12, token.secret.begin());
  std::copy_n(bytes.begin() + 32, 8, token.event_prefix.begin());
  std::copy_n(bytes.begin() + k_signed_size, 64, token.signature.begin());
  return token;
}

Hash secret_hash(const TokenSecret& secret) { return hash_in(k_secret_domain, secret); }

std::uint32_t token_minutes(std::int64_t unix_ms) {
  const std::int64_t minutes = (unix_ms - k_2020_ms) / 60'000;
  return minutes > 0 && minutes < (1 << 24) ? static_cast<std::uint32_t>(minutes) : 0;
}

std::int64_t token_time_ms(std::uint32_t minutes) { return k_2020_ms + std::int64_t{minutes} * 60'000; }

std::string token_url(std::string_view base, const ReceiptToken& token) {
  while (!base.empty() && base.back() == '/') base.remove_suffix(1);
  return std::string(base) + "/t#" + to_base64url(token.encode());
}

Result<ReceiptToken> parse_token_text(std::string_view text) {
  if (text.size() > 512) return fail(ErrorKind::invalid, "receipt token: longer than 512 characters");
  const std::size_t fragment = text.find('#');
  if (fragment != std::string_view::npos) text.remove_prefix(fragment + 1);
  auto bytes = from_base64url(text);
  if (!bytes) return fail(ErrorKind::invalid, "receipt token: not a receipt's code");
  return ReceiptToken::decode(*bytes);
}

}  // namespace anjungan::record
