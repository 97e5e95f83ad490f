// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>

#include <thread>

#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using wire::EventResult;
using wire::Standing;

long count(const Hall& hall, const char* sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(
      sqlite3_open_v2((hall.terminal.root + "/central/central.db").c_str(), &database, SQLITE_OPEN_READONLY, nullptr),
      SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
  const long out = sqlite3_column_int(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return out;
}

TEST(Batch, IsAcknowledgedWithTheHashOfItsLastEvent) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 3; n++) hall.submit();
  auto answer = hall.send(hall.batch(1, 3));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 3U);
  EXPECT_EQ(answer->acked_hash, *store::IntakeReader::open(hall.terminal.data())->hash_of(3));
  EXPECT_EQ(answer->results, std::vector<EventResult>(3, EventResult::stored));
  EXPECT_TRUE(answer->feed.empty());  // what a terminal wrote itself is no news to it
  EXPECT_EQ(hall.centre->complaints("", 10)->size(), 3U);
}

TEST(Batch, SentAgainIsADuplicateAndChangesNothing) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const auto request = hall.batch(1, 1);
  EXPECT_FALSE(hall.send(request, true));  // the answer was lost on the way
  auto answer = hall.send(hall.batch(1, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->results.front(), EventResult::duplicate);
  EXPECT_EQ(answer->acked_seq, 1U);
  EXPECT_EQ(answer->standing, Standing::welcome);
  EXPECT_EQ(count(hall, "SELECT count(*) FROM event"), 1);
  EXPECT_EQ(count(hall, "SELECT count(*) FROM complaint"), 1);
}

TEST(Threat06, AThousandLostAnswersNeverLockAnHonestTerminal) {
  Hall hall;
  hall.enrol();
  hall.submit();
  for (int n = 0; n < 1'000; n++) {
    auto answer = hall.send(hall.batch(1, 1), n % 3 != 2);
    if (answer) {
      ASSERT_EQ(answer->standing, Standing::welcome) << n;
    }
  }
}

TEST(Threat06, ACopiedDiskIsLocked) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const std::uint64_t copied = hall.join_counter;
  for (int n = 0; n < 3; n++) ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  hall.join_counter = copied;
  auto answer = hall.send(hall.batch(1, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::doubted);
  answer = hall.send(hall.batch(1, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::locked);
}

TEST(Threat04, OtherBytesAtASeqAreKeptApart) {
  Hall hall;
  hall.enrol();
  hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  auto request = hall.batch(1, 1);
  std::string text = record::to_text(request.events[0]);
  text.replace(text.find("coblong"), 7, "cidadap");
  request.events[0] = record::Bytes(text.begin(), text.end());
  auto answer = hall.send(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->results.front(), EventResult::conflict);
  EXPECT_EQ(answer->standing, Standing::locked);
  EXPECT_EQ(count(hall, "SELECT count(*) FROM event WHERE instr(bytes, 'coblong')"), 1);
  EXPECT_EQ(count(hall, "SELECT count(*) FROM quarantine"), 1);
}

/// One terminal's batches of events 3 and of events 2 to 4, from two disks that have parted behind event 1.
struct TwoDisks {
  wire::SyncRequest third, second_of_other, fourth_of_other, second;
};

TwoDisks part(Hall& hall) {
  hall.submit();
  EXPECT_TRUE(hall.send(hall.batch(1, 1)));
  const std::string copied = hall.terminal.root + "/copied";
  const auto reopen = [&] {
    store::IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    options.clock = &hall.terminal.clock;
    auto opened = store::IntakeStore::open(hall.terminal.data(), hall.terminal.runtime(), hall.terminal.identity,
                                           record::SigningKey::from_seed(hall.receipt_key.seed()), options);
    ASSERT_TRUE(opened) << opened.error().text;
    hall.store = std::move(*opened);
    for (int n = 0; n < 3; n++) hall.submit();
  };
  hall.store.reset();
  std::filesystem::copy(hall.terminal.data(), copied, std::filesystem::copy_options::recursive);
  reopen();
  TwoDisks out;
  out.third = hall.batch(3, 3);
  out.second = hall.batch(2, 2);
  hall.store.reset();
  std::filesystem::remove_all(hall.terminal.data());
  std::filesystem::rename(copied, hall.terminal.data());
  reopen();
  out.second_of_other = hall.batch(2, 2);
  out.fourth_of_other = hall.batch(4, 4);
  return out;
}

// A part of each of two disks, and both fit the seqs: they are no chain all the same.
TEST(Threat06, TwoHistoriesThatMeetAtAGapAreNotMixed) {
  for (const bool in_front : {true, false}) {
    Hall hall;
    hall.enrol();
    TwoDisks disks = part(hall);
    auto answer = hall.send(disks.third);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->results, std::vector{EventResult::stored}) << "behind the gap";
    EXPECT_EQ(answer->acked_seq, 1U);
    wire::SyncRequest& other = in_front ? disks.second_of_other : disks.fourth_of_other;
    other.join_counter = hall.join_counter;
    answer = hall.send(other);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->standing, Standing::locked) << in_front;
    EXPECT_EQ(answer->results, std::vector{EventResult::conflict});
    EXPECT_EQ(answer->acked_seq, 1U) << "nothing of a chain that is none is acknowledged";
    EXPECT_EQ(hall.centre->devices()->front().quarantined, 1U);
    EXPECT_TRUE(hall.centre->verify(std::nullopt)->sound());
    // The other one's own event closes the gap once somebody has looked.
    ASSERT_TRUE(hall.centre->unlock("3273-0001"));
    disks.second.join_counter = hall.join_counter;
    answer = hall.send(disks.second);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->acked_seq, 3U);
    EXPECT_TRUE(hall.centre->verify(std::nullopt)->sound());
  }
}

