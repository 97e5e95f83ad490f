// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/upkeep.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sync/store/intake_reader.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::app {
namespace {

constexpr std::int64_t k_hour_ms = 3'600'000;
constexpr std::int64_t k_day_ms = 24 * k_hour_ms;

class UpkeepTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = terminal.open();
    ASSERT_TRUE(store) << store.error().text;
    m_store = std::move(*store);
    for (int n = 0; n < 3; n++) ASSERT_TRUE(m_store->submit(terminal.submission(complaint)));
  }

  /// Pieces until there is no more; the store's clock shows the same time.
  int work(Upkeep& upkeep, std::uint64_t acked_seq, std::int64_t local_ms) {
    terminal.clock.now_ms = local_ms;
    int pieces = 0;
    while (upkeep.step(*m_store, {acked_seq, {}}, local_ms)) {
      pieces++;
      EXPECT_LT(pieces, 100);
    }
    return pieces;
  }

  [[nodiscard]] std::string copy_folder() const { return terminal.data() + "/backup"; }

  store::TerminalFolder terminal;
  record::Complaint complaint = store::TerminalFolder::complaint();
  std::unique_ptr<store::IntakeStore> m_store;
  std::int64_t m_midnight_ms = terminal.clock.now_ms / k_day_ms * k_day_ms + k_day_ms;
};

TEST_F(UpkeepTest, WorksOnceANightAndNeverByDay) {
  Upkeep upkeep(terminal.data(), 0);
  for (const int hour : {0, 4, 12, 23}) EXPECT_EQ(work(upkeep, 3, m_midnight_ms + hour * k_hour_ms), 0);
  EXPECT_FALSE(std::filesystem::exists(copy_folder()));
  EXPECT_GT(work(upkeep, 3, m_midnight_ms + 2 * k_hour_ms), 2);
  auto copy = store::IntakeReader::open(copy_folder());
  ASSERT_TRUE(copy) << copy.error().text;
  EXPECT_EQ(copy->last_seq(), 3U);
  EXPECT_EQ(work(upkeep, 3, m_midnight_ms + 3 * k_hour_ms), 0) << "tonight's work is done";
  EXPECT_GT(work(upkeep, 3, m_midnight_ms + k_day_ms + k_hour_ms), 2) << "the next night";
}

TEST_F(UpkeepTest, ForgetsWhatTheCentreHasHadForLong) {
  Upkeep upkeep(terminal.data(), 0);
  EXPECT_GT(work(upkeep, 2, m_midnight_ms + 100 * k_day_ms + 2 * k_hour_ms), 2);
  auto reader = store::IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->events_from(1, 10, 1 << 20).error().kind, record::ErrorKind::not_found);
  EXPECT_EQ(reader->events_from(2, 10, 1 << 20)->size(), 2U);
}

TEST_F(UpkeepTest, ADeadClockHasNoNight) {
  Upkeep upkeep(terminal.data(), 0);
  EXPECT_EQ(work(upkeep, 3, 2 * k_hour_ms), 0);
}

TEST_F(UpkeepTest, MakesNoCopyThatWouldEatTheRoomForReceipts) {
  Upkeep upkeep(terminal.data(), ~0ULL >> 1);
  EXPECT_GT(work(upkeep, 3, m_midnight_ms + 2 * k_hour_ms), 2);
  EXPECT_FALSE(std::filesystem::exists(copy_folder() + "/intake.db"));
  EXPECT_FALSE(m_store->stopped());
}

TEST_F(UpkeepTest, DamageEndsTheNightAndStopsTheStore) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((terminal.data() + "/intake.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database,
                         "UPDATE event SET bytes = CAST(replace(bytes, 'coblong', 'Coblong') AS BLOB) WHERE seq = 2",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  sqlite3_close(database);
  Upkeep upkeep(terminal.data(), 0);
  EXPECT_EQ(work(upkeep, 3, m_midnight_ms + 2 * k_hour_ms), 0);
  EXPECT_TRUE(m_store->stopped());
  EXPECT_FALSE(std::filesystem::exists(copy_folder())) << "a damaged database is not copied over a sound one";
}

}  // namespace
}  // namespace anjungan::app
