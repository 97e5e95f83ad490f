// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/sync_store/power_loss.h"

#include <gtest/gtest.h>

namespace anjungan::store {
namespace {

void print(const PowerLossTally& tally) {
  std::printf("%lu power cuts, %lu receipts acknowledged, %lu submits refused, %lu lost, %lu corrupt\n", tally.cuts,
              tally.acknowledged, tally.refused, tally.lost, tally.corrupt);
}

void expect_nothing_lost(const PowerLossTally& tally) {
  print(tally);
  EXPECT_EQ(tally.lost, 0U) << tally.first_failure;
  EXPECT_EQ(tally.doubled, 0U) << tally.first_failure;
  EXPECT_EQ(tally.corrupt, 0U) << tally.first_failure;
}

TEST(PowerLoss, LosesNoReceiptThatWasAcknowledged) {
  const PowerLossTally tally = lose_power({.first_seed = 1, .seeds = 5'000});
  expect_nothing_lost(tally);
  EXPECT_GT(tally.acknowledged, 10'000U) << "too little was done to show anything";
}

TEST(PowerLoss, LosesNothingWhenSyncsFail) {
  const PowerLossTally tally = lose_power({.first_seed = 1'000'000, .seeds = 1'000, .failing_syncs_percent = 10});
  expect_nothing_lost(tally);
  EXPECT_GT(tally.refused, 100U) << "no sync has failed";
}

TEST(PowerLoss, WouldBeSeen) {
  const PowerLossTally tally = lose_power({.first_seed = 1, .seeds = 300, .normal = true});
  print(tally);
  EXPECT_GT(tally.lost, 50U) << "the disk forgets nothing: the other tests prove nothing";
  EXPECT_EQ(tally.corrupt, 0U) << tally.first_failure;
}

}  // namespace
}  // namespace anjungan::store
