// SPDX-License-Identifier: Apache-2.0
#include "sync/record/receipt_token.h"

#include <gtest/gtest.h>

namespace anjungan::record {
namespace {

ReceiptToken make(const SigningKey& key) {
  ReceiptToken token;
  token.number = {3273, 12, 427};
  token.seq = 123'456'789'012;
  token.minutes = 3'622'000;
  fill_random(token.secret);
  fill_random(token.event_prefix);
  token.sign(key);
  return token;
}

TEST(ReceiptToken, ComesBackThroughItsUrl) {
  const SigningKey key = SigningKey::generate();
  const ReceiptToken token = make(key);
  ASSERT_EQ(token.encode().size(), 104U);
  const std::string url = token_url("https://lapor.example.go.id/", token);
  EXPECT_TRUE(url.starts_with("https://lapor.example.go.id/t#"));
  auto read = parse_token_text(url);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, token);
  EXPECT_TRUE(read->verify(key.public_key()));
  EXPECT_EQ(parse_token_text(url.substr(url.find('#') + 1)), token);
}

TEST(Threat09, EveryFlippedBitIsFound) {
  const SigningKey key = SigningKey::generate();
  const Bytes right = make(key).encode();
  for (std::size_t bit = 0; bit < right.size() * 8; bit++) {
    Bytes wrong = right;
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1U << bit % 8));
    auto token = ReceiptToken::decode(wrong);
    EXPECT_FALSE(token && token->verify(key.public_key())) << "bit " << bit;
  }
}

TEST(Threat09, AnotherTerminalsKeyDoesNotVerify) {
  EXPECT_FALSE(make(SigningKey::generate()).verify(SigningKey::generate().public_key()));
}

TEST(Threat09, RefusesWhatIsNone) {
  EXPECT_FALSE(parse_token_text(""));
  EXPECT_FALSE(parse_token_text("https://example.go.id/t#"));
  EXPECT_FALSE(parse_token_text(std::string(4'096, 'A')));
  const std::string text = to_base64url(make(SigningKey::generate()).encode());
  EXPECT_FALSE(parse_token_text(text + "A"));
  EXPECT_FALSE(parse_token_text(text.substr(1)));
}

TEST(ReceiptToken, MinutesHoldUntil2051) {
  EXPECT_EQ(token_minutes(0), 0U);
  EXPECT_EQ(token_time_ms(token_minutes(1'795'256'520'000)), 1'795'256'520'000);
  EXPECT_EQ(token_minutes(4'000'000'000'000), 0U);
}

TEST(Keys, ASignatureServesOnePurpose) {
  const SigningKey key = SigningKey::generate();
  const Signature signature = key.sign("one", view_of("text"));
  EXPECT_TRUE(verify(key.public_key(), "one", view_of("text"), signature));
  EXPECT_FALSE(verify(key.public_key(), "two", view_of("text"), signature));
  EXPECT_FALSE(verify(key.public_key(), "one", view_of("texts"), signature));
}

}  // namespace
}  // namespace anjungan::record
