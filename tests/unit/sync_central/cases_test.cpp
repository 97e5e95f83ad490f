// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using record::ErrorKind;

TEST(Cases, GoFromReceivedToResolvedAndTheTerminalHears) {
  Hall hall;
  hall.enrol();
  const std::string number = hall.submit().number.str();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  ASSERT_TRUE(hall.centre->act(number, {Action::verify, "", "", ""}, "admin"));
  ASSERT_TRUE(hall.centre->act(number, {Action::dispose, "dsdabm", "", ""}, "admin"));
  ASSERT_TRUE(hall.centre->act(number, {Action::follow_up, "", "Sudah diperiksa.", ""}, "admin"));
  auto done = hall.centre->act(number, {Action::resolve, "", "Sudah ditambal.", "foto-1.jpg"}, "admin");
  ASSERT_TRUE(done) << done.error().text;
  EXPECT_EQ(done->complaint.status, "resolved");
  EXPECT_EQ(done->steps.size(), 5U);
  auto answer = hall.send(hall.batch(2, 1));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->feed.size(), 4U);
  EXPECT_EQ(answer->feed.back().subject, number);
  EXPECT_NE(record::to_text(answer->feed.back().body).find("\"resolved\""), std::string::npos);
}

TEST(Cases, RefuseWhatIsNoAnswer) {
  Hall hall;
  hall.enrol();
  const std::string number = hall.submit().number.str();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const auto refused = [&](const Deed& deed) {
    auto done = hall.centre->act(number, deed, "admin");
    return done ? record::Error{} : done.error();
  };
  EXPECT_EQ(refused({Action::resolve, "", "Selesai.", "foto"}).kind, ErrorKind::conflict);
  EXPECT_TRUE(refused({Action::dispose, "nobody", "", ""}).text.starts_with("agency: "));
  ASSERT_TRUE(hall.centre->act(number, {Action::dispose, "dsdabm", "", ""}, "admin"));
  EXPECT_TRUE(refused({Action::follow_up, "", "  ", ""}).text.starts_with("text: "));
  EXPECT_TRUE(refused({Action::resolve, "", "Selesai.", ""}).text.starts_with("evidence: "));
  EXPECT_TRUE(refused({Action::follow_up, "", std::string(3'000, 'a'), ""}).text.starts_with("text: "));
  EXPECT_TRUE(refused({Action::follow_up, "", "a\x1b[2J", ""}).text.starts_with("text: "));
  EXPECT_EQ(hall.centre->act("3273-0001-000009-1", {}, "admin").error().kind, ErrorKind::invalid);
  EXPECT_EQ(hall.centre->act(record::TrackingNumber{3273, 1, 999}.str(), {}, "admin").error().kind,
            ErrorKind::not_found);
}

TEST(Cases, AConfidentialOneShowsItsProgressAlone) {
  Hall hall;
  hall.enrol();
  record::Complaint complaint = store::TerminalFolder::complaint();
  complaint.privacy = record::Privacy::confidential;
  auto issued = hall.store->submit(hall.terminal.submission(complaint));
  ASSERT_TRUE(issued);
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  ASSERT_TRUE(hall.centre->act(issued->number.str(), {Action::dispose, "dsdabm", "", ""}, "admin"));
  ASSERT_TRUE(hall.centre->act(issued->number.str(), {Action::follow_up, "", "Rahasiasekali", ""}, "admin"));
  const std::string text = hall.centre->look_at_code(issued->code.str())->case_json;
  EXPECT_EQ(text.find("Rahasiasekali"), std::string::npos);
  EXPECT_EQ(text.find("category"), std::string::npos);
  EXPECT_NE(text.find("in_progress"), std::string::npos);
}

TEST(Budget, ForgetsAfterAMinute) {
  MissBudget budget(2, 3);
  for (int n = 0; n < 2; n++) budget.miss("a", 0);
  EXPECT_FALSE(budget.allows("a", 1));
  EXPECT_TRUE(budget.allows("b", 1));
  budget.miss("b", 1);
  EXPECT_FALSE(budget.allows("c", 2));
  EXPECT_TRUE(budget.allows("a", 60'001));
}

}  // namespace
}  // namespace anjungan::central
