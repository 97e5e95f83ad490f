// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/printer_desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "printer/spool/virtual_printer.h"
#include "sync/slip/printer_orders.h"
#include "sync/store/intake_reader.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::slip {
namespace {

using store::PrintState;
using testing::HasSubstr;

/// A printer that takes every job and waits for paper, as a queue does, until it is told how the job ends.
struct Waiting {
  std::atomic<int> submitted = 0;
  std::atomic<int> canceled = 0;
  std::atomic<bool> printed = false;
  std::atomic<spool::JobState> when_canceled = spool::JobState::unknown;
};

class WaitingPrinter final : public spool::Printer {
 public:
  explicit WaitingPrinter(Waiting& state) : m_state(state) {}
  [[nodiscard]] const receipt::Medium& medium() const override { return receipt::k_roll_80; }
  [[nodiscard]] spool::Result<std::string> submit(const spool::Document&) override {
    return std::to_string(++m_state.submitted);
  }
  [[nodiscard]] spool::JobView poll(const std::string&) override {
    if (m_state.printed) return {spool::JobState::printed, ""};
    if (m_state.canceled > 0) return {m_state.when_canceled, "canceled"};
    return {spool::JobState::sending, "media-empty"};
  }
  [[nodiscard]] spool::Result<std::optional<std::string>> find(const std::string&, int) override {
    return std::optional<std::string>();
  }
  [[nodiscard]] spool::PrinterView view() override { return {spool::Condition::no_paper, ""}; }
  [[nodiscard]] spool::Result<void> cancel(const std::string&) override {
    m_state.canceled++;
    return {};
  }
  [[nodiscard]] spool::Result<void> resume() override {
    m_state.printed = true;
    return {};
  }

 private:
  Waiting& m_state;
};

class PrinterDeskTest : public testing::Test {
 protected:
  PrinterDeskTest() {
    // The workers' own clock is the system's.
    terminal.clock.now_ms = record::SystemClock().unix_ms();
    store = *terminal.open();
  }
  ~PrinterDeskTest() override { desk.reset(); }

