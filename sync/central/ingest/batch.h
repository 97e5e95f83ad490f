// SPDX-License-Identifier: Apache-2.0
// One batch of a terminal's events inside one transaction: chain, duplicates, conflicts, poison, projections.
#pragma once

#include <vector>

#include "sync/catalogue/catalogue.h"
#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"
#include "sync/wire/sync_request.h"

namespace anjungan::central {

class Batch {
 public:
  Batch(Writer& writer, const Keys& keys, const catalogue::Catalogue& catalogue, Device& device, std::int64_t now_ms)
      : m_writer(writer), m_keys(keys), m_catalogue(catalogue), m_device(device), m_now_ms(now_ms) {}

  /// Stores every event it can and says what became of each; moves the device's acked head over what is durable and
  /// contiguous. Locks the device when its chain forks. Fails only when the store does.
  [[nodiscard]] record::Result<std::vector<wire::EventResult>> take(const wire::SyncRequest& request);

 private:
  record::Result<wire::EventResult> take_one(std::uint64_t seq, const record::Bytes& bytes,
                                             const record::Hash* predecessor);
  record::Result<wire::EventResult> set_aside(std::uint64_t seq, const record::Bytes& bytes, std::string_view why,
                                              wire::EventResult result);
  record::Result<void> advance();
  record::Result<void> project(const record::Event& event);
  record::Result<void> project_complaint(const record::Event& event, const record::ComplaintFacts& facts);
  record::Result<void> project_reissue(const record::Event& event);
  [[nodiscard]] bool readable(const record::Event& event, std::string& why) const;

  Writer& m_writer;
  const Keys& m_keys;
  const catalogue::Catalogue& m_catalogue;
  Device& m_device;
  std::int64_t m_now_ms;
};

}  // namespace anjungan::central
