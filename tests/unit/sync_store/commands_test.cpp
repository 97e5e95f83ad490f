// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sync/record/command.h"
#include "sync/store/files.h"
#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

using record::CommandEnd;

record::Uuid id_of(std::uint8_t n) {
  record::Uuid out;
  out.bytes.fill(n);
  return out;
}

Orders orders(std::initializer_list<std::uint8_t> ids, std::initializer_list<std::uint8_t> cancelled = {}) {
  Orders out;
  for (const std::uint8_t n : ids) out.commands.push_back({id_of(n), {n}});
  for (const std::uint8_t n : cancelled) out.cancelled.push_back(id_of(n));
  return out;
}

TEST(Commands, AreKeptOnceInTheOrderOfTheirComing) {
  TerminalFolder terminal;
  {
    auto store = SyncStore::open(terminal.data());
    ASSERT_TRUE(store) << store.error().text;
    EXPECT_EQ(*store->last_command(), 0U);
    ASSERT_TRUE(store->save({}, {}, orders({2, 1})));
    ASSERT_TRUE(store->save_command_progress(id_of(2), 7));
    ASSERT_TRUE(store->save_command_outcome(id_of(1), "done", "because"));
    ASSERT_TRUE(store->save_command_outcome(id_of(1), "refused", "no"));
    // The same again, as after a new epoch, with something else in it.
    Orders again = orders({1, 2, 3});
    again.commands[0].body = {99};
    ASSERT_TRUE(store->save({}, {}, again));
    ASSERT_TRUE(store->save({}, {}, orders({}, {3})));
  }
  auto reader = SyncReader::open(terminal.data());
  ASSERT_TRUE(reader);
  const auto kept = reader->commands();
  ASSERT_TRUE(kept) << kept.error().text;
  ASSERT_EQ(kept->size(), 3U);
  EXPECT_EQ((*kept)[0].id, id_of(2));
  EXPECT_EQ((*kept)[0].next_seq, 7U);
  EXPECT_EQ((*kept)[1].id, id_of(1));
  EXPECT_EQ((*kept)[1].body, record::Bytes{1});
  EXPECT_EQ((*kept)[1].outcome, "done") << "the first word holds";
  EXPECT_EQ((*kept)[1].reason, "because");
  EXPECT_EQ((*kept)[2].id, id_of(3));
  EXPECT_TRUE((*kept)[2].cancelled);
  EXPECT_FALSE((*kept)[0].cancelled);
  EXPECT_EQ(*reader->last_command(), (*kept)[2].place);
}

TEST(Commands, ThatAreKeptAreBoundedAndNoPlaceIsGivenTwice) {
  TerminalFolder terminal;
  auto store = SyncStore::open(terminal.data());
  ASSERT_TRUE(store);
  Orders many;
  for (int n = 0; n < 700; n++) {
    record::Uuid id;
    id.bytes[0] = static_cast<std::uint8_t>(n);
    id.bytes[1] = static_cast<std::uint8_t>(n >> 8);
    many.commands.push_back({id, {1}});
  }
  ASSERT_TRUE(store->save({}, {}, many));
  EXPECT_EQ(store->commands()->size(), 500U);
  EXPECT_EQ(*store->last_command(), 700U);
  EXPECT_EQ(store->commands()->back().id, many.commands.back().id);
}

TEST(Commands, PartsAreKeptByTheirNamesAndTheNewestAlone) {
  TerminalFolder terminal;
  auto store = SyncStore::open(terminal.data());
  ASSERT_TRUE(store);
  const auto part = [](std::uint8_t n) { return record::Bytes{n, 1, 2}; };
  Orders orders;
  for (std::uint8_t n = 0; n < 64; n++) orders.parts.push_back(part(n));
  ASSERT_TRUE(store->save({}, {}, orders));
  EXPECT_EQ(*store->part(record::hash(part(0))), part(0));
  // The first comes again and is among the newest then; the second is the oldest now.
  Orders more;
  more.parts = {part(0), part(200)};
  ASSERT_TRUE(store->save({}, {}, more));
  EXPECT_EQ(*store->part(record::hash(part(0))), part(0));
  EXPECT_EQ(*store->part(record::hash(part(1))), std::nullopt);
  EXPECT_EQ(*store->part(record::hash(part(200))), part(200));
}

