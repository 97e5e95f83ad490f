// SPDX-License-Identifier: Apache-2.0
// bench_central FOLDER BIN CATALOGUE ROUNDS EVENTS: what the centre takes in. EVENTS: how many are stored for the
// second figure of growth.
#include "tests/bench/central/central.h"

#include <fmt/format.h>
#include <signal.h>

#include <cstdlib>

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  if (argc != 6) {
    fmt::print(stderr, "usage: bench_central FOLDER BIN CATALOGUE ROUNDS EVENTS\n");
    return 1;
  }
  const std::string folder = argv[1];
  const anjungan::bench::Programs programs{argv[2], argv[3]};
  anjungan::bench::measure_rates(folder, programs, std::atoi(argv[4]));
  anjungan::bench::measure_herd(folder, programs);
  anjungan::bench::measure_growth(folder, programs, std::strtoul(argv[5], nullptr, 10));
  return 0;
}
