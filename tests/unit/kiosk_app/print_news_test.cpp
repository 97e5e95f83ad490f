// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/print_news.h"

#include <gtest/gtest.h>

#include <vector>

namespace anjungan::app {
namespace {

using session::Print;
using spool::JobState;

session::PrintChanged news(JobState state, const char* reason = "", bool elsewhere = false) {
  spool::Snapshot job;
  job.job = 7;
  job.state = state;
  job.reason = reason;
  return print_news(job, elsewhere);
}

/// What a citizen is told while the job goes through these states.
std::vector<Print> told(const std::vector<session::PrintChanged>& all) {
  std::vector<Print> out;
  session::PrintChanged last{7, Print::waiting, ""};
  for (const auto& one : all) {
    if (!is_news(one, last)) continue;
    last = one;
    out.push_back(one.print);
  }
  return out;
}

TEST(PrintNews, ABackendThatWaitsHasPrintedNothing) {
  for (const char* reason : {"media-empty", "cover-open", "offline", "paused", "error", "held"})
    EXPECT_EQ(news(JobState::sending, reason).print, Print::not_printed) << reason;
  EXPECT_EQ(news(JobState::sending).print, Print::printing);
  EXPECT_EQ(news(JobState::sending, "spooler-down").print, Print::printing) << "its backend may be printing";
}

// Power is pulled in the middle: the printer is silent for seconds before its job is given up.
TEST(PrintNews, WhatHasBegunIsNeverCalledNotPrinted) {
  spool::Snapshot job;
  job.job = 7;
  job.state = JobState::sending;
  job.begun = true;
  EXPECT_EQ(print_news(job, false).print, Print::printing);
  for (const char* reason : {"offline", "media-empty", "cover-open", "error"}) {
    job.reason = reason;
    EXPECT_EQ(print_news(job, false).print, Print::uncertain) << reason;
  }
}

TEST(PrintNews, AnOpenEndIsNeverCalledNotPrinted) {
  for (const char* reason : {"cut-off", "missing", "no-answer", "canceled", "uncertain", "expired"})
    EXPECT_EQ(news(JobState::unknown, reason).print, Print::uncertain) << reason;
  EXPECT_EQ(news(JobState::failed, "media-empty").print, Print::not_printed);
}

TEST(PrintNews, TheFaultStaysUntilThePaperIsOut) {
  const std::vector<session::PrintChanged> tries = {news(JobState::sending), news(JobState::failed, "media-empty"),
                                                    news(JobState::sending), news(JobState::failed, "media-empty"),
                                                    news(JobState::sending), news(JobState::failed, "cover-open"),
                                                    news(JobState::sending), news(JobState::printed)};
  EXPECT_EQ(told(tries), (std::vector<Print>{Print::printing, Print::not_printed, Print::not_printed, Print::printed}));
}

TEST(PrintNews, WhoWasSentToLookIsNotToldThatNothingCameOut) {
  // Cut off; its marked copy waits for paper, then comes out at the second printer.
  const std::vector<session::PrintChanged> tries = {
      news(JobState::sending),           news(JobState::unknown, "cut-off"),     news(JobState::queued),
      news(JobState::sending),           news(JobState::sending, "media-empty"), news(JobState::queued, "", true),
      news(JobState::sending, "", true), news(JobState::sent, "", true)};
  EXPECT_EQ(told(tries), (std::vector<Print>{Print::printing, Print::uncertain, Print::sent}));
  EXPECT_TRUE(news(JobState::sent, "", true).elsewhere);
}

TEST(PrintNews, TheSameIsToldOnce) {
  EXPECT_EQ(told({news(JobState::queued), news(JobState::sending), news(JobState::sending)}),
            (std::vector<Print>{Print::printing}));
}

}  // namespace
}  // namespace anjungan::app
