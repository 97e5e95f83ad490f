// SPDX-License-Identifier: Apache-2.0
// bench_printing FOLDER CATALOGUE ROUNDS OUTAGE PRIVATE_CUPS: with a private cupsd in FOLDER/cups (CUPS_SERVER), struk
// among its backends.
#include <signal.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>

#include "printer/render/render.h"
#include "printer/simulator/receipt_printer.h"
#include "tests/bench/figures.h"
#include "tests/bench/printing/terminal.h"

namespace anjungan::bench {
namespace {

using simulator::Faults;
using spool::Condition;

constexpr int k_long_s = 30;

void shell(const std::string& command) {
  if (std::system(command.c_str()) != 0) give_up(command + " failed");
}

double ms_of(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }

long resident_kib() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atol(line.c_str() + 6);
  }
  return 0;
}

// A fast printer, and what it has printed.
class Device {
 public:
  Device() : m_printer(options(), [this](const simulator::Sheet& sheet) { take(sheet); }) {
    m_port = m_printer.listen(0);
    if (m_port == 0) give_up("no port");
  }
  [[nodiscard]] std::string at() const { return "127.0.0.1:" + std::to_string(m_port); }
  [[nodiscard]] std::size_t count() const { return m_count; }
  [[nodiscard]] std::vector<std::size_t> pages() {
    const std::lock_guard guard(m_mutex);
    return m_pages;
  }
  /// Time from `start` until the next receipt begins to arrive; then waits until it is cut.
  double begins_after(double start_ms, std::size_t sheets) {
    double begun = 0;
    std::unique_lock guard(m_mutex);
    while (m_count == sheets) {
      if (m_begun_ns != 0) begun = ms_of(m_begun_ns);
      if (now_ms() - start_ms > k_long_s * 1e3) give_up("no receipt came");
      m_cut.wait_for(guard, std::chrono::milliseconds(5));
    }
    begun = ms_of(m_begun_ns);
    return begun - start_ms;
  }
  simulator::ReceiptPrinter& printer() { return m_printer; }

 private:
  static simulator::PrinterOptions options() {
    simulator::PrinterOptions out;
    out.bytes_per_s = 20'000'000;
    return out;
  }
  void take(const simulator::Sheet& sheet) {
    const std::lock_guard guard(m_mutex);
    m_begun_ns = m_printer.begun_ns();
    m_pages.push_back(hash_of(sheet.picture.bits));
    m_count++;
    m_cut.notify_all();
  }

  std::mutex m_mutex;
  std::condition_variable m_cut;
  std::vector<std::size_t> m_pages;
  std::atomic<std::size_t> m_count{0};
  std::int64_t m_begun_ns = 0;
  int m_port = 0;
  simulator::ReceiptPrinter m_printer;  // last: its thread ends first
};

spool::Document sample_document() {
  receipt::Content content;
  content.title = "Tanda terima laporan";
  content.number = "3273-0012-000427-5";
  content.qr =
      "https://lapor.example.go.id/t#AQDP9h9GHcSMvR82AAAAAGs3Y0XieswpdXv0omGHWaKIC1yF4Yoj4IhxAHDCBlAWurW1kDIPSX4z";
  content.rows = {{"Pelapor", "Sumiati Contoh"}, {"Perihal", "Lubang besar di depan SD Misal Jaya"}};
  content.closing = "Simpan struk ini.";
  return {"sample", receipt::layout(content, receipt::k_roll_80)};
}

void await_idle(const std::string& queue) {
  shell("until lpstat -p " + queue + " | grep -q idle; do sleep 0.02; done");
}

