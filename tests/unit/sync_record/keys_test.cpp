// SPDX-License-Identifier: Apache-2.0
#include "sync/record/keys.h"

#include <gtest/gtest.h>

#include <set>

namespace anjungan::record {
namespace {

TEST(SigningNonce, MakesSignaturesThatVerifyLikeOthers) {
  std::set<Signature> seen;
  for (std::size_t size = 0; size < 200; size++) {
    const SigningKey key = SigningKey::generate();
    Bytes message(size);
    fill_random(message);
    const Signature signature = key.sign("purpose", message, SigningNonce::prepare());
    ASSERT_TRUE(verify(key.public_key(), "purpose", message, signature));
    EXPECT_FALSE(verify(key.public_key(), "another", message, signature));
    EXPECT_FALSE(verify(SigningKey::generate().public_key(), "purpose", message, signature));
    EXPECT_TRUE(seen.insert(signature).second);
  }
}

TEST(SigningNonce, IsNeverTheSameTwice) {
  const SigningKey key = SigningKey::generate();
  const Signature one = key.sign("purpose", {}, SigningNonce::prepare());
  const Signature two = key.sign("purpose", {}, SigningNonce::prepare());
  EXPECT_FALSE(std::equal(one.begin(), one.begin() + 32, two.begin())) << "the key could be told from the two";
}

// A bit that turned over in memory while it waited: the receipt is genuine all the same, and nothing of the key is
// told.
TEST(SigningNonce, OneThatWasDamagedInMemoryIsNotUsed) {
  const SigningKey key = SigningKey::generate();
  const Signature plain = key.sign("purpose", {});
  for (std::size_t at = 0; at < 80; at++) {
    SigningNonce nonce = SigningNonce::prepare();
    reinterpret_cast<unsigned char*>(&nonce)[at] ^= 1U;
    EXPECT_EQ(key.sign("purpose", {}, std::move(nonce)), plain) << "byte " << at;
  }
}

TEST(SigningNonceDeathTest, SignsOnce) {
  const SigningKey key = SigningKey::generate();
  SigningNonce nonce = SigningNonce::prepare();
  static_cast<void>(key.sign("purpose", {}, std::move(nonce)));
  EXPECT_DEATH(static_cast<void>(key.sign("purpose", {}, std::move(nonce))),
               "fresh");  // NOLINT(bugprone-use-after-move)
}

TEST(SigningNonceDeathTest, IsGoneWhereItWasMovedFrom) {
  const SigningKey key = SigningKey::generate();
  SigningNonce first = SigningNonce::prepare();
  const SigningNonce second = std::move(first);
  EXPECT_DEATH(static_cast<void>(key.sign("purpose", {}, std::move(first))),
               "fresh");  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace anjungan::record
