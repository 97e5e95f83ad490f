// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "printer/backend/answers.h"
#include "printer/backend/commands.h"
#include "printer/backend/device.h"
#include "printer/backend/watch.h"
#include "printer/render/render.h"

namespace anjungan::backend {
namespace {

TEST(DeviceUri, EveryForm) {
  const auto tcp = parse_uri("struk:tcp://192.0.2.7:9101?profile=epson-tm-t88");
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->device(), "192.0.2.7:9101");
  EXPECT_EQ(tcp->profile, "epson-tm-t88");
  EXPECT_EQ(parse_uri("struk:tcp://struk.example.id")->device(), "struk.example.id:9100");
  EXPECT_EQ(parse_uri("struk:tcp://[2001:db8::1]:9100")->host, "2001:db8::1");
  EXPECT_EQ(parse_uri("struk:/dev/usb/lp0")->line, Line::file);
  const auto tty = parse_uri("struk:tty:/dev/ttyS0?baud=19200");
  ASSERT_TRUE(tty);
  EXPECT_EQ(tty->baud, 19'200);
  EXPECT_EQ(tty->profile, "generic-80");
}

TEST(DeviceUri, NothingElse) {
  for (const char* uri :
       {"", "struk:", "socket://192.0.2.7", "struk:tcp://", "struk:tcp://host:0", "struk:tcp://host:70000",
        "struk:tcp://ho st:9100", "struk:dev/usb/lp0", "struk:/dev/usb/lp0?baud=9600", "struk:tcp://host?profile=../x",
        "struk:tty:/dev/ttyS0?baud=x", "struk:/dev/usb/lp0?nothing=1"}) {
    EXPECT_FALSE(parse_uri(uri)) << uri;
  }
}

TEST(AnswersTest, StatusIsWhatWasAskedFor) {
  Answers answers;
  answers.expect(Question::offline_cause);
  answers.feed("\x16");
  EXPECT_TRUE(answers.status().cover_open);
  answers.expect(Question::paper);
  answers.feed("\x72");
  EXPECT_TRUE(answers.status().paper_end);
  answers.expect(Question::paper);
  answers.feed("\x1e");
  EXPECT_TRUE(answers.status().near_end);
  EXPECT_FALSE(answers.status().paper_end);
  EXPECT_EQ(answers.statuses(), 3);
}

TEST(AnswersTest, AutomaticStatusAndProcessIdInPieces) {
  Answers answers;
  answers.feed(std::string("\x18\x00\x0c", 3));
  EXPECT_FALSE(answers.status().paper_end);
  answers.feed(std::string("\x00\x37", 2));
  EXPECT_TRUE(answers.status().paper_end);
  answers.feed(
      "\x22"
      "AB");
  answers.feed(std::string("CD\0", 3));
  EXPECT_EQ(answers.process(), "ABCD");
  EXPECT_EQ(answers.strays(), 0);
}

TEST(AnswersTest, RubbishConfirmsNothing) {
  Answers answers;
  for (int i = 0; i < 256; i++) answers.feed(std::string(3, static_cast<char>(i)));
  answers.feed(
      std::string("\x37\x22"
                  "ABCDE",
                  7));
  EXPECT_EQ(answers.process(), "");
  EXPECT_GT(answers.strays(), 0);
}

TEST(AnswersTest, OnlyWhatWasAskedForIsAnOrder) {
  Answers answers;
  answers.feed(std::string("\x00", 1));
  EXPECT_EQ(answers.orders(), 0);
  EXPECT_EQ(answers.strays(), 1);
  answers.expect_order();
  answers.feed(std::string("\x00\x00", 2));
  EXPECT_EQ(answers.orders(), 1);
  EXPECT_EQ(answers.strays(), 2);
}

TEST(AnswersTest, APictureThatAsksAndASerialLinesBrakesAreNoRubbish) {
  Answers answers;
  answers.feed("\x12\x16\x11\x13");
  EXPECT_EQ(answers.strays(), 0);
  EXPECT_EQ(answers.statuses(), 0);
}

TEST(AnswersTest, AFaultThatAnotherAnswerLeftIsNotToldAgain) {
  Answers answers;
  answers.expect(Question::paper);
  answers.feed("\x72");
  answers.expect(Question::offline_cause);
  answers.feed("\x12");
  EXPECT_EQ(answers.faults(), 1);
  EXPECT_FALSE(answers.told_fault());
}

TEST(AnswersTest, NewsIsAStatusThatNobodyAskedFor) {
  Answers answers;
  const std::string ready("\x10\x00\x00\x00", 4);
  answers.expect_automatic();
  answers.feed(ready);
  EXPECT_EQ(answers.automatics(), 1);
  EXPECT_EQ(answers.news(), 0);
  answers.feed(ready);
  EXPECT_EQ(answers.news(), 1);
}

// A printer as Watch sees it, by a clock that the test moves.
class WatchTest : public testing::Test {
 protected:
  void speaks_by_itself(const std::string& frame = std::string("\x10\x00\x00\x00", 4)) { answers.feed(frame); }
  void answers_paper(const char* byte) {
    answers.expect(Question::paper);
    answers.feed(byte);
  }
  void rubbish() { answers.feed("\xff"); }
  bool broken() { return watch.broken(answers, now).has_value(); }

