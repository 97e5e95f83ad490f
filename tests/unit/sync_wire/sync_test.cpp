// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sync/wire/frame.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"
#include "tests/unit/sync_wire/samples.h"

namespace anjungan::wire {
namespace {

using record::Bytes;
using record::ErrorKind;

Bytes signed_body(Kind kind, const Bytes& body, const record::SigningKey& key) {
  Bytes message = open_frame(kind, body);
  append_signature(message, kind, key);
  return message;
}

Bytes body_of(Kind kind, const Bytes& message) {
  const auto frame = parse_frame(kind, message, k_signature_bytes).value();
  return {frame.body.begin(), frame.body.end()};
}

TEST(SyncRequest, ComesBackAsSentWithEventsVerbatim) {
  const auto parsed = UnverifiedSyncRequest::parse(test::sync_request_message());
  ASSERT_TRUE(parsed.has_value()) << parsed.error().text;
  EXPECT_EQ(parsed->device(), (DeviceId{3273, 12}));
  const auto verified =
      UnverifiedSyncRequest(*parsed).verify(test::device_key().public_key(), test::root_key().public_key());
  ASSERT_TRUE(verified.has_value()) << verified.error().text;
  const SyncRequest wanted = test::sync_request();
  const SyncRequest& got = **verified;
  EXPECT_EQ(got.device, wanted.device);
  EXPECT_EQ(got.epoch, wanted.epoch);
  EXPECT_EQ(got.join_counter, wanted.join_counter);
  EXPECT_EQ(got.from_seq, wanted.from_seq);
  EXPECT_EQ(got.prev, wanted.prev);
  EXPECT_EQ(got.last_seq, wanted.last_seq);
  EXPECT_EQ(got.feed_cursor, wanted.feed_cursor);
  EXPECT_EQ(got.created_ms, wanted.created_ms);
  EXPECT_EQ(got.monotonic_ms, wanted.monotonic_ms);
  EXPECT_EQ(got.events, wanted.events);
  EXPECT_EQ(verified->digest(), message_digest(test::sync_request_message()));
}

TEST(SyncRequest, EveryByteThatIsTouchedIsNoticed) {
  const Bytes good = test::sync_request_message();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const unsigned mask : {0x01U, 0x80U}) {
      Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(bad[at] ^ mask);
      auto parsed = UnverifiedSyncRequest::parse(bad);
      if (!parsed) continue;
      const auto verified = std::move(*parsed).verify(test::device_key().public_key(), test::root_key().public_key());
      ASSERT_FALSE(verified.has_value()) << "byte " << at;
      EXPECT_EQ(verified.error().kind, ErrorKind::denied);
    }
  }
}

TEST(SyncRequest, EveryTruncationAndEveryByteAddedIsRefused) {
  const Bytes good = test::sync_request_message();
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(UnverifiedSyncRequest::parse(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))));
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(UnverifiedSyncRequest::parse(longer));
}

TEST(SyncRequest, AnotherKeyOrAnotherCentreIsDenied) {
  const auto other_key = UnverifiedSyncRequest::parse(test::sync_request_message())
                             .value()
                             .verify(test::receipt_key().public_key(), test::root_key().public_key());
  ASSERT_FALSE(other_key.has_value());
  EXPECT_EQ(other_key.error().kind, ErrorKind::denied);
  const auto other_centre = UnverifiedSyncRequest::parse(test::sync_request_message())
                                .value()
                                .verify(test::device_key().public_key(), test::stranger_key().public_key());
  ASSERT_FALSE(other_centre.has_value());
  EXPECT_EQ(other_centre.error().kind, ErrorKind::denied);
}

