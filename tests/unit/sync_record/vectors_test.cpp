// SPDX-License-Identifier: Apache-2.0
// The vectors of FORMAT.md, as another implementation would use them.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "sync/record/access_code.h"
#include "sync/record/blob.h"
#include "sync/record/event.h"
#include "sync/record/receipt_token.h"

namespace anjungan::record {
namespace {

const nlohmann::json& vectors() {
  static const nlohmann::json all = [] {
    std::ifstream file(ANJUNGAN_TESTS "/unit/sync_record/vectors/record.json");
    return nlohmann::json::parse(file);
  }();
  return all;
}

SigningKey key_of(const std::string& seed_hex) {
  SigningKey::Seed seed;
  auto bytes = from_hex(seed_hex);
  EXPECT_TRUE(bytes && bytes->size() == seed.size());
  std::copy_n(bytes->begin(), seed.size(), seed.begin());
  return SigningKey::from_seed(seed);
}

TEST(Vectors, TrackingNumbers) {
  for (const auto& one : vectors().at("tracking_numbers")) {
    auto number = TrackingNumber::parse(one.at("text").get<std::string>());
    ASSERT_TRUE(number) << one;
    EXPECT_EQ(number->str(), one.at("text").get<std::string>());
    EXPECT_EQ(number->region, one.at("region"));
    EXPECT_EQ(number->terminal, one.at("terminal"));
    EXPECT_EQ(number->running, one.at("running"));
    EXPECT_EQ(to_hex(number->packed()), one.at("packed").get<std::string>());
  }
}

TEST(Vectors, AccessCodes) {
  for (const auto& one : vectors().at("access_codes")) {
    auto code = AccessCode::parse(one.at("text").get<std::string>());
    ASSERT_TRUE(code) << one;
    EXPECT_EQ(code->str(), one.at("text").get<std::string>());
    EXPECT_EQ(to_hex(code->code_hash()), one.at("code_hash").get<std::string>());
  }
}

TEST(Vectors, ReceiptTokens) {
  for (const auto& one : vectors().at("receipt_tokens")) {
    const SigningKey key = key_of(one.at("seed"));
    EXPECT_EQ(to_hex(key.public_key()), one.at("public_key").get<std::string>());
    auto token = parse_token_text(one.at("url").get<std::string>());
    ASSERT_TRUE(token) << one;
    EXPECT_TRUE(token->verify(key.public_key()));
    EXPECT_EQ(token->number.str(), one.at("number").get<std::string>());
    EXPECT_EQ(token->seq, one.at("seq"));
    EXPECT_EQ(token->minutes, one.at("minutes"));
    EXPECT_EQ(to_hex(secret_hash(token->secret)), one.at("secret_hash").get<std::string>());
    ReceiptToken again = *token;
    again.sign(key);
    EXPECT_EQ(again, *token);  // Ed25519 is deterministic
  }
}

TEST(Vectors, Events) {
  for (const auto& one : vectors().at("events")) {
    const std::string text = one.at("bytes");
    EXPECT_EQ(to_hex(hash(view_of(text))), one.at("hash").get<std::string>());
    auto event = parse_event(view_of(text));
    ASSERT_TRUE(event) << event.error().text;
    EXPECT_EQ(event->seq, one.at("seq"));
    if (!one.contains("sealing_secret")) continue;
    SealingKey::Secret secret;
    auto bytes = from_hex(one.at("sealing_secret").get<std::string>());
    std::copy_n(bytes->begin(), secret.size(), secret.begin());
    auto plain = open_sealed(*event->sealed, seal_context(*event), SealingKey::from_secret(secret));
    ASSERT_TRUE(plain) << plain.error().text;
    EXPECT_EQ(to_text(*plain), one.at("plain").get<std::string>());
  }
}

TEST(Vectors, Blobs) {
  for (const auto& one : vectors().at("blobs")) {
    const Bytes bytes = *from_hex(one.at("bytes").get<std::string>());
    EXPECT_EQ(to_hex(hash(bytes)), one.at("hash").get<std::string>());
    for (const char* holder : {"sealing_secret", "escrow_secret"}) {
      SealingKey::Secret secret;
      const Bytes key = *from_hex(one.at(holder).get<std::string>());
      std::copy_n(key.begin(), secret.size(), secret.begin());
      std::size_t at = 0;
      std::string plain;
      auto opened = open_blob(
          [&](std::span<std::uint8_t> to) -> Result<std::size_t> {
            const std::size_t size = std::min(to.size(), bytes.size() - at);
            std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), size, to.begin());
            at += size;
            return size;
          },
          SealingKey::from_secret(secret),
          [&](ByteView piece) -> Result<void> {
            plain += to_text(piece);
            return {};
          });
      ASSERT_TRUE(opened) << opened.error().text;
      EXPECT_EQ(plain, one.at("plain").get<std::string>());
    }
  }
}

TEST(Vectors, RefusedEvents) {
  for (const auto& one : vectors().at("refused_events")) {
    EXPECT_FALSE(parse_event(view_of(one.at("bytes").get<std::string>()))) << one.at("why");
  }
}

}  // namespace
}  // namespace anjungan::record
