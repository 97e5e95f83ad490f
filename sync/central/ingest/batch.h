// SPDX-License-Identifier: Apache-2.0
// One batch of a terminal's events inside one transaction: chain, duplicates, conflicts, poison, projections.
#pragma once

#include <map>
#include <vector>

#include "sync/central/ingest/projection.h"
#include "sync/central/store/store.h"
#include "sync/wire/sync_request.h"

namespace anjungan::central {

class Batch {
 public:
  /// The transaction holds the device's lock.
  Batch(Writer& writer, const Keys& keys, const catalogue::Catalogue& catalogue, Device& device, std::int64_t now_ms)
      : m_writer(writer),
        m_catalogue(catalogue),
        m_device(device),
        m_name(device.id.str()),
        m_now_ms(now_ms),
        m_projection(keys, catalogue) {}

  /// Stores every event it can and says what became of each; moves the device's acked head over what is durable and
  /// contiguous. Locks the device when its chain forks. Fails only when the store does.
  [[nodiscard]] record::Result<std::vector<wire::EventResult>> take(const wire::SyncRequest& request);

 private:
  /// Decides about one event; what is new waits in m_fresh for the unique keys' word.
  record::Result<wire::EventResult> judge(std::uint64_t seq, const record::Bytes& bytes, const record::Hash& hash,
                                          const record::Hash& predecessor);
  record::Result<wire::EventResult> set_aside(std::uint64_t seq, const record::Bytes& bytes, std::string_view why,
                                              wire::EventResult result);
  record::Result<void> look_up_known(const wire::SyncRequest& request);
  record::Result<void> store_fresh(std::uint64_t from_seq, std::vector<wire::EventResult>& results);
  record::Result<void> advance();
  record::Result<void> tell();

  Writer& m_writer;
  const catalogue::Catalogue& m_catalogue;
  Device& m_device;
  std::string m_name;
  std::int64_t m_now_ms;
  Projection m_projection;
  std::map<std::uint64_t, record::Hash> m_known;  ///< stored before this batch
  std::vector<EventRow> m_fresh;
  std::vector<record::Event> m_fresh_events;  ///< the same, read
};

}  // namespace anjungan::central
