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

/// 20,000 seeds in four parts that may run side by side; 200,000 in `./dev bench --long`.
class Threat01 : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Threat01, APowerCutLosesNoReceiptThatWasAcknowledged) {
  const PowerLossTally tally = lose_power({.first_seed = 1 + GetParam() * 5'000, .seeds = 5'000});
  expect_nothing_lost(tally);
  EXPECT_GT(tally.acknowledged, 10'000U) << "too little was done to show anything";
}

INSTANTIATE_TEST_SUITE_P(Part, Threat01, testing::Range<std::uint64_t>(0, 4));

TEST(Threat01Teeth, LosesNothingWhenSyncsFail) {
  const PowerLossTally tally = lose_power({.first_seed = 1'000'000, .seeds = 1'000, .failing_syncs_percent = 10});
  expect_nothing_lost(tally);
  EXPECT_GT(tally.refused, 100U) << "no sync has failed";
}

TEST(Threat01Teeth, ALossWouldBeSeen) {
  const PowerLossTally tally = lose_power({.first_seed = 1, .seeds = 300, .normal = true});
  print(tally);
  EXPECT_GT(tally.lost, 50U) << "the disk forgets nothing: the other tests prove nothing";
  EXPECT_EQ(tally.corrupt, 0U) << tally.first_failure;
}

}  // namespace
}  // namespace anjungan::store
