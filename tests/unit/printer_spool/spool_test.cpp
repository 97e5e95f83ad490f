// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/spool.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>

#include "printer/spool/virtual_printer.h"

namespace anjungan::spool {
namespace {

/// A ledger in memory that remembers every record it was given.
class MemoryLedger final : public JobLedger {
 public:
  Result<std::optional<Job>> next() override {
    const std::lock_guard guard(m_mutex);
    for (const auto& [id, job] : m_jobs) {
      if (job.state == JobState::queued || job.state == JobState::sending || job.state == JobState::failed) return job;
    }
    return std::nullopt;
  }
  Result<Document> document(const Job& job, const receipt::Medium& medium) override {
    receipt::Content content;
    content.number = job.title;
    content.qr = "https://lapor.example.go.id/t#x";
    return Document{job.title, receipt::layout(content, medium)};
  }
  Result<void> record(const Job& job) override {
    const std::lock_guard guard(m_mutex);
    m_jobs[job.id] = job;
    m_history.push_back(job);
    m_changed.notify_all();
    return {};
  }

  void add(Job job) {
    const std::lock_guard guard(m_mutex);
    m_jobs[job.id] = std::move(job);
  }
  JobState await(std::int64_t id, JobState state) {
    std::unique_lock guard(m_mutex);
    m_changed.wait_for(guard, std::chrono::seconds(20), [&] { return m_jobs[id].state == state; });
    return m_jobs[id].state;
  }
  std::vector<Job> history() {
    const std::lock_guard guard(m_mutex);
    return m_history;
  }

 private:
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::map<std::int64_t, Job> m_jobs;
  std::vector<Job> m_history;
};

class SpoolTest : public testing::Test {
 protected:
  SpoolTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-spool-XXXXXX").string();
    folder = mkdtemp(pattern.data());
  }
  ~SpoolTest() override { std::filesystem::remove_all(folder); }

  std::unique_ptr<Spool> start() {
    auto printer = VirtualPrinter::open(folder, receipt::k_roll_80);
    EXPECT_TRUE(printer);
    return std::make_unique<Spool>(std::move(*printer), ledger, nullptr, SpoolOptions{5, 20, 20, 20, 1'000});
  }
  void device(const char* state) { std::ofstream(folder + "/state") << state << "\n"; }

  std::string folder;
  MemoryLedger ledger;
};

TEST_F(SpoolTest, PrintsInOrderAndRecordsSendingFirst) {
  for (int id = 1; id <= 3; id++) ledger.add({id, JobState::queued, 0, "3273-0012-00000" + std::to_string(id), "", ""});
  auto spool = start();
  EXPECT_EQ(ledger.await(3, JobState::printed), JobState::printed);
  std::vector<std::int64_t> printed;
  std::map<std::int64_t, bool> sending;
  for (const Job& one : ledger.history()) {
    if (one.state == JobState::sending) sending[one.id] = true;
    if (one.state == JobState::printed) {
      printed.push_back(one.id);
      EXPECT_TRUE(sending[one.id]);
    }
  }
  EXPECT_EQ(printed, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_TRUE(std::filesystem::exists(folder + "/3273-0012-000001.png"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/3273-0012-000001.pdf"));
}

TEST_F(SpoolTest, WaitsForPaperAndSaysSo) {
  device("media-empty");
  ledger.add({1, JobState::queued, 0, "one", "", ""});
  auto spool = start();
  EXPECT_EQ(ledger.await(1, JobState::failed), JobState::failed);
  EXPECT_EQ(ledger.history().back().reason, "media-empty");
  EXPECT_FALSE(std::filesystem::exists(folder + "/one.png"));
  device("ready");
  EXPECT_EQ(ledger.await(1, JobState::printed), JobState::printed);
}

TEST_F(SpoolTest, AfterACrashFindsTheJobThatWasPrinted) {
  ledger.add({1, JobState::queued, 0, "one", "", ""});
  {
    auto spool = start();
    EXPECT_EQ(ledger.await(1, JobState::printed), JobState::printed);
  }
  const auto when = std::filesystem::last_write_time(folder + "/one.png");
  ledger.add({1, JobState::sending, 1, "one", "", ""});  // the crash came before the outcome was recorded
  auto spool = start();
  EXPECT_EQ(ledger.await(1, JobState::printed), JobState::printed);
  EXPECT_EQ(std::filesystem::last_write_time(folder + "/one.png"), when) << "it was printed twice";
}

TEST_F(SpoolTest, AfterACrashSendsWhatNeverArrived) {
  ledger.add({1, JobState::sending, 1, "one", "", ""});
  auto spool = start();
  EXPECT_EQ(ledger.await(1, JobState::printed), JobState::printed);
}

/// Ready, and takes nothing: a scheduler with a full disk.
class RefusingPrinter final : public Printer {
 public:
  [[nodiscard]] const receipt::Medium& medium() const override { return receipt::k_roll_80; }
  [[nodiscard]] PrinterView view() override { return {Condition::ready, ""}; }
  [[nodiscard]] Result<std::string> submit(const Document&) override {
    return tl::unexpected(Error{ErrorKind::disk, "full"});
  }
  [[nodiscard]] JobView poll(const std::string&) override { return {JobState::unknown, ""}; }
  [[nodiscard]] Result<std::optional<std::string>> find(const std::string&, int) override { return std::nullopt; }
  [[nodiscard]] Result<void> cancel(const std::string&) override { return {}; }
  [[nodiscard]] Result<void> resume() override { return {}; }
};

TEST_F(SpoolTest, APrinterThatRefusesEveryTryIsUnableFromTheFirstOn) {
  ledger.add({1, JobState::queued, 0, "one", "", ""});
  std::mutex mutex;
  std::vector<std::int64_t> since;
  std::condition_variable told;
  Spool* running = nullptr;
  auto spool = std::make_unique<Spool>(
      std::make_unique<RefusingPrinter>(), ledger,
      [&] {
        const std::lock_guard guard(mutex);
        if (running == nullptr) return;
        since.push_back(running->snapshot().unable_ms);
        told.notify_all();
      },
      SpoolOptions{5, 20, 20, 20, 1'000});
  std::unique_lock guard(mutex);
  running = spool.get();
  ASSERT_TRUE(told.wait_for(guard, std::chrono::seconds(20), [&] { return since.size() >= 12; }));
  const auto first = std::find_if(since.begin(), since.end(), [](std::int64_t one) { return one != 0; });
  ASSERT_NE(first, since.end());
  EXPECT_EQ(std::count(first, since.end(), *first), since.end() - first) << "each try began it anew";
  running = nullptr;
  guard.unlock();
  spool.reset();
}

TEST_F(SpoolTest, ATitleIsNoPath) {
  ledger.add({1, JobState::queued, 0, "../../etc/passwd", "", ""});
  auto spool = start();
  EXPECT_EQ(ledger.await(1, JobState::printed), JobState::printed);
  EXPECT_TRUE(std::filesystem::exists(folder + "/------etc-passwd.png"));
}

}  // namespace
}  // namespace anjungan::spool
