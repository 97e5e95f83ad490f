// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tests/bench/central/central.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

constexpr std::size_t k_few = 10'000;
constexpr int k_rounds = 5;
constexpr std::size_t k_batch = 50;
constexpr std::size_t k_fill_batch = 125;

double fill(CentreProgram& centre, std::size_t events) {
  // A few batches at once, so that what is made beforehand fits in memory.
  constexpr std::size_t k_batches = 4;
  double delivering_ms = 0;
  std::size_t stored = 0;
  for (; stored < events; stored += k_connections * k_batches * k_fill_batch) {
    const double rate = centre.deliver(k_batches, k_fill_batch);
    delivering_ms += static_cast<double>(k_connections * k_batches * k_fill_batch) / rate * 1e3;
  }
  return static_cast<double>(stored) / delivering_ms * 1e3;
}

}  // namespace

void measure_growth(const std::string& folder, const Programs& programs, std::size_t many) {
  CentreProgram small(folder + "/few", "", programs, k_connections);
  CentreProgram large(folder + "/many", "", programs, k_connections);
  small.deliver(3, k_batch);
  large.deliver(1, k_batch);  // their epoch
  const double filling = fill(large, many);
  std::vector<double> few_us, many_us, ratios;
  for (int round = 0; round < k_rounds; round++) {
    few_us.push_back(1e6 / small.deliver(2, k_batch));
    many_us.push_back(1e6 / large.deliver(2, k_batch));
    ratios.push_back(many_us.back() / few_us.back());
  }
  const double millions = static_cast<double>(many) / 1e6;
  print_figure(fmt::format("{:g} million events taken in: acknowledged events", millions), filling, "1/s");
  print_figure(fmt::format("an event while {} thousand to {} thousand are stored", k_few / 1000,
                           (k_few + k_rounds * 2 * k_connections * k_batch) / 1000),
               median(few_us), "us");
  print_figure(fmt::format("an event while {:g} million are stored", millions), median(many_us), "us");
  print_figure(fmt::format("an event's cost: {:g} million stored / few stored", millions), median(ratios), "ratio",
               Limit{Must::at_most, 1.25});
}

}  // namespace anjungan::bench
