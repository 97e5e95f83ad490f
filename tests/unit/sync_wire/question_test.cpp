// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/question.h"

#include <gtest/gtest.h>

#include "sync/wire/limits.h"
#include "tests/unit/sync_wire/samples.h"

namespace anjungan::wire {
namespace {

using record::Bytes;
using record::ErrorKind;

TEST(Question, ComesBackAsSent) {
  auto parsed = UnverifiedQuestion::parse(test::question_message());
  ASSERT_TRUE(parsed.has_value()) << parsed.error().text;
  EXPECT_EQ(parsed->device(), (DeviceId{3273, 12}));
  const auto verified = std::move(*parsed).verify(test::device_key().public_key(), test::root_key().public_key());
  ASSERT_TRUE(verified.has_value()) << verified.error().text;
  const QuestionRequest wanted = test::question();
  EXPECT_EQ((*verified)->id, wanted.id);
  EXPECT_EQ((*verified)->code_hash, wanted.code_hash);
  EXPECT_EQ((*verified)->reply_key, wanted.reply_key);
  EXPECT_EQ((*verified)->created_ms, wanted.created_ms);
  EXPECT_EQ(verified->digest(), message_digest(test::question_message()));
}

TEST(Question, EveryByteThatIsTouchedIsNoticed) {
  const Bytes good = test::question_message();
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x20);
    auto parsed = UnverifiedQuestion::parse(bad);
    if (!parsed) continue;
    EXPECT_FALSE(std::move(*parsed).verify(test::device_key().public_key(), test::root_key().public_key())) << at;
  }
}

TEST(QuestionAnswer, ComesBackAsSentAndEveryByteThatIsTouchedIsRefused) {
  const record::Hash digest = message_digest(test::question_message());
  const auto message = encode_question_answer(test::question_answer(), {3273, 12}, digest, test::centre_key());
  ASSERT_TRUE(message.has_value());
  const std::vector<record::PublicKey> keys{test::centre_key().public_key()};
  const auto got = open_question_answer(*message, {3273, 12}, digest, keys);
  ASSERT_TRUE(got.has_value()) << got.error().text;
  EXPECT_EQ(got->finding, Finding::found);
  EXPECT_EQ(got->sealed_case, test::question_answer().sealed_case);
  EXPECT_EQ(got->server_time_ms, test::question_answer().server_time_ms);
  for (std::size_t at = 0; at < message->size(); ++at) {
    Bytes bad = *message;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x02);
    ASSERT_FALSE(open_question_answer(bad, {3273, 12}, digest, keys).has_value()) << at;
  }
  EXPECT_FALSE(open_question_answer(*message, {3273, 13}, digest, keys).has_value());
  EXPECT_FALSE(open_question_answer(*message, {3273, 12}, record::Hash{}, keys).has_value());
  EXPECT_FALSE(open_question_answer(*message, {3273, 12}, digest, {}).has_value());
}

TEST(QuestionAnswer, HoldsACaseOnlyWhenFound) {
  QuestionAnswer answer = test::question_answer();
  answer.finding = Finding::unknown;
  EXPECT_FALSE(encode_question_answer(answer, {3273, 12}, {}, test::centre_key()).has_value());
  answer.sealed_case.clear();
  EXPECT_TRUE(encode_question_answer(answer, {3273, 12}, {}, test::centre_key()).has_value());
  answer.finding = Finding::found;
  EXPECT_FALSE(encode_question_answer(answer, {3273, 12}, {}, test::centre_key()).has_value());
}

TEST(SealedCase, OpensForTheReplyKeyOnlyAndHidesItsLength) {
  const record::SealingKey reply = record::SealingKey::generate();
  const std::string json = R"({"number":"3273-0012-000427-5","state":"verified"})";
  const auto sealed = seal_case(json, reply.public_key());
  ASSERT_TRUE(sealed.has_value());
  EXPECT_EQ(sealed->size(), 1024U + 48U);
  const auto opened = reply.open(*sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(record::to_text(*opened).substr(0, json.size()), json);
  EXPECT_EQ(record::to_text(*opened).find_first_not_of(' ', json.size()), std::string::npos);
  EXPECT_FALSE(record::SealingKey::generate().open(*sealed).has_value());
  EXPECT_EQ(seal_case(std::string(1024, 'x'), reply.public_key())->size(), 1024U + 48U);
  EXPECT_EQ(seal_case(std::string(1025, 'x'), reply.public_key())->size(), 2048U + 48U);
  const auto largest = seal_case(std::string(k_max_case_bytes, 'x'), reply.public_key());
  ASSERT_TRUE(largest.has_value());
  QuestionAnswer answer;
  answer.finding = Finding::found;
  answer.sealed_case = *largest;
  EXPECT_TRUE(encode_question_answer(answer, {3273, 12}, {}, test::centre_key()).has_value());
  EXPECT_FALSE(seal_case(std::string(k_max_case_bytes + 1, 'x'), reply.public_key()).has_value());
}

}  // namespace
}  // namespace anjungan::wire
