// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/verify_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/record/receipt_token.h"

namespace anjungan::ctl {
namespace {

record::ReceiptToken token_of(const record::SigningKey& key) {
  record::ReceiptToken token;
  token.number = {3273, 12, 427};
  token.seq = 431;
  token.minutes = 3'000'000;
  token.sign(key);
  return token;
}

struct Outcome {
  ExitCode code;
  std::string output;
};

Outcome verify(const VerifyWish& wish) {
  testing::internal::CaptureStdout();
  const ExitCode code = verify_receipt(wish);
  return {code, testing::internal::GetCapturedStdout()};
}

TEST(Verify, TellsGenuineForgedAndUndecidableApart) {
  const auto key = record::SigningKey::generate();
  const auto stranger = record::SigningKey::generate();
  VerifyWish wish;
  wish.text = record::token_url("https://lapor.example", token_of(key));
  wish.keys = {record::to_hex(stranger.public_key()), record::to_hex(key.public_key())};
  const Outcome genuine = verify(wish);
  EXPECT_EQ(genuine.code, ExitCode::done);
  EXPECT_THAT(genuine.output, testing::HasSubstr("genuine"));
  EXPECT_THAT(genuine.output, testing::HasSubstr(record::TrackingNumber{3273, 12, 427}.str()));

  wish.keys.pop_back();
  const Outcome undecided = verify(wish);
  EXPECT_EQ(undecided.code, ExitCode::refused);
  EXPECT_THAT(undecided.output, testing::HasSubstr("cannot be decided"));

  record::ReceiptToken forged = token_of(key);
  forged.seq += 1;
  wish.text = record::token_url("https://lapor.example", forged);
  wish.keys = {record::to_hex(key.public_key())};
  const Outcome fake = verify(wish);
  EXPECT_EQ(fake.code, ExitCode::refused);
  EXPECT_THAT(fake.output, testing::HasSubstr("FORGED"));
}

TEST(Verify, RefusesWhatIsNoReceiptAndNoKey) {
  VerifyWish wish;
  wish.text = "https://lapor.example/t#AAAA";
  EXPECT_EQ(verify(wish).code, ExitCode::usage);
  wish.text = record::token_url("https://lapor.example", token_of(record::SigningKey::generate()));
  wish.keys = {"abcd"};
  EXPECT_EQ(verify(wish).code, ExitCode::usage);
  wish.keys = {"not hexadecimal"};
  EXPECT_EQ(verify(wish).code, ExitCode::usage);
}

}  // namespace
}  // namespace anjungan::ctl
