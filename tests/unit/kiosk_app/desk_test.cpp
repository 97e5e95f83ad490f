// SPDX-License-Identifier: Apache-2.0
// The desk with a real store on a disk whose syncs fail or hang when told to.
#include "kiosk/app/desk.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "sync/store/files.h"
#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "tests/unit/kiosk_app/desk_fixture.h"

namespace {

std::atomic<int> g_failing_syncs = 0;  ///< so many syncs of a write-ahead log fail from now on
std::atomic<bool> g_hang = false;      ///< syncs of it wait while this holds
std::atomic<bool> g_hangs = false;

bool of_a_log(int file) {
  char path[512]{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  return readlink(link.c_str(), path, sizeof(path) - 1) > 0 && std::string_view(path).ends_with("intake.db-wal");
}

int faulty_sync(int file, long call) {
  if (of_a_log(file)) {
    g_hangs = g_hang.load();
    g_hangs.notify_all();
    g_hang.wait(true);
    if (g_failing_syncs > 0) {
      g_failing_syncs--;
      errno = EIO;
      return -1;
    }
  }
  return static_cast<int>(syscall(call, file));
}

}  // namespace

// In the place of the C library's: what is written reaches the page cache, its sync does what the test says.
extern "C" int fdatasync(int file) { return faulty_sync(file, SYS_fdatasync); }
extern "C" int fsync(int file) { return faulty_sync(file, SYS_fsync); }

namespace anjungan::app {
namespace {

class DeskTest : public DeskFixture {
 protected:
  /// The next news, waited for; nothing after a minute without any.
  std::optional<News> await_news() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      if (auto news = m_desk->next()) return news;
      std::unique_lock guard(m_mutex);
      if (!m_wake.wait_until(guard, until, [this] { return m_woken; })) return std::nullopt;
      m_woken = false;
    }
  }

  /// The next news of this kind; what comes before it is passed over.
  template <class T>
  std::optional<T> next() {
    while (auto news = await_news()) {
      if (const T* one = std::get_if<T>(&news->event)) return *one;
    }
    return std::nullopt;
  }

  /// What a submit came to: the receipt, or nothing when it was refused.
  std::optional<session::Receipt> submit() {
    m_desk->order(session::SubmitComplaint{complaint()});
    while (auto news = await_news()) {
      if (const auto* done = std::get_if<session::Submitted>(&news->event)) return done->receipt;
      if (std::holds_alternative<session::SubmitFailed>(news->event)) return std::nullopt;
    }
    ADD_FAILURE() << "the desk did not answer";
    return std::nullopt;
  }

  static record::Complaint complaint() {
    record::Complaint out;
    out.category = "jalan.lubang";
    out.story = "Lubang besar di depan pasar.";
    out.privacy = record::Privacy::anonymous;
    return out;
  }

