// SPDX-License-Identifier: Apache-2.0
// Two real queues of a real scheduler: a receipt printer without paper behind struk, and a page printer that takes
// over.
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>

#include "printer/simulator/receipt_printer.h"
#include "sync/slip/printer_desk.h"
#include "tests/contract/printer/bench.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::slip {
namespace {

using spool::await;
using store::PrintState;

class FallbackTest : public testing::Test {
 protected:
  FallbackTest() {
    const int port = printer.listen(0);
    cups.queue_to("struk", "struk:tcp://127.0.0.1:" + std::to_string(port));
    cups.queue("page");
    settings.printer_kind = settings.fallback_kind = settings::PrinterKind::cups;
    settings.printer_queue = "struk";
    settings.fallback_queue = "page";
    terminal.clock.now_ms = record::SystemClock().unix_ms();
    store = *terminal.open();
  }
  void open(std::int64_t after_ms) {
    desk.emplace(
        *store, mutex, Hall{}, [](const record::TrackingNumber&) { return std::int64_t{0}; }, *stations_of(settings),
        after_ms);
    ASSERT_TRUE(desk->start([] {}));
  }
  store::Issued file() {
    const std::lock_guard guard(mutex);
    const record::Complaint complaint = store::TerminalFolder::complaint();
    store::Submission submission = terminal.submission(complaint);
    submission.payload = [](const store::Issued& one) { return short_payload(one, 0, Hall{}); };
    const auto issued = store->submit(std::move(submission));
    desk->wake();
    return *issued;
  }
  store::PrintJob job(std::int64_t id) {
    const std::lock_guard guard(mutex);
    return **store->job(id);
  }
  bool await_state(std::int64_t id, PrintState state) {
    return await([&] {
      EXPECT_TRUE(desk->tend());
      return job(id).state == state;
    });
  }
  bool await_no_paper(std::int64_t id) {
    return await([&] {
      const auto snapshot = desk->snapshot_of(id);
      return snapshot && snapshot->reason == "media-empty";
    });
  }
  [[nodiscard]] std::size_t pages() const {
    const std::string all = cups.printed("page");
    std::size_t count = 0;
    for (std::size_t at = all.find("%PDF-"); at != std::string::npos; at = all.find("%PDF-", at + 1)) count++;
    return count;
  }

  store::TerminalFolder terminal;
  spool::TestFolder folder;
  spool::PrivateCups cups{folder.path("cups")};
  std::atomic<int> cuts = 0;
  simulator::ReceiptPrinter printer{{}, [this](simulator::Sheet) { cuts++; }};
  settings::Terminal settings;
  std::unique_ptr<store::IntakeStore> store;
  std::mutex mutex;
  std::optional<PrinterDesk> desk;
};

TEST_F(FallbackTest, WhatWaitsForPaperComesOutOnThePageOnly) {
  printer.change([](simulator::Faults& faults) { faults.paper_out = true; });
  open(0);
  const auto issued = file();
  ASSERT_TRUE(await_no_paper(issued.job));
  const auto moved = desk->move(issued.job, "fallback", "panel");
  ASSERT_TRUE(moved) << moved.error().text;
  EXPECT_TRUE(await_state(issued.job, PrintState::sent)) << "a page printer confirms nothing";
  EXPECT_EQ(job(issued.job).mark, 1) << "CUPS had begun it: nobody can prove that nothing came out";
  EXPECT_EQ(pages(), 1U);
  printer.change([](simulator::Faults& faults) { faults.paper_out = false; });
  // The next one is the first printer's again, and nothing of the one that left comes out before it.
  const auto next = file();
  EXPECT_TRUE(await_state(next.job, PrintState::printed));
  EXPECT_EQ(cuts, 1);
  EXPECT_EQ(pages(), 1U);
}

TEST_F(FallbackTest, MovesByItselfInOrderAndOnlyWhatIsStuck) {
  open(1);
  const auto before = file();
  ASSERT_TRUE(await_state(before.job, PrintState::printed));
  printer.change([](simulator::Faults& faults) { faults.cover_open = true; });
  std::vector<store::Issued> stuck;
  for (int n = 0; n < 3; n++) stuck.push_back(file());
  EXPECT_TRUE(await([&] {
    {
      const std::lock_guard guard(mutex);
      terminal.clock.now_ms = record::SystemClock().unix_ms();
    }
    EXPECT_TRUE(desk->tend());
    return job(stuck.back().job).state == PrintState::sent;
  }));
  for (const store::Issued& one : stuck) EXPECT_EQ(job(one.job).printer, "fallback");
  EXPECT_EQ(job(before.job).printer, "struk");
  EXPECT_EQ(pages(), 3U);
  EXPECT_EQ(cuts, 1);
}

}  // namespace
}  // namespace anjungan::slip