  static Hall hall() {
    return {"Pemerintah Kota Bandung", "Mal Pelayanan Publik",        "MPP Kota Bandung", "Lantai 1",
            "(022) 555-0142",          "https://lapor.example.go.id", record::Zone::wib};
  }
  [[nodiscard]] std::string folder(const std::string& name) const { return terminal.root + "/" + name; }
  Station pictures(const std::string& name, int roll_mm = 0) const {
    return {name, "pictures", roll_mm, [path = folder(name)]() -> record::Result<std::unique_ptr<spool::Printer>> {
              auto printer = spool::VirtualPrinter::open(path, receipt::k_roll_80);
              if (!printer) return record::fail(record::ErrorKind::io, printer.error().text);
              return std::unique_ptr<spool::Printer>(*std::move(printer));
            }};
  }
  Station waiting_station() {
    return {"struk", "waits", 0, [this]() -> record::Result<std::unique_ptr<spool::Printer>> {
              return std::unique_ptr<spool::Printer>(std::make_unique<WaitingPrinter>(waiting));
            }};
  }
  void device(const std::string& name, const char* state) const {
    std::filesystem::create_directories(folder(name));
    std::ofstream(folder(name) + "/state") << state << "\n";
  }
  void open(std::vector<Station> stations, bool workers = true, std::int64_t after_ms = 0) {
    desk.emplace(
        *store, mutex, hall(), [](const record::TrackingNumber&) { return std::int64_t{0}; }, std::move(stations),
        after_ms, [this] { return status::since_boot_ms() + steady_ahead_ms; });
    if (workers) {
      ASSERT_TRUE(desk->start([this] { changed.notify_all(); }));
    }
  }
  store::Issued file() {
    const std::lock_guard guard(mutex);
    const record::Complaint complaint = store::TerminalFolder::complaint();
    store::Submission submission = terminal.submission(complaint);
    submission.payload = [](const store::Issued& one) { return short_payload(one, 0, hall()); };
    auto issued = store->submit(std::move(submission));
    EXPECT_TRUE(issued);
    if (desk) desk->wake();
    return *issued;
  }
  store::PrintJob job(std::int64_t id) {
    const std::lock_guard guard(mutex);
    return **store->job(id);
  }
  bool await(const std::function<bool()>& condition) {
    std::unique_lock guard(changed_mutex);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      changed.wait_for(guard, std::chrono::milliseconds(20));
    }
    return true;
  }
  bool await_state(std::int64_t id, PrintState state) {
    return await([&] {
      EXPECT_TRUE(desk->tend());
      return job(id).state == state;
    });
  }
  PrinterState printer(const std::string& name) {
    const auto list = desk->printers();
    for (const PrinterState& one : *list) {
      if (one.name == name) return one;
    }
    ADD_FAILURE() << name;
    return {};
  }
  /// The deeds in the record, "printer deed by", oldest first.
  std::vector<std::string> deeds() {
    std::vector<std::string> out;
    const auto events = store::IntakeReader::open(terminal.data())->events_from(1, 1'000, 1'000'000);
    for (const auto& stored : *events) {
      const auto event = record::parse_event(stored.bytes);
      if (event->type != record::EventType::device_printer) continue;
      out.push_back(event->facts.at("printer") + " " + event->facts.at("deed") + " " + event->facts.at("by"));
    }
    return out;
  }

  store::TerminalFolder terminal;
  std::unique_ptr<store::IntakeStore> store;
  std::mutex mutex;
  std::mutex changed_mutex;
  std::condition_variable changed;
  Waiting waiting;
  std::atomic<std::int64_t> steady_ahead_ms = 0;
  std::optional<PrinterDesk> desk;
};

TEST_F(PrinterDeskTest, APausedPrinterPrintsNothingUntilItIsResumed) {
  open({pictures("struk")});
  ASSERT_TRUE(desk->pause("struk", "panel"));
  const auto issued = file();
  ASSERT_TRUE(await([&] { return printer("struk").view.condition == spool::Condition::paused; }));
  EXPECT_EQ(printer("struk").waiting, 1);
  EXPECT_EQ(printer("struk").oldest->number.str(), issued.number.str());
  EXPECT_EQ(job(issued.job).state, PrintState::queued);
  ASSERT_TRUE(desk->resume("struk", "command"));
  EXPECT_TRUE(await_state(issued.job, PrintState::printed));
  EXPECT_EQ(deeds(), (std::vector<std::string>{"struk pause panel", "struk resume command"}));
}

TEST_F(PrinterDeskTest, APauseOutlivesTheProgram) {
  open({pictures("struk")}, false);
  ASSERT_TRUE(desk->pause("struk", "panel"));
  open({pictures("struk")});
  const auto issued = file();
  ASSERT_TRUE(await([&] { return printer("struk").view.condition == spool::Condition::paused; }));
  EXPECT_EQ(job(issued.job).attempt, 0);
}

TEST_F(PrinterDeskTest, WhatNeverBeganMovesUnmarked) {
  device("struk", "media-empty");
  open({pictures("struk"), pictures("fallback")});
  const auto issued = file();
  ASSERT_TRUE(await_state(issued.job, PrintState::failed));
  // At once, or when the try that is under way just now has ended.
  const auto moved = desk->move(issued.job, "fallback", "panel");
  ASSERT_TRUE(moved) << moved.error().text;
  ASSERT_TRUE(await([&] { return job(issued.job).printer == "fallback"; }));
  EXPECT_TRUE(await_state(issued.job, PrintState::printed));
  EXPECT_TRUE(std::filesystem::exists(folder("fallback") + "/" + job_title(issued.number, 0) + ".png"));
  EXPECT_FALSE(std::filesystem::exists(folder("struk") + "/" + job_title(issued.number, 0) + ".png"));
}

TEST_F(PrinterDeskTest, WhatWasAtThePrinterMovesMarkedOnceItIsBack) {
  open({waiting_station(), pictures("fallback")});
  const auto issued = file();
  ASSERT_TRUE(await_state(issued.job, PrintState::sending));
  ASSERT_TRUE(await([&] { return waiting.submitted > 0 && !job(issued.job).handle.empty(); }));
  const auto moved = desk->move(issued.job, "fallback", "panel");
  ASSERT_TRUE(moved) << moved.error().text;
  EXPECT_EQ(*moved, Outcome::under_way);
  EXPECT_TRUE(await_state(issued.job, PrintState::printed));
  EXPECT_GT(waiting.canceled, 0);
  EXPECT_EQ(waiting.submitted, 1);
  EXPECT_TRUE(std::filesystem::exists(folder("fallback") + "/" + job_title(issued.number, 0, 1) + ".png"));
  EXPECT_EQ(deeds(), std::vector<std::string>{"struk move panel"});
  EXPECT_EQ(desk->snapshot_of(issued.job)->state, spool::JobState::printed) << "the newer word of two printers";
}

TEST_F(PrinterDeskTest, WhatWasPrintedAfterAllStaysWhereItIs) {
  open({waiting_station(), pictures("fallback")});
  const auto issued = file();
  ASSERT_TRUE(await([&] { return waiting.submitted > 0 && !job(issued.job).handle.empty(); }));
  waiting.when_canceled = spool::JobState::printed;
  ASSERT_TRUE(desk->move(issued.job, "fallback", "panel"));
  EXPECT_TRUE(await_state(issued.job, PrintState::printed));
  EXPECT_EQ(job(issued.job).printer, "struk");
  EXPECT_TRUE(deeds().empty());
}

TEST_F(PrinterDeskTest, AQueueThatStoppedWithAJobInItGoesOn) {
  open({waiting_station()});
  const auto issued = file();
  ASSERT_TRUE(await([&] { return waiting.submitted > 0 && !job(issued.job).handle.empty(); }));
  ASSERT_TRUE(desk->resume("struk", "panel"));
  EXPECT_TRUE(await_state(issued.job, PrintState::printed));
}

TEST_F(PrinterDeskTest, WhatIsGivenUpAtThePrinterIsVoidedOnceItIsBack) {
  open({waiting_station()});
  const auto issued = file();
  ASSERT_TRUE(await([&] { return waiting.submitted > 0 && !job(issued.job).handle.empty(); }));
  EXPECT_FALSE(desk->retry(issued.job, "panel")) << "it is at the printer";
  ASSERT_TRUE(desk->abandon(issued.job, "panel"));
  EXPECT_TRUE(await_state(issued.job, PrintState::voided));
  EXPECT_EQ(deeds(), std::vector<std::string>{"struk abandon panel"});
}

TEST_F(PrinterDeskTest, MovesByItselfWhenItIsSet) {
  device("struk", "media-empty");
  open({pictures("struk"), pictures("fallback")}, true, 1);
  const auto issued = file();
  ASSERT_TRUE(await([&] {
    terminal.clock.now_ms = record::SystemClock().unix_ms();
    EXPECT_TRUE(desk->tend());
    return job(issued.job).state == PrintState::printed;
  }));
  EXPECT_EQ(job(issued.job).printer, "fallback");
  EXPECT_EQ(deeds(), std::vector<std::string>{"struk move itself"});
}

TEST_F(PrinterDeskTest, AClockThatIsSetMovesNothingAndHoldsNothingBack) {
  device("struk", "media-empty");
  constexpr std::int64_t k_minute_ms = 60'000;
  constexpr std::int64_t k_year_ms = 365LL * 24 * 60 * k_minute_ms;
  open({pictures("struk"), pictures("fallback")}, true, 5 * k_minute_ms);
  const auto issued = file();
  ASSERT_TRUE(await([&] {
    const auto seen = desk->snapshot_of(issued.job);
    return seen && seen->unable_ms != 0;
  }));
  const auto set_clock = [&](std::int64_t by_ms) {
    const std::lock_guard guard(mutex);
    terminal.clock.now_ms = record::SystemClock().unix_ms() + by_ms;
  };
  set_clock(k_year_ms);
  ASSERT_TRUE(desk->tend());
  EXPECT_EQ(job(issued.job).printer, "struk") << "a moment old, whatever the clock says";
  set_clock(-10 * k_year_ms);
  steady_ahead_ms = 4 * k_minute_ms;
  ASSERT_TRUE(desk->tend());
  EXPECT_EQ(job(issued.job).printer, "struk");
  steady_ahead_ms = 6 * k_minute_ms;
  EXPECT_TRUE(await_state(issued.job, PrintState::printed)) << "the clock went back: it has waited all the same";
  EXPECT_EQ(job(issued.job).printer, "fallback");
}

TEST_F(PrinterDeskTest, StaffMoveItWhenNothingIsSet) {
  device("struk", "media-empty");
  open({pictures("struk"), pictures("fallback")});
  const auto issued = file();
  ASSERT_TRUE(await_state(issued.job, PrintState::failed));
  terminal.clock.now_ms += 60'000;
  ASSERT_TRUE(desk->tend());
  EXPECT_EQ(job(issued.job).printer, "struk");
}

TEST_F(PrinterDeskTest, AJobOfAPrinterThatIsGoneBelongsToTheFirst) {
  open({pictures("struk"), pictures("fallback")}, false);
  const auto issued = file();
  ASSERT_TRUE(desk->move(issued.job, "fallback", "panel"));
  EXPECT_EQ(printer("fallback").waiting, 1);
  open({pictures("struk")});
  EXPECT_TRUE(await_state(issued.job, PrintState::printed));
}

TEST_F(PrinterDeskTest, AReprintIsMarkedAndVoidsTheFirst) {
  open({pictures("struk")});
  const auto issued = file();
  ASSERT_TRUE(await_state(issued.job, PrintState::printed));
  EXPECT_EQ(desk->printed(5)->size(), 1U);
  const auto again = desk->reprint(issued.number);
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_TRUE(await_state(*again, PrintState::printed));
  EXPECT_EQ(desk->printed(5)->size(), 1U) << "the first one is void";
  EXPECT_TRUE(std::filesystem::exists(folder("struk") + "/" + job_title(issued.number, 1) + ".png"));
  const std::lock_guard guard(mutex);
  EXPECT_EQ((*store->find_by_number(issued.number))->copies, 1);
  EXPECT_TRUE((*store->find_by_code(issued.code))->voided);
}

TEST_F(PrinterDeskTest, AReprintCountsOnFromTheMarks) {
  open({pictures("struk")}, false);
  const auto issued = file();
  store::PrintJob printed = job(issued.job);
  printed.mark = 2;
  printed.state = PrintState::printed;
  ASSERT_TRUE(store->update_job(printed));
  const auto again = desk->reprint(issued.number);
  ASSERT_TRUE(again);
  EXPECT_THAT(*store->payload(*again), HasSubstr("\"copy\":3"));
}

TEST_F(PrinterDeskTest, WhatIsNotPrintedYetIsNotReprinted) {
  open({pictures("struk")}, false);
  const auto issued = file();
  const auto again = desk->reprint(issued.number);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, record::ErrorKind::conflict);
  EXPECT_THAT(again.error().text, HasSubstr("retry"));
  EXPECT_EQ(desk->reprint({3273, 12, 999}).error().kind, record::ErrorKind::not_found);
}

