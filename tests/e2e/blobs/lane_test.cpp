// SPDX-License-Identifier: Apache-2.0
// The second lane from disk to disk: the real agent's lane and client, the real server and centre, a bad line between.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "sync/agent/agent.h"
#include "sync/agent/journal.h"
#include "sync/agent/uplink.h"
#include "sync/central/api/api.h"
#include "tests/e2e/blobs/cutting_proxy.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::test {
namespace {

using agent::Next;

class Lane : public testing::Test {
 protected:
  Lane() {
    agent::set_journal_level(agent::Level::silent);
    hall.enrol();
    store::Identity& identity = hall.terminal.identity;
    identity.root = hall.grant.root;
    identity.centre_keys = hall.keys;
    identity.key_manifest = hall.grant.key_manifest;
    start_server();
  }
  ~Lane() override { server.reset(); }

  void start_server() {
    server.reset();
    api = std::make_unique<central::Api>(*hall.centre, hall.terminal.clock, counters, central::Brand{});
    auto started = central::HttpServer::start(
        options, central::Api::route_of, counters,
        [this](const central::HttpRequest& request) { return api->serve(request); },
        [this](const central::HttpRequest& request) { return api->control(request); });
    ASSERT_TRUE(started) << started.error().text;
    server = std::move(*started);
  }

  void restart_centre() {
    server.reset();
    api.reset();
    hall.open_centre();
    options.port = 0;
    start_server();
  }

  std::string server_url() const { return "http://127.0.0.1:" + std::to_string(server->port()); }

  void connect(const std::string& url) {
    uplink.reset();
    auto opened = agent::HttpClient::open(url, {});
    ASSERT_TRUE(opened) << opened.error().text;
    client = std::move(*opened);
    auto sync = store::SyncStore::open(hall.terminal.data());
    ASSERT_TRUE(sync) << sync.error().text;
    if (auto state = sync->state(); state && state->join_counter == 0) {
      state->join_counter = hall.grant.join_counter;
      state->epoch = hall.grant.epoch;
      ASSERT_TRUE(sync->save(*state, {}));
    }
    auto made = agent::Uplink::open({hall.terminal.data(), hall.terminal.identity,
                                     record::SigningKey::from_seed(hall.device_key.seed()), *std::move(sync),
                                     client.get(), &hall.terminal.clock, 200, client.get()});
    ASSERT_TRUE(made) << made.error().text;
    uplink.emplace(*std::move(made));
  }

  /// A complaint with attachments of these sizes.
  void file(const std::vector<std::size_t>& sizes) {
    const record::Complaint complaint = store::TerminalFolder::complaint();
    store::Submission submission = hall.terminal.submission(complaint);
    for (const std::size_t size : sizes) {
      record::Bytes plain(size);
      record::fill_random(plain);
      auto kept = hall.store->keep_attachment(record::AttachmentKind::photo, "image/jpeg", plain);
      ASSERT_TRUE(kept) << kept.error().text;
      submission.attachments.push_back(*kept);
      total += kept->blob.bytes;
    }
    auto issued = hall.store->submit(std::move(submission));
    ASSERT_TRUE(issued) << issued.error().text;
    numbers.push_back(issued->number.str());
  }

  void deliver_events() {
    for (int tries = 0; tries < 200; tries++) {
      if (uplink->exchange().next == Next::rest) return;
    }
    FAIL() << "the events do not arrive";
  }

  /// Steps until nothing is left; how many failed.
  int deliver_blobs(int most = 2'000) {
    int failures = 0;
    for (int step = 0; step < most; step++) {
      const agent::Exchange done = uplink->carry_blob();
      if (done.next == Next::rest) return failures;
      if (done.next == Next::back_off) failures++;
    }
    ADD_FAILURE() << "the attachments do not arrive";
    return failures;
  }

  /// Every attachment is at the centre as it lies here.
  void expect_all_held() {
    const store::BlobFolder folder(hall.terminal.data());
    for (const std::string& number : numbers) {
      const auto rows = hall.centre->attachments(number);
      ASSERT_TRUE(rows);
      for (const central::AttachmentRow& row : *rows) {
        EXPECT_TRUE(row.held) << number;
        const auto there = hall.centre->take_out_blob(number, row.hash, "test");
        ASSERT_TRUE(there) << there.error().text;
        EXPECT_EQ(*there, *folder.read(row.hash, 0, record::k_most_blob_bytes));
      }
    }
  }

