// SPDX-License-Identifier: Apache-2.0
// bench_power_loss SEEDS: terminals that lose their power on a simulated disk, and how many acknowledged receipts were
// gone afterwards; with synchronous=NORMAL for comparison, which must lose some.
#include "tests/crash/sync_store/power_loss.h"

#include <cstdlib>

#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

using store::lose_power;
using store::PowerLossTally;

void tell(const PowerLossTally& tally) {
  if (!tally.first_failure.empty()) fmt::print(stderr, "bench power_loss: {}\n", tally.first_failure);
}

double number(std::uint64_t value) { return static_cast<double>(value); }

void measure(std::uint64_t seeds) {
  const PowerLossTally cut = lose_power({.first_seed = 1, .seeds = seeds});
  tell(cut);
  print_figure("power cuts", number(cut.cuts), "cuts");
  print_figure("receipts acknowledged before them", number(cut.acknowledged), "receipts", Limit{Must::at_least, 1});
  print_figure("of these lost", number(cut.lost), "receipts", Limit{Must::at_most, 0});
  print_figure("numbers doubled or skipped", number(cut.doubled), "numbers", Limit{Must::at_most, 0});
  print_figure("stores damaged", number(cut.corrupt), "stores", Limit{Must::at_most, 0});

  const PowerLossTally failing =
      lose_power({.first_seed = 100'000'000, .seeds = seeds / 10, .failing_syncs_percent = 10});
  tell(failing);
  print_figure("one sync in ten fails: submits refused", number(failing.refused), "submits", Limit{Must::at_least, 1});
  print_figure("one sync in ten fails: receipts lost", number(failing.lost), "receipts", Limit{Must::at_most, 0});
  print_figure("one sync in ten fails: stores damaged", number(failing.corrupt), "stores", Limit{Must::at_most, 0});

  const PowerLossTally normal = lose_power({.first_seed = 1, .seeds = seeds / 10, .normal = true});
  print_figure("synchronous=NORMAL: acknowledged", number(normal.acknowledged), "receipts");
  print_figure("synchronous=NORMAL: lost", number(normal.lost), "receipts", Limit{Must::at_least, 1});
}

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: bench_power_loss SEEDS\n");
    return 1;
  }
  anjungan::bench::measure(std::strtoull(argv[1], nullptr, 10));
  return 0;
}