TEST_F(PrinterDeskTest, MetersThePaperAndWarnsBeforeItEnds) {
  open({pictures("struk", 400)});
  ASSERT_TRUE(desk->paper_changed("struk", "panel"));
  const auto first = file();
  ASSERT_TRUE(await_state(first.job, PrintState::printed));
  const std::int64_t one_mm = printer("struk").used_mm;
  EXPECT_GT(one_mm, 60) << "a receipt is a hand long";
  EXPECT_LT(one_mm, 300);
  while (printer("struk").used_mm < 360) ASSERT_TRUE(await_state(file().job, PrintState::printed));
  EXPECT_TRUE(await([&] { return printer("struk").view.condition == spool::Condition::low_paper; }));
  EXPECT_EQ(printer("struk").view.detail, "by the meter");
  ASSERT_TRUE(desk->paper_changed("struk", "panel"));
  EXPECT_TRUE(await([&] { return printer("struk").view.condition == spool::Condition::ready; }));
  EXPECT_EQ(printer("struk").used_mm, 0);
}

TEST_F(PrinterDeskTest, ATestPageComesOutBetweenReceipts) {
  open({pictures("struk")});
  ASSERT_TRUE(desk->test_page("struk", "panel"));
  EXPECT_TRUE(await([&] { return printer("struk").test.state == spool::JobState::printed; }));
  device("struk", "cover-open");
  ASSERT_TRUE(desk->test_page("struk", "panel"));
  EXPECT_TRUE(await([&] { return printer("struk").test.state == spool::JobState::failed; }));
  EXPECT_EQ(printer("struk").test.reason, "cover-open");
  EXPECT_EQ(printer("struk").waiting, 0);
}

