// SPDX-License-Identifier: Apache-2.0
// Reader and Writer over one PostgreSQL connection, inside a transaction. One thread at a time.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "sync/central/store/postgres_connection.h"
#include "sync/central/store/store.h"

namespace anjungan::central {

/// What a transaction expects of the unique keys. ON CONFLICT looks each key up twice and writes each row's
/// confirmation, a fifth of an event's cost, for what hardly ever happens: so a transaction first expects nothing to be
/// there, and is repeated looking when something is.
enum class Repeats : std::uint8_t { none_expected, looked_for };

class PostgresAccess final : public Writer {
 public:
  PostgresAccess(PostgresConnection& connection, Repeats repeats) : m_connection(connection), m_repeats(repeats) {}

  std::string lineage() override { return m_connection.lineage(); }
  Result<std::optional<record::Bytes>> meta(std::string_view key) override;
  Result<std::optional<Device>> device(const wire::DeviceId& id) override;
  Result<std::vector<Device>> devices() override;
  Result<std::vector<FormerKeys>> former_keys(std::string_view device) override;
  Result<std::optional<EnrolCodeRow>> enrol_code(const wire::EnrolCode::LookupId& lookup) override;
  Result<std::vector<EnrolCodeRow>> enrol_codes() override;
  Result<std::optional<record::Bytes>> event(std::string_view device, std::uint64_t seq) override;
  Result<std::vector<EventRow>> events(std::string_view device, std::uint64_t after, std::size_t most) override;
  Result<std::vector<std::pair<std::uint64_t, record::Hash>>> event_hashes(std::string_view device, std::uint64_t after,
                                                                           std::size_t most) override;
  Result<std::uint64_t> event_count(std::string_view device) override;
  Result<std::pair<std::uint64_t, record::Hash>> head(std::string_view device) override;
  Result<std::vector<QuarantineRow>> quarantined(std::uint64_t after, std::size_t most) override;
  Result<std::optional<ComplaintRow>> complaint(std::string_view number) override;
  Result<std::vector<ComplaintRow>> complaints(std::string_view status, std::size_t most) override;
  Result<std::vector<Step>> steps(std::string_view number) override;
  Result<std::optional<ReceiptRow>> receipt(std::string_view number, const record::Hash& secret_hash) override;
  Result<std::optional<ReceiptRow>> receipt_by_code(const record::Hash& code_hmac) override;
  Result<std::optional<AttachmentRow>> attachment(std::string_view device, const record::Hash& hash) override;
  Result<std::vector<AttachmentRow>> attachments(std::string_view number) override;
  Result<BlobUse> blob_use(std::string_view device) override;
  Result<std::vector<MissingAttachments>> missing_attachments() override;
  Result<std::vector<wire::FeedItem>> feed(std::string_view device, std::uint64_t after, std::size_t most) override;
  Result<std::vector<std::string>> feed_subjects(std::string_view device, std::string_view kind) override;
  Result<std::vector<AuditLink>> audit(std::uint64_t after, std::size_t most) override;

  Result<void> lock(std::string_view name) override;
  Result<void> set_meta(std::string_view key, record::ByteView value) override;
  Result<void> add_device(const Device& device) override;
  Result<void> put_device(const Device& device) override;
  Result<void> put_keys(const wire::DeviceId& id, const record::PublicKey& receipt_key,
                        const record::PublicKey& device_key) override;
  Result<void> add_former_keys(const FormerKeys& keys) override;
  Result<void> end_receipt_key(std::string_view device, std::uint64_t serial, std::uint64_t seq) override;
  Result<void> put_enrol_code(const EnrolCodeRow& code) override;
  Result<std::vector<Inserted>> insert_events(std::string_view device, std::span<const EventRow> events) override;
  Result<bool> quarantine(std::string_view device, std::uint64_t seq, record::ByteView bytes, std::string_view why,
                          std::int64_t at_ms) override;
  Result<std::vector<bool>> add_complaints(std::span<const ComplaintRow> complaints) override;
  Result<void> set_status(std::string_view number, std::string_view status, std::string_view agency) override;
  Result<void> add_steps(std::span<const NumberedStep> steps) override;
  Result<std::size_t> add_receipts(std::span<const ReceiptRow> receipts) override;
  Result<void> add_attachments(std::span<const AttachmentRow> attachments) override;
  Result<void> hold_blob(const record::Hash& hash, std::uint64_t size, std::int64_t at_ms) override;
  Result<void> add_feed(std::string_view device, std::span<const wire::FeedItem> items) override;
  Result<void> forget_feed(std::string_view device, std::uint64_t up_to) override;
  Result<void> add_audit(const AuditRow& row) override;
  Result<void> copy_audit(const AuditLink& link) override;
  Result<void> clear_projections() override;

 private:
  Result<std::optional<ReceiptRow>> find_receipt(const char* sql, const PostgresValues& values);

  PostgresConnection& m_connection;
  Repeats m_repeats;
  std::set<std::string, std::less<>> m_locked;  ///< by this transaction
};

}  // namespace anjungan::central