  central::Hall hall;
  central::HttpCounters counters;
  central::HttpOptions options;
  std::unique_ptr<central::Api> api;
  std::unique_ptr<central::HttpServer> server;
  std::unique_ptr<agent::HttpClient> client;
  std::optional<agent::Uplink> uplink;
  std::vector<std::string> numbers;
  std::uint64_t total = 0;
};

TEST_F(Lane, BringsEverythingInPieces) {
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  file({1, 5'000, 700'000});
  file({});
  file({300'000});
  EXPECT_EQ(uplink->carry_blob().next, Next::rest) << "no attachment before its event";
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  EXPECT_EQ(deliver_blobs(), 0);
  expect_all_held();
  EXPECT_EQ(hall.centre->counters().blob_bytes, total);
  EXPECT_EQ(uplink->carry_blob().next, Next::rest);
}

// The line breaks in the question, in every piece, before, in and after every answer. It goes on where it was: no byte
// is taken twice.
TEST_F(Lane, Threat02ALineThatBreaksInEveryPiece) {
  file({2'500'000, 900'000, 300'000, 20'000});
  CuttingProxy proxy(server->port(), [](int n) -> CuttingProxy::Cut {
    constexpr std::array<std::size_t, 8> k_up{200, 30'000, 70'000, 140'000, 200'000, 270'000, 330'000, 400'000};
    // Answers are some 700 bytes: the second one of a connection is that of the first piece.
    constexpr std::array<std::size_t, 5> k_down{100, 690, 900, 1'300, 2'000};
    if (n % 3 == 0) return {.up = k_up[static_cast<std::size_t>(n / 3) % k_up.size()]};
    if (n % 3 == 1) return {.down = k_down[static_cast<std::size_t>(n / 3) % k_down.size()]};
    return {.up = 100'000 + static_cast<std::size_t>(n) * 7'919 % 300'000};
  });
  ASSERT_NO_FATAL_FAILURE(connect(proxy.url()));
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  EXPECT_GE(deliver_blobs(), 10);
  expect_all_held();
  EXPECT_EQ(hall.centre->counters().blob_bytes, total) << "resumed by offset";
  EXPECT_GE(proxy.connections(), 10);
}

// No connection ever carries a whole piece of the usual length: questions get through, and must not talk the lane out
// of short ones.
TEST_F(Lane, Threat02ALineThatNeverCarriesMuch) {
  file({600'000});
  CuttingProxy proxy(server->port(), [](int) -> CuttingProxy::Cut { return {.up = 60'000}; });
  ASSERT_NO_FATAL_FAILURE(connect(proxy.url()));
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  EXPECT_GE(deliver_blobs(200), 1);
  expect_all_held();
  EXPECT_EQ(hall.centre->counters().blob_bytes, total);
}

TEST_F(Lane, GoesOnAfterBothWereStarted) {
  file({600'000});
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  for (int step = 0; step < 3; step++) ASSERT_EQ(uplink->carry_blob().next, Next::again);
  const std::uint64_t before = hall.centre->counters().blob_bytes;
  EXPECT_GT(before, 0U);
  EXPECT_LT(before, total);
  uplink.reset();
  restart_centre();
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  EXPECT_EQ(deliver_blobs(), 0);
  EXPECT_EQ(before + hall.centre->counters().blob_bytes, total);
  expect_all_held();
}

// 200 from whoever stands in between acknowledges nothing.
TEST_F(Lane, Threat25APortalTakesNoAttachment) {
  file({10'000});
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  api.reset();
  server.reset();
  auto portal = central::HttpServer::start(options, central::Api::route_of, counters,
                                           [](const central::HttpRequest&) {
                                             central::HttpResponse out;
                                             out.message =
                                                 record::to_base64url(record::view_of("welcome to the free wifi"));
                                             out.offset = 10'000;
                                             return out;
                                           },
                                           {});
  ASSERT_TRUE(portal);
  uplink.reset();
  ASSERT_NO_FATAL_FAILURE(connect("http://127.0.0.1:" + std::to_string((*portal)->port())));
  const agent::Exchange done = uplink->carry_blob();
  EXPECT_EQ(done.next, Next::back_off);
  EXPECT_EQ(done.reason, "attachment: HTTP status 200 without a valid answer");
  auto reader = store::SyncReader::open(hall.terminal.data());
  const auto blobs = store::IntakeReader::open(hall.terminal.data())->blobs(0, 10);
  EXPECT_FALSE(*reader->blob((*blobs)[0].hash));
}

/// Notes what the agent sends, and lets something happen after the first piece.
class Recorder final : public agent::Transport, public agent::BlobTransport {
 public:
  Recorder(agent::HttpClient& client, std::function<void()> after_piece)
      : m_client(client), m_after_piece(std::move(after_piece)) {}

  record::Result<agent::HttpAnswer> post(std::string_view path, record::ByteView body,
                                         const Headers& headers) override {
    calls += 'e';
    return m_client.post(path, body, headers);
  }
  record::Result<agent::HttpAnswer> carry(std::string_view path, const record::ByteView* piece,
                                          const agent::Transport::Headers& headers) override {
    calls += piece == nullptr ? 'q' : 'p';
    auto answer = m_client.carry(path, piece, headers);
    if (piece != nullptr) m_after_piece();
    return answer;
  }

  std::string calls;  ///< e: events, q: a question about an attachment, p: a piece

 private:
  agent::HttpClient& m_client;
  std::function<void()> m_after_piece;
};

// A complaint that is filed while a photo travels goes before the photo's next piece, and then the photo goes on.
TEST_F(Lane, NeverKeepsAnEventWaiting) {
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  uplink.reset();
  file({700'000});
  const agent::Stop stop;
  int pieces = 0;
  Recorder recorder(*client, [&] {
    pieces++;
    if (pieces == 1) {
      hall.submit();
      store::ring(store::sync_bell(hall.terminal.runtime()));
    }
    if (hall.centre->counters().blobs_held == 1) stop.request();
  });
  auto sync = store::SyncStore::open(hall.terminal.data());
  ASSERT_TRUE(sync);
  auto made = agent::Uplink::open({hall.terminal.data(), hall.terminal.identity,
                                   record::SigningKey::from_seed(hall.device_key.seed()), *std::move(sync), &recorder,
                                   &hall.terminal.clock, 200, &recorder});
  ASSERT_TRUE(made);
  auto bell = store::Doorbell::hang(store::sync_bell(hall.terminal.runtime()));
  ASSERT_TRUE(bell) << bell.error().text;
  agent::Agent::Options agent_options;
  agent_options.runtime_folder = hall.terminal.runtime();
  agent_options.poll = std::chrono::seconds(600);
  agent::Agent agent(agent_options, *std::move(made), *std::move(bell), std::nullopt, stop);
  EXPECT_EQ(agent.run(), agent::RunEnd::asked_to_stop);
  EXPECT_GE(pieces, 3);
  const std::size_t first = recorder.calls.find('p');
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(recorder.calls[first + 1], 'e') << recorder.calls;
  EXPECT_EQ(std::count(recorder.calls.begin(), recorder.calls.end(), 'e'), 2) << recorder.calls;
  EXPECT_EQ((*hall.centre->stats())[0].events, 3U);
}

// A question costs a round trip: one, then piece upon piece until the line breaks or the centre says something else.
TEST_F(Lane, AsksOnceForAllThatFlow) {
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  file({1'000, 2'000, 3'000, 100'000});
  const auto blobs = *store::IntakeReader::open(hall.terminal.data())->blobs(0, 10);
  std::string calls;
  const auto carry_all = [&] {
    Recorder recorder(*client, [] {});
    uplink.reset();
    auto sync = store::SyncStore::open(hall.terminal.data());
    auto made = agent::Uplink::open({hall.terminal.data(), hall.terminal.identity,
                                     record::SigningKey::from_seed(hall.device_key.seed()), *std::move(sync), &recorder,
                                     &hall.terminal.clock, 200, &recorder});
    ASSERT_TRUE(made);
    uplink.emplace(*std::move(made));
    ASSERT_NO_FATAL_FAILURE(deliver_events());
    recorder.calls.clear();
    EXPECT_EQ(deliver_blobs(), 0);
    calls = recorder.calls;
    uplink.reset();
  };
  carry_all();
  EXPECT_EQ(calls, "qppppp") << "the last one is two pieces";
  // Behind one that is refused the next is asked about.
  file({1'000, 500'000, 2'000});
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0, .quota_bytes = total - 502'000});
  carry_all();
  EXPECT_EQ(calls, "qppq");
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0});
  carry_all();
  EXPECT_EQ(std::count(calls.begin(), calls.end(), 'q'), 1) << calls;
  expect_all_held();
  EXPECT_EQ(hall.centre->counters().blob_bytes, total);
}

// What is sent without a question may be there in part, from before a restart: it goes on from there.
TEST_F(Lane, WhatFlowsIntoAHalfOfItselfIsNotSentTwice) {
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  file({500'000, 200'000});
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0, .quota_bytes = 300'000});
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  // The first one is over the quota; two pieces of the second arrive.
  for (int step = 0; step < 4; step++) ASSERT_EQ(uplink->carry_blob().next, Next::again);
  const std::uint64_t before = hall.centre->counters().blob_bytes;
  ASSERT_GT(before, 0U);
  ASSERT_LT(before, 200'000U);
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0});
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  EXPECT_EQ(deliver_blobs(), 0);
  expect_all_held();
  EXPECT_EQ(hall.centre->counters().blob_bytes, total);
}

// One that the centre cannot take, one whose file has rotted and one whose file is gone stand in nobody's way.
TEST_F(Lane, OneThatCannotGoStopsNoOther) {
  file({10'000, 20'000, 30'000, 40'000});
  const store::BlobFolder folder(hall.terminal.data());
  const auto blobs = *store::IntakeReader::open(hall.terminal.data())->blobs(0, 10);
  std::filesystem::remove(folder.path(blobs[0].hash));
  {
    std::fstream file(folder.path(blobs[1].hash), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(500);
    file.write("rot", 3);
  }
  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0, .quota_bytes = blobs[2].size});
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  EXPECT_EQ(deliver_blobs(), 0);
  EXPECT_EQ(uplink->blobs_put_off(), 1U) << "the last one is over the quota";
  auto reader = store::SyncReader::open(hall.terminal.data());
  EXPECT_EQ((*reader->blob(blobs[0].hash))->word, store::BlobState::Word::lost);
  EXPECT_EQ((*reader->blob(blobs[1].hash))->word, store::BlobState::Word::lost);
  EXPECT_EQ((*reader->blob(blobs[2].hash))->word, store::BlobState::Word::held);
  EXPECT_FALSE(*reader->blob(blobs[3].hash));

  hall.centre->use_blobs(nullptr, {.reserve_bytes = 0});
  EXPECT_EQ(deliver_blobs(), 0);
  EXPECT_EQ(uplink->blobs_put_off(), 0U);
  EXPECT_EQ((*reader->blob(blobs[3].hash))->word, store::BlobState::Word::held);
}

// A centre that came back from a backup of its database, its folder of attachments lost, gets them again.
TEST_F(Lane, Threat05ARestoredCentreGetsThemAgain) {
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  file({10'000, 20'000});
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  EXPECT_EQ(deliver_blobs(), 0);
  const std::string backup = hall.terminal.root + "/backup";
  ASSERT_TRUE(hall.centre->back_up(backup, "admin"));
  uplink.reset();
  api.reset();
  server.reset();
  hall.centre.reset();
  std::filesystem::remove_all(hall.terminal.root + "/central");
  std::filesystem::rename(backup, hall.terminal.root + "/central");
  hall.open_centre();
  start_server();
  ASSERT_NO_FATAL_FAILURE(connect(server_url()));
  file({5'000});
  ASSERT_NO_FATAL_FAILURE(deliver_events());
  EXPECT_EQ(deliver_blobs(), 0);
  expect_all_held();
}

}  // namespace
}  // namespace anjungan::test
