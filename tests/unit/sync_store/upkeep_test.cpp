// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "sync/store/intake_reader.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

using record::ErrorKind;

constexpr std::int64_t k_day_ms = 24LL * 3600 * 1000;

class UpkeepTest : public testing::Test {
 protected:
  void submit(IntakeStore& store, int receipts) {
    for (int n = 0; n < receipts; n++) ASSERT_TRUE(store.submit(terminal.submission(complaint)));
  }

  void rot(std::uint64_t seq) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((terminal.data() + "/intake.db").c_str(), &database), SQLITE_OK);
    const std::string sql = "UPDATE event SET bytes = CAST(replace(bytes, 'coblong', 'Coblong') AS BLOB) WHERE seq = " +
                            std::to_string(seq);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }

  TerminalFolder terminal;
  record::Complaint complaint = TerminalFolder::complaint();
};

TEST_F(UpkeepTest, ScrubWalksTheWholeStoreInPieces) {
  auto store = terminal.open();
  ASSERT_TRUE(store);
  EXPECT_EQ((*store)->scrub(1, 10), 0U);
  submit(**store, 25);
  std::uint64_t from = 1;
  int pieces = 0;
  do {
    auto next = (*store)->scrub(from, 10);
    ASSERT_TRUE(next) << next.error().text;
    EXPECT_TRUE(*next == 0 || *next > from);
    from = *next;
    pieces++;
  } while (from != 0);
  EXPECT_EQ(pieces, 3);
}

// Threat 16: bit-rot in what the centre already has; SQLite's own checks do not see it.
TEST_F(UpkeepTest, Threat16ScrubFindsRotStopsIntakeAndTheNextOpeningHeals) {
  {
    auto store = terminal.open();
    ASSERT_TRUE(store);
    submit(**store, 12);
  }
  for (std::uint64_t seq = 1; seq <= 10; seq++) {
    rot(seq);
    auto store = terminal.open(12);
    ASSERT_TRUE(store) << store.error().text;
    EXPECT_FALSE((*store)->salvage()) << "opening does not read it all";
    auto found = (*store)->scrub(1, 1'000);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, ErrorKind::corrupt);
    EXPECT_NE(found.error().text.find("event " + std::to_string(seq) + " "), std::string::npos) << found.error().text;
    EXPECT_TRUE((*store)->stopped());
    auto refused = (*store)->submit(terminal.submission(complaint));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::corrupt);
    store->reset();
    store = terminal.open(12);
    ASSERT_TRUE(store) << store.error().text;
    ASSERT_TRUE((*store)->salvage());
    EXPECT_EQ((*store)->salvage()->forgotten, 1U);
    EXPECT_EQ((*store)->scrub(1, 1'000), 0U);
    EXPECT_EQ((*store)->receipts()->size(), 12U) << "its receipt is still known";
  }
  auto store = terminal.open(12);
  ASSERT_TRUE(store);
  submit(**store, 1);
  EXPECT_EQ((*store)->receipts()->back().number.running, 13U);
}

TEST_F(UpkeepTest, PurgeForgetsBytesAndKeepsHashesAndTheHead) {
  auto store = terminal.open();
  ASSERT_TRUE(store);
  submit(**store, 10);
  EXPECT_EQ((*store)->purge(0, 100), 0U) << "the centre has nothing";
  EXPECT_EQ((*store)->purge(4, 2), 2U) << "in pieces";
  EXPECT_EQ((*store)->purge(4, 100), 1U) << "not the head itself";
  EXPECT_EQ((*store)->purge(6, 100), 2U);
  EXPECT_EQ((*store)->purge(6, 100), 0U);

  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->events_from(5, 10, 1 << 20).error().kind, ErrorKind::not_found);
  EXPECT_EQ(reader->events_from(6, 10, 1 << 20)->size(), 5U);
  EXPECT_NE(reader->hash_of(5), record::Hash{}) << "the hash stays";
  EXPECT_EQ((*store)->scrub(1, 1'000), 0U);
  EXPECT_EQ((*store)->receipts()->size(), 10U);
  store->reset();
  for (const std::uint64_t acked : {8U, 0U}) {  // a restored centre may know less than was purged
    auto again = terminal.open(acked);
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_FALSE((*again)->salvage());
    EXPECT_EQ((*again)->last_seq(), 10U);
  }
}

TEST_F(UpkeepTest, ABackupIsTheStoreAsItWasWhileItGoesOn) {
  auto store = terminal.open();
  ASSERT_TRUE(store);
  submit(**store, 30);
  const std::string folder = terminal.root + "/backup";
  std::filesystem::create_directories(folder);
  for (int round = 0; round < 2; round++) {  // the second replaces the first
    submit(**store, 1);
    auto done = (*store)->back_up(folder + "/intake.db");
    ASSERT_TRUE(done) << done.error().text;
    submit(**store, 1);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  auto copy = IntakeReader::open(folder);
  ASSERT_TRUE(copy) << copy.error().text;
  EXPECT_EQ(copy->last_seq(), 33U);
  EXPECT_EQ(copy->receipts()->size(), 33U);
  EXPECT_EQ((*store)->last_seq(), 34U);
  EXPECT_EQ((*store)->back_up(terminal.root + "/missing/intake.db").error().kind, ErrorKind::io);
  EXPECT_FALSE((*store)->stopped()) << "the copy failed, not the store";
}

TEST_F(UpkeepTest, TheBallastComesBackWhenThereIsRoom) {
  IntakeOptions options;
  options.ballast_bytes = 1 << 20;
  options.low_water_bytes = 0;
  options.clock = &terminal.clock;
  auto store = IntakeStore::open(terminal.data(), terminal.runtime(), terminal.identity,
                                 record::SigningKey::from_seed(terminal.seed), options);
  ASSERT_TRUE(store);
  const std::string ballast = terminal.data() + "/ballast";
  EXPECT_EQ(std::filesystem::file_size(ballast), 1U << 20);
  std::filesystem::remove(ballast);
  ASSERT_TRUE((*store)->place_ballast());
  EXPECT_EQ(std::filesystem::file_size(ballast), 1U << 20);
  EXPECT_TRUE((*store)->room_for_intake());
}

}  // namespace
}  // namespace anjungan::store
