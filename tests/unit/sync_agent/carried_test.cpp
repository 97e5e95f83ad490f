// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <functional>

#include "sync/agent/carry_out.h"
#include "sync/store/files.h"
#include "sync/wire/carried.h"
#include "tests/unit/sync_agent/terminal.h"

// Answers that a person carries: in any order, late, again, of another epoch.
namespace anjungan::agent {
namespace {

using record::ErrorKind;
using Outcome = Uplink::CarriedNews::Outcome;
using test::Terminal;

wire::Epoch epoch_of(std::uint8_t byte) {
  wire::Epoch out;
  out.fill(byte);
  return out;
}

// A hall whose terminal starts in epoch 1, and a stick's files made by hand.
struct Hall {
  Terminal terminal;
  std::optional<Uplink> uplink;

  Hall() {
    terminal.kiosk->add(30);
    {
      auto store = store::SyncStore::open(terminal.folder.path("data")).value();
      store::SyncState state;
      state.epoch = epoch_of(1);
      state.join_counter = 5;
      state.feed_cursor = 10;
      EXPECT_TRUE(store.save(state, {}));
    }
    uplink.emplace(terminal.start());
  }

  [[nodiscard]] record::Hash hash_of(std::uint64_t seq) const {
    return seq == 0 ? record::Hash{} : record::hash(terminal.events_on_disk().at(seq));
  }

  struct Story {
    std::uint8_t request_epoch = 1;
    std::uint8_t answer_epoch = 1;
    std::uint64_t acked = 0;
    std::uint64_t cursor = 10;  // of the request
    std::vector<std::uint64_t> news = {};
    std::int64_t server_ms = 1'000;
    wire::Standing standing = wire::Standing::welcome;
    std::uint64_t join = wire::k_carried;
    std::optional<record::Hash> hash = std::nullopt;
  };

  [[nodiscard]] record::Bytes file(const Story& story) const {
    wire::SyncRequest request = request_of(terminal.identity, {}, terminal.clock);
    request.epoch = epoch_of(story.request_epoch);
    request.join_counter = story.join;
    request.feed_cursor = story.cursor;
    request.last_seq = 30;
    const auto key = store::load_key(terminal.folder.path("data"), store::KeyUse::device).value();
    const record::Bytes message = wire::encode_sync_request(request, key).value();
    wire::SyncAnswer answer;
    answer.standing = story.standing;
    answer.epoch = epoch_of(story.answer_epoch);
    answer.acked_seq = story.acked;
    answer.acked_hash = story.hash ? *story.hash : hash_of(story.acked);
    answer.server_time_ms = story.server_ms;
    answer.join_counter = story.join;
    for (const std::uint64_t cursor : story.news) {
      const std::string body = "{\"n\":" + std::to_string(cursor) + "}";
      answer.feed.push_back({cursor, "case", "3273-0012-000427-6", record::Bytes(body.begin(), body.end())});
    }
    return wire::join_carried_answer(
        message,
        wire::encode_sync_answer(answer, request.device, wire::message_digest(message), terminal.centre.signing_key())
            .value());
  }

  Uplink::CarriedNews take(const Story& story) {
    const auto news = uplink->take_carried(file(story));
    EXPECT_TRUE(news) << news.error().text;
    return news.value_or(Uplink::CarriedNews{});
  }
};

TEST(Carried, AcknowledgementsComeInAnyOrder) {
  Hall hall;
  EXPECT_EQ(hall.take({.acked = 20}).outcome, Outcome::taken);
  EXPECT_EQ(hall.take({.acked = 10}).outcome, Outcome::known);
  EXPECT_EQ(hall.take({.acked = 20}).outcome, Outcome::known);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 20U);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_hash, hall.hash_of(20));
  EXPECT_EQ(hall.uplink->waiting(), 10U);
  EXPECT_EQ(hall.terminal.state_on_disk().join_counter, 5U) << "the network's counter is left alone";
  EXPECT_EQ(hall.terminal.state_on_disk().last_contact_ms, 0) << "nobody was heard over the network";
}