  Answers answers;
  Watch::Ms now = 1'000;
  Watch watch{0, answers, now};
};

TEST_F(WatchTest, OneWordOfAClearLineIsEnoughThoughItHasPassed) {
  speaks_by_itself();
  EXPECT_FALSE(broken());
  answers_paper("\x72");
  answers_paper("\x12");
  EXPECT_TRUE(broken());
}

TEST_F(WatchTest, NearEndIsNoFault) {
  answers.expect_automatic();
  speaks_by_itself();
  speaks_by_itself(std::string("\x10\x00\x03\x00", 4));
  answers_paper("\x1e");
  EXPECT_FALSE(broken());
}

TEST_F(WatchTest, RubbishMustSayItTwice) {
  rubbish();
  answers_paper("\x72");
  EXPECT_FALSE(broken());
  EXPECT_TRUE(watch.in_doubt());
  now += 50;
  answers_paper("\x12");
  EXPECT_FALSE(broken());
  EXPECT_FALSE(watch.in_doubt());
  answers_paper("\x72");
  EXPECT_FALSE(broken());
  answers_paper("\x72");
  EXPECT_TRUE(broken());
}

TEST_F(WatchTest, ADoubtThatNobodyClearsUpInTimeIsAFault) {
  rubbish();
  answers_paper("\x72");
  EXPECT_FALSE(broken());
  now += 300;  // the printer was full and took no question before the paper was back
  answers_paper("\x12");
  EXPECT_TRUE(broken());
}

TEST_F(WatchTest, NewsOverRubbishMeansThatSomethingWasNotHeard) {
  answers.expect_automatic();
  speaks_by_itself();
  rubbish();
  EXPECT_FALSE(broken());
  speaks_by_itself();
  EXPECT_TRUE(broken());
}

TEST_F(WatchTest, APauseIsAFaultOnlyWhereAFaultWouldNotBeHeard) {
  speaks_by_itself();
  static_cast<void>(broken());
  now += 14'000;
  EXPECT_FALSE(broken()) << "a clear line tells";
  now += 2'000;
  EXPECT_TRUE(broken()) << "gone for good";
}

TEST_F(WatchTest, AModelThatTellsNothingByItselfMayNotPause) {
  now += 900;
  watch.moved(now);
  now += 900;
  EXPECT_FALSE(broken());
  now += 200;
  EXPECT_TRUE(broken());
}

TEST_F(WatchTest, ALineWithRubbishMayPauseLess) {
  answers.expect_automatic();
  speaks_by_itself();
  rubbish();
  now += 500;
  EXPECT_FALSE(broken());
  now += 700;
  EXPECT_TRUE(broken());
}

TEST(WatchOnASlowLine, WaitsForWhatTheLineNeeds) {
  Answers answers;
  Watch watch(4'800, answers, 0);
  EXPECT_FALSE(watch.broken(answers, 5'700));
  EXPECT_TRUE(watch.broken(answers, 5'900));
}

TEST(Boundaries, AreWhereOurOwnCommandsBegin) {
  render::Bitmap bitmap;
  bitmap.width = 576;
  bitmap.stride = 72;
  bitmap.height = 200;
  // A picture made of real-time commands.
  while (bitmap.bits.size() < 72U * 200U) {
    for (const int byte : {0x10, 0x04, 0x01}) bitmap.bits.push_back(static_cast<std::uint8_t>(byte));
  }
  const Bytes bytes = render::to_escpos(bitmap);
  const auto safe = boundaries(bytes);
  EXPECT_EQ(safe.size(), 2U + 4U + 1U + 1U);  // ESC @, ESC 3, four bands, the cut, the end
  EXPECT_EQ(safe.back(), bytes.size());
  const Bytes torn = render::to_escpos(bitmap, {80, false, 2});
  EXPECT_EQ(boundaries(torn).size(), safe.size());
  EXPECT_EQ(Bytes(torn.end() - 3, torn.end()), (Bytes{0x1b, 'J', 160}));
  EXPECT_EQ(boundaries({0x1b, 0xff, 1, 2, 3}), (std::vector<std::size_t>{0, 5}));
  EXPECT_EQ(boundaries({}), (std::vector<std::size_t>{0}));
  EXPECT_EQ(boundaries({0x1d, 'v', '0', 0, 72}).back(), 5U);
}

}  // namespace
}  // namespace anjungan::backend
