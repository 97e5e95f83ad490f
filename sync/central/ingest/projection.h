// SPDX-License-Identifier: Apache-2.0
// What events mean for complaints, steps and receipts: the only place that knows, so that a rebuild gives what taking
// them gave.
#pragma once

#include <vector>

#include "sync/catalogue/catalogue.h"
#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"

namespace anjungan::central {

/// Rows that terminals' events make, collected over a batch. Pure until write().
class Projection {
 public:
  Projection(const Keys& keys, const catalogue::Catalogue& catalogue) : m_keys(keys), m_catalogue(catalogue) {}

  /// Nothing when the event says what the centre can use; otherwise why it goes into quarantine.
  [[nodiscard]] static std::optional<std::string> unusable(const record::Event& event, const wire::DeviceId& device);
  /// `event` is usable and its bytes are stored. `clock_offset_ms` as in EventRow.
  void add(const record::Event& event, std::int64_t clock_offset_ms);
  [[nodiscard]] record::Result<void> write(Writer& store);

  /// Complaints added since the beginning (after write(): those that were new), each with its step `received`.
  [[nodiscard]] const std::vector<ComplaintRow>& complaints() const { return m_complaints; }
  [[nodiscard]] const std::vector<NumberedStep>& steps() const { return m_steps; }

 private:
  void add_complaint(const record::Event& event, const record::ComplaintFacts& facts, std::int64_t clock_offset_ms);
  void add_reissue(const record::Event& event);

  const Keys& m_keys;
  const catalogue::Catalogue& m_catalogue;
  std::vector<ComplaintRow> m_complaints;
  std::vector<NumberedStep> m_steps;
  std::vector<ReceiptRow> m_receipts;
};

/// A deed of staff: an event of the centre's own chain. Status and step.
[[nodiscard]] record::Result<void> project_deed(Writer& store, const record::Event& event);

/// Clears the projections and makes them anew from every event, in this one transaction. How many events there are.
[[nodiscard]] record::Result<std::uint64_t> rebuild_projections(Writer& store, const Keys& keys,
                                                                const catalogue::Catalogue& catalogue);

/// The name of the centre's own chain.
inline constexpr std::string_view k_centre_chain = "centre";

}  // namespace anjungan::central