TEST(Threat05, ACentreThatLostWhatItHadGetsItAgain) {
  Hall hall;
  hall.take({.acked = 20, .server_ms = 2'000});
  hall.take({.acked = 10, .server_ms = 1'000});
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 20U) << "an old answer";
  EXPECT_EQ(hall.take({.acked = 10, .server_ms = 3'000}).outcome, Outcome::taken);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 10U) << "a newer one: the centre forgot without a new epoch";
}

TEST(Carried, NewsIsTakenOnceAndTheCursorNeverLeapsOverAny) {
  Hall hall;
  EXPECT_EQ(hall.take({.news = {12, 15}}).news, 2U);
  EXPECT_EQ(hall.take({.news = {12, 15}}).news, 0U);
  EXPECT_EQ(hall.take({.news = {12, 15, 18}}).news, 1U);
  EXPECT_EQ(hall.terminal.state_on_disk().feed_cursor, 18U);
  EXPECT_EQ(hall.take({.cursor = 25, .news = {26}}).news, 0U) << "19 to 25 were never seen here";
  EXPECT_EQ(hall.terminal.state_on_disk().feed_cursor, 18U);
}

TEST(Carried, ANewEpochIsFollowedOnceAndAnOldOneNever) {
  Hall hall;
  hall.take({.acked = 20});
  const auto back = hall.take({.request_epoch = 1, .answer_epoch = 2, .acked = 5});
  EXPECT_EQ(back.outcome, Outcome::taken);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 5U);
  EXPECT_EQ(hall.terminal.state_on_disk().feed_cursor, 0U);
  EXPECT_EQ(hall.take({.request_epoch = 1, .answer_epoch = 1, .acked = 25}).outcome, Outcome::overtaken);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 5U);
  EXPECT_EQ(hall.terminal.state_on_disk().epoch, epoch_of(2));
  // Asked before the change, answered after it: what it confirms holds, its cursors mean another feed.
  const auto late = hall.take({.request_epoch = 1, .answer_epoch = 2, .acked = 8, .cursor = 0, .news = {3}});
  EXPECT_EQ(late.outcome, Outcome::taken);
  EXPECT_EQ(late.news, 0U);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 8U);
  EXPECT_EQ(hall.terminal.state_on_disk().feed_cursor, 0U);
}

TEST(Carried, TheLatestStandingHolds) {
  Hall hall;
  EXPECT_EQ(hall.take({.server_ms = 2'000, .standing = wire::Standing::locked}).outcome, Outcome::taken);
  EXPECT_EQ(hall.terminal.state_on_disk().standing, 2);
  hall.take({.acked = 3, .server_ms = 1'000});
  EXPECT_EQ(hall.terminal.state_on_disk().standing, 2) << "said before it was locked";
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 3U) << "and what it confirms is durable all the same";
  hall.take({.acked = 4, .server_ms = 1'500});
  EXPECT_EQ(hall.terminal.state_on_disk().standing, 2) << "later than the last one, and still before it was locked";
  hall.take({.server_ms = 3'000});
  EXPECT_EQ(hall.terminal.state_on_disk().standing, 1);
  EXPECT_EQ(hall.terminal.state_on_disk().carried_ms, 3'000);
}

TEST(Threat06, ADiskThatIsNotTheOneTheCentreKnowsTakesNothing) {
  Hall hall;
  const auto other = hall.uplink->take_carried(hall.file({.acked = 4, .hash = record::Hash{1}}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::conflict);
  const auto beyond = hall.uplink->take_carried(hall.file({.acked = 31, .hash = record::Hash{1}}));
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().kind, ErrorKind::conflict);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 0U);
}

TEST(Threat25, NoBitOfACarriedAnswerCanBeChanged) {
  Hall hall;
  const record::Bytes whole = hall.file({.acked = 20, .news = {11}});
  for (std::size_t at = 0; at < whole.size(); at++) {
    record::Bytes spoiled = whole;
    spoiled[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    ASSERT_FALSE(hall.uplink->take_carried(spoiled)) << "byte " << at;
  }
  for (std::size_t end = 0; end < whole.size(); end++) {
    const auto cut = hall.uplink->take_carried(record::ByteView(whole).first(end));
    ASSERT_FALSE(cut) << "cut at " << end;
    ASSERT_EQ(cut.error().kind, ErrorKind::invalid);
  }
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, 0U);
  EXPECT_TRUE(hall.uplink->take_carried(whole));
}

TEST(Threat11, AnAnswerOfTheNetworkIsNotTakenFromAStick) {
  Hall hall;
  const auto network = hall.uplink->take_carried(hall.file({.acked = 4, .join = 1ULL << 62U}));
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().kind, ErrorKind::denied);
  EXPECT_EQ(hall.terminal.state_on_disk().join_counter, 5U);
}

TEST(Carried, WhatIsWrittenForTheStickIsTheWholeRestOfTheChainAndChangesNothing) {
  Hall hall;
  hall.take({.acked = 7});
  const std::string stick = hall.terminal.folder.path("stick");
  ASSERT_TRUE(store::make_folder(stick));
  const auto before = hall.terminal.state_on_disk();
  std::size_t told = 0;
  const auto files = carry_out({hall.terminal.folder.path("data"), stick, 10}, hall.terminal.clock,
                               [&](const CarriedFile&) { told++; });
  ASSERT_TRUE(files) << files.error().text;
  ASSERT_EQ(files->size(), 3U);
  EXPECT_EQ(told, 3U);
  std::map<std::uint64_t, record::Bytes> carried;
  for (const CarriedFile& file : *files) {
    auto bytes = store::read_file(stick + "/" + file.name, wire::k_max_request_bytes).value();
    EXPECT_EQ(bytes.size(), file.bytes);
    const auto request = wire::UnverifiedSyncRequest::parse(bytes).value().verify(hall.terminal.identity.device_key,
                                                                                  hall.terminal.identity.root);
    ASSERT_TRUE(request) << request.error().text;
    EXPECT_EQ((*request)->join_counter, wire::k_carried);
    EXPECT_EQ((*request)->last_seq, 30U);
    EXPECT_EQ((*request)->prev, hall.hash_of((*request)->from_seq - 1));
    std::uint64_t seq = (*request)->from_seq;
    for (const record::Bytes& event : (*request)->events) carried[seq++] = event;
  }
  std::map<std::uint64_t, record::Bytes> rest = hall.terminal.events_on_disk();
  rest.erase(rest.begin(), rest.find(8));
  EXPECT_EQ(carried, rest);
  EXPECT_EQ(hall.terminal.state_on_disk().acked_seq, before.acked_seq);
  EXPECT_EQ(files->front().name, "anjungan-" + hall.terminal.identity.device() + "-0000000008-0000000017.request");
}

}  // namespace
}  // namespace anjungan::agent
