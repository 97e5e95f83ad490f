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

TEST(SyncStore, HasOneWriter) {
  TerminalFolder terminal;
  auto first = SyncStore::open(terminal.data());
  ASSERT_TRUE(first);
  EXPECT_EQ(SyncStore::open(terminal.data()).error().kind, record::ErrorKind::conflict);
}

}  // namespace
}  // namespace anjungan::store
