// SPDX-License-Identifier: Apache-2.0
// A centre and an enrolled terminal without a network: messages are handed over as bytes.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "sync/central/ingest/centre.h"
#include "sync/store/intake_reader.h"
#include "sync/wire/enrol.h"
#include "sync/wire/key_manifest.h"
#include "sync/wire/question.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::central {

class Hall {
 public:
  /// `url` as open_store() takes it.
  explicit Hall(std::string url = {}) : store_url(std::move(url)) { open_centre(); }

  void open_centre() {
    centre.reset();
    auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
    EXPECT_TRUE(catalogue);
    auto memory = open_store(store_url, terminal.root + "/central");
    ASSERT_TRUE(memory) << memory.error().text;
    auto opened = Centre::open(std::move(*memory), terminal.root + "/central", "https://lapor.example.go.id",
                               std::move(*catalogue), terminal.clock);
    EXPECT_TRUE(opened) << opened.error().text;
    centre = std::move(*opened);
  }

  [[nodiscard]] record::Bytes enrol_request(const std::string& code_text) const {
    const auto code = wire::EnrolCode::parse(code_text);
    EXPECT_TRUE(code);
    return *wire::encode_enrol_request(*code, "anjungan test", receipt_key, device_key);
  }

  /// From a code to a store that seals to this centre.
  void enrol() {
    const std::string code = centre->make_enrol_code(3273, "MPP Kota Bandung", "Lantai 1")->code;
    const record::Bytes request = enrol_request(code);
    EXPECT_EQ(centre->enrol(request).status, 202U);
    EXPECT_TRUE(centre->confirm("3273-0001"));
    const Reply reply = centre->enrol(request);
    ASSERT_EQ(reply.status, 200U);
    const auto answer =
        wire::open_enrol_answer(reply.body, *wire::EnrolCode::parse(code), wire::message_digest(request));
    ASSERT_TRUE(answer) << answer.error().text;
    ASSERT_TRUE(answer->grant);
    grant = *answer->grant;
    const auto manifest = wire::open_key_manifest(grant.key_manifest, grant.root);
    ASSERT_TRUE(manifest);
    keys = manifest->signing;
    join_counter = grant.join_counter;
    terminal.identity.region = grant.device.region;
    terminal.identity.terminal = grant.device.terminal;
    terminal.identity.seal_to.clear();
    for (const auto& one : manifest->sealing) terminal.identity.seal_to.push_back(one.public_key);
    store::IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    options.clock = &terminal.clock;
    auto opened = store::IntakeStore::open(terminal.data(), terminal.runtime(), terminal.identity,
                                           record::SigningKey::from_seed(receipt_key.seed()), options);
    ASSERT_TRUE(opened) << opened.error().text;
    store = std::move(*opened);
  }

  store::Issued submit() {
    const record::Complaint complaint = store::TerminalFolder::complaint();
    auto issued = store->submit(terminal.submission(complaint));
    EXPECT_TRUE(issued) << issued.error().text;
    return *issued;
  }

  /// A batch with the terminal's own events from `from` to `to`.
  [[nodiscard]] wire::SyncRequest batch(std::uint64_t from, std::uint64_t to) const {
    auto reader = store::IntakeReader::open(terminal.data());
    EXPECT_TRUE(reader);
    wire::SyncRequest out;
    out.device = grant.device;
    out.centre = wire::root_id(grant.root);
    out.epoch = grant.epoch;
    out.join_counter = join_counter;
    out.from_seq = from;
    out.prev = *reader->hash_of(from - 1);
    out.last_seq = *reader->last_seq();
    out.feed_cursor = feed_cursor;
    out.created_ms = terminal.clock.now_ms;
    if (to >= from) {
      const auto events = reader->events_from(from, to - from + 1, 1'000'000);
      EXPECT_TRUE(events);
      for (const auto& one : events.value()) out.events.push_back(one.bytes);
    }
    return out;
  }

  /// Sends and reads the answer; nullopt when the centre gave none that holds.
  std::optional<wire::SyncAnswer> send(const wire::SyncRequest& request, bool lose_answer = false) {
    const auto message = wire::encode_sync_request(request, device_key);
    EXPECT_TRUE(message) << message.error().text;
    const Reply reply = centre->sync(*message);
    status = reply.status;
    if (reply.status != 200) return std::nullopt;
    auto answer =
        wire::open_sync_answer(reply.body, {grant.device, wire::message_digest(*message), request.events.size(), keys});
    EXPECT_TRUE(answer) << answer.error().text;
    if (!answer || lose_answer) return std::nullopt;
    join_counter = answer->join_counter;
    if (!answer->feed.empty()) feed_cursor = answer->feed.back().cursor;
    return *answer;
  }

  std::string store_url;
  store::TerminalFolder terminal;
  std::unique_ptr<Centre> centre;
  std::unique_ptr<store::IntakeStore> store;
  record::SigningKey receipt_key = record::SigningKey::generate();
  record::SigningKey device_key = record::SigningKey::generate();
  wire::TerminalGrant grant;
  std::vector<record::PublicKey> keys;
  std::uint64_t join_counter = 0;
  std::uint64_t feed_cursor = 0;
  unsigned status = 0;
};

}  // namespace anjungan::central
