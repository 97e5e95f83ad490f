// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sync/central/store/sqlite_access.h"

namespace anjungan::central {

using store::Statement;

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> fixed(const record::Bytes& bytes) {
  std::array<std::uint8_t, N> out{};
  if (bytes.size() == N) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::uint64_t count_of(const Statement& row, int column) { return static_cast<std::uint64_t>(row.integer(column)); }

constexpr const char* k_device =
    "SELECT id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, acked_hash, "
    "stored_seq, told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, quarantined, "
    "(SELECT count(*) FROM former_keys WHERE former_keys.device = device.id) FROM device WHERE id = ?";
constexpr const char* k_devices =
    "SELECT id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, acked_hash, "
    "stored_seq, told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, quarantined, "
    "(SELECT count(*) FROM former_keys WHERE former_keys.device = device.id) FROM device ORDER BY id";

Device read_device(const Statement& row) {
  Device out;
  if (auto id = wire::DeviceId::parse(row.text(0))) out.id = *id;
  out.state = static_cast<DeviceState>(row.integer(1));
  out.office = row.text(2);
  out.place = row.text(3);
  out.software = row.text(4);
  out.receipt_key = fixed<32>(row.bytes(5));
  out.device_key = fixed<32>(row.bytes(6));
  out.join_counter = count_of(row, 7);
  out.acked_seq = count_of(row, 8);
  out.acked_hash = fixed<32>(row.bytes(9));
  out.stored_seq = count_of(row, 10);
  out.told_seq = count_of(row, 11);
  out.revoked_from = count_of(row, 12);
  out.enrolled_ms = row.integer(13);
  out.seen_ms = row.integer(14);
  out.clock_offset_ms = row.integer(15);
  out.duplicates = count_of(row, 16);
  out.conflicts = count_of(row, 17);
  out.quarantined = count_of(row, 18);
  out.key_changes = count_of(row, 19);
  return out;
}

constexpr const char* k_complaint =
    "SELECT number, device, seq, subject, kind, category, privacy, language, office, district, received_ms, "
    "utc_offset_min, "
    "due_verify, due_answer, due_close, due_ombudsman, status, agency FROM complaint WHERE number = ?";
constexpr const char* k_complaints =
    "SELECT number, device, seq, subject, kind, category, privacy, language, office, district, received_ms, "
    "utc_offset_min, "
    "due_verify, due_answer, due_close, due_ombudsman, status, agency FROM complaint WHERE ?1 = '' OR status = ?1 "
    "ORDER BY received_ms DESC, number LIMIT ?2";

ComplaintRow read_complaint(const Statement& row) {
  ComplaintRow out;
  out.number = row.text(0);
  out.device = row.text(1);
  out.seq = count_of(row, 2);
  out.subject.bytes = fixed<16>(row.bytes(3));
  out.kind = row.text(4);
  out.category = row.text(5);
  out.privacy = row.text(6);
  out.language = row.text(7);
  out.office = row.text(8);
  out.district = row.text(9);
  out.received_ms = row.integer(10);
  out.utc_offset_min = static_cast<int>(row.integer(11));
  const auto verify = record::Date::parse(row.text(12));
  const auto answer = record::Date::parse(row.text(13));
  const auto close = record::Date::parse(row.text(14));
  const auto ombudsman = record::Date::parse(row.text(15));
  if (verify && answer && close && ombudsman) out.due = record::DueDates{*verify, *answer, *close, *ombudsman};
  out.status = row.text(16);
  out.agency = row.text(17);
  return out;
}

EnrolCodeRow read_enrol_code(const Statement& row) {
  EnrolCodeRow out;
  out.lookup = fixed<16>(row.bytes(0));
  out.mac_key = fixed<32>(row.bytes(1));
  out.office = row.text(2);
  out.place = row.text(3);
  out.region = static_cast<std::uint16_t>(row.integer(4));
  out.expires_ms = row.integer(5);
  if (!row.is_null(6)) {
    if (auto id = wire::DeviceId::parse(row.text(6))) out.device = *id;
  }
  return out;
}

EventRow read_event(const Statement& row) {
  return {count_of(row, 0), {fixed<16>(row.bytes(1))}, row.bytes(2), fixed<32>(row.bytes(3)), row.integer(4)};
}

std::pair<std::uint64_t, record::Hash> read_event_hash(const Statement& row) {
  return {count_of(row, 0), fixed<32>(row.bytes(1))};
}

QuarantineRow read_quarantine(const Statement& row) {
  return {count_of(row, 0), row.text(1), count_of(row, 2), row.bytes(3), row.text(4), row.integer(5)};
}

Step read_step(const Statement& row) { return {row.text(0), row.integer(1), row.text(2), row.text(3), row.text(4)}; }

AttachmentRow read_attachment(const Statement& row) {
  return {row.text(0), count_of(row, 1),        row.text(2),      row.text(3),
          row.text(4), fixed<32>(row.bytes(5)), count_of(row, 6), row.integer(7) != 0};
}

wire::FeedItem read_feed_item(const Statement& row) {
  return {count_of(row, 0), row.text(1), row.text(2), row.bytes(3)};
}

AuditLink read_audit(const Statement& row) {
  return {
      count_of(row, 0), {row.integer(1), row.text(2), row.text(3)}, fixed<32>(row.bytes(4)), fixed<32>(row.bytes(5))};
}

template <class Read>
auto all_rows(Statement& statement, Read read) -> record::Result<std::vector<decltype(read(statement))>> {
  std::vector<decltype(read(statement))> out;
  for (;;) {
    auto row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back(read(statement));
  }
}

}  // namespace

record::Result<Statement*> SqliteAccess::use(const char* sql) {
  const auto found = m_statements.find(sql);
  if (found != m_statements.end()) {
    found->second.reset();
    return &found->second;
  }
  auto statement = m_database.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  return &m_statements.emplace(sql, std::move(*statement)).first->second;
}

record::Result<std::optional<record::Bytes>> SqliteAccess::meta(std::string_view key) {
  auto statement = use("SELECT value FROM meta WHERE key = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(key).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  record::Bytes out = (*statement)->bytes(0);
  (*statement)->reset();
  return out;
}

record::Result<std::optional<Device>> SqliteAccess::device(const wire::DeviceId& id) {
  auto statement = use(k_device);
  if (!statement) return tl::unexpected(statement.error());
  const std::string name = id.str();
  auto row = (*statement)->bind(std::string_view(name)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  Device out = read_device(**statement);
  (*statement)->reset();
  return out;
}

record::Result<std::vector<Device>> SqliteAccess::devices() {
  auto statement = use(k_devices);
  if (!statement) return tl::unexpected(statement.error());
  return all_rows(**statement, read_device);
}

record::Result<std::optional<EnrolCodeRow>> SqliteAccess::enrol_code(const wire::EnrolCode::LookupId& lookup) {
  auto statement =
      use("SELECT lookup, mac_key, office, place, region, expires_ms, device FROM enrol_code WHERE lookup = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(record::ByteView(lookup)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  EnrolCodeRow out = read_enrol_code(**statement);
  (*statement)->reset();
  return out;
}

record::Result<std::vector<EnrolCodeRow>> SqliteAccess::enrol_codes() {
  auto statement =
      use("SELECT lookup, mac_key, office, place, region, expires_ms, device FROM enrol_code ORDER BY lookup");
  if (!statement) return tl::unexpected(statement.error());
  return all_rows(**statement, read_enrol_code);
}

record::Result<std::optional<record::Bytes>> SqliteAccess::event(std::string_view device, std::uint64_t seq) {
  auto statement = use("SELECT bytes FROM event WHERE device = ? AND seq = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(device).bind(static_cast<std::int64_t>(seq)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  record::Bytes out = (*statement)->bytes(0);
  (*statement)->reset();
  return out;
}

record::Result<std::uint64_t> SqliteAccess::event_count(std::string_view device) {
  auto statement = use("SELECT count(*) FROM event WHERE device = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(device).step();
  if (!row) return tl::unexpected(row.error());
  const std::uint64_t out = count_of(**statement, 0);
  (*statement)->reset();
  return out;
}

record::Result<std::pair<std::uint64_t, record::Hash>> SqliteAccess::head(std::string_view device) {
  auto statement = use("SELECT seq, hash FROM event WHERE device = ? ORDER BY seq DESC LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(device).step();
  if (!row) return tl::unexpected(row.error());
  std::pair<std::uint64_t, record::Hash> out{};
  if (*row) out = {count_of(**statement, 0), fixed<32>((*statement)->bytes(1))};
  (*statement)->reset();
  return out;
}

record::Result<std::optional<ComplaintRow>> SqliteAccess::complaint(std::string_view number) {
  auto statement = use(k_complaint);
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(number).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  ComplaintRow out = read_complaint(**statement);
  (*statement)->reset();
  return out;
}

record::Result<std::vector<ComplaintRow>> SqliteAccess::complaints(std::string_view status, std::size_t most) {
  auto statement = use(k_complaints);
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(status).bind(static_cast<std::int64_t>(most));
  return all_rows(**statement, read_complaint);
}

record::Result<std::vector<Step>> SqliteAccess::steps(std::string_view number) {
  auto statement = use("SELECT kind, at_ms, agency, text, evidence FROM step WHERE number = ? ORDER BY id LIMIT 500");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(number);
  return all_rows(**statement, read_step);
}

record::Result<std::optional<ReceiptRow>> SqliteAccess::read_receipt(Statement& bound) {
  auto row = bound.step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  ReceiptRow out{
      bound.text(0),        bound.text(1), count_of(bound, 2), fixed<32>(bound.bytes(3)), fixed<32>(bound.bytes(4)),
      bound.integer(5) != 0};
  bound.reset();
  return out;
}

record::Result<std::optional<ReceiptRow>> SqliteAccess::receipt(std::string_view number,
                                                                const record::Hash& secret_hash) {
  auto statement =
      use("SELECT number, device, seq, secret_hash, code_hmac, "
          "EXISTS(SELECT 1 FROM receipt AS later WHERE later.number = one.number AND later.seq > one.seq) FROM ("
          "SELECT number, device, seq, secret_hash, code_hmac, received_ms AS at FROM complaint WHERE number = ?1 AND "
          "secret_hash = ?2 UNION ALL "
          "SELECT number, device, seq, secret_hash, code_hmac, 9223372036854775807 FROM receipt WHERE number = ?1 AND "
          "secret_hash = ?2) AS one ORDER BY at, number LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  return read_receipt((*statement)->bind(number).bind(record::ByteView(secret_hash)));
}

record::Result<std::optional<ReceiptRow>> SqliteAccess::receipt_by_code(const record::Hash& code_hmac) {
  auto statement =
      use("WITH RECURSIVE code_groups(n) AS (SELECT max(code_group) FROM complaint UNION ALL "
          "SELECT n - 1 FROM code_groups WHERE n > 0) "
          "SELECT number, device, seq, secret_hash, code_hmac, "
          "EXISTS(SELECT 1 FROM receipt AS later WHERE later.number = one.number AND later.seq > one.seq) FROM ("
          "SELECT number, device, seq, secret_hash, code_hmac, received_ms AS at FROM code_groups CROSS JOIN complaint "
          "WHERE code_group = n AND code_hmac = ?1 UNION ALL "
          "SELECT number, device, seq, secret_hash, code_hmac, 9223372036854775807 FROM receipt WHERE code_hmac = ?1) "
          "AS one ORDER BY at, number LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  return read_receipt((*statement)->bind(record::ByteView(code_hmac)));
}

record::Result<std::optional<AttachmentRow>> SqliteAccess::attachment(std::string_view device,
                                                                      const record::Hash& hash) {
  auto statement =
      use("SELECT device, seq, number, kind, media, hash, size, EXISTS(SELECT 1 FROM blob WHERE blob.hash = "
          "attachment.hash) FROM attachment WHERE device = ? AND hash = ? ORDER BY seq LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(device).bind(record::ByteView(hash)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  AttachmentRow out = read_attachment(**statement);
  (*statement)->reset();
  return out;
}

record::Result<std::vector<AttachmentRow>> SqliteAccess::attachments(std::string_view number) {
  auto statement =
      use("SELECT device, seq, number, kind, media, hash, size, EXISTS(SELECT 1 FROM blob WHERE blob.hash = "
          "attachment.hash) FROM attachment WHERE number = ? ORDER BY device, seq LIMIT 500");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(number);
  return all_rows(**statement, read_attachment);
}

record::Result<BlobUse> SqliteAccess::blob_use(std::string_view device) {
  auto statement =
      use("SELECT count(*), coalesce(sum(attachment.size), 0), count(blob.hash), coalesce(sum(blob.size), 0) "
          "FROM attachment LEFT JOIN blob ON blob.hash = attachment.hash WHERE device = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = (*statement)->bind(device).step();
  if (!row) return tl::unexpected(row.error());
  const BlobUse out{count_of(**statement, 0), count_of(**statement, 1), count_of(**statement, 2),
                    count_of(**statement, 3)};
  (*statement)->reset();
  return out;
}

record::Result<std::vector<MissingAttachments>> SqliteAccess::missing_attachments() {
  auto statement =
      use("SELECT device, count(*), min(seq) FROM attachment WHERE NOT EXISTS(SELECT 1 FROM blob WHERE blob.hash = "
          "attachment.hash) GROUP BY device ORDER BY device");
  if (!statement) return tl::unexpected(statement.error());
  return all_rows(**statement, [](const Statement& row) {
    return MissingAttachments{row.text(0), count_of(row, 1), count_of(row, 2)};
  });
}

record::Result<std::vector<wire::FeedItem>> SqliteAccess::feed(std::string_view device, std::uint64_t after,
                                                               std::size_t most) {
  auto statement =
      use("SELECT cursor, kind, subject, body FROM feed WHERE device = ? AND cursor > ? ORDER BY cursor LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(device).bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
  return all_rows(**statement, read_feed_item);
}

record::Result<std::vector<std::string>> SqliteAccess::feed_subjects(std::string_view device, std::string_view kind) {
  auto statement = use("SELECT subject FROM feed WHERE device = ? AND kind = ? ORDER BY cursor");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(device).bind(kind);
  return all_rows(**statement, [](const Statement& row) { return std::string(row.text(0)); });
}

record::Result<std::vector<EventRow>> SqliteAccess::events(std::string_view device, std::uint64_t after,
                                                           std::size_t most) {
  auto statement =
      use("SELECT seq, id, bytes, hash, clock_offset_ms FROM event WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(device).bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
  return all_rows(**statement, read_event);
}

record::Result<std::vector<std::pair<std::uint64_t, record::Hash>>> SqliteAccess::event_hashes(std::string_view device,
                                                                                               std::uint64_t after,
                                                                                               std::size_t most) {
  auto statement = use("SELECT seq, hash FROM event WHERE device = ? AND seq > ? ORDER BY seq LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(device).bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
  return all_rows(**statement, read_event_hash);
}

record::Result<std::vector<QuarantineRow>> SqliteAccess::quarantined(std::uint64_t after, std::size_t most) {
  auto statement = use("SELECT id, device, seq, bytes, why, at_ms FROM quarantine WHERE id > ? ORDER BY id LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
  return all_rows(**statement, read_quarantine);
}

record::Result<std::vector<AuditLink>> SqliteAccess::audit(std::uint64_t after, std::size_t most) {
  auto statement = use("SELECT id, at_ms, who, what, prev, hash FROM audit WHERE id > ? ORDER BY id LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
  return all_rows(**statement, read_audit);
}

}  // namespace anjungan::central