TEST(SyncRequest, LimitsHoldOnBothSides) {
  SyncRequest request = test::sync_request();
  request.from_seq = 1;
  request.last_seq = 1000;
  request.events.assign(k_max_batch_events, test::bytes_of("x"));
  auto full = encode_sync_request(request, test::device_key());
  ASSERT_TRUE(full.has_value());
  EXPECT_TRUE(UnverifiedSyncRequest::parse(*full).has_value());
  request.events.push_back(test::bytes_of("x"));
  EXPECT_FALSE(encode_sync_request(request, test::device_key()).has_value());

  request.events = {Bytes(k_max_batch_event_bytes, 'x')};
  full = encode_sync_request(request, test::device_key());
  ASSERT_TRUE(full.has_value());
  EXPECT_LE(full->size(), k_max_request_bytes);
  EXPECT_TRUE(UnverifiedSyncRequest::parse(*full).has_value());
  request.events.push_back(test::bytes_of("x"));
  EXPECT_FALSE(encode_sync_request(request, test::device_key()).has_value());

  // The same two over-full batches, made by someone who does not ask this encoder.
  OctetWriter body;
  const Bytes good = body_of(Kind::sync_request, test::sync_request_message());
  const std::size_t before_events = 2 + 2 + 8 + 16 + 8 + 8 + 32 + 8 + 8 + 8 + 8;
  body.raw(record::ByteView(good).first(before_events));
  body.u16(2);
  body.block(Bytes(k_max_batch_event_bytes, 'x'));
  body.block(test::bytes_of("x"));
  EXPECT_FALSE(UnverifiedSyncRequest::parse(signed_body(Kind::sync_request, body.bytes(), test::device_key())));
  OctetWriter many;
  many.raw(record::ByteView(good).first(before_events));
  many.u16(k_max_batch_events + 1);
  for (std::size_t i = 0; i <= k_max_batch_events; ++i) many.block({});
  EXPECT_FALSE(UnverifiedSyncRequest::parse(signed_body(Kind::sync_request, many.bytes(), test::device_key())));
}

TEST(SyncRequest, SeqsThatCannotBeAreRefused) {
  const auto parses = [](const SyncRequest& request) {
    return UnverifiedSyncRequest::parse(encode_sync_request(request, test::device_key()).value()).has_value();
  };
  SyncRequest request = test::sync_request();
  request.last_seq = 429;  // exactly the three events sent
  EXPECT_TRUE(parses(request));
  request.last_seq = 428;
  EXPECT_FALSE(parses(request));
  request.last_seq = 425;
  EXPECT_FALSE(parses(request));
  request = test::sync_request();
  request.from_seq = 0;
  EXPECT_FALSE(parses(request));
  request = test::sync_request();
  request.device.terminal = 0;
  EXPECT_FALSE(parses(request));
  request = test::sync_request();
  request.events.clear();
  request.from_seq = request.last_seq + 1;
  EXPECT_TRUE(parses(request));
  request.from_seq = ~std::uint64_t{0};
  EXPECT_FALSE(parses(request));
}

TEST(SyncAnswer, ComesBackAsSent) {
  const auto got = open_sync_answer(test::sync_answer_message(), test::expected_answer());
  ASSERT_TRUE(got.has_value()) << got.error().text;
  const SyncAnswer wanted = test::sync_answer();
  EXPECT_EQ(got->standing, wanted.standing);
  EXPECT_EQ(got->epoch, wanted.epoch);
  EXPECT_EQ(got->acked_seq, wanted.acked_seq);
  EXPECT_EQ(got->acked_hash, wanted.acked_hash);
  EXPECT_EQ(got->results, wanted.results);
  EXPECT_EQ(got->need, wanted.need);
  EXPECT_EQ(got->server_time_ms, wanted.server_time_ms);
  EXPECT_EQ(got->join_counter, wanted.join_counter);
  EXPECT_EQ(got->feed, wanted.feed);
  EXPECT_EQ(got->feed_more, wanted.feed_more);
}

TEST(SyncAnswer, EveryByteThatIsTouchedIsRefused) {
  const Bytes good = test::sync_answer_message();
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(bad[at] ^ (1U << bit));
      ASSERT_FALSE(open_sync_answer(bad, test::expected_answer()).has_value()) << "byte " << at << " bit " << bit;
    }
  }
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_FALSE(open_sync_answer(record::ByteView(good).first(size), test::expected_answer()).has_value());
  }
}

TEST(SyncAnswer, OfAnotherTerminalRequestOrCentreIsDenied) {
  const auto denied = [](const ExpectedAnswer& expected) {
    const auto got = open_sync_answer(test::sync_answer_message(), expected);
    return !got.has_value() && got.error().kind == ErrorKind::denied;
  };
  ExpectedAnswer expected = test::expected_answer();
  EXPECT_FALSE(denied(expected));
  expected.device.terminal = 13;
  EXPECT_TRUE(denied(expected));
  expected = test::expected_answer();
  expected.request_digest[31] ^= 1;
  EXPECT_TRUE(denied(expected));
  expected = test::expected_answer();
  const std::vector<record::PublicKey> others{test::stranger_key().public_key()};
  expected.centre_keys = others;
  EXPECT_TRUE(denied(expected));
  expected.centre_keys = {};
  EXPECT_TRUE(denied(expected));
}

