// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "sync/record/access_code.h"
#include "sync/record/receipt_token.h"
#include "sync/record/tracking_number.h"

// What people bring back: a scanned code, a typed access code, a tracking number. Whatever is accepted is written in
// one way, and that way is accepted again as the same.

namespace anjungan::record {
namespace {

void read_token(ByteView bytes) {
  const auto token = ReceiptToken::decode(bytes);
  if (!token) return;
  const Bytes encoded = token->encode();
  ANJUNGAN_CHECK(ByteView(encoded).size() == bytes.size() && std::equal(bytes.begin(), bytes.end(), encoded.begin()));
  const auto scanned = parse_token_text(token_url("https://lapor.example.go.id", *token));
  ANJUNGAN_CHECK(scanned.has_value() && *scanned == *token);
}

void read_text(const std::string& text) {
  if (const auto token = parse_token_text(text)) {
    const auto again = ReceiptToken::decode(token->encode());
    ANJUNGAN_CHECK(again.has_value() && *again == *token);
  }
  if (const auto code = AccessCode::parse(text)) {
    const auto again = AccessCode::parse(code->str());
    ANJUNGAN_CHECK(again.has_value() && again->str() == code->str());
  }
  if (const auto number = TrackingNumber::parse(text)) {
    const auto again = TrackingNumber::parse(number->str());
    ANJUNGAN_CHECK(again.has_value() && again->str() == number->str());
  }
}

}  // namespace
}  // namespace anjungan::record

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const anjungan::record::ByteView bytes(data, size);
  anjungan::record::read_token(bytes);
  anjungan::record::read_text(anjungan::record::to_text(bytes));
  return 0;
}