TEST_F(PrinterDeskTest, AnswersTheCommandLine) {
  open({pictures("struk"), pictures("fallback")}, false);
  const auto issued = file();
  const std::string id = std::to_string(issued.job);
  EXPECT_THAT(answer_order(*desk, R"({"order":"status"})"), HasSubstr(R"("name":"fallback")"));
  EXPECT_THAT(answer_order(*desk, R"({"order":"jobs"})"), HasSubstr(issued.number.str()));
  EXPECT_THAT(answer_order(*desk, R"({"order":"move","to":"fallback","job":)" + id + "}"), HasSubstr("done"));
  EXPECT_EQ(job(issued.job).printer, "fallback");
  EXPECT_THAT(answer_order(*desk, R"({"order":"move","to":"fallback","job":)" + id + "}"), HasSubstr("conflict"));
  EXPECT_THAT(answer_order(*desk, R"({"order":"move","to":"moon","job":)" + id + "}"), HasSubstr("struk, fallback"));
  EXPECT_THAT(answer_order(*desk, R"({"order":"abandon","job":)" + id + "}"), HasSubstr("done"));
  EXPECT_THAT(answer_order(*desk, R"({"order":"retry","job":)" + id + "}"), HasSubstr("conflict"));
  EXPECT_THAT(answer_order(*desk, R"({"order":"test-page","printer":"struk"})"), HasSubstr("done"));
}