// Receipts handed in by us and by lp, turn by turn.
void measure_first_byte(Device& device, const std::string& folder, int rounds) {
  const spool::Document document = sample_document();
  const render::Bytes bytes = render::to_escpos(render::to_bitmap(document.page));
  std::ofstream(folder + "/sample.bin", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  spool::CupsPrinter printer("struk", receipt::k_roll_80);
  std::array<std::vector<double>, 3> took;
  for (int round = -2; round < rounds; round++) {
    for (int turn = 0; turn < 3; turn++) {
      const int side = (turn + round + 3) % 3;
      const std::size_t sheets = device.count();
      const double start = now_ms();
      if (side == 0) {
        if (const auto handle = printer.submit(document); !handle) give_up(handle.error().text);
      } else {
        shell(std::string("lp -d ") + (side == 1 ? "struk" : "plain") + " -o raw " + folder + "/sample.bin >/dev/null");
      }
      const double first = device.begins_after(start, sheets);
      if (round >= 0) took[static_cast<std::size_t>(side)].push_back(first);
      await_idle(side == 2 ? "plain" : "struk");
    }
  }
  const auto& [ours, lp, lp_socket] = took;
  print_figure("submit to the receipt's first byte at the device, median", median(ours), "ms");
  print_figure("submit to the receipt's first byte at the device, p99", quantile(ours, 0.99), "ms",
               Limit{Must::at_most, 100});
  print_figure("lp -o raw, same queue, median", median(lp), "ms");
  print_figure("lp -o raw, same queue, p99", quantile(lp, 0.99), "ms");
  print_figure("lp -o raw, CUPS's own socket backend, median", median(lp_socket), "ms");
  print_figure("ours / lp on the same queue", median(ours) / median(lp), "ratio", Limit{Must::at_most, 1.2});
  print_figure("ours / lp on CUPS's own socket backend", median(ours) / median(lp_socket), "ratio");
}

// What the device knows, on the screen: while a receipt waits.
void measure_status(Device& device, Terminal& terminal, int rounds) {
  terminal.start_printing({});
  terminal.await("the printer", k_long_s, [](const spool::Snapshot& now) { return now.printer.usable(); });
  device.printer().change([](Faults& now) { now.paper_out = true; });
  terminal.issue();
  std::vector<double> took;
  for (int round = 0; round < rounds; round++) {
    const Condition next = round % 2 == 0 ? Condition::no_paper : Condition::cover_open;
    const double start = now_ms();
    device.printer().change([&](Faults& now) {
      now.paper_out = next == Condition::no_paper;
      now.cover_open = next == Condition::cover_open;
    });
    terminal.await("the fault", k_long_s, [&](const spool::Snapshot& now) { return now.printer.condition == next; });
    if (round > 0) took.push_back(now_ms() - start);
  }
  device.printer().change([](Faults& now) { now = Faults{}; });
  terminal.await("the end", k_long_s, [&](const spool::Snapshot&) { return terminal.open_jobs() == 0; });
  print_figure("status of the device to the screen's snapshot, median", median(took), "ms");
  print_figure("status of the device to the screen's snapshot, slowest", quantile(took, 1), "ms",
               Limit{Must::at_most, 1'000});
}

// What an idle device knows, on the screen: before anybody prints.
void measure_idle(Device& device, Terminal& terminal, int rounds) {
  std::vector<double> took;
  for (int round = 0; round < rounds; round++) {
    const Condition next = round % 2 == 0 ? Condition::no_paper : Condition::ready;
    const double start = now_ms();
    device.printer().change([&](Faults& now) { now.paper_out = next == Condition::no_paper; });
    terminal.await("the idle printer's state", k_long_s,
                   [&](const spool::Snapshot& now) { return now.printer.condition == next; });
    if (round > 0) took.push_back(now_ms() - start);
  }
  print_figure("status of an idle device to the screen's snapshot, median", median(took), "ms");
  print_figure("status of an idle device to the screen's snapshot, slowest", quantile(took, 1), "ms",
               Limit{Must::at_most, 1'000});
}

void measure_outage(Device& device, const std::string& folder, const std::string& catalogue, int receipts,
                    const std::string& private_cups) {
  shell(private_cups + " stop " + folder + "/cups");
  Terminal terminal(folder + "/outage", folder + "/states", catalogue);
  for (int n = 0; n < receipts; n++) terminal.issue();
  const std::size_t sheets = device.count();
  spool::SpoolOptions options;
  options.poll_ms = 20;  // the rest of 200 ms a receipt would be waiting
  terminal.start_printing(options);
  terminal.await("the outage", k_long_s,
                 [](const spool::Snapshot& now) { return now.printer.condition == Condition::spooler_down; });
  shell(private_cups + " start " + folder + "/cups " + folder + "/struk >/dev/null");
  const double start = now_ms();
  terminal.await("the first tenth", 120, [&](const spool::Snapshot&) {
    return device.count() - sheets >= static_cast<std::size_t>(receipts / 10);
  });
  const long before = resident_kib();
  terminal.await("the last receipt", 600, [&](const spool::Snapshot&) { return terminal.open_jobs() == 0; });
  const long after = resident_kib();
  const auto all = device.pages();
  const std::vector<std::size_t> on_paper(all.begin() + static_cast<std::ptrdiff_t>(sheets), all.end());
  const bool in_order = on_paper == terminal.pages();
  print_figure(fmt::format("{} receipts after an outage: on paper", receipts), static_cast<double>(on_paper.size()),
               "receipts", Limit{Must::at_least, static_cast<double>(receipts)});
  print_figure("of these in the order of their numbers", in_order ? static_cast<double>(on_paper.size()) : 0,
               "receipts", Limit{Must::at_least, static_cast<double>(receipts)});
  print_figure("each of them", (now_ms() - start) / receipts, "ms");
  print_figure("memory from the first tenth to the end", static_cast<double>(after - before) / 1'024, "MiB",
               Limit{Must::at_most, 8});
}

void measure(const std::string& folder, const std::string& catalogue, int rounds, int outage,
             const std::string& private_cups) {
  ::signal(SIGPIPE, SIG_IGN);
  Device device;
  shell("lpadmin -p struk -E -v struk:tcp://" + device.at() + " -m raw -o printer-error-policy=retry-current-job");
  shell("lpadmin -p plain -E -v socket://" + device.at() + " -m raw 2>/dev/null");
  // As on a terminal: the device is also watched while it is idle. Ended by who started this program (watch.pid).
  shell("mkdir -p -m 777 " + folder + "/states");
  shell("CUPS_CACHEDIR=" + folder + "/cups/cache " + folder + "/struk --watch " + folder + "/states struk:tcp://" +
        device.at() + " & echo $! >" + folder + "/watch.pid");
  measure_first_byte(device, folder, rounds);
  {
    Terminal terminal(folder + "/status", folder + "/states", catalogue);
    measure_status(device, terminal, rounds);
    measure_idle(device, terminal, rounds);
  }
  measure_outage(device, folder, catalogue, outage, private_cups);
}

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: bench_printing FOLDER CATALOGUE ROUNDS OUTAGE PRIVATE_CUPS\n");
    return 1;
  }
  anjungan::bench::measure(argv[1], argv[2], std::atoi(argv[3]), std::atoi(argv[4]), argv[5]);
  return 0;
}
