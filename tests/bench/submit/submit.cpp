// SPDX-License-Identifier: Apache-2.0
// bench_submit FOLDER CATALOGUE ROUNDS: the whole durable submit beside SQLite committing the same rows and beside
// single-row commits, interleaved on the disk of FOLDER. Data key and signing nonce are made outside the timing, as
// the kiosk makes them while the citizen reads the review screen.
#include <fmt/format.h>
#include <sqlite3.h>

#include <cstdlib>
#include <string>

#include "sync/slip/slip.h"
#include "tests/bench/figures.h"
#include "tests/bench/submit/bare_sqlite.h"

namespace anjungan::bench {
namespace {

constexpr std::size_t k_a_round = 240;
/// Every order of the three sides: what a commit costs depends on the one before it.
constexpr int k_orders[6][3] = {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}, {2, 0, 1}, {1, 0, 2}};

template <class T>
T must(record::Result<T> result) {
  if (!result) {
    fmt::print(stderr, "bench submit: {}\n", result.error().text);
    std::exit(1);
  }
  return std::move(*result);
}

record::Complaint sample_complaint() {
  record::Complaint out;
  out.category = "jalan.lubang";
  out.district = "coblong";
  out.story =
      "Lubang besar di depan SD Misal Jaya, lebarnya kira-kira satu meter dan dalamnya dua puluh sentimeter. Sudah dua "
      "minggu tidak ditutup. Pagi hari banyak anak menyeberang di situ, dan kemarin ada motor yang jatuh karena "
      "lubangnya tertutup air hujan.";
  out.place = "Jalan Contoh Raya nomor 8, dekat gerbang sekolah";
  out.when = "2026-11-07";
  out.name = "Sumiati Contoh";
  out.phone = "081200000000";
  out.address = "Jl. Kembang Misal 8, Kel. Sukacontoh";
  return out;
}

/// A terminal that submits as the kiosk does.
class Terminal {
 public:
  Terminal(const std::string& folder, const std::string& catalogue)
      : m_catalogue(must(catalogue::load_catalogue(catalogue))), m_complaint(sample_complaint()) {
    m_identity.region = 3273;
    m_identity.terminal = 12;
    m_identity.office = "MPP Kota Bandung";
    m_identity.public_url = "https://lapor.example.go.id";
    m_identity.seal_to = {m_centre.public_key(), m_escrow.public_key()};
    m_hall.government = "Pemerintah Kota Bandung";
    m_hall.hall = "Mal Pelayanan Publik";
    m_hall.office = m_identity.office;
    m_hall.place = "Lantai 1";
    m_hall.phone = "(022) 555-0142";
    m_hall.public_url = m_identity.public_url;
    m_store = must(store::IntakeStore::open(folder, folder + "/run", m_identity, record::SigningKey::generate(), {}));
  }

  [[nodiscard]] store::Submission prepare() const {
    return {&m_complaint,
            must(record::DataKey::prepare(m_identity.seal_to)),
            "kiosk",
            m_catalogue.limits,
            &m_catalogue.holidays,
            420,
            "struk",
            [this](const store::Issued& issued) { return slip::payload(issued, m_complaint, m_hall, m_catalogue); }};
  }

  void submit(store::Submission submission) { must(m_store->submit(std::move(submission))); }

 private:
  record::SealingKey m_centre = record::SealingKey::generate();
  record::SealingKey m_escrow = record::SealingKey::generate();
  catalogue::Catalogue m_catalogue;
  record::Complaint m_complaint;
  slip::Hall m_hall;
  store::Identity m_identity;
  std::unique_ptr<store::IntakeStore> m_store;
};

void measure(const std::string& folder, const std::string& catalogue, int rounds) {
  Terminal terminal(folder + "/store", catalogue);
  terminal.submit(terminal.prepare());
  const Rows rows = last_rows(folder + "/store/intake.db");
  SameRows same(folder + "/same.db", rows);
  SingleRow single(folder + "/single.db", rows.event);

  // One commit of each side after the other: a disk has moods that last longer than a commit.
  std::vector<double> submit_ms, same_ms, single_ms, to_same, to_single;
  std::vector<store::Submission> ready;
  for (int round = 0; round < rounds; round++) {
    ready.clear();
    for (std::size_t n = 0; n < k_a_round; n++) ready.push_back(terminal.prepare());
    double took[3] = {};
    for (std::size_t n = 0; n < k_a_round; n++) {
      for (const int side : k_orders[n % 6]) {
        const double start = now_ms();
        if (side == 0) terminal.submit(std::move(ready[n]));
        if (side == 1) same.commit_one();
        if (side == 2) single.commit_one();
        const double one = now_ms() - start;
        took[static_cast<std::size_t>(side)] += one;
        (side == 0 ? submit_ms : side == 1 ? same_ms : single_ms).push_back(one);
      }
    }
    to_same.push_back(took[1] / took[0]);
    to_single.push_back(took[2] / took[0]);
  }
  const std::string peer = fmt::format("SQLite {} WAL FULL", sqlite3_libversion());
  print_figure(
      fmt::format("submit ({} byte event, {} byte print payload), median", rows.event.size(), rows.payload.size()),
      median(submit_ms), "ms");
  print_figure("submit, p99", quantile(submit_ms, 0.99), "ms");
  print_figure("submit, best 10 %", quantile(submit_ms, 0.1), "ms");
  print_figure(peer + ", the same rows, median", median(same_ms), "ms");
  print_figure(peer + ", the same rows, best 10 %", quantile(same_ms, 0.1), "ms");
  print_figure(peer + ", single-row commit, median", median(single_ms), "ms");
  print_figure("submit / the same rows: rate", median(to_same), "ratio", Limit{Must::at_least, 0.75});
  print_figure("submit / single-row commits: rate", median(to_single), "ratio", Limit{Must::at_least, 0.5});
}

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: bench_submit FOLDER CATALOGUE ROUNDS\n");
    return 1;
  }
  anjungan::bench::measure(argv[1], argv[2], std::atoi(argv[3]));
  return 0;
}
