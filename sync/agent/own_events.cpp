// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/own_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sync/agent/journal.h"

namespace anjungan::agent {

wire::DeviceId device_of(const store::Identity& identity) { return {identity.region, identity.terminal}; }

wire::SyncRequest request_of(const store::Identity& identity, const store::SyncState& state,
                             const record::Clock& clock) {
  wire::SyncRequest out;
  out.device = device_of(identity);
  out.centre = wire::root_id(identity.root);
  out.epoch = state.epoch;
  out.join_counter = state.join_counter;
  out.feed_cursor = state.feed_cursor;
  out.created_ms = clock.unix_ms();
  out.monotonic_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(clock.monotonic_ms(), 0));
  return out;
}

record::Result<store::IntakeReader*> OwnEvents::reader() {
  if (m_intake && m_intake->replaced()) m_intake.reset();
  if (!m_intake) {
    auto opened = store::IntakeReader::open(m_data_folder);
    if (!opened) return tl::unexpected(opened.error());
    m_intake.emplace(*std::move(opened));
  }
  return &*m_intake;
}

record::Result<std::uint64_t> OwnEvents::last_seq() {
  auto found = reader();
  if (found) return (*found)->last_seq();
  // A kiosk that was enrolled but never started has no events; anything else is a fault, never "no events".
  std::error_code ignored;
  if (found.error().kind == record::ErrorKind::unavailable) return 0;
  if (!std::filesystem::exists(m_data_folder + "/intake.db", ignored) && !ignored) return 0;
  return tl::unexpected(found.error());
}

record::Result<record::Hash> OwnEvents::hash_of(std::uint64_t seq) {
  if (seq == 0) return record::Hash{};
  auto found = reader();
  if (!found) return tl::unexpected(found.error());
  return (*found)->hash_of(seq);
}

record::Result<std::optional<std::string>> OwnEvents::disagreement(std::uint64_t acked_seq,
                                                                   const record::Hash& acked_hash,
                                                                   std::uint64_t last_seq) {
  if (acked_seq == 0) return std::nullopt;
  if (acked_seq > last_seq) {
    return fmt::format(
        "the centre holds events up to {}, this disk only up to {}: it was restored from a copy; enrol the "
        "terminal anew",
        acked_seq, last_seq);
  }
  auto found = reader();
  if (!found) return tl::unexpected(found.error());
  auto own_hash = (*found)->hash_of(acked_seq);
  if (!own_hash) return tl::unexpected(own_hash.error());
  if (*own_hash == acked_hash) return std::nullopt;
  auto own = (*found)->events_from(acked_seq, 1, wire::k_max_batch_event_bytes);
  if (!own) return tl::unexpected(own.error());
  // A row whose bytes have rotted since is known to the centre by the bytes it was sent as.
  const bool same = !own->empty() && record::hash((*own)[0].bytes) == acked_hash;
  if (same) return std::nullopt;
  return fmt::format(
      "the centre holds another event {} than this disk: two terminals have used this identity; enrol the "
      "terminal anew",
      acked_seq);
}

record::Result<void> OwnEvents::fill(wire::SyncRequest& request, std::uint64_t from, std::uint64_t to,
                                     std::size_t most_events) {
  request.from_seq = from;
  auto prev = hash_of(from - 1);
  if (!prev) return tl::unexpected(prev.error());
  request.prev = *prev;
  if (from > to) return {};
  auto found = reader();
  if (!found) return tl::unexpected(found.error());
  const std::size_t most = std::min<std::uint64_t>(std::min(most_events, wire::k_max_batch_events), to - from + 1);
  auto events = (*found)->events_from(from, most, wire::k_max_batch_event_bytes);
  if (!events) return tl::unexpected(events.error());
  for (store::StoredEvent& event : *events) {
    if (record::hash(event.bytes) != event.hash) note(Level::error, "event.rotten", {{"seq", event.seq}});
    request.events.push_back(std::move(event.bytes));
  }
  return {};
}

record::Result<std::size_t> OwnEvents::sound(const wire::SyncRequest& request) {
  std::size_t count = 0;
  for (const record::Bytes& bytes : request.events) {
    auto hash = hash_of(request.from_seq + count);
    if (!hash) return tl::unexpected(hash.error());
    if (record::hash(bytes) != *hash) break;
    count++;
  }
  return count;
}

}  // namespace anjungan::agent
