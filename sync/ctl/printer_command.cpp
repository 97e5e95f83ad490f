// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/printer_command.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>

#include "printer/spool/cups_printer.h"
#include "sync/ctl/sample_filing.h"
#include "sync/slip/ledger.h"
#include "sync/slip/terminal_printer.h"

namespace anjungan::ctl {
namespace {

using Clock = std::chrono::steady_clock;

// A terminal that nobody enrolled, in a folder that goes when it goes. Number 0: its receipts name themselves samples.
class SampleTerminal {
 public:
  SampleTerminal() {
    std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-sample-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) m_folder = pattern;
    identity.region = 3273;
    identity.office = "MPP Kota Bandung";
    identity.place = "Contoh";
    identity.public_url = "https://lapor.example.go.id";
    identity.seal_to = {m_centre.public_key(), m_escrow.public_key()};
  }
  ~SampleTerminal() {
    std::error_code ignored;
    if (!m_folder.empty()) std::filesystem::remove_all(m_folder, ignored);
  }
  SampleTerminal(const SampleTerminal&) = delete;
  SampleTerminal& operator=(const SampleTerminal&) = delete;

  record::Result<std::unique_ptr<store::IntakeStore>> open() const {
    if (m_folder.empty()) return record::fail(record::ErrorKind::io, "no temporary folder can be made");
    store::IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    return store::IntakeStore::open(m_folder + "/data", m_folder + "/run", identity, record::SigningKey::generate(),
                                    options);
  }

  store::Identity identity;

 private:
  std::string m_folder;
  record::SealingKey m_centre = record::SealingKey::generate();
  record::SealingKey m_escrow = record::SealingKey::generate();
};

settings::Medium medium_of(const std::string& word) {
  return word == "a4"     ? settings::Medium::a4
         : word == "58mm" ? settings::Medium::roll_58
         : word == "80mm" ? settings::Medium::roll_80
                          : settings::Medium::unset;
}

settings::PrintMode mode_of(const std::string& word) {
  return word == "text"     ? settings::PrintMode::text
         : word == "native" ? settings::PrintMode::native
         : word == "pwg"    ? settings::PrintMode::pwg
                            : settings::PrintMode::raster;
}

struct Count {
  int printed = 0;
  int sent = 0;
  int open = 0;
};

record::Result<Count> count(store::IntakeStore& store, std::mutex& mutex) {
  const std::lock_guard guard(mutex);
  auto rows = store.receipts();
  if (!rows) return tl::unexpected(rows.error());
  Count out;
  for (const auto& row : *rows) {
    const bool printed = row.print == store::PrintState::printed;
    const bool sent = row.print == store::PrintState::sent;
    out.printed += printed ? 1 : 0;
    out.sent += sent ? 1 : 0;
    out.open += printed || sent || row.voided ? 0 : 1;
  }
  return out;
}

}  // namespace

ExitCode print_samples(const PrinterSampleWish& wish) {
  const auto catalogue = catalogue::load_catalogue(catalogue_folder(""));
  if (!catalogue) return complain(catalogue.error());
  const auto target = slip::target_of("--", medium_of(wish.medium), wish.profile, mode_of(wish.mode));
  if (!target) return complain(target.error());
  const SampleTerminal terminal;
  auto store = terminal.open();
  if (!store) return complain(store.error());
  const slip::Hall hall{"Pemerintah Kota Bandung", "Mal Pelayanan Publik", terminal.identity.office,
                        terminal.identity.place,   "(022) 555-0142",       terminal.identity.public_url,
                        record::Zone::wib};

  std::mutex store_mutex;
  std::mutex changed_mutex;
  std::condition_variable changed;
  slip::Ledger ledger(**store, store_mutex, hall, [](const record::TrackingNumber&) { return std::int64_t{0}; });
  spool::Spool spool(std::make_unique<spool::CupsPrinter>(wish.queue, *target), ledger, [&] { changed.notify_all(); });

  std::mt19937_64 random(wish.seed);
  for (int i = 0; i < wish.count; i++) {
    const std::lock_guard guard(store_mutex);
    auto issued = file_sample(**store, *catalogue, terminal.identity, hall, wish.queue, random);
    if (!issued) return complain(issued.error());
    spool.wake();
  }
  int ended = 0;
  auto progress = Clock::now();
  for (;;) {
    const auto now = count(**store, store_mutex);
    if (!now) return complain(now.error());
    if (now->open == 0) {
      fmt::print("{} receipts printed, {} sent without confirmation\n", now->printed, now->sent);
      if (now->sent == 0) return ExitCode::done;
      return complain({record::ErrorKind::unavailable, "this printer does not confirm that the paper came out"});
    }
    if (now->printed + now->sent != ended) progress = Clock::now();
    ended = now->printed + now->sent;
    if (Clock::now() - progress > std::chrono::seconds(wish.patience_s)) {
      const spool::Snapshot snapshot = spool.snapshot();
      return complain({record::ErrorKind::unavailable,
                       fmt::format("queue {}: {}; {} of {} receipts are not printed", wish.queue,
                                   spool::condition_name(snapshot.printer.condition), now->open, wish.count)});
    }
    std::unique_lock guard(changed_mutex);
    changed.wait_for(guard, std::chrono::milliseconds(50));
  }
}

}  // namespace anjungan::ctl
