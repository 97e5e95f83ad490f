// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/sync_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/wire/frame.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {
namespace {

using record::ErrorKind;

tl::unexpected<record::Error> fault(ErrorKind kind, std::string_view why) {
  return record::fail(kind, fmt::format("sync answer: {}", why));
}

record::Result<void> check_limits(const SyncAnswer& answer) {
  if (answer.results.size() > k_max_batch_events) return fault(ErrorKind::invalid, "too many results");
  if (answer.need.size() > k_max_need_ranges) return fault(ErrorKind::invalid, "too many ranges needed");
  if (answer.feed.size() > k_max_feed_items) return fault(ErrorKind::invalid, "too many feed items");
  std::size_t bytes = 0;
  for (const FeedItem& item : answer.feed) {
    if (item.kind.size() > k_max_feed_kind_bytes || item.subject.size() > k_max_feed_subject_bytes ||
        item.body.size() > k_max_feed_item_bytes) {
      return fault(ErrorKind::invalid, "a feed item is too long");
    }
    bytes += item.body.size();
  }
  if (bytes > k_max_feed_bytes) return fault(ErrorKind::invalid, "too many bytes of feed");
  return {};
}

void write_feed(OctetWriter& body, const SyncAnswer& answer) {
  body.u16(static_cast<std::uint16_t>(answer.feed.size()));
  for (const FeedItem& item : answer.feed) {
    body.u64(item.cursor);
    body.text(item.kind);
    body.text(item.subject);
    body.block(item.body);
  }
  body.u8(answer.feed_more ? 1 : 0);
}

void read_results(OctetReader& body, SyncAnswer& answer) {
  const std::size_t count = body.count("results", k_max_batch_events);
  for (std::size_t i = 0; i < count && body.good(); ++i) {
    const std::uint8_t result = body.u8("result");
    if (result < 1 || result > 4) body.refuse("result", "not one of stored, duplicate, conflict, quarantined");
    answer.results.push_back(static_cast<EventResult>(result));
  }
}

void read_need(OctetReader& body, SyncAnswer& answer) {
  const std::size_t count = body.count("need", k_max_need_ranges);
  for (std::size_t i = 0; i < count && body.good(); ++i) {
    SeqRange range;
    range.first = body.u64("need");
    range.last = body.u64("need");
    const std::uint64_t after = answer.need.empty() ? 0 : answer.need.back().last;
    if (range.first <= after || range.last < range.first) body.refuse("need", "ranges must ascend");
    answer.need.push_back(range);
  }
}

void read_feed(OctetReader& body, SyncAnswer& answer) {
  const std::size_t count = body.count("feed", k_max_feed_items);
  std::size_t left = k_max_feed_bytes;
  for (std::size_t i = 0; i < count && body.good(); ++i) {
    FeedItem item;
    item.cursor = body.u64("feed cursor");
    item.kind = body.text("feed kind", k_max_feed_kind_bytes);
    item.subject = body.text("feed subject", k_max_feed_subject_bytes);
    item.body = body.block("feed body", std::min(left, k_max_feed_item_bytes));
    left -= item.body.size();
    if (!answer.feed.empty() && item.cursor <= answer.feed.back().cursor) {
      body.refuse("feed cursor", "cursors must ascend");
    }
    answer.feed.push_back(std::move(item));
  }
  const std::uint8_t more = body.u8("feed_more");
  if (more > 1) body.refuse("feed_more", "neither 0 nor 1");
  answer.feed_more = more == 1;
}

}  // namespace

std::string_view standing_name(Standing standing) {
  switch (standing) {
    case Standing::welcome:
      return "welcome";
    case Standing::locked:
      return "locked";
    case Standing::revoked:
      return "revoked";
    case Standing::doubted:
      return "doubted";
  }
  return "unknown";
}

record::Result<record::Bytes> encode_sync_answer(const SyncAnswer& answer, const DeviceId& device,
                                                 const record::Hash& request_digest,
                                                 const record::SigningKey& centre_key) {
  if (auto ok = check_limits(answer); !ok) return tl::unexpected(ok.error());
  OctetWriter body;
  body.raw(record::key_id(centre_key.public_key()));
  body.u16(device.region);
  body.u16(device.terminal);
  body.raw(request_digest);
  body.u8(static_cast<std::uint8_t>(answer.standing));
  body.raw(answer.epoch);
  body.u64(answer.acked_seq);
  body.raw(answer.acked_hash);
  body.u16(static_cast<std::uint16_t>(answer.results.size()));
  for (const EventResult result : answer.results) body.u8(static_cast<std::uint8_t>(result));
  body.u16(static_cast<std::uint16_t>(answer.need.size()));
  for (const SeqRange& range : answer.need) {
    body.u64(range.first);
    body.u64(range.last);
  }
  body.u64(static_cast<std::uint64_t>(answer.server_time_ms));
  body.u64(answer.join_counter);
  write_feed(body, answer);
  record::Bytes message = open_frame(Kind::sync_answer, body.bytes());
  append_signature(message, Kind::sync_answer, centre_key);
  return message;
}

record::Result<SyncAnswer> open_sync_answer(record::ByteView message, const ExpectedAnswer& expected) {
  const auto frame = parse_frame(Kind::sync_answer, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_centre_signature(Kind::sync_answer, *frame, expected.centre_keys); !ok) {
    return tl::unexpected(ok.error());
  }
  OctetReader body(frame->body);
  SyncAnswer answer;
  [[maybe_unused]] const auto key_id = body.fixed<k_key_id_bytes>("key id");
  DeviceId device;
  device.region = body.u16("region");
  device.terminal = body.u16("terminal");
  const record::Hash digest = body.fixed<32>("request digest");
  const std::uint8_t standing = body.u8("standing");
  if (standing < 1 || standing > 4) body.refuse("standing", "not one of welcome, locked, revoked, doubted");
  answer.standing = static_cast<Standing>(standing);
  answer.epoch = body.fixed<16>("epoch");
  answer.acked_seq = body.u64("acked_seq");
  answer.acked_hash = body.fixed<32>("acked_hash");
  read_results(body, answer);
  read_need(body, answer);
  answer.server_time_ms = static_cast<std::int64_t>(body.u64("server time"));
  answer.join_counter = body.u64("join counter");
  read_feed(body, answer);
  if (auto ok = body.finish(kind_name(Kind::sync_answer)); !ok) return tl::unexpected(ok.error());
  if (device != expected.device) return fault(ErrorKind::denied, "it was made for another terminal");
  if (digest != expected.request_digest) return fault(ErrorKind::denied, "it was made for another request");
  if (answer.standing == Standing::welcome && answer.results.size() != expected.event_count) {
    return fault(ErrorKind::invalid, "it does not hold one result for each event");
  }
  return answer;
}

}  // namespace anjungan::wire