  /// How many events of a type are in the store of a desk that has ended.
  std::size_t count(record::EventType type) {
    auto reader = store::IntakeReader::open(m_terminal.settings.data);
    EXPECT_TRUE(reader) << reader.error().text;
    if (!reader) return 0;
    const auto events = reader->events_from(1, 100, 1 << 20);
    EXPECT_TRUE(events);
    std::size_t out = 0;
    for (const store::StoredEvent& one : *events) {
      const auto event = record::parse_event(one.bytes);
      EXPECT_TRUE(event);
      if (event && event->type == type) out++;
    }
    return out;
  }
};

/// The frames of a commit lie whole in the log though its sync has failed: whoever finds the log finds the report. The
/// citizen is told what the store holds, so nobody hands in twice what counts already.
class DoubtfulCommit : public DeskTest, public testing::WithParamInterface<int> {};

TEST_P(DoubtfulCommit, IsToldAsItStands) {
  start();
  ASSERT_TRUE(next<session::FaultsChanged>());
  g_failing_syncs = GetParam();
  auto receipt = submit();
  const bool stood = receipt.has_value();
  for (int tries = 0; !receipt && tries < 20; tries++) receipt = submit();
  ASSERT_TRUE(receipt);
  m_desk.reset();
  EXPECT_EQ(g_failing_syncs, 0) << "the disk failed less often than meant";
  EXPECT_EQ(count(record::EventType::complaint_created), 1U) << (stood ? "told at once" : "refused, then handed in");
}

INSTANTIATE_TEST_SUITE_P(FailingSyncs, DoubtfulCommit, testing::Values(1, 3, 4));

TEST_F(DeskTest, UsedUpNumbersAreAFaultBeforeAnybodyTypes) {
  start();
  ASSERT_TRUE(submit());
  m_desk.reset();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((m_terminal.settings.data + "/intake.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "UPDATE receipt SET running = 999999", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  start();
  const auto told = next<session::FaultsChanged>();
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->faults.numbers_used_up);
  EXPECT_FALSE(told->faults.storage_damaged);
  EXPECT_FALSE(submit());
  const auto again = next<session::FaultsChanged>();
  ASSERT_TRUE(again) << "a refusal is followed by what stands in the way";
  EXPECT_TRUE(again->faults.numbers_used_up);
}

TEST_F(DeskTest, ACallForStaffIsRecordedOnceTheStoreOpens) {
  ASSERT_TRUE(store::make_folder(m_terminal.settings.data));
  ASSERT_TRUE(identity_of(m_terminal));
  {
    const auto taken = store::FolderLock::take(m_terminal.settings.data + "/intake.lock");
    ASSERT_TRUE(taken) << taken.error().text;
    start();
    const auto told = next<session::FaultsChanged>();
    ASSERT_TRUE(told);
    EXPECT_TRUE(told->faults.storage_taken);
    m_desk->order(session::RingStaff{true});
    m_desk->order(session::RingStaff{false});
  }
  const auto told = next<session::FaultsChanged>();
  ASSERT_TRUE(told);
  EXPECT_FALSE(told->faults.any());
  m_desk.reset();
  EXPECT_EQ(count(record::EventType::assistance_requested), 1U);
}

TEST_F(DeskTest, DeedsThatPileUpAreAllAnswered) {
  start();
  ASSERT_TRUE(next<session::FaultsChanged>());
  g_hangs = false;
  g_hang = true;
  m_desk->order(session::SubmitComplaint{complaint()});
  g_hangs.wait(false);
  m_desk->order(session::StaffDeed{session::Deed::retry, "", 1, ""});
  m_desk->order(session::StaffDeed{session::Deed::abandon, "", 2, ""});
  m_desk->order(session::StaffDeed{session::Deed::abandon, "", 2, ""});  // a second tap on the same
  m_desk->order(session::CheckPin{record::SecretText("482913")});        // none is set: answered behind the deeds
  g_hang = false;
  g_hang.notify_all();
  int told = 0;
  for (bool all = false; !all;) {
    auto news = await_news();
    ASSERT_TRUE(news);
    if (std::holds_alternative<session::StaffTold>(news->event)) told++;
    all = std::holds_alternative<session::PinAnswered>(news->event);
  }
  EXPECT_EQ(told, 2);
}

TEST_F(DeskTest, AHungDiskIsNotAlive) {
  start(std::chrono::milliseconds(0));
  ASSERT_TRUE(next<session::FaultsChanged>());
  EXPECT_TRUE(m_desk->alive());
  g_hangs = false;
  g_hang = true;
  m_desk->order(session::SubmitComplaint{complaint()});
  g_hangs.wait(false);
  EXPECT_FALSE(m_desk->alive());
  g_hang = false;
  g_hang.notify_all();
  ASSERT_TRUE(next<session::Submitted>());
  while (!m_desk->alive()) std::this_thread::yield();
}

TEST_F(DeskTest, TellsWhatTheCentreHasConfirmed) {
  start();
  ASSERT_TRUE(submit());
  ASSERT_TRUE(submit());
  auto agent = store::SyncStore::open(m_terminal.settings.data);
  ASSERT_TRUE(agent) << agent.error().text;
  store::SyncState state;
  state.acked_seq = 1;
  state.last_contact_ms = 1'794'000'000'000;
  state.last_error = "unavailable";
  const auto told_after = [&] {
    EXPECT_TRUE(agent->save(state, {}));
    store::ring(store::app_bell(m_terminal.settings.runtime));
    // The first look of all may have come before it.
    auto told = next<session::UplinkChanged>();
    while (told && told->uplink.confirmed_ms == 0) told = next<session::UplinkChanged>();
    return told ? told->uplink : session::Uplink{};
  };
  const session::Uplink waiting = told_after();
  EXPECT_TRUE(waiting.known);
  EXPECT_FALSE(waiting.reachable);
  EXPECT_GE(waiting.waiting, 1U);
  EXPECT_EQ(waiting.confirmed_ms, state.last_contact_ms);
  state.acked_seq = 1'000;  // what is printed meanwhile included
  state.last_contact_ms += 60'000;
  state.last_error.clear();
  const session::Uplink sent = told_after();
  EXPECT_TRUE(sent.reachable);
  EXPECT_EQ(sent.waiting, 0U);
  EXPECT_EQ(sent.confirmed_ms, state.last_contact_ms);
  // A stick may bring the word in the network's place.
  state.carried_ms = state.last_contact_ms + 3'600'000;
  state.last_error = "unavailable";
  EXPECT_EQ(told_after().confirmed_ms, state.carried_ms);
}

}  // namespace
}  // namespace anjungan::app
