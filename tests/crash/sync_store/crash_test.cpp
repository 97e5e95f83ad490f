// SPDX-License-Identifier: Apache-2.0
// A terminal that is killed in the middle of its work, again and again on the same store. A number counts as
// acknowledged once submit() has returned and the child has said so; all of those must be there afterwards.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <set>

#include "sync/store/intake_reader.h"
#include "tests/crash/sync_store/child.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

constexpr int k_rounds = 40;
constexpr std::uint32_t k_seed = 20261121;
constexpr int k_failed = 3;

/// Submits without end and prints every other receipt, as the kiosk does beside it.
int submit_for_ever(TerminalFolder& folder, int pipe) {
  auto store = folder.open();
  if (!store) return k_failed;
  const record::Complaint complaint = TerminalFolder::complaint();
  for (;;) {
    auto issued = (*store)->submit(folder.submission(complaint));
    if (!issued) return k_failed;
    report(pipe, issued->number.running);
    if (issued->number.running % 2 != 0) continue;
    auto job = (*store)->job(issued->job);
    if (!job || !job->has_value()) return k_failed;
    (*job)->state = PrintState::printed;
    if (!(*store)->update_job(**job)) return k_failed;
  }
}

/// The kill falls somewhere inside a submit: no condition to wait for, the clock picks the moment.
void until_the_moment(std::chrono::microseconds length) {
  const auto end = std::chrono::steady_clock::now() + length;
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// Sequence and hashes without a gap: read as the agent does, and strictly.
void expect_chain(const std::string& folder, std::set<std::uint32_t>& created) {
  auto reader = IntakeReader::open(folder);
  ASSERT_TRUE(reader.has_value()) << reader.error().text;
  std::uint64_t expected = 1;
  record::Hash before{};
  for (;;) {
    const auto events = reader->events_from(expected, 500, 8 << 20);
    ASSERT_TRUE(events.has_value()) << events.error().text;
    if (events->empty()) break;
    for (const StoredEvent& stored : *events) {
      ASSERT_EQ(stored.seq, expected);
      ASSERT_EQ(stored.hash, record::hash(stored.bytes));
      const auto event = record::parse_event(stored.bytes);
      ASSERT_TRUE(event.has_value()) << event.error().text;
      ASSERT_EQ(event->seq, expected);
      ASSERT_EQ(event->prev, before);
      before = stored.hash;
      expected++;
      if (event->type != record::EventType::complaint_created) continue;
      const auto facts = record::complaint_facts(event->facts);
      ASSERT_TRUE(facts.has_value()) << facts.error().text;
      ASSERT_TRUE(created.insert(facts->number.running).second) << "issued twice: " << facts->number.str();
    }
  }
  ASSERT_EQ(*reader->last_seq(), expected - 1);
}

TEST(Threat01Killed, LosesAndDoublesNothingThatWasAcknowledged) {
  TerminalFolder folder;
  std::mt19937 random(k_seed);
  std::set<std::uint32_t> acknowledged;
  for (int round = 0; round < k_rounds; round++) {
    SCOPED_TRACE("round " + std::to_string(round));
    {
      Child child([&](int pipe) { return submit_for_ever(folder, pipe); });
      // Some are killed while they open the store, most after a few receipts.
      const auto receipts = static_cast<int>(random() % 12);
      for (int n = 0; n < receipts; n++) {
        std::uint32_t running = 0;
        ASSERT_TRUE(child.next(running)) << "the child failed by itself: " << child.wait();
        ASSERT_TRUE(acknowledged.insert(running).second) << "acknowledged twice: " << running;
      }
      until_the_moment(std::chrono::microseconds(random() % 8'000));
      for (const std::uint32_t running : child.kill()) {
        ASSERT_TRUE(acknowledged.insert(running).second) << "acknowledged twice: " << running;
      }
    }
    auto store = folder.open();
    ASSERT_TRUE(store.has_value()) << store.error().text;
    std::set<std::uint32_t> created;
    ASSERT_NO_FATAL_FAILURE(expect_chain(folder.data(), created));
    for (const std::uint32_t running : acknowledged) ASSERT_EQ(created.count(running), 1U) << running;
    // Numbers without a gap; at most the one that was being acknowledged is more.
    ASSERT_EQ(created.empty() ? 0U : *created.rbegin(), created.size());

    const auto receipts = (*store)->receipts();
    ASSERT_TRUE(receipts.has_value()) << receipts.error().text;
    ASSERT_EQ(receipts->size(), created.size());
    const auto open_jobs = (*store)->open_jobs();
    ASSERT_TRUE(open_jobs.has_value()) << open_jobs.error().text;
    std::map<std::uint32_t, std::int64_t> open_job_of;
    for (const PrintJob& job : *open_jobs) {
      ASSERT_TRUE(open_job_of.emplace(job.number.running, job.id).second) << "two jobs for " << job.number.str();
    }
    for (const ReceiptRow& row : *receipts) {
      const auto job = open_job_of.find(row.number.running);
      if (job == open_job_of.end()) {
        ASSERT_EQ(row.print, PrintState::printed) << row.number.str();
      } else {
        ASSERT_EQ(row.print, PrintState::queued) << row.number.str();
        const auto payload = (*store)->payload(job->second);
        ASSERT_TRUE(payload.has_value()) << payload.error().text;
        ASSERT_NE(payload->find(row.number.str()), std::string::npos);
      }
    }
  }
  EXPECT_GT(acknowledged.size(), 100U) << "the rounds were too short to show anything";
}

TEST(KilledRebuild, LeavesTheOldDatabaseOrTheNewOne) {
  TerminalFolder folder;
  std::mt19937 random(k_seed);
  constexpr std::uint32_t k_receipts = 150;
  {
    auto store = folder.open();
    ASSERT_TRUE(store.has_value());
    for (std::uint32_t n = 0; n < k_receipts; n++) {
      ASSERT_TRUE((*store)->submit(folder.submission(TerminalFolder::complaint())).has_value());
    }
  }
  int finished = 0;
  for (int round = 0; round < k_rounds; round++) {
    SCOPED_TRACE("round " + std::to_string(round));
    std::ofstream(folder.runtime() + "/intake.suspect") << "io";
    Child child([&](int pipe) {
      report(pipe, 0);
      auto store = folder.open();
      report(pipe, store.has_value() && (*store)->salvage() ? 1 : 2);
      return 0;
    });
    std::uint32_t told = 0;
    ASSERT_TRUE(child.next(told));
    until_the_moment(std::chrono::microseconds(random() % 60'000));
    for (const std::uint32_t verdict : child.kill()) {
      ASSERT_EQ(verdict, 1U) << "the rebuild failed by itself";
      finished++;
    }
    if (round % 4 != 3) continue;  // the next one meets what this one left
    auto store = folder.open();
    ASSERT_TRUE(store.has_value()) << store.error().text;
    std::set<std::uint32_t> created;
    ASSERT_NO_FATAL_FAILURE(expect_chain(folder.data(), created));
    ASSERT_EQ(created.size(), k_receipts);
    ASSERT_EQ((*store)->receipts()->size(), k_receipts);
    ASSERT_EQ((*store)->open_jobs()->size(), k_receipts);
  }
  EXPECT_LT(finished, k_rounds) << "no rebuild was cut short";
}

}  // namespace
}  // namespace anjungan::store
