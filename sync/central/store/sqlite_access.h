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

  Result<std::optional<record::Bytes>> meta(std::string_view key) override;
  Result<std::optional<Device>> device(const wire::DeviceId& id) override;
  Result<std::vector<Device>> devices() override;
  Result<std::optional<EnrolCodeRow>> enrol_code(const wire::EnrolCode::LookupId& lookup) override;
  Result<std::optional<record::Bytes>> event(std::string_view device, std::uint64_t seq) override;
  Result<std::uint64_t> event_count(std::string_view device) override;
  Result<std::pair<std::uint64_t, record::Hash>> head(std::string_view device) override;
  Result<std::optional<ComplaintRow>> complaint(std::string_view number) override;
  Result<std::vector<ComplaintRow>> complaints(std::string_view status, std::size_t most) override;
  Result<std::vector<Step>> steps(std::string_view number) override;
  Result<std::optional<ReceiptRow>> receipt_by_secret(const record::Hash& secret_hash) override;
  Result<std::optional<ReceiptRow>> receipt_by_code(const record::Hash& code_hmac) override;
  Result<std::vector<wire::FeedItem>> feed(std::string_view device, std::uint64_t after, std::size_t most) override;

  Result<void> set_meta(std::string_view key, record::ByteView value) override;
  Result<void> put_device(const Device& device) override;
  Result<std::uint16_t> next_terminal(std::uint16_t region) override;
  Result<void> put_enrol_code(const EnrolCodeRow& code) override;
  Result<Inserted> insert_event(std::string_view device, std::uint64_t seq, const record::Uuid& id,
                                record::ByteView bytes, const record::Hash& hash) override;
  Result<void> quarantine(std::string_view device, std::uint64_t seq, record::ByteView bytes, std::string_view why,
                          std::int64_t at_ms) override;
  Result<void> put_complaint(const ComplaintRow& complaint) override;
  Result<void> add_step(std::string_view number, const Step& step) override;
  Result<void> add_receipt(const ReceiptRow& receipt) override;
  Result<void> void_receipts(std::string_view number, std::uint64_t before_seq) override;
  Result<void> add_feed(std::string_view device, std::string_view kind, std::string_view subject,
                        record::ByteView body) override;
  Result<void> add_audit(const AuditRow& row) override;

 private:
  /// A statement prepared once and kept; reset and ready for binding.
  Result<store::Statement*> use(const char* sql);
  Result<std::optional<ReceiptRow>> find_receipt(const char* sql, const record::Hash& hash);

  store::Database m_database;
  std::map<const void*, store::Statement> m_statements;
};

}  // namespace anjungan::central