TEST(SyncAnswer, AForgerWhoNamesTheCentresKeyIdIsDenied) {
  Bytes body = body_of(Kind::sync_answer, test::sync_answer_message());
  const Bytes forged = signed_body(Kind::sync_answer, body, test::stranger_key());
  const auto got = open_sync_answer(forged, test::expected_answer());
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, ErrorKind::denied);
}

TEST(SyncAnswer, ASignatureMadeForAnotherKindIsDenied) {
  const Bytes body = body_of(Kind::sync_answer, test::sync_answer_message());
  Bytes message = open_frame(Kind::sync_answer, body);
  append_signature(message, Kind::question_answer, test::centre_key());
  EXPECT_FALSE(open_sync_answer(message, test::expected_answer()).has_value());
}

TEST(SyncAnswer, WantsOneResultForEachEventOfAWelcomeTerminal) {
  ExpectedAnswer expected = test::expected_answer();
  expected.event_count = 4;
  const auto got = open_sync_answer(test::sync_answer_message(), expected);
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, ErrorKind::invalid);
  SyncAnswer locked = test::sync_answer();
  locked.standing = Standing::locked;
  locked.results.clear();
  const auto message = encode_sync_answer(locked, expected.device, expected.request_digest, test::centre_key());
  ASSERT_TRUE(message.has_value());
  const auto opened = open_sync_answer(*message, expected);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->standing, Standing::locked);
}

TEST(SyncAnswer, RangesAndCursorsMustAscend) {
  const auto opens = [](const SyncAnswer& answer) {
    const ExpectedAnswer expected = test::expected_answer();
    const auto message = encode_sync_answer(answer, expected.device, expected.request_digest, test::centre_key());
    return message.has_value() && open_sync_answer(*message, expected).has_value();
  };
  SyncAnswer answer = test::sync_answer();
  EXPECT_TRUE(opens(answer));
  answer.need = {{5, 4}};
  EXPECT_FALSE(opens(answer));
  answer.need = {{5, 7}, {7, 9}};
  EXPECT_FALSE(opens(answer));
  answer.need = {{0, 7}};
  EXPECT_FALSE(opens(answer));
  answer = test::sync_answer();
  std::swap(answer.feed[0], answer.feed[1]);
  EXPECT_FALSE(opens(answer));
  answer = test::sync_answer();
  answer.feed[1].cursor = answer.feed[0].cursor;
  EXPECT_FALSE(opens(answer));
  answer = test::sync_answer();
  answer.feed[0].subject = "line\nbreak";
  EXPECT_FALSE(opens(answer));
}

TEST(SyncAnswer, LimitsHoldOnBothSides) {
  const ExpectedAnswer expected = test::expected_answer();
  const auto encodes = [&](const SyncAnswer& answer) {
    const auto message = encode_sync_answer(answer, expected.device, expected.request_digest, test::centre_key());
    EXPECT_TRUE(!message.has_value() || message->size() <= k_max_answer_bytes);
    return message.has_value();
  };
  SyncAnswer answer = test::sync_answer();
  answer.feed.clear();
  for (std::uint64_t i = 1; i <= 4; ++i) answer.feed.push_back({i, "case", "s", Bytes(k_max_feed_item_bytes, 'x')});
  EXPECT_TRUE(encodes(answer));
  answer.feed.push_back({5, "case", "s", Bytes(1, 'x')});
  EXPECT_FALSE(encodes(answer));
  answer.feed = {{1, "case", "s", Bytes(k_max_feed_item_bytes + 1, 'x')}};
  EXPECT_FALSE(encodes(answer));
  answer = test::sync_answer();
  answer.need.assign(k_max_need_ranges + 1, {1, 1});
  EXPECT_FALSE(encodes(answer));
  answer = test::sync_answer();
  answer.results.assign(k_max_batch_events + 1, EventResult::stored);
  EXPECT_FALSE(encodes(answer));
}

TEST(DeviceId, ReadsItsOwnSpellingOnly) {
  EXPECT_EQ((DeviceId{3273, 12}).str(), "3273-0012");
  EXPECT_EQ(DeviceId::parse("3273-0012").value(), (DeviceId{3273, 12}));
  for (const char* bad :
       {"", "3273-0000", "3273-12", "32730012", "3273-00123", "3273--012", "3273-+012", "a273-0012"}) {
    EXPECT_FALSE(DeviceId::parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace anjungan::wire
