// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sync/central/store/postgres_access.h"

namespace anjungan::central {

using record::Result;

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> fixed(const record::Bytes& bytes) {
  std::array<std::uint8_t, N> out{};
  if (bytes.size() == N) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::uint64_t count_of(const PostgresRows& rows, std::size_t row, int column) {
  return static_cast<std::uint64_t>(rows.integer(row, column));
}

std::int64_t as_bigint(std::uint64_t value) { return static_cast<std::int64_t>(value); }
/// LIMIT of a list; a caller that wants all of it may ask for more than a bigint holds.
std::int64_t as_limit(std::size_t most) { return static_cast<std::int64_t>(std::min<std::size_t>(most, 1'000'000)); }

Device read_device(const PostgresRows& rows, std::size_t row) {
  Device out;
  if (auto id = wire::DeviceId::parse(rows.text(row, 0))) out.id = *id;
  out.state = static_cast<DeviceState>(rows.integer(row, 1));
  out.office = rows.text(row, 2);
  out.place = rows.text(row, 3);
  out.software = rows.text(row, 4);
  out.receipt_key = fixed<32>(rows.bytes(row, 5));
  out.device_key = fixed<32>(rows.bytes(row, 6));
  out.join_counter = count_of(rows, row, 7);
  out.acked_seq = count_of(rows, row, 8);
  out.acked_hash = fixed<32>(rows.bytes(row, 9));
  out.stored_seq = count_of(rows, row, 10);
  out.told_seq = count_of(rows, row, 11);
  out.revoked_from = count_of(rows, row, 12);
  out.enrolled_ms = rows.integer(row, 13);
  out.seen_ms = rows.integer(row, 14);
  out.clock_offset_ms = rows.integer(row, 15);
  out.duplicates = count_of(rows, row, 16);
  out.conflicts = count_of(rows, row, 17);
  out.quarantined = count_of(rows, row, 18);
  out.key_changes = count_of(rows, row, 19);
  return out;
}

EnrolCodeRow read_enrol_code(const PostgresRows& rows, std::size_t row) {
  EnrolCodeRow out;
  out.lookup = fixed<16>(rows.bytes(row, 0));
  out.mac_key = fixed<32>(rows.bytes(row, 1));
  out.office = rows.text(row, 2);
  out.place = rows.text(row, 3);
  out.region = static_cast<std::uint16_t>(rows.integer(row, 4));
  out.expires_ms = rows.integer(row, 5);
  if (!rows.is_null(row, 6)) {
    if (auto id = wire::DeviceId::parse(rows.text(row, 6))) out.device = *id;
  }
  return out;
}

EventRow read_event(const PostgresRows& rows, std::size_t row) {
  return {count_of(rows, row, 0),
          {fixed<16>(rows.bytes(row, 1))},
          rows.bytes(row, 2),
          fixed<32>(rows.bytes(row, 3)),
          rows.integer(row, 4)};
}

std::pair<std::uint64_t, record::Hash> read_event_hash(const PostgresRows& rows, std::size_t row) {
  return {count_of(rows, row, 0), fixed<32>(rows.bytes(row, 1))};
}

QuarantineRow read_quarantine(const PostgresRows& rows, std::size_t row) {
  return {count_of(rows, row, 0), rows.text(row, 1), count_of(rows, row, 2),
          rows.bytes(row, 3),     rows.text(row, 4), rows.integer(row, 5)};
}

ComplaintRow read_complaint(const PostgresRows& rows, std::size_t row) {
  ComplaintRow out;
  out.number = rows.text(row, 0);
  out.device = rows.text(row, 1);
  out.seq = count_of(rows, row, 2);
  out.subject.bytes = fixed<16>(rows.bytes(row, 3));
  out.kind = rows.text(row, 4);
  out.category = rows.text(row, 5);
  out.privacy = rows.text(row, 6);
  out.language = rows.text(row, 7);
  out.office = rows.text(row, 8);
  out.district = rows.text(row, 9);
  out.received_ms = rows.integer(row, 10);
  out.utc_offset_min = static_cast<int>(rows.integer(row, 11));
  const auto verify = record::Date::parse(rows.text(row, 12));
  const auto answer = record::Date::parse(rows.text(row, 13));
  const auto close = record::Date::parse(rows.text(row, 14));
  const auto ombudsman = record::Date::parse(rows.text(row, 15));
  if (verify && answer && close && ombudsman) out.due = record::DueDates{*verify, *answer, *close, *ombudsman};
  out.status = rows.text(row, 16);
  out.agency = rows.text(row, 17);
  return out;
}

Step read_step(const PostgresRows& rows, std::size_t row) {
  return {rows.text(row, 0), rows.integer(row, 1), rows.text(row, 2), rows.text(row, 3), rows.text(row, 4)};
}

AttachmentRow read_attachment(const PostgresRows& rows, std::size_t row) {
  return {rows.text(row, 0), count_of(rows, row, 1),        rows.text(row, 2),      rows.text(row, 3),
          rows.text(row, 4), fixed<32>(rows.bytes(row, 5)), count_of(rows, row, 6), rows.integer(row, 7) != 0};
}

wire::FeedItem read_feed_item(const PostgresRows& rows, std::size_t row) {
  return {count_of(rows, row, 0), rows.text(row, 1), rows.text(row, 2), rows.bytes(row, 3)};
}

AuditLink read_audit(const PostgresRows& rows, std::size_t row) {
  return {count_of(rows, row, 0),
          {rows.integer(row, 1), rows.text(row, 2), rows.text(row, 3)},
          fixed<32>(rows.bytes(row, 4)),
          fixed<32>(rows.bytes(row, 5))};
}

template <class Read>
auto all_rows(const Result<PostgresRows>& rows, Read read) -> Result<std::vector<decltype(read(*rows, 0))>> {
  if (!rows) return tl::unexpected(rows.error());
  std::vector<decltype(read(*rows, 0))> out;
  out.reserve(rows->size());
  for (std::size_t row = 0; row < rows->size(); row++) out.push_back(read(*rows, row));
  return out;
}

template <class Read>
auto first_row(const Result<PostgresRows>& rows, Read read) -> Result<std::optional<decltype(read(*rows, 0))>> {
  if (!rows) return tl::unexpected(rows.error());
  if (rows->size() == 0) return std::nullopt;
  return read(*rows, 0);
}

record::Bytes first_bytes(const PostgresRows& rows, std::size_t row) { return rows.bytes(row, 0); }

}  // namespace

Result<std::optional<record::Bytes>> PostgresAccess::meta(std::string_view key) {
  return first_row(m_connection.query("SELECT value FROM meta WHERE key = $1", PostgresValues().add(key)), first_bytes);
}

Result<std::optional<Device>> PostgresAccess::device(const wire::DeviceId& id) {
  const std::string name = id.str();
  return first_row(
      m_connection.query(
          "SELECT id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, acked_hash, "
          "stored_seq, told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, "
          "quarantined, (SELECT count(*) FROM former_keys WHERE former_keys.device = device.id) FROM device WHERE id = "
          "$1",
          PostgresValues().add(std::string_view(name))),
      read_device);
}

Result<std::vector<Device>> PostgresAccess::devices() {
  return all_rows(
      m_connection.query(
          "SELECT id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, acked_hash, "
          "stored_seq, told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, "
          "quarantined, (SELECT count(*) FROM former_keys WHERE former_keys.device = device.id) FROM device ORDER BY "
          "id COLLATE \"C\"",
          {}),
      read_device);
}

Result<std::optional<EnrolCodeRow>> PostgresAccess::enrol_code(const wire::EnrolCode::LookupId& lookup) {
  return first_row(
      m_connection.query(
          "SELECT lookup, mac_key, office, place, region, expires_ms, device FROM enrol_code WHERE lookup = $1",
          PostgresValues().add(record::ByteView(lookup))),
      read_enrol_code);
}

Result<std::vector<EnrolCodeRow>> PostgresAccess::enrol_codes() {
  return all_rows(
      m_connection.query(
          "SELECT lookup, mac_key, office, place, region, expires_ms, device FROM enrol_code ORDER BY lookup", {}),
      read_enrol_code);
}

Result<std::optional<record::Bytes>> PostgresAccess::event(std::string_view device, std::uint64_t seq) {
  return first_row(m_connection.query("SELECT bytes FROM event WHERE device = $1 AND seq = $2",
                                      PostgresValues().add(device).add(as_bigint(seq))),
                   first_bytes);
}

Result<std::vector<EventRow>> PostgresAccess::events(std::string_view device, std::uint64_t after, std::size_t most) {
  return all_rows(m_connection.query("SELECT seq, id, bytes, hash, clock_offset_ms FROM event WHERE device = $1 AND "
                                     "seq > $2 ORDER BY seq LIMIT $3",
                                     PostgresValues().add(device).add(as_bigint(after)).add(as_limit(most))),
                  read_event);
}

Result<std::vector<std::pair<std::uint64_t, record::Hash>>> PostgresAccess::event_hashes(std::string_view device,
                                                                                         std::uint64_t after,
                                                                                         std::size_t most) {
  return all_rows(m_connection.query("SELECT seq, hash FROM event WHERE device = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                                     PostgresValues().add(device).add(as_bigint(after)).add(as_limit(most))),
                  read_event_hash);
}

Result<std::uint64_t> PostgresAccess::event_count(std::string_view device) {
  auto rows = m_connection.query("SELECT count(*) FROM event WHERE device = $1", PostgresValues().add(device));
  if (!rows) return tl::unexpected(rows.error());
  return count_of(*rows, 0, 0);
}

Result<std::pair<std::uint64_t, record::Hash>> PostgresAccess::head(std::string_view device) {
  auto row = first_row(m_connection.query("SELECT seq, hash FROM event WHERE device = $1 ORDER BY seq DESC LIMIT 1",
                                          PostgresValues().add(device)),
                       read_event_hash);
  if (!row) return tl::unexpected(row.error());
  return *row ? **row : std::pair<std::uint64_t, record::Hash>{};
}

Result<std::vector<QuarantineRow>> PostgresAccess::quarantined(std::uint64_t after, std::size_t most) {
  return all_rows(
      m_connection.query("SELECT id, device, seq, bytes, why, at_ms FROM quarantine WHERE id > $1 ORDER BY id LIMIT $2",
                         PostgresValues().add(as_bigint(after)).add(as_limit(most))),
      read_quarantine);
}

Result<std::optional<ComplaintRow>> PostgresAccess::complaint(std::string_view number) {
  return first_row(
      m_connection.query(
          "SELECT number, device, seq, subject, kind, category, privacy, language, office, district, received_ms, "
          "utc_offset_min, due_verify, due_answer, due_close, due_ombudsman, status, agency FROM complaint WHERE "
          "number = $1",
          PostgresValues().add(number)),
      read_complaint);
}

Result<std::vector<ComplaintRow>> PostgresAccess::complaints(std::string_view status, std::size_t most) {
  return all_rows(
      m_connection.query(
          "SELECT number, device, seq, subject, kind, category, privacy, language, office, district, received_ms, "
          "utc_offset_min, due_verify, due_answer, due_close, due_ombudsman, status, agency FROM complaint WHERE "
          "$1 = '' OR status = $1 ORDER BY received_ms DESC, number COLLATE \"C\" LIMIT $2",
          PostgresValues().add(status).add(as_limit(most))),
      read_complaint);
}

Result<std::vector<Step>> PostgresAccess::steps(std::string_view number) {
  return all_rows(
      m_connection.query("SELECT kind, at_ms, agency, text, evidence FROM step WHERE number = $1 ORDER BY id LIMIT 500",
                         PostgresValues().add(number)),
      read_step);
}

Result<std::optional<ReceiptRow>> PostgresAccess::find_receipt(const char* sql, const PostgresValues& values) {
  return first_row(m_connection.query(sql, values), [](const PostgresRows& rows, std::size_t row) {
    return ReceiptRow{rows.text(row, 0),
                      rows.text(row, 1),
                      count_of(rows, row, 2),
                      fixed<32>(rows.bytes(row, 3)),
                      fixed<32>(rows.bytes(row, 4)),
                      rows.integer(row, 5) != 0};
  });
}

Result<std::optional<ReceiptRow>> PostgresAccess::receipt(std::string_view number, const record::Hash& secret_hash) {
  return find_receipt(
      "SELECT number, device, seq, secret_hash, code_hmac, "
      "EXISTS(SELECT 1 FROM receipt AS later WHERE later.number = one.number AND later.seq > one.seq) FROM ("
      "SELECT number, device, seq, secret_hash, code_hmac, received_ms AS at FROM complaint WHERE number = $1 AND "
      "secret_hash = $2 UNION ALL "
      "SELECT number, device, seq, secret_hash, code_hmac, 9223372036854775807 FROM receipt WHERE number = $1 AND "
      "secret_hash = $2) AS one ORDER BY at, number LIMIT 1",
      PostgresValues().add(number).add(record::ByteView(secret_hash)));
}

Result<std::optional<ReceiptRow>> PostgresAccess::receipt_by_code(const record::Hash& code_hmac) {
  return find_receipt(
      "SELECT number, device, seq, secret_hash, code_hmac, "
      "EXISTS(SELECT 1 FROM receipt AS later WHERE later.number = one.number AND later.seq > one.seq) FROM ("
      "SELECT number, device, seq, secret_hash, code_hmac, received_ms AS at FROM complaint WHERE code_hmac = $1 UNION "
      "ALL "
      "SELECT number, device, seq, secret_hash, code_hmac, 9223372036854775807 FROM receipt WHERE code_hmac = $1) AS "
      "one ORDER BY at, number LIMIT 1",
      PostgresValues().add(record::ByteView(code_hmac)));
}

Result<std::optional<AttachmentRow>> PostgresAccess::attachment(std::string_view device, const record::Hash& hash) {
  auto rows =
      all_rows(m_connection.query(
                   "SELECT device, seq, number, kind, media, hash, size, EXISTS(SELECT 1 FROM blob WHERE blob.hash = "
                   "attachment.hash) FROM attachment WHERE device = $1 AND hash = $2 ORDER BY seq LIMIT 1",
                   PostgresValues().add(device).add(record::ByteView(hash))),
               read_attachment);
  if (!rows) return tl::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  return std::move(rows->front());
}

Result<std::vector<AttachmentRow>> PostgresAccess::attachments(std::string_view number) {
  return all_rows(m_connection.query("SELECT device, seq, number, kind, media, hash, size, EXISTS(SELECT 1 FROM blob "
                                     "WHERE blob.hash = attachment.hash) FROM attachment WHERE number = $1 "
                                     "ORDER BY device, seq LIMIT 500",
                                     PostgresValues().add(number)),
                  read_attachment);
}

Result<BlobUse> PostgresAccess::blob_use(std::string_view device) {
  auto rows = m_connection.query(
      "SELECT count(*), coalesce(sum(attachment.size), 0)::bigint, count(blob.hash), coalesce(sum(blob.size), "
      "0)::bigint FROM attachment LEFT JOIN blob ON blob.hash = attachment.hash WHERE device = $1",
      PostgresValues().add(device));
  if (!rows) return tl::unexpected(rows.error());
  if (rows->size() != 1) return BlobUse{};
  return BlobUse{count_of(*rows, 0, 0), count_of(*rows, 0, 1), count_of(*rows, 0, 2), count_of(*rows, 0, 3)};
}

Result<std::vector<MissingAttachments>> PostgresAccess::missing_attachments() {
  return all_rows(m_connection.query("SELECT device, count(*), min(seq) FROM attachment WHERE NOT EXISTS(SELECT 1 FROM "
                                     "blob WHERE blob.hash = attachment.hash) GROUP BY device ORDER BY device",
                                     PostgresValues()),
                  [](const PostgresRows& rows, std::size_t row) {
                    return MissingAttachments{rows.text(row, 0), count_of(rows, row, 1), count_of(rows, row, 2)};
                  });
}

/// A cursor is drawn while the device is locked and the lock ends after the commit: a lower one cannot appear later.
Result<std::vector<wire::FeedItem>> PostgresAccess::feed(std::string_view device, std::uint64_t after,
                                                         std::size_t most) {
  return all_rows(
      m_connection.query(
          "SELECT cursor, kind, subject, body FROM feed WHERE device = $1 AND cursor > $2 ORDER BY cursor LIMIT $3",
          PostgresValues().add(device).add(as_bigint(after)).add(as_limit(most))),
      read_feed_item);
}

Result<std::vector<std::string>> PostgresAccess::feed_subjects(std::string_view device, std::string_view kind) {
  return all_rows(m_connection.query("SELECT subject FROM feed WHERE device = $1 AND kind = $2 ORDER BY cursor",
                                     PostgresValues().add(device).add(kind)),
                  [](const PostgresRows& rows, std::size_t row) { return std::string(rows.text(row, 0)); });
}

Result<std::vector<AuditLink>> PostgresAccess::audit(std::uint64_t after, std::size_t most) {
  return all_rows(
      m_connection.query("SELECT id, at_ms, who, what, prev, hash FROM audit WHERE id > $1 ORDER BY id LIMIT $2",
                         PostgresValues().add(as_bigint(after)).add(as_limit(most))),
      read_audit);
}

}  // namespace anjungan::central
