// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/batch.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/ingest/receipt_keys.h"

namespace anjungan::central {

using record::Result;
using wire::EventResult;

namespace {

constexpr std::size_t k_page = 500;

}  // namespace

std::vector<ReadEvent> read_events(const wire::SyncRequest& request, std::int64_t clock_offset_ms, const Keys& keys,
                                   const catalogue::Catalogue& catalogue) {
  std::vector<ReadEvent> out(request.events.size());
  for (std::size_t i = 0; i < out.size(); i++) {
    ReadEvent& one = out[i];
    one.row.seq = request.from_seq + i;
    one.row.bytes = request.events[i];
    one.row.hash = record::hash(one.row.bytes);
    one.row.clock_offset_ms = clock_offset_ms;
    auto event = record::parse_event(one.row.bytes);
    if (!event) {
      one.poison = event.error().text;
    } else if (event->seq != one.row.seq) {
      one.poison = "its seq is not its place in the batch";
    } else if (auto why = unusable(*event, request.device)) {
      one.poison = std::move(why);
    } else {
      one.row.id = event->id;
      one.prev = event->prev;
      one.rows = project(*event, clock_offset_ms, keys, catalogue);
    }
  }
  return out;
}

Result<std::vector<EventResult>> Batch::take(std::span<const ReadEvent> events, const record::Hash& prev) {
  std::vector<EventResult> out;
  if (events.empty()) return out;
  if (auto looked = look_up_known(events); !looked) return tl::unexpected(looked.error());
  record::Hash before = prev;
  if (events.front().row.seq == 1) before = {};
  for (const ReadEvent& event : events) {
    const std::uint64_t seq = event.row.seq;
    if (m_device.state == DeviceState::active && forks(seq, before)) {
      m_device.state = DeviceState::locked;
      spdlog::warn("terminal {}: its chain forks at event {}; locked, both histories kept", m_name, seq);
    }
    auto result = judge(event, before);
    if (!result) return tl::unexpected(result.error());
    out.push_back(*result);
    before = event.row.hash;
    const bool refused = m_device.state != DeviceState::active &&
                         (*result == EventResult::quarantined || *result == EventResult::conflict);
    if (seq == m_device.acked_seq + 1 && !refused) {
      m_device.acked_seq = seq;
      m_device.acked_hash = event.row.hash;
    }
  }
  if (auto stored = store_fresh(events.front().row.seq, out); !stored) return tl::unexpected(stored.error());
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  return out;
}

/// The event before is here, and it is not the one that this one follows by its sender's word.
bool Batch::forks(std::uint64_t seq, const record::Hash& before) const {
  if (seq == m_device.acked_seq + 1) return m_device.acked_seq > 0 && before != m_device.acked_hash;
  if (seq <= m_device.acked_seq) return false;
  const auto stored = m_known.find(seq - 1);
  return stored != m_known.end() && stored->second != before;
}

/// Only a batch that repeats something, or has a neighbour behind a gap, needs to look; what it finds spares the insert
/// its conflicts, and is decided again by the unique keys.
Result<void> Batch::look_up_known(std::span<const ReadEvent> events) {
  const std::uint64_t first = events.front().row.seq;
  const bool joins = first == m_device.stored_seq + 1 && first > m_device.acked_seq + 1;
  if (first > m_device.stored_seq && !joins) return {};
  auto there = m_writer.event_hashes(m_name, first - std::min<std::uint64_t>(first, 2), events.size() + 2);
  if (!there) return tl::unexpected(there.error());
  m_known.insert(there->begin(), there->end());
  return {};
}

Result<EventResult> Batch::judge(const ReadEvent& event, const record::Hash& predecessor) {
  const std::uint64_t seq = event.row.seq;
  if (m_device.state == DeviceState::revoked && seq >= m_device.revoked_from) {
    return set_aside(event.row, "after the terminal was revoked", EventResult::quarantined);
  }
  if (m_device.state == DeviceState::locked) {
    return set_aside(event.row, "while the terminal is locked", EventResult::conflict);
  }
  const auto known = m_known.find(seq);
  if (known != m_known.end() && known->second == event.row.hash) {
    m_device.duplicates++;
    return EventResult::duplicate;
  }
  if (event.poison) return set_aside(event.row, *event.poison, EventResult::quarantined);
  if (event.prev != predecessor) {
    return set_aside(event.row, "it does not follow its predecessor", EventResult::quarantined);
  }
  if (known != m_known.end()) {
    m_device.conflicts++;
    m_device.state = DeviceState::locked;
    spdlog::warn("terminal {}: other bytes hold event {}; locked, both kept", m_name, seq);
    return set_aside(event.row, "other bytes hold this seq", EventResult::conflict);
  }
  auto follows = successor_follows(event.row);
  if (!follows) return tl::unexpected(follows.error());
  if (!*follows) {
    m_device.conflicts++;
    m_device.state = DeviceState::locked;
    spdlog::warn("terminal {}: event {} is not what event {} follows; locked, both kept", m_name, seq, seq + 1);
    return set_aside(event.row, "the event behind it follows another", EventResult::conflict);
  }
  m_fresh.push_back(event.row);
  m_fresh_rows.push_back(&event.rows);
  return EventResult::stored;
}

/// One that closes a gap has a neighbour on the other side too. Two disks under one name, each with a part of it, would
/// make one chain of two histories.
Result<bool> Batch::successor_follows(const EventRow& row) {
  if (!m_known.contains(row.seq + 1)) return true;
  auto next = m_writer.events(m_name, row.seq, 1);
  if (!next) return tl::unexpected(next.error());
  if (next->empty() || next->front().seq != row.seq + 1) return true;
  const auto event = record::parse_event(next->front().bytes);
  return event && event->prev == row.hash;
}

Result<void> Batch::store_fresh(std::uint64_t from_seq, std::vector<EventResult>& results) {
  auto inserted = m_writer.insert_events(m_name, m_fresh);
  if (!inserted) return tl::unexpected(inserted.error());
  auto receipt_keys = ReceiptKeys::load(m_writer, m_device);
  if (!receipt_keys) return tl::unexpected(receipt_keys.error());
  for (std::size_t i = 0; i < m_fresh.size(); i++) {
    const EventRow& row = m_fresh[i];
    EventResult& result = results[row.seq - from_seq];
    switch ((*inserted)[i]) {
      case Inserted::stored:
        m_device.stored_seq = std::max(m_device.stored_seq, row.seq);
        m_projection.add(*m_fresh_rows[i]);
        if (m_fresh_rows[i]->receipt_key) receipt_keys->named(*m_fresh_rows[i]->receipt_key, row.seq);
        break;
      case Inserted::duplicate:
        m_device.duplicates++;
        result = EventResult::duplicate;
        break;
      case Inserted::conflict: {
        // Its seq was free, so it repeats the id of another event of this terminal.
        m_device.conflicts++;
        auto aside = set_aside(row, "another event has its id", EventResult::conflict);
        if (!aside) return tl::unexpected(aside.error());
        result = *aside;
        break;
      }
    }
  }
  if (auto ended = receipt_keys->write(m_writer); !ended) return ended;
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

Result<EventResult> Batch::set_aside(const EventRow& row, std::string_view why, EventResult result) {
  auto fresh = m_writer.quarantine(m_name, row.seq, row.bytes, why, m_now_ms);
  if (!fresh) return tl::unexpected(fresh.error());
  if (*fresh) m_device.quarantined++;
  return result;
}

}  // namespace anjungan::central