TEST(Threat13, APoisonedEventIsKeptApartAndTheRestFlows) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 3; n++) hall.submit();
  auto request = hall.batch(1, 3);
  request.events[0] = record::Bytes{'{', 0xff, 0};
  auto answer = hall.send(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->results[0], EventResult::quarantined);
  // The second does not follow the poisoned bytes; the third follows the second.
  EXPECT_EQ(answer->results[1], EventResult::quarantined);
  EXPECT_EQ(answer->results[2], EventResult::stored);
  EXPECT_EQ(answer->acked_seq, 3U);
}

TEST(Batch, AGapIsNamedAndClosed) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 4; n++) hall.submit();
  auto answer = hall.send(hall.batch(3, 4));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 0U);
  ASSERT_FALSE(answer->need.empty());
  EXPECT_EQ(answer->need.front().first, 1U);
  answer = hall.send(hall.batch(1, 2));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 4U);
}

TEST(Batch, OfAStrangerOrForAnotherCentreIsRefused) {
  Hall hall;
  hall.enrol();
  hall.submit();
  auto request = hall.batch(1, 1);
  request.centre[0] ^= 1;
  EXPECT_FALSE(hall.send(request));
  EXPECT_EQ(hall.status, 401U);
  hall.device_key = record::SigningKey::generate();
  EXPECT_FALSE(hall.send(hall.batch(1, 1)));
  EXPECT_EQ(hall.status, 401U);
  EXPECT_EQ(hall.centre->sync(record::Bytes(100, 7)).status, 400U);
}

TEST(Threat08, ARevokedTerminalKeepsItsPastAndLosesItsFuture) {
  Hall hall;
  hall.enrol();
  const auto before = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  ASSERT_TRUE(hall.centre->revoke("3273-0001", 0));
  const auto after = hall.submit();
  auto answer = hall.send(hall.batch(2, 2));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::revoked);
  EXPECT_EQ(answer->results.front(), EventResult::quarantined);
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", before.token))->verdict, Verdict::known);
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", after.token))->verdict, Verdict::revoked);
}

TEST(Threat03, TheSameFromManyThreadsIsStoredOnce) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 5; n++) hall.submit();
  const auto message = wire::encode_sync_request(hall.batch(1, 5), hall.device_key);
  ASSERT_TRUE(message);
  std::vector<std::thread> threads;
  for (int n = 0; n < 16; n++) {
    threads.emplace_back([&] { EXPECT_EQ(hall.centre->sync(*message).status, 200U); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(hall, "SELECT count(*) FROM event"), 5);
  EXPECT_EQ(count(hall, "SELECT count(*) FROM complaint"), 5);
  EXPECT_EQ(count(hall, "SELECT count(DISTINCT code_hmac) FROM complaint"), 5);
}

TEST(Batch, EventsCannotBeChangedOrRemoved) {
  Hall hall;
  hall.enrol();
  hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  hall.centre.reset();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((hall.terminal.root + "/central/central.db").c_str(), &database), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(database, "DELETE FROM event", nullptr, nullptr, nullptr), SQLITE_OK);
  EXPECT_NE(sqlite3_exec(database, "UPDATE event SET seq = 9", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace
}  // namespace anjungan::central
