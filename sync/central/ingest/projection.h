// SPDX-License-Identifier: Apache-2.0
// What events mean for complaints, steps and receipts: the only place that knows, so that a rebuild gives what taking
// them gave.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/catalogue/catalogue.h"
#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"
#include "sync/record/command.h"

namespace anjungan::central {

/// What became of a command, as a terminal tells it.
struct CommandRow {
  std::string device;
  record::CommandOutcome outcome;
  std::int64_t at_ms = 0;
};

/// The rows that one event of a terminal makes.
struct Projected {
  std::optional<ComplaintRow> complaint;
  std::optional<ReceiptRow> receipt;  ///< a reissued one
  std::optional<AttachmentRow> attachment;
  std::optional<CommandRow> command;
  std::optional<record::KeyId> receipt_key;  ///< that signed the receipt it issues; not written by Projection
};

/// Nothing when the event says what the centre can use; otherwise why it goes into quarantine.
[[nodiscard]] std::optional<std::string> unusable(const record::Event& event, const wire::DeviceId& device);
/// Pure. `event` is usable; `clock_offset_ms` as in EventRow.
[[nodiscard]] Projected project(const record::Event& event, std::int64_t clock_offset_ms, const Keys& keys,
                                const catalogue::Catalogue& catalogue);

/// Rows of several events whose bytes are stored, written in few calls.
class Projection {
 public:
  void add(const Projected& rows);
  [[nodiscard]] record::Result<void> write(Writer& store);

 private:
  std::vector<ComplaintRow> m_complaints;
  std::vector<ReceiptRow> m_receipts;
  std::vector<AttachmentRow> m_attachments;
  std::vector<CommandRow> m_commands;
};

/// What happened to a complaint, in order: `received`, which its own row tells, then the deeds of staff.
[[nodiscard]] record::Result<std::vector<Step>> steps_of(Reader& store, const ComplaintRow& complaint);

/// A deed of staff: an event of the centre's own chain. Status and step.
[[nodiscard]] record::Result<void> project_deed(Writer& store, const record::Event& event);

/// Clears the projections and makes them anew from every event, in this one transaction. How many events there are.
[[nodiscard]] record::Result<std::uint64_t> rebuild_projections(Writer& store, const Keys& keys,
                                                                const catalogue::Catalogue& catalogue);

/// The name of the centre's own chain.
inline constexpr std::string_view k_centre_chain = "centre";

}  // namespace anjungan::central
