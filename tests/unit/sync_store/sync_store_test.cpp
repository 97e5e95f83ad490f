// SPDX-License-Identifier: Apache-2.0
#include "sync/store/sync_store.h"

#include <gtest/gtest.h>

#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

TEST(SyncStore, StateAndNewsComeBack) {
  TerminalFolder terminal;
  EXPECT_FALSE(SyncReader::open(terminal.data()));
  auto store = SyncStore::open(terminal.data());
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ(store->state()->acked_seq, 0U);
  SyncState state;
  state.acked_seq = 9;
  state.acked_hash[0] = 4;
  state.join_counter = 3;
  state.feed_cursor = 77;
  state.last_error = "unavailable: no network";
  const record::TrackingNumber number{3273, 12, 1};
  ASSERT_TRUE(store->save(state, {{number.str(), record::Bytes{'{', '}'}}}));
  ASSERT_TRUE(store->save(state, {{number.str(), record::Bytes{'[', ']'}}}));

  auto reader = SyncReader::open(terminal.data());
  ASSERT_TRUE(reader) << reader.error().text;
  EXPECT_EQ(reader->state()->acked_seq, 9U);
  EXPECT_EQ(reader->state()->acked_hash, state.acked_hash);
  EXPECT_EQ(reader->state()->last_error, state.last_error);
  auto news = reader->case_of(number);
  ASSERT_TRUE(news && *news);
  EXPECT_EQ(record::to_text(**news), "[]");
  EXPECT_FALSE(*reader->case_of({3273, 12, 2}));
}

TEST(SyncStore, AnswersLiveUntilTheyAreForgotten) {
  TerminalFolder terminal;
  auto store = SyncStore::open(terminal.data());
  ASSERT_TRUE(store);
  Answer answer;
  answer.question = record::Uuid::make(1);
  answer.finding = 1;
  answer.sealed_case = {1, 2, 3};
  answer.answered_ms = 100;
  ASSERT_TRUE(store->save_answer(answer));
  ASSERT_TRUE(*store->answer_to(answer.question));
  EXPECT_EQ((*store->answer_to(answer.question))->sealed_case, answer.sealed_case);
  ASSERT_TRUE(store->forget_answers(101));
  EXPECT_FALSE(*store->answer_to(answer.question));
}

TEST(SyncStore, OneOfAnOlderProgramIsReadAndTakenOver) {
  TerminalFolder terminal;
  SyncState state;
  state.acked_seq = 9;
  state.last_contact_ms = 5;
  state.last_error = "unavailable: no network";
  ASSERT_TRUE(SyncStore::open(terminal.data())->save(state, {}));
  {
    auto older = Database::open(terminal.data() + "/sync.db", Database::Mode::writer);
    ASSERT_TRUE(
        older->run("ALTER TABLE state DROP COLUMN carried_ms; DROP TABLE blob; DROP TABLE command; DROP TABLE part; "
                   "PRAGMA user_version=2;"));
  }
  EXPECT_EQ(SyncReader::open(terminal.data())->state()->acked_seq, 9U) << "the agent has not started yet";
  auto store = SyncStore::open(terminal.data());
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_EQ(store->state()->last_error, state.last_error);
  state.carried_ms = 77;
  ASSERT_TRUE(store->save(state, {}));
  EXPECT_EQ(SyncReader::open(terminal.data())->state()->carried_ms, 77);
}

TEST(SyncStore, HasOneWriter) {
  TerminalFolder terminal;
  auto first = SyncStore::open(terminal.data());
  ASSERT_TRUE(first);
  EXPECT_EQ(SyncStore::open(terminal.data()).error().kind, record::ErrorKind::conflict);
}

/// The centre's answer at `day` by its clock, when the terminal's was wrong by `wrong_days`.
void confirm(SyncStore& store, std::uint64_t acked_seq, std::int64_t day, std::int64_t wrong_days = 0,
             std::uint8_t epoch = 1) {
  constexpr std::int64_t k_day_ms = 86'400'000;
  SyncState state;
  state.epoch[0] = epoch;
  state.acked_seq = acked_seq;
  state.last_contact_ms = (day + wrong_days) * k_day_ms;
  state.clock_offset_ms = -wrong_days * k_day_ms;
  ASSERT_TRUE(store.save(state, {}));
}

constexpr std::int64_t k_today = 20'000;
constexpr std::int64_t ms(std::int64_t day) { return day * 86'400'000; }

TEST(LongConfirmed, IsWhatTheCentreHasHadForNinetyDays) {
  TerminalFolder folder;
  auto store = SyncStore::open(folder.data());
  ASSERT_TRUE(store);
  EXPECT_EQ(store->long_confirmed(ms(k_today)), 0U);
  confirm(*store, 5, k_today);
  confirm(*store, 7, k_today);
  confirm(*store, 8, k_today + 40);
  confirm(*store, 9, k_today + 90);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 90)), 0U) << "not more than 90 days yet";
  confirm(*store, 9, k_today + 91);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 91)), 7U);
  confirm(*store, 9, k_today + 300);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 300)), 9U);
  for (std::int64_t day = 301; day < 700; day++) confirm(*store, static_cast<std::uint64_t>(day), k_today + day);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 699)), 608U);
}

TEST(LongConfirmed, NoClockThatJumpsMakesAnythingOld) {
  TerminalFolder folder;
  auto store = SyncStore::open(folder.data());
  ASSERT_TRUE(store);
  confirm(*store, 5, k_today);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 3'650)), 0U) << "only the terminal's clock says so";
  confirm(*store, 5, k_today + 3'650, -3'650);
  EXPECT_EQ(store->long_confirmed(ms(k_today)), 0U) << "only the centre's clock says so";
  confirm(*store, 6, k_today, -k_today);
  EXPECT_EQ(store->long_confirmed(0), 0U) << "a dead clock";
  confirm(*store, 7, k_today, 3'650);
  confirm(*store, 8, k_today + 1);
  confirm(*store, 8, k_today + 92);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 92)), 8U) << "and it is forgotten once the clock is right again";
}

TEST(LongConfirmed, CountsFromWhatTheCentreSaidByHandToo) {
  TerminalFolder folder;
  auto store = SyncStore::open(folder.data());
  ASSERT_TRUE(store);
  SyncState state;
  state.acked_seq = 5;
  state.carried_ms = ms(k_today);
  ASSERT_TRUE(store->save(state, {}));
  EXPECT_EQ(store->long_confirmed(ms(k_today + 365)), 0U) << "only the terminal's clock says so";
  state.last_contact_ms = ms(k_today + 1);
  state.carried_ms = 0;
  ASSERT_TRUE(store->save(state, {}));
  EXPECT_EQ(store->long_confirmed(ms(k_today + 1)), 0U) << "the first network after weeks on sticks";
  state.carried_ms = ms(k_today + 91);
  ASSERT_TRUE(store->save(state, {}));
  EXPECT_EQ(store->long_confirmed(ms(k_today + 91)), 5U);
}

TEST(LongConfirmed, ACentreThatCameBackFromABackupBeginsAnew) {
  TerminalFolder folder;
  auto store = SyncStore::open(folder.data());
  ASSERT_TRUE(store);
  confirm(*store, 5, k_today);
  confirm(*store, 5, k_today + 100);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 100)), 5U);
  confirm(*store, 3, k_today + 100, 0, 2);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 100)), 0U);
  confirm(*store, 5, k_today + 101, 0, 2);
  confirm(*store, 5, k_today + 192, 0, 2);
  EXPECT_EQ(store->long_confirmed(ms(k_today + 192)), 5U);
}

}  // namespace
}  // namespace anjungan::store
