// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/batch.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/cases/cases.h"

namespace anjungan::central {

using record::Result;
using wire::EventResult;

namespace {

constexpr std::size_t k_page = 500;

}  // namespace

Result<std::vector<EventResult>> Batch::take(const wire::SyncRequest& request) {
  if (auto looked = look_up_known(request); !looked) return tl::unexpected(looked.error());
  std::vector<EventResult> out;
  record::Hash before = request.prev;
  if (request.from_seq == 1) before = {};
  for (std::size_t i = 0; i < request.events.size(); i++) {
    const std::uint64_t seq = request.from_seq + i;
    const record::Bytes& bytes = request.events[i];
    const record::Hash hash = record::hash(bytes);
    if (m_device.state == DeviceState::active && seq == m_device.acked_seq + 1 && m_device.acked_seq > 0 &&
        before != m_device.acked_hash) {
      m_device.state = DeviceState::locked;
      spdlog::warn("terminal {}: its chain forks at event {}; locked, both histories kept", m_name, seq);
    }
    auto result = judge(seq, bytes, hash, before);
    if (!result) return tl::unexpected(result.error());
    out.push_back(*result);
    before = hash;
    const bool refused = m_device.state != DeviceState::active &&
                         (*result == EventResult::quarantined || *result == EventResult::conflict);
    if (seq == m_device.acked_seq + 1 && !refused) {
      m_device.acked_seq = seq;
      m_device.acked_hash = hash;
    }
  }
  if (auto stored = store_fresh(request.from_seq, out); !stored) return tl::unexpected(stored.error());
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  if (auto told = tell(); !told) return tl::unexpected(told.error());
  return out;
}

/// Only a batch that repeats something, or reaches behind a gap, needs to look; what it finds spares the insert its
/// conflicts, and is decided again by the unique keys.
Result<void> Batch::look_up_known(const wire::SyncRequest& request) {
  if (request.events.empty() || request.from_seq > m_device.stored_seq) return {};
  auto there = m_writer.event_hashes(m_name, request.from_seq - 1, request.events.size());
  if (!there) return tl::unexpected(there.error());
  m_known.insert(there->begin(), there->end());
  return {};
}

Result<EventResult> Batch::judge(std::uint64_t seq, const record::Bytes& bytes, const record::Hash& hash,
                                 const record::Hash& predecessor) {
  if (m_device.state == DeviceState::revoked && seq >= m_device.revoked_from) {
    return set_aside(seq, bytes, "after the terminal was revoked", EventResult::quarantined);
  }
  if (m_device.state == DeviceState::locked) {
    return set_aside(seq, bytes, "while the terminal is locked", EventResult::conflict);
  }
  const auto known = m_known.find(seq);
  if (known != m_known.end() && known->second == hash) {
    m_device.duplicates++;
    return EventResult::duplicate;
  }
  auto event = record::parse_event(bytes);
  if (!event) return set_aside(seq, bytes, event.error().text, EventResult::quarantined);
  if (event->seq != seq) {
    return set_aside(seq, bytes, "its seq is not its place in the batch", EventResult::quarantined);
  }
  if (const auto why = Projection::unusable(*event, m_device.id)) {
    return set_aside(seq, bytes, *why, EventResult::quarantined);
  }
  if (event->prev != predecessor) {
    return set_aside(seq, bytes, "it does not follow its predecessor", EventResult::quarantined);
  }
  if (known != m_known.end()) {
    m_device.conflicts++;
    m_device.state = DeviceState::locked;
    spdlog::warn("terminal {}: other bytes hold event {}; locked, both kept", m_name, seq);
    return set_aside(seq, bytes, "other bytes hold this seq", EventResult::conflict);
  }
  m_fresh.push_back({seq, event->id, bytes, hash, m_device.clock_offset_ms});
  m_fresh_events.push_back(std::move(*event));
  return EventResult::stored;
}

Result<void> Batch::store_fresh(std::uint64_t from_seq, std::vector<EventResult>& results) {
  auto inserted = m_writer.insert_events(m_name, m_fresh);
  if (!inserted) return tl::unexpected(inserted.error());
  for (std::size_t i = 0; i < m_fresh.size(); i++) {
    const EventRow& row = m_fresh[i];
    EventResult& result = results[row.seq - from_seq];
    switch ((*inserted)[i]) {
      case Inserted::stored:
        m_device.stored_seq = std::max(m_device.stored_seq, row.seq);
        m_projection.add(m_fresh_events[i], row.clock_offset_ms);
        break;
      case Inserted::duplicate:
        m_device.duplicates++;
        result = EventResult::duplicate;
        break;
      case Inserted::conflict: {
        // Its seq was free, so it repeats the id of another event of this terminal.
        m_device.conflicts++;
        auto aside = set_aside(row.seq, row.bytes, "another event has its id", EventResult::conflict);
        if (!aside) return tl::unexpected(aside.error());
        result = *aside;
        break;
      }
    }
  }
  return m_projection.write(m_writer);
}

Result<void> Batch::advance() {
  // Events behind a gap that has just been closed.
  while (m_device.stored_seq > m_device.acked_seq) {
    auto next = m_writer.event_hashes(m_name, m_device.acked_seq, k_page);
    if (!next) return tl::unexpected(next.error());
    if (next->empty() || next->front().first != m_device.acked_seq + 1) return {};
    for (const auto& [seq, hash] : *next) {
      if (seq != m_device.acked_seq + 1) return {};
      m_device.acked_seq = seq;
      m_device.acked_hash = hash;
    }
  }
  return {};
}

/// The terminal hears of each new complaint, as the tracking page shows it.
Result<void> Batch::tell() {
  std::vector<wire::FeedItem> news;
  const std::vector<ComplaintRow>& complaints = m_projection.complaints();
  for (std::size_t i = 0; i < complaints.size(); i++) {
    const std::string body = case_json(complaints[i], {m_projection.steps()[i].step}, m_catalogue, m_now_ms);
    news.push_back({0, "case", complaints[i].number, record::Bytes(body.begin(), body.end())});
  }
  return m_writer.add_feed(m_name, news);
}

Result<EventResult> Batch::set_aside(std::uint64_t seq, const record::Bytes& bytes, std::string_view why,
                                     EventResult result) {
  auto fresh = m_writer.quarantine(m_name, seq, bytes, why, m_now_ms);
  if (!fresh) return tl::unexpected(fresh.error());
  if (*fresh) m_device.quarantined++;
  return result;
}

}  // namespace anjungan::central