TEST_F(PrinterDeskTest, AnOrderThatMakesNoSenseChangesNothing) {
  open({pictures("struk")}, false);
  const std::uint64_t before = store->last_seq();
  for (const char* order :
       {"", "{", "[]", "7", "null", "{}", R"({"order":7})", R"({"order":"status ; rm"})", R"({"order":"retry"})",
        R"({"order":"retry","job":"1"})", R"({"order":"abandon","job":-1})", R"({"order":"abandon","job":1e300})",
        R"({"order":"reprint","number":"x"})", R"({"order":"pause"})", R"({"order":"pause","printer":["struk"]})",
        "{\"order\":\"\xff\xfe\"}"}) {
    EXPECT_THAT(answer_order(*desk, order), HasSubstr(R"({"error":{"kind":)")) << order;
  }
  EXPECT_EQ(store->last_seq(), before);
}

TEST_F(PrinterDeskTest, TellsOfAJobThatItsPrinterHasLeftBehind) {
  open({pictures("struk")});
  const store::Issued first = file();
  ASSERT_TRUE(await_state(first.job, PrintState::printed));
  const store::Issued second = file();
  ASSERT_TRUE(await_state(second.job, PrintState::printed));
  ASSERT_TRUE(await([&] { return desk->snapshot_of(second.job)->job_order > 0; })) << "the worker has not told yet";
  const auto behind = desk->snapshot_of(first.job);
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->job, first.job);
  EXPECT_EQ(behind->state, spool::JobState::printed);
  EXPECT_FALSE(desk->snapshot_of(999));
}

}  // namespace
}  // namespace anjungan::slip
