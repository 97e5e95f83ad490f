// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/sync_request.h"

#include <fmt/format.h>

#include "sync/wire/frame.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {

using record::ErrorKind;

record::Result<record::Bytes> encode_sync_request(const SyncRequest& request, const record::SigningKey& device_key) {
  std::size_t event_bytes = 0;
  for (const record::Bytes& event : request.events) event_bytes += event.size();
  if (request.events.size() > k_max_batch_events || event_bytes > k_max_batch_event_bytes) {
    return record::fail(ErrorKind::invalid, "sync request: more events than one batch may hold");
  }
  OctetWriter body;
  body.u16(request.device.region);
  body.u16(request.device.terminal);
  body.raw(request.centre);
  body.raw(request.epoch);
  body.u64(request.join_counter);
  body.u64(request.from_seq);
  body.raw(request.prev);
  body.u64(request.last_seq);
  body.u64(request.feed_cursor);
  body.u64(static_cast<std::uint64_t>(request.created_ms));
  body.u64(request.monotonic_ms);
  body.u16(static_cast<std::uint16_t>(request.events.size()));
  for (const record::Bytes& event : request.events) body.block(event);
  record::Bytes message = open_frame(Kind::sync_request, body.bytes());
  append_signature(message, Kind::sync_request, device_key);
  return message;
}

UnverifiedSyncRequest::UnverifiedSyncRequest(record::Bytes message, SyncRequest request)
    : m_message(std::move(message)), m_request(std::move(request)) {}

record::Result<UnverifiedSyncRequest> UnverifiedSyncRequest::parse(record::Bytes message) {
  const auto frame = parse_frame(Kind::sync_request, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  OctetReader body(frame->body);
  SyncRequest request;
  request.device.region = body.u16("region");
  request.device.terminal = body.u16("terminal");
  if (!request.device.valid()) body.refuse("device", "region is 0..9999 and terminal 1..9999");
  request.centre = body.fixed<8>("centre");
  request.epoch = body.fixed<16>("epoch");
  request.join_counter = body.u64("join counter");
  request.from_seq = body.u64("from_seq");
  request.prev = body.fixed<32>("prev");
  request.last_seq = body.u64("last_seq");
  request.feed_cursor = body.u64("feed cursor");
  request.created_ms = static_cast<std::int64_t>(body.u64("created"));
  request.monotonic_ms = body.u64("monotonic");
  const std::size_t count = body.count("events", k_max_batch_events);
  std::size_t left = k_max_batch_event_bytes;
  for (std::size_t i = 0; i < count && body.good(); ++i) {
    record::Bytes event = body.block("event", left);
    left -= event.size();
    request.events.push_back(std::move(event));
  }
  if (request.from_seq == 0) body.refuse("from_seq", "events are counted from 1");
  if (request.from_seq - 1 > request.last_seq || request.last_seq - (request.from_seq - 1) < count) {
    body.refuse("last_seq", "lower than the events sent");
  }
  if (auto ok = body.finish(kind_name(Kind::sync_request)); !ok) return tl::unexpected(ok.error());
  return UnverifiedSyncRequest(std::move(message), std::move(request));
}

record::Result<VerifiedSyncRequest> UnverifiedSyncRequest::verify(const record::PublicKey& device_key,
                                                                  const record::PublicKey& root) {
  const auto frame = parse_frame(Kind::sync_request, m_message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_signature(Kind::sync_request, frame->covered, frame->proofs, device_key, "the device's key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  if (m_request.centre != root_id(root)) {
    return record::fail(ErrorKind::denied, "sync request: it is meant for another centre");
  }
  return VerifiedSyncRequest(std::move(m_request), message_digest(m_message));
}

}  // namespace anjungan::wire
