// SPDX-License-Identifier: Apache-2.0
// Reader and Writer over one SQLite connection. One thread at a time.
#pragma once

#include <map>
#include <string>

#include "sync/central/store/store.h"
#include "sync/store/database.h"

namespace anjungan::central {

class SqliteAccess final : public Writer {
 public:
  explicit SqliteAccess(store::Database database) : m_database(std::move(database)) {}

  [[nodiscard]] store::Database& database() { return m_database; }

  std::string lineage() override { return k_lineage; }
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

  /// There is one writer: nobody else is in a transaction.
  Result<void> lock(std::string_view) override { return {}; }
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

  /// A file cannot tell that it is a copy: backups carry another one in their epoch.
  static constexpr const char* k_lineage = "sqlite";

 private:
  /// A statement prepared once and kept; reset and ready for binding.
  Result<store::Statement*> use(const char* sql);
  Result<Inserted> insert_event(std::string_view device, const EventRow& event);
  /// Runs a statement that changes one row or none: whether it changed one.
  Result<bool> did(store::Statement& statement);
  static Result<std::optional<ReceiptRow>> read_receipt(store::Statement& bound);

  store::Database m_database;
  std::map<const void*, store::Statement> m_statements;
};

}  // namespace anjungan::central
