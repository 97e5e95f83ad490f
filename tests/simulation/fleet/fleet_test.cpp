// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/fleet/fleet.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <cstdlib>

#include "sync/agent/journal.h"

namespace anjungan::simulation {
namespace {

std::uint64_t number_in(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

constexpr std::uint64_t k_parts = 4;

/// Parts that may run side by side. ANJUNGAN_SEED replays one seed with every log line; ANJUNGAN_SEEDS says how many to
/// run in all.
class Fleets : public testing::TestWithParam<std::uint64_t> {};

TEST_P(Fleets, LoseAndDoubleNothingWhateverHappens) {
  const std::uint64_t one = number_in("ANJUNGAN_SEED", 0);
  if (one > 0 && GetParam() > 0) GTEST_SKIP() << "one seed alone is replayed";
  const std::uint64_t seeds = one > 0 ? 1 : std::max<std::uint64_t>(number_in("ANJUNGAN_SEEDS", 2'000) / k_parts, 1);
  const std::uint64_t first = one > 0 ? one : 1 + GetParam() * seeds;
  spdlog::set_level(one > 0 ? spdlog::level::debug : spdlog::level::off);
  agent::set_journal_level(one > 0 ? agent::Level::debug : agent::Level::silent);
  const Scene scene;
  FleetTally tally;
  for (std::uint64_t seed = first; seed < first + seeds; seed++) {
    const std::string failure = run_fleet(scene, seed, tally);
    EXPECT_EQ(failure, "") << "seed " << seed << "; replay it with ANJUNGAN_SEED=" << seed;
    if (testing::Test::HasFailure() && std::getenv("ANJUNGAN_KEEP_GOING") == nullptr) return;
  }
  std::printf(
      "%lu fleets: %lu receipts, %lu events (%lu purged), %lu restores, %lu deaths, %lu copied disks found, %lu "
      "answers by stick\n",
      tally.seeds, tally.receipts, tally.events, tally.purged, tally.restores, tally.deaths, tally.copies_found,
      tally.carried);
  if (seeds < 500) return;  // too few to say how much was done
  EXPECT_GT(tally.receipts, seeds) << "too little was done to show anything";
  EXPECT_GT(tally.deaths, seeds / 2);
  EXPECT_GT(tally.restores, seeds / 100);
  EXPECT_GT(tally.copies_found, seeds / 100);
  EXPECT_GT(tally.carried, seeds / 20);
}

INSTANTIATE_TEST_SUITE_P(Part, Fleets, testing::Range<std::uint64_t>(0, k_parts));

}  // namespace
}  // namespace anjungan::simulation
