// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

TEST(Sight, AGenuineReceiptIsPendingThenKnown) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  const std::string url = record::token_url("https://x", issued.token);
  auto sight = hall.centre->look_at_receipt(url);
  ASSERT_TRUE(sight);
  EXPECT_EQ(sight->verdict, Verdict::pending);
  EXPECT_EQ(sight->number, issued.number.str());
  EXPECT_EQ(sight->office, "MPP Kota Bandung");
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  EXPECT_EQ(hall.centre->look_at_receipt(url)->verdict, Verdict::known);
  EXPECT_EQ(hall.centre->look_at_code(issued.code.str())->number, issued.number.str());
}

TEST(Sight, ShowsNothingThatWasTyped) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const std::string text = hall.centre->look_at_receipt(record::token_url("x", issued.token))->case_json;
  for (const char* word : {"Lubangbesar", "Sumiati", "081234567890", "3273014107650001", "Contohraya"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
  auto personal = hall.centre->open_personal(issued.number.str(), "admin");
  ASSERT_TRUE(personal) << personal.error().text;
  EXPECT_EQ(personal->at("name"), "Sumiati Namasaja");
}

TEST(Sight, ForgedAndUnknownAreToldApart) {
  Hall hall;
  hall.enrol();
  auto issued = hall.submit();
  issued.token.sign(record::SigningKey::generate());
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", issued.token))->verdict, Verdict::forged);
  EXPECT_EQ(hall.centre->look_at_receipt("<script>")->verdict, Verdict::forged);
  EXPECT_EQ(hall.centre->look_at_code(record::AccessCode::random().str())->verdict, Verdict::unknown);
  EXPECT_FALSE(hall.centre->look_at_code("7K4M"));
}

TEST(Sight, AReissueVoidsTheReceiptBefore) {
  Hall hall;
  hall.enrol();
  const auto first = hall.submit();
  auto second = hall.store->reissue(first.number, "lost", "struk", nullptr);
  ASSERT_TRUE(second);
  ASSERT_TRUE(hall.send(hall.batch(1, 2)));
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", first.token))->verdict, Verdict::voided);
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", second->token))->verdict, Verdict::known);
  EXPECT_EQ(hall.centre->look_at_code(first.code.str())->verdict, Verdict::unknown);
  EXPECT_EQ(hall.centre->look_at_code(second->code.str())->verdict, Verdict::known);
}

TEST(Sight, ALostRecordRaisesTheAlarm) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  hall.centre.reset();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((hall.terminal.root + "/central/central.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "DELETE FROM complaint", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  hall.open_centre();
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", issued.token))->verdict, Verdict::missing);
}

TEST(Question, IsAnsweredForTheAskerAlone) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const record::SealingKey reply = record::SealingKey::generate();
  const auto ask = [&](const record::AccessCode& code) {
    wire::QuestionRequest question;
    question.device = hall.grant.device;
    question.centre = wire::root_id(hall.grant.root);
    question.code_hash = code.code_hash();
    question.reply_key = reply.public_key();
    const auto message = wire::encode_question(question, hall.device_key);
    const Reply answered = hall.centre->question(*message);
    EXPECT_EQ(answered.status, 200U);
    auto answer =
        wire::open_question_answer(answered.body, hall.grant.device, wire::message_digest(*message), hall.keys);
    EXPECT_TRUE(answer);
    return *answer;
  };
  const auto found = ask(issued.code);
  ASSERT_EQ(found.finding, wire::Finding::found);
  EXPECT_NE(record::to_text(*reply.open(found.sealed_case)).find(issued.number.str()), std::string::npos);
  EXPECT_FALSE(record::SealingKey::generate().open(found.sealed_case));
  for (int n = 0; n < 20; n++) EXPECT_EQ(ask(record::AccessCode::random()).finding, wire::Finding::unknown);
  EXPECT_EQ(ask(issued.code).finding, wire::Finding::throttled);
}

}  // namespace
}  // namespace anjungan::central
