// SPDX-License-Identifier: Apache-2.0
#include "sync/record/complaint.h"

#include <gtest/gtest.h>

namespace anjungan::record {
namespace {

Complaint good() {
  Complaint out;
  out.category = "jalan.lubang";
  out.story = "Ada lubang besar di depan SD Misal Jaya.";
  out.name = "Sumiati Contoh";
  out.phone = "0812-3456-7890";
  out.nik = "3273014107650001";
  return out;
}

TEST(Complaint, CountsCodePointsWhereverTheyStand) {
  // Every place within a run of eight, with what is wrong as well as what is right.
  for (std::size_t before = 0; before < 20; before++) {
    for (std::size_t after = 0; after < 20; after++) {
      const std::string left(before, 'a');
      const std::string right(after, 'b');
      EXPECT_EQ(count_code_points(left + "é" + right), before + after + 1);
      EXPECT_EQ(count_code_points(left + "😀" + right), before + after + 1);
      EXPECT_FALSE(count_code_points(left + "\xc3" + right).has_value());
      EXPECT_FALSE(count_code_points(left + "\xff" + right).has_value());
    }
  }
}

TEST(Complaint, AcceptsAnHonestOne) { EXPECT_TRUE(check(good()).empty()); }

TEST(Complaint, NamesTheFieldAndTheProblem) {
  const auto only = [](const Complaint& complaint) {
    const auto problems = check(complaint);
    EXPECT_EQ(problems.size(), 1U);
    return problems.empty() ? FieldProblem{} : problems.front();
  };
  Complaint bad = good();
  bad.nik = "327301410765000";
  EXPECT_EQ(only(bad), (FieldProblem{Field::nik, Problem::wrong_length}));
  bad.nik = "3273013002650001";  // 30 February
  EXPECT_EQ(only(bad), (FieldProblem{Field::nik, Problem::impossible_date}));
  bad.nik = "3273014107650000";
  EXPECT_EQ(only(bad), (FieldProblem{Field::nik, Problem::serial_zero}));
  bad.nik = "32730141O7650001";
  EXPECT_EQ(only(bad), (FieldProblem{Field::nik, Problem::not_digits}));
  bad = good();
  bad.phone = "nol delapan";
  EXPECT_EQ(only(bad), (FieldProblem{Field::phone, Problem::not_digits}));
  bad.phone = "12345678";
  EXPECT_EQ(only(bad), (FieldProblem{Field::phone, Problem::not_a_phone_number}));
  bad = good();
  bad.story = std::string(10'001, 'a');
  EXPECT_EQ(only(bad), (FieldProblem{Field::story, Problem::too_long}));
  bad.story = "  \n ";
  EXPECT_EQ(only(bad), (FieldProblem{Field::story, Problem::empty}));
  bad.story = "abc\x1b[2J";
  EXPECT_EQ(only(bad), (FieldProblem{Field::story, Problem::not_text}));
  bad.story = "\xc0\xaf";
  EXPECT_EQ(only(bad), (FieldProblem{Field::story, Problem::not_text}));
}

TEST(Complaint, ATextOfTheLimitIsGoodAndOneMoreIsNot) {
  Complaint one = good();
  one.story.clear();
  for (std::size_t n = 0; n < field_limit(Field::story); n++) one.story += "é";
  EXPECT_TRUE(check(one).empty());
  one.story += "é";
  EXPECT_EQ(check(one).size(), 1U);
}

TEST(Complaint, AnonymousNeedsNoName) {
  Complaint one = good();
  one.name.clear();
  EXPECT_EQ(check(one).size(), 1U);
  one.privacy = Privacy::anonymous;
  EXPECT_TRUE(check(one).empty());
}

TEST(Complaint, ALeapDayCountsInEitherCentury) {
  EXPECT_FALSE(check_field(Field::nik, "3273012902000001"));  // 2000 was a leap year, 1900 was not
  EXPECT_TRUE(check_field(Field::nik, "3273012902010001"));
}

TEST(SubjectLine, CutsAtAWord) {
  EXPECT_EQ(subject_line("Ada lubang\n besar", 40), "Ada lubang besar");
  EXPECT_EQ(subject_line("Ada lubang besar di jalan", 12), "Ada lubang…");
  EXPECT_EQ(subject_line("ééééééé", 3), "ééé…");
  EXPECT_EQ(subject_line("", 10), "");
}

}  // namespace
}  // namespace anjungan::record
