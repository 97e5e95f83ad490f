// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/bench/central/central.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

constexpr std::size_t k_batch = 50;
constexpr std::size_t k_herd = 2'500;
constexpr std::size_t k_herd_at_once = 500;

}  // namespace

void measure_herd(const std::string& folder, const Programs& programs) {
  CentreProgram centre(folder + "/herd", "", programs, k_herd);
  auto& terminals = centre.terminals();
  {
    HttpConnection connection(centre.port());
    terminals[0]->deliver(connection, 100);
  }
  std::atomic<std::size_t> next{1};
  std::atomic<std::size_t> refused{0};
  std::atomic<std::size_t> running{k_herd_at_once};
  std::vector<std::thread> threads;
  const double start = now_ms();
  for (std::size_t n = 0; n < k_herd_at_once; n++) {
    threads.emplace_back([&] {
      for (std::size_t mine = next++; mine < terminals.size(); mine = next++) {
        HttpConnection connection(centre.port());
        for (int batch = 0; batch < 2; batch++) {
          refused += static_cast<std::size_t>(terminals[mine]->deliver(connection, k_batch));
        }
      }
      running--;
    });
  }
  std::vector<double> look_ups;
  const std::string body = fmt::format(R"({{"token":"{}"}})", terminals[0]->receipt_url(7));
  while (running > 0) {
    HttpConnection phone(centre.port());
    const double asked = now_ms();
    const HttpReply reply = phone.post("/t/receipt", "Content-Type: application/json\r\n", body);
    look_ups.push_back(now_ms() - asked);
    if (reply.status != 200 || reply.body.find("\"known\"") == std::string::npos) give_up("a receipt was not known");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& thread : threads) thread.join();
  const double took_s = (now_ms() - start) / 1e3;
  std::uint64_t acked = 0;
  for (const auto& one : terminals) acked += one->acked();
  print_figure("2,500 terminals with 100 events each: acknowledged events", static_cast<double>(acked) / took_s, "1/s");
  print_figure("2,500 terminals: requests told to come back later", static_cast<double>(refused), "");
  print_figure("2,500 terminals: lost or doubled", static_cast<double>(k_herd * 100 - acked), "",
               Limit{Must::at_most, 0});
  print_figure("tracking-page look-up meanwhile, p50", median(look_ups), "ms");
  print_figure("tracking-page look-up meanwhile, p99", quantile(look_ups, 0.99), "ms", Limit{Must::at_most, 100});
  print_figure("2,500 terminals: the centre's peak memory", centre.peak_mib(), "MiB");
}

}  // namespace anjungan::bench
