// SPDX-License-Identifier: Apache-2.0
// One batch of a terminal's events: read before the transaction, so that the one writer has only rows to write; decided
// inside it: chain, duplicates, conflicts, poison, projections.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "sync/central/ingest/projection.h"
#include "sync/central/store/store.h"
#include "sync/wire/sync_request.h"

namespace anjungan::central {

/// What an event is, whatever the store holds.
struct ReadEvent {
  EventRow row;                       ///< bytes, hash and seq always; the rest when it is no poison
  std::optional<std::string> poison;  ///< why it goes into quarantine
  record::Hash prev{};                ///< as it says itself
  Projected rows;
};

/// Pure. `clock_offset_ms`: the centre's time minus the terminal's.
[[nodiscard]] std::vector<ReadEvent> read_events(const wire::SyncRequest& request, std::int64_t clock_offset_ms,
                                                 const Keys& keys, const catalogue::Catalogue& catalogue);

class Batch {
 public:
  /// The transaction holds the device's lock.
  Batch(Writer& writer, Device& device, std::int64_t now_ms)
      : m_writer(writer), m_device(device), m_name(device.id.str()), m_now_ms(now_ms) {}

  /// Stores every event it can and says what became of each; moves the device's acked head over what is durable and
  /// contiguous. Locks the device when its chain forks. Fails only when the store does. `prev`: hash of the event
  /// before the first.
  [[nodiscard]] record::Result<std::vector<wire::EventResult>> take(std::span<const ReadEvent> events,
                                                                    const record::Hash& prev);

 private:
  /// Decides about one event; what is new waits in m_fresh for the unique keys' word.
  record::Result<wire::EventResult> judge(const ReadEvent& event, const record::Hash& predecessor);
  [[nodiscard]] bool forks(std::uint64_t seq, const record::Hash& before) const;
  record::Result<bool> successor_follows(const EventRow& row);
  record::Result<wire::EventResult> set_aside(const EventRow& row, std::string_view why, wire::EventResult result);
  record::Result<void> look_up_known(std::span<const ReadEvent> events);
  record::Result<void> store_fresh(std::uint64_t from_seq, std::vector<wire::EventResult>& results);
  record::Result<void> advance();

  Writer& m_writer;
  Device& m_device;
  std::string m_name;
  std::int64_t m_now_ms;
  Projection m_projection;
  std::map<std::uint64_t, record::Hash> m_known;  ///< stored before this batch, its neighbours included
  std::vector<EventRow> m_fresh;
  std::vector<const Projected*> m_fresh_rows;  ///< of the same events
};

}  // namespace anjungan::central
