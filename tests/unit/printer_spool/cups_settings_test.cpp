// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/cups_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace anjungan::spool {
namespace {

using testing::Contains;
using testing::IsEmpty;

CupsSettings project_settings() {
  std::ifstream file(ANJUNGAN_TESTS "/../printer/queue/cupsd-anjungan.conf");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return CupsSettings::parse(text);
}

std::vector<std::string> lines(const std::vector<LosingSetting>& list) {
  std::vector<std::string> out;
  for (const LosingSetting& one : list) out.push_back(one.line);
  return out;
}

TEST(CupsSettings, OurOwnLoseNothing) {
  EXPECT_THAT(lines(losing_settings(project_settings(), CupsSettings::parse("SyncOnClose Yes\n"))), IsEmpty());
}

TEST(CupsSettings, WhatCupsComesWithLosesReceipts) {
  const auto list = lines(losing_settings(CupsSettings::parse(""), CupsSettings::parse("")));
  EXPECT_THAT(list,
              testing::UnorderedElementsAre("MaxJobTime 0", "MaxJobs 0", "DirtyCleanInterval 0", "PreserveJobFiles No",
                                            "JobRetryInterval 5", "JobRetryLimit 1000", "SyncOnClose Yes"));
}

TEST(CupsSettings, ReadsTimesAndWords) {
  const auto seconds = [](const std::string& value) { return CupsSettings::parse("X " + value).seconds("x"); };
  EXPECT_EQ(seconds("3h"), 10'800);
  EXPECT_EQ(seconds("5m"), 300);
  EXPECT_EQ(seconds("1d"), 86'400);
  EXPECT_EQ(seconds("2w"), 1'209'600);
  EXPECT_EQ(seconds("0"), 0);
  EXPECT_EQ(seconds("No"), 0);
  EXPECT_GT(seconds("yes"), 1'000'000'000);
  for (const char* strange : {"", "x", "-1", "5q", "99999999999999999999", "3 h", "\xff"}) {
    EXPECT_EQ(seconds(strange), std::nullopt) << strange;
  }
}

TEST(CupsSettings, TheLastWordOutsideOfSectionsCounts) {
  const auto settings = CupsSettings::parse(
      "# MaxJobTime 1\nmaxjobtime 5\n</Stray>\n<Policy default>\n  <Limit All>\n    MaxJobTime 7\n  </Limit>\n  "
      "MaxJobTime 8\n</Policy>\r\n\tMAXJOBTIME  0 # nothing is thrown away\nPreserveJobFiles\n");
  EXPECT_EQ(settings.text("MaxJobTime"), "0");
  EXPECT_EQ(settings.text("PreserveJobFiles"), "");
  EXPECT_EQ(settings.text("Limit"), std::nullopt);
}

TEST(CupsSettings, EachOfThemIsSeen) {
  const CupsSettings files = CupsSettings::parse("SyncOnClose Yes");
  const std::string good =
      "MaxJobTime 0\nMaxJobs 0\nDirtyCleanInterval 0\nPreserveJobFiles No\nJobRetryInterval 5\nJobRetryLimit 1000\n";
  EXPECT_THAT(losing_settings(CupsSettings::parse(good), files), IsEmpty());
  for (const auto& [bad, wanted] : {std::pair{"MaxJobTime 3h", "MaxJobTime 0"},
                                    {"MaxJobs 500", "MaxJobs 0"},
                                    {"MaxJobsPerPrinter 1", "MaxJobsPerPrinter 0"},
                                    {"MaxJobsPerUser 9", "MaxJobsPerUser 0"},
                                    {"MaxHoldTime 60", "MaxHoldTime 0"},
                                    {"DirtyCleanInterval 30", "DirtyCleanInterval 0"},
                                    {"PreserveJobHistory No", "PreserveJobHistory 86400"},
                                    {"PreserveJobHistory 60", "PreserveJobHistory 86400"},
                                    {"PreserveJobFiles 1d", "PreserveJobFiles No"},
                                    {"PreserveJobFiles Yes", "PreserveJobFiles No"},
                                    {"AutoPurgeJobs Yes", "AutoPurgeJobs No"},
                                    {"JobRetryInterval 300", "JobRetryInterval 5"},
                                    {"JobRetryLimit 5", "JobRetryLimit 1000"},
                                    {"JobKillDelay 0", "JobKillDelay 10"}}) {
    EXPECT_THAT(lines(losing_settings(CupsSettings::parse(good + bad), files)), testing::ElementsAre(wanted)) << bad;
  }
}

}  // namespace
}  // namespace anjungan::spool
