// SPDX-License-Identifier: Apache-2.0
#include "sync/record/calendar.h"

#include <gtest/gtest.h>

#include "sync/record/clock.h"

namespace anjungan::record {
namespace {

const Holidays k_august = {{2026, 8, 17}, {2026, 8, 25}};

TEST(Calendar, CountsWorkingDaysAsThePaperDoes) {
  const DueDates due = due_dates({2026, 8, 12}, ComplaintClass::complaint, Limits{}, k_august);
  EXPECT_EQ(due.verify.str(), "2026-08-18");
  EXPECT_EQ(due.answer.str(), "2026-09-03");
  EXPECT_EQ(due.close.str(), "2026-09-17");
  EXPECT_EQ(due.ombudsman.str(), "2026-10-11");
  EXPECT_EQ(due_dates({2026, 8, 12}, ComplaintClass::information, Limits{}, k_august).answer.str(), "2026-08-20");
}

TEST(Calendar, AgreesWithItselfOverTwoCenturies) {
  for (Date day{1901, 1, 1}; day < Date{2199, 12, 31}; day = day.plus_days(1)) {
    ASSERT_EQ(Date::from_days(day.days()), day);
    ASSERT_EQ(Date::parse(day.str()), day);
  }
}

TEST(Calendar, CountsBackWhatItCounted) {
  for (int count = 0; count < 60; count++) {
    const Date to = plus_working_days({2026, 8, 1}, count, k_august);
    EXPECT_EQ(working_days_between({2026, 8, 1}, to, k_august), count);
  }
}

TEST(Calendar, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2026-02-30", "2026-13-01", "2026-00-10", "26-1-1", "2026/01/01", "", "2025-02-29"}) {
    EXPECT_FALSE(Date::parse(text)) << text;
  }
}

TEST(Clock, WritesDatesForPeople) {
  EXPECT_EQ(long_date({2026, 9, 3}, Language::indonesian), "Kamis, 3 September 2026");
  EXPECT_EQ(long_date({2026, 9, 3}, Language::english), "Thursday, 3 September 2026");
  const std::int64_t ms = *parse_rfc3339("2026-08-12T03:32:59.000Z");
  EXPECT_EQ(time_of_day(ms, Zone::wib, Language::indonesian), "10.32 WIB");
  EXPECT_EQ(time_of_day(ms, Zone::wit, Language::english), "12:32 WIT");
  EXPECT_EQ(local_date(*parse_rfc3339("2026-08-12T20:00:00.000Z"), 420).str(), "2026-08-13");
}

TEST(Clock, TimesComeBack) {
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1'795'256'521'123}}) {
    EXPECT_EQ(parse_rfc3339(rfc3339(ms)), ms);
  }
  EXPECT_FALSE(clock_is_sane(0));
  EXPECT_TRUE(clock_is_sane(*parse_rfc3339("2026-11-21T00:00:00.000Z")));
}

}  // namespace
}  // namespace anjungan::record
