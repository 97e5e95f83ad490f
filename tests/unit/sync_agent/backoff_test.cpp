// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

namespace anjungan::agent {
namespace {

using std::chrono::milliseconds;

Backoff::Draw seeded(std::uint64_t seed) {
  return [engine = std::mt19937_64(seed)](std::uint64_t bound) mutable {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine);
  };
}

// Draws the largest number there is.
std::uint64_t highest(std::uint64_t bound) { return bound - 1; }

TEST(Backoff, CeilingDoublesFromBaseToCap) {
  Backoff backoff(milliseconds{5'000}, milliseconds{900'000}, highest);
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 10; ++i) waits.push_back(backoff.after_failure().count());
  EXPECT_EQ(waits, (std::vector<std::int64_t>{5'000, 10'000, 20'000, 40'000, 80'000, 160'000, 320'000, 640'000, 900'000,
                                              900'000}));
}

TEST(Backoff, SuccessStartsFromBaseAgain) {
  Backoff backoff(milliseconds{5'000}, milliseconds{900'000}, highest);
  for (int i = 0; i < 7; ++i) EXPECT_GT(backoff.after_failure().count(), 0);
  EXPECT_EQ(backoff.failures(), 7U);
  backoff.after_success();
  EXPECT_EQ(backoff.failures(), 0U);
  EXPECT_EQ(backoff.after_failure().count(), 5'000);
}

TEST(Backoff, WaitsAreSpreadEvenlyOverTheWholeCeiling) {
  constexpr int k_terminals = 20'000;
  constexpr int k_bins = 10;
  std::vector<int> bins(k_bins, 0);
  const auto draw = seeded(20'261'121);
  auto shared = std::make_shared<Backoff::Draw>(draw);
  for (int i = 0; i < k_terminals; ++i) {
    Backoff backoff(milliseconds{5'000}, milliseconds{900'000}, [shared](std::uint64_t n) { return (*shared)(n); });
    for (int failure = 0; failure < 3; ++failure) EXPECT_LE(backoff.after_failure().count(), 20'000);
    const auto wait = backoff.after_failure().count();  // the fourth failure: [0, 40 s]
    ASSERT_GE(wait, 0);
    ASSERT_LE(wait, 40'000);
    ++bins[static_cast<std::size_t>(std::min<std::int64_t>(wait * k_bins / 40'000, k_bins - 1))];
  }
  // 2,000 each would be even; 5 standard deviations are 212.
  for (const int bin : bins) EXPECT_NEAR(bin, k_terminals / k_bins, 212);
}

TEST(Backoff, RetryAfterIsAFloorAndTheJitterComesOnTop) {
  Backoff lowest(milliseconds{5'000}, milliseconds{900'000}, [](std::uint64_t) { return 0; });
  EXPECT_EQ(lowest.after_failure(milliseconds{30'000}).count(), 30'000);
  Backoff most(milliseconds{5'000}, milliseconds{900'000}, highest);
  EXPECT_EQ(most.after_failure(milliseconds{30'000}).count(), 35'000);
}

TEST(Backoff, NobodyCanSilenceATerminalForAYear) {
  Backoff backoff(milliseconds{5'000}, milliseconds{900'000}, [](std::uint64_t) { return 0; });
  EXPECT_EQ(backoff.after_failure(std::chrono::hours{24 * 365}).count(), 900'000);
}

TEST(Backoff, DefaultDrawStaysWithinTheCeiling) {
  Backoff backoff(milliseconds{10}, milliseconds{40});
  for (int i = 0; i < 200; ++i) {
    const auto wait = backoff.after_failure();
    EXPECT_GE(wait.count(), 0);
    EXPECT_LE(wait.count(), 40);
  }
}

}  // namespace
}  // namespace anjungan::agent
