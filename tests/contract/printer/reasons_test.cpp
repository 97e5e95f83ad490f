// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/reasons.h"

#include <gtest/gtest.h>

namespace anjungan::spool {
namespace {

TEST(Reasons, EveryEndingMeansTheSame) {
  for (const char* word : {"media-empty-error", "media-empty-warning", "media-empty-report", "media-empty"}) {
    EXPECT_EQ(condition_of({word}).condition, Condition::no_paper) << word;
  }
}

TEST(Reasons, TheWorstCounts) {
  EXPECT_EQ(condition_of({"media-low-warning", "media-empty-error", "cover-open-error"}).condition,
            Condition::cover_open);
  EXPECT_EQ(condition_of({"media-low-warning"}).condition, Condition::low_paper);
  EXPECT_EQ(condition_of({"media-empty-error", "offline-error"}).condition, Condition::offline);
}

TEST(Reasons, UnknownWordsAreNotIgnored) {
  const PrinterView view = condition_of({"fuser-over-temp-error"});
  EXPECT_EQ(view.condition, Condition::error);
  EXPECT_EQ(view.detail, "fuser-over-temp-error");
  EXPECT_EQ(condition_of({"strange-new-word"}).condition, Condition::error);
  EXPECT_EQ(condition_of({"fuser-over-temp-warning"}).condition, Condition::ready);
}

TEST(Reasons, WhatPassesIsReady) {
  EXPECT_EQ(condition_of({"none"}).condition, Condition::ready);
  EXPECT_EQ(condition_of({"connecting-to-device", "cups-missing-filter-warning"}).condition, Condition::ready);
  EXPECT_EQ(condition_of({}).condition, Condition::ready);
}

TEST(Reasons, OfAnIdlePrinterTheWatchersWordCounts) {
  using status::Seen;
  using status::Sight;
  const auto of = [](const char* cups, const Seen& seen, bool printing = false) {
    return with_watcher(condition_of({cups}), seen, printing).condition;
  };
  EXPECT_EQ(of("none", {Sight::seen, "media-empty"}), Condition::no_paper);
  EXPECT_EQ(of("media-empty-error", {Sight::seen, "ready"}), Condition::ready);
  EXPECT_EQ(of("media-empty-error", {Sight::unwatched, ""}), Condition::no_paper);
  EXPECT_EQ(of("none", {Sight::stale, ""}), Condition::unknown);
  EXPECT_EQ(of("paused", {Sight::seen, "ready"}), Condition::paused);
  EXPECT_EQ(of("media-empty-error", {Sight::seen, "busy"}), Condition::no_paper);
  EXPECT_EQ(of("none", {Sight::seen, "unknown"}), Condition::ready) << "a model that says nothing";
  // While a job is there, what the backend says is at most covered by a fault.
  EXPECT_EQ(of("media-empty-error", {Sight::seen, "ready"}, true), Condition::no_paper);
  EXPECT_EQ(of("none", {Sight::seen, "cover-open"}, true), Condition::cover_open);
  EXPECT_EQ(of("media-empty-error", {Sight::seen, "cover-open"}, true), Condition::no_paper);
  EXPECT_EQ(of("none", {Sight::stale, ""}, true), Condition::ready);
}

}  // namespace
}  // namespace anjungan::spool