TEST(Commands, AnEndIsToldOnceAndIsAnEvent) {
  TerminalFolder terminal;
  auto store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_FALSE(*(*store)->command_ended(id_of(1)));
  ASSERT_TRUE((*store)->end_command({id_of(1), CommandEnd::refused, "no systemd"}));
  EXPECT_TRUE(*(*store)->command_ended(id_of(1)));
  ASSERT_TRUE((*store)->end_command({id_of(1), CommandEnd::done, ""}));
  EXPECT_EQ((*store)->last_seq(), 1U) << "told twice";
  ASSERT_TRUE((*store)->submit(terminal.submission(TerminalFolder::complaint()))) << "the chain is broken";
  store->reset();
  store = terminal.open();
  ASSERT_TRUE(store) << store.error().text;
  EXPECT_TRUE(*(*store)->command_ended(id_of(1)));
  auto reader = IntakeReader::open(terminal.data());
  ASSERT_TRUE(reader);
  EXPECT_TRUE(*reader->command_ended(id_of(1)));
  EXPECT_FALSE(*reader->command_ended(id_of(2)));
  const auto events = reader->events_from(1, 1, 100'000);
  ASSERT_TRUE(events);
  const auto event = record::parse_event(events->front().bytes);
  ASSERT_TRUE(event) << event.error().text;
  EXPECT_EQ(event->type, record::EventType::device_command);
  EXPECT_EQ(event->subject, record::Uuid{});
  const auto outcome = record::command_outcome(event->facts);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->id, id_of(1));
  EXPECT_EQ(outcome->end, CommandEnd::refused);
  EXPECT_EQ(outcome->reason, "no systemd");
}

TEST(Commands, WhichHaveEndedIsStillKnownAfterADamagedStoreWasRebuilt) {
  TerminalFolder terminal;
  {
    auto store = terminal.open();
    ASSERT_TRUE((*store)->end_command({id_of(1), CommandEnd::done, ""}));
    ASSERT_TRUE((*store)->submit(terminal.submission(TerminalFolder::complaint())));
    // The first event is forgotten, as after 90 days: then the table alone knows.
    ASSERT_EQ(*(*store)->purge(2, 100), 1U);
    ASSERT_TRUE((*store)->end_command({id_of(2), CommandEnd::expired, ""}));
  }
  ASSERT_TRUE(write_file(terminal.runtime() + "/intake.suspect", record::view_of("io"), 0660));
  auto store = terminal.open(3);
  ASSERT_TRUE(store) << store.error().text;
  ASSERT_TRUE((*store)->salvage());
  EXPECT_TRUE(*(*store)->command_ended(id_of(1)));
  EXPECT_TRUE(*(*store)->command_ended(id_of(2)));
  EXPECT_FALSE(*(*store)->command_ended(id_of(3)));
}

TEST(Commands, TheFirstEventWhoseBytesAreHereIsFound) {
  TerminalFolder terminal;
  auto store = terminal.open();
  for (std::uint8_t n = 1; n <= 5; n++) ASSERT_TRUE((*store)->end_command({id_of(n), CommandEnd::done, ""}));
  ASSERT_EQ(*(*store)->purge(4, 100), 3U);
  auto reader = IntakeReader::open(terminal.data());
  EXPECT_EQ(*reader->next_kept(1), 4U);
  EXPECT_EQ(*reader->next_kept(5), 5U);
  EXPECT_EQ(*reader->next_kept(6), 0U);
}

}  // namespace
}  // namespace anjungan::store
