// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/seed_command.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "sync/ctl/own_store.h"
#include "sync/ctl/sample_complaints.h"
#include "sync/ctl/sample_filing.h"
#include "sync/slip/ledger.h"
#include "sync/slip/terminal_printer.h"
#include "sync/store/doorbell.h"
#include "sync/store/identity.h"
#include "sync/store/intake_store.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;

constexpr auto k_print_time = std::chrono::seconds(60);

// Nobody waits at a printer for an invented receipt.
record::Result<void> void_print_job(store::IntakeStore& store, std::int64_t id) {
  auto job = store.job(id);
  if (!job) return tl::unexpected(job.error());
  if (!*job) return {};
  (*job)->state = store::PrintState::voided;
  (*job)->reason = "seeded";
  return store.update_job(**job);
}

record::Result<json> file_one(store::IntakeStore& store, const catalogue::Catalogue& catalogue,
                              const store::Identity& identity, const settings::Terminal& terminal, const SeedWish& wish,
                              std::mt19937_64& random) {
  auto issued = file_sample(store, catalogue, identity, slip::hall_of(terminal, identity),
                            wish.print ? "struk" : "none", random, wish.photos);
  if (!issued) return tl::unexpected(issued.error());
  if (!wish.print) {
    if (auto done = void_print_job(store, issued->job); !done) return tl::unexpected(done.error());
  }
  const std::string& base = terminal.public_url.empty() ? identity.public_url : terminal.public_url;
  return json{{"tracking_number", issued->number.str()},
              {"access_code", issued->code.str()},
              {"receipt_url", record::token_url(base, issued->token)},
              {"seq", issued->seq}};
}

// Prints what is queued and waits until nothing is left to do, at most k_print_time.
record::Result<void> print_all(store::IntakeStore& store, const settings::Terminal& terminal,
                               const store::Identity& identity) {
  auto printer = slip::open_printer(terminal);
  if (!printer) return tl::unexpected(printer.error());
  std::mutex store_mutex;
  std::mutex changed_mutex;
  std::condition_variable changed;
  slip::Ledger ledger(store, store_mutex, slip::hall_of(terminal, identity),
                      [](const record::TrackingNumber&) { return std::int64_t{0}; });
  const auto open_jobs = [&]() -> record::Result<std::size_t> {
    const std::lock_guard guard(store_mutex);
    auto jobs = store.open_jobs();
    if (!jobs) return tl::unexpected(jobs.error());
    return jobs->size();
  };
  spool::Spool spool(*std::move(printer), ledger, [&] { changed.notify_all(); });
  const auto deadline = std::chrono::steady_clock::now() + k_print_time;
  for (;;) {
    auto left = open_jobs();
    if (!left) return tl::unexpected(left.error());
    if (*left == 0) return {};
    if (std::chrono::steady_clock::now() > deadline) {
      return record::fail(record::ErrorKind::unavailable,
                          fmt::format("printer: {}; {} receipts are not printed yet and stay queued",
                                      spool::condition_name(spool.snapshot().printer.condition), *left));
    }
    std::unique_lock guard(changed_mutex);
    changed.wait_for(guard, std::chrono::milliseconds(50));
  }
}

}  // namespace

ExitCode seed_complaints(const settings::Terminal& terminal, const SeedWish& wish) {
  const auto catalogue = catalogue::load_catalogue(catalogue_folder(terminal.catalogue));
  if (!catalogue) return complain(catalogue.error());
  const auto identity = store::load_identity(terminal.data);
  if (!identity) return complain(identity.error());
  auto store = own_store(terminal, *identity);
  if (!store && store.error().kind == record::ErrorKind::conflict) {
    return complain({record::ErrorKind::conflict, store.error().text + "; stop the kiosk before seeding"});
  }
  if (!store) return complain(store.error());

  std::mt19937_64 random(wish.seed);
  json list = json::array();
  for (int i = 0; i < wish.complaints; ++i) {
    auto filed = file_one(**store, *catalogue, *identity, terminal, wish, random);
    if (!filed) {
      complain(filed.error());
      fmt::print(stderr, "anjunganctl: {} of {} complaints were filed\n", i, wish.complaints);
      return exit_code_of(filed.error().kind);
    }
    list.push_back(*std::move(filed));
  }
  store::ring(store::sync_bell(terminal.runtime));
  if (wish.print) {
    if (auto done = print_all(**store, terminal, *identity); !done) return complain(done.error());
    store::ring(store::sync_bell(terminal.runtime));
  }
  if (wish.json) {
    fmt::print("{}\n", json{{"complaints", list}}.dump(2));
  } else {
    fmt::print("{} complaints filed, last event {}\n", wish.complaints, (*store)->last_seq());
  }
  return ExitCode::done;
}

}  // namespace anjungan::ctl
