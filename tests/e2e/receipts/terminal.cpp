// SPDX-License-Identifier: Apache-2.0
// receipts_terminal FOLDER QUEUE: a terminal without a screen, of the product's own parts: store, ledger, spool and
// CupsPrinter. It takes orders from standard input, tells on standard output what the screen would know, and can die
// by its own hand at each step of a receipt.
//
//   issue            a complaint is taken: "issued NUMBER"
//   die POINT        SIGKILL when this point is reached next (k_points)
//   open             "open N": so many receipts have not come to their end
//   decide           a person prints again what came out too often without a confirmation
//   numbers          "number NUMBER STATE" for each receipt, then "numbers end"
//   (end of input)   ends
//
// Besides: "view CONDITION REASON" and "job ID TITLE ATTEMPT STATE REASON", `-` for an empty word. What goes to the
// printer is in FOLDER/pages first, what the QR says in FOLDER/urls.
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>

#include "printer/render/render.h"
#include "sync/slip/ledger.h"
#include "tests/e2e/receipts/parts.h"

namespace anjungan::receipts {
namespace {

constexpr std::array<std::string_view, 6> k_points = {
    "issued",       // on disk; nobody has been told
    "sending",      // recorded; the printer knows nothing
    "handed-over",  // CUPS has it; the handle is not recorded
    "recorded",     // the handle is on disk
    "ended",        // the end is known; it is not recorded
    "settled",      // the end is on disk
};

std::atomic<int> g_die{-1};

void reached(std::string_view point) {
  const int at = g_die;
  if (at >= 0 && k_points[static_cast<std::size_t>(at)] == point) ::kill(::getpid(), SIGKILL);
}

void say(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

std::string word(const std::string& text) { return text.empty() ? "-" : text; }

bool ended(spool::JobState state) { return state != spool::JobState::sending && state != spool::JobState::queued; }

class WitnessedPrinter final : public WatchedPrinter {
 public:
  WitnessedPrinter(const std::string& folder, const std::string& queue) : WatchedPrinter(queue), m_folder(folder) {}
  [[nodiscard]] spool::Result<std::string> submit(const spool::Document& document) override {
    const render::Bitmap page = render::to_bitmap(document.page);
    const std::string name = m_folder + "/pages/" + document.title + "." + std::to_string(document.attempt);
    std::ofstream file(name + ".new", std::ios::binary);
    file << page.width << ' ' << page.height << '\n';
    file.write(reinterpret_cast<const char*>(page.bits.data()), static_cast<std::streamsize>(page.bits.size()));
    file.close();
    std::filesystem::rename(name + ".new", name);
    reached("sending");
    auto handle = WatchedPrinter::submit(document);
    if (handle) reached("handed-over");
    return handle;
  }
  [[nodiscard]] spool::JobView poll(const std::string& handle) override {
    const spool::JobView view = WatchedPrinter::poll(handle);
    if (ended(view.state)) reached("ended");
    return view;
  }

 private:
  std::string m_folder;
};

class WitnessedLedger final : public spool::JobLedger {
 public:
  explicit WitnessedLedger(slip::Ledger& ledger) : m_ledger(ledger) {}
  [[nodiscard]] spool::Result<std::optional<spool::Job>> next() override { return m_ledger.next(); }
  [[nodiscard]] spool::Result<spool::Document> document(const spool::Job& job, const receipt::Medium& medium) override {
    return m_ledger.document(job, medium);
  }
  [[nodiscard]] spool::Result<void> record(const spool::Job& job) override {
    auto done = m_ledger.record(job);
    if (!job.handle.empty() && job.state == spool::JobState::sending) reached("recorded");
    if (ended(job.state)) reached("settled");
    say("job " + std::to_string(job.id) + " " + job.title + " " + std::to_string(job.attempt) + " " +
        spool::job_state_name(job.state) + " " + word(job.reason));
    return done;
  }

 private:
  slip::Ledger& m_ledger;
};

record::Complaint complaint_number(std::uint64_t n) {
  static constexpr std::array<const char*, 4> k_stories = {
      "Lampu jalan padam sejak malam Minggu.",
      "Lubang besar di depan SD Misal Jaya, lebarnya kira-kira satu meter. Sudah dua minggu tidak ditutup, dan kemarin "
      "ada motor yang jatuh karena lubangnya tertutup air hujan.",
      "Sampah menumpuk di tepi kali.", "Drainase mampat; air masuk ke rumah warga setiap kali hujan deras."};
  record::Complaint out;
  out.category = "jalan.lubang";
  out.district = "coblong";
  out.story = k_stories[n % k_stories.size()];
  out.place = "Jalan Contoh Raya nomor " + std::to_string(n);
  out.name = n % 3 == 0 ? "Sumiati Contoh" : n % 3 == 1 ? "Raden Mas Bambang Misal Kusumo Adiningrat" : "Li";
  out.phone = "081200000000";
  out.address = "Jl. Kembang Misal 8, Kel. Sukacontoh";
  return out;
}

class Terminal {
 public:
  Terminal(const std::string& folder, const std::string& queue)
      : m_folder(folder), m_catalogue(*catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung")) {
    for (const char* one : {"/pages", "/urls"}) std::filesystem::create_directories(folder + one);
    auto key = store::load_or_make_key(folder + "/data", store::KeyUse::receipt);
    if (!key) fail(key.error());
    auto opened = open_store(folder, m_seal_to, *std::move(key));
    if (!opened) fail(opened.error());
    m_store = *std::move(opened);
    m_ledger.emplace(*m_store, m_mutex, m_hall, [](const record::TrackingNumber&) { return std::int64_t{0}; });
    m_witnessed.emplace(*m_ledger);
    m_spool.emplace(std::make_unique<WitnessedPrinter>(folder, queue), *m_witnessed, [this] { tell(); });
    m_ready = true;
    tell();
  }

  void issue() {
    const std::lock_guard guard(m_mutex);
    const record::Complaint complaint = complaint_number(m_store->last_seq());
    auto issued = m_store->submit({.complaint = &complaint,
                                   .data_key = *record::DataKey::prepare(m_seal_to),
                                   .limits = m_catalogue.limits,
                                   .holidays = &m_catalogue.holidays,
                                   .printer = "struk",
                                   .payload = [&](const store::Issued& one) {
                                     std::ofstream(m_folder + "/urls/" + one.number.str())
                                         << record::token_url(m_hall.public_url, one.token);
                                     return slip::payload(one, complaint, m_hall, m_catalogue);
                                   }});
    if (!issued) fail(issued.error());
    reached("issued");
    say("issued " + issued->number.str());
    m_spool->wake();
  }

  void count_open() {
    const std::lock_guard guard(m_mutex);
    auto jobs = m_store->open_jobs();
    if (!jobs) fail(jobs.error());
    say("open " + std::to_string(jobs->size()));
  }

  void decide() {
    std::vector<std::int64_t> waiting;
    {
      const std::lock_guard guard(m_mutex);
      auto jobs = m_store->open_jobs();
      if (!jobs) fail(jobs.error());
      for (const auto& one : *jobs) {
        if (one.reason == slip::k_uncertain) waiting.push_back(one.id);
      }
    }
    for (const std::int64_t one : waiting) {
      if (m_ledger->retry(one, "person")) say("decided " + std::to_string(one));
    }
    if (!waiting.empty()) m_spool->wake();
  }

  void list() {
    const std::lock_guard guard(m_mutex);
    auto rows = m_store->receipts();
    if (!rows) fail(rows.error());
    for (const auto& row : *rows) say("number " + row.number.str() + " " + store::print_state_name(row.print));
    say("numbers end");
  }

 private:
  [[noreturn]] static void fail(const record::Error& error) {
    std::fprintf(stderr, "receipts_terminal: %s\n", error.text.c_str());
    std::exit(1);
  }

  void tell() {
    if (!m_ready) return;
    const spool::Snapshot now = m_spool->snapshot();
    say(std::string("view ") + spool::condition_name(now.printer.condition) + " " + word(now.reason));
  }

  std::string m_folder;
  catalogue::Catalogue m_catalogue;
  record::SealingKey m_centre = record::SealingKey::generate();
  std::vector<record::PublicKey> m_seal_to{m_centre.public_key()};
  slip::Hall m_hall = sample_hall();
  std::mutex m_mutex;
  std::unique_ptr<store::IntakeStore> m_store;
  std::optional<slip::Ledger> m_ledger;
  std::optional<WitnessedLedger> m_witnessed;
  std::atomic<bool> m_ready{false};
  std::optional<spool::Spool> m_spool;  // last: ends first
};

int run(const std::string& folder, const std::string& queue) {
  Terminal terminal(folder, queue);
  say("ready");
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "issue") terminal.issue();
    if (line == "open") terminal.count_open();
    if (line == "decide") terminal.decide();
    if (line == "numbers") terminal.list();
    for (std::size_t i = 0; i < k_points.size(); i++) {
      if (line == "die " + std::string(k_points[i])) g_die = static_cast<int>(i);
    }
  }
  return 0;
}

}  // namespace
}  // namespace anjungan::receipts

int main(int argc, char** argv) { return argc == 3 ? anjungan::receipts::run(argv[1], argv[2]) : 2; }
