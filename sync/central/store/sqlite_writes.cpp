// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sync/central/store/sqlite_access.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;

record::Result<void> SqliteAccess::set_meta(std::string_view key, record::ByteView value) {
  auto statement =
      use("INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(key).bind(value).run();
}

record::Result<void> SqliteAccess::put_device(const Device& device) {
  auto statement = use(
      "INSERT INTO device(id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, "
      "acked_hash, "
      "told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, quarantined) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET state = "
      "excluded.state, "
      "office = excluded.office, place = excluded.place, software = excluded.software, join_counter = "
      "excluded.join_counter, "
      "acked_seq = excluded.acked_seq, acked_hash = excluded.acked_hash, told_seq = excluded.told_seq, "
      "revoked_from = excluded.revoked_from, seen_ms = excluded.seen_ms, clock_offset_ms = excluded.clock_offset_ms, "
      "duplicates = excluded.duplicates, conflicts = excluded.conflicts, quarantined = excluded.quarantined");
  if (!statement) return tl::unexpected(statement.error());
  const std::string name = device.id.str();
  return (*statement)
      ->bind(std::string_view(name))
      .bind(static_cast<std::int64_t>(device.state))
      .bind(std::string_view(device.office))
      .bind(std::string_view(device.place))
      .bind(std::string_view(device.software))
      .bind(record::ByteView(device.receipt_key))
      .bind(record::ByteView(device.device_key))
      .bind(static_cast<std::int64_t>(device.join_counter))
      .bind(static_cast<std::int64_t>(device.acked_seq))
      .bind(record::ByteView(device.acked_hash))
      .bind(static_cast<std::int64_t>(device.told_seq))
      .bind(static_cast<std::int64_t>(device.revoked_from))
      .bind(device.enrolled_ms)
      .bind(device.seen_ms)
      .bind(device.clock_offset_ms)
      .bind(static_cast<std::int64_t>(device.duplicates))
      .bind(static_cast<std::int64_t>(device.conflicts))
      .bind(static_cast<std::int64_t>(device.quarantined))
      .run();
}

record::Result<std::uint16_t> SqliteAccess::next_terminal(std::uint16_t region) {
  auto statement = use("SELECT coalesce(max(CAST(substr(id, 6) AS INTEGER)), 0) + 1 FROM device WHERE id LIKE ?");
  if (!statement) return tl::unexpected(statement.error());
  const std::string pattern = fmt::format("{:04}-%", region);
  auto row = (*statement)->bind(std::string_view(pattern)).step();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t next = (*statement)->integer(0);
  (*statement)->reset();
  if (next > 9999) return fail(ErrorKind::conflict, "terminals: all 9,999 codes of this region are used");
  return static_cast<std::uint16_t>(next);
}

record::Result<void> SqliteAccess::put_enrol_code(const EnrolCodeRow& code) {
  auto statement = use(
      "INSERT INTO enrol_code(lookup, mac_key, office, place, region, expires_ms, device) VALUES(?, ?, ?, ?, ?, ?, ?) "
      "ON CONFLICT(lookup) DO UPDATE SET device = excluded.device");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)
      ->bind(record::ByteView(code.lookup))
      .bind(record::ByteView(code.mac_key))
      .bind(std::string_view(code.office))
      .bind(std::string_view(code.place))
      .bind(static_cast<std::int64_t>(code.region))
      .bind(code.expires_ms);
  const std::string device = code.device ? code.device->str() : std::string();
  if (code.device) {
    (*statement)->bind(std::string_view(device));
  } else {
    (*statement)->bind_null();
  }
  return (*statement)->run();
}

record::Result<Inserted> SqliteAccess::insert_event(std::string_view device, std::uint64_t seq, const record::Uuid& id,
                                                    record::ByteView bytes, const record::Hash& hash) {
  auto statement = use("INSERT INTO event(device, seq, id, bytes, hash) VALUES(?, ?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  auto done = (*statement)
                  ->bind(device)
                  .bind(static_cast<std::int64_t>(seq))
                  .bind(record::ByteView(id.bytes))
                  .bind(bytes)
                  .bind(record::ByteView(hash))
                  .run();
  if (done) return Inserted::stored;
  if (done.error().kind != ErrorKind::conflict) return tl::unexpected(done.error());
  auto there = event(device, seq);
  if (!there) return tl::unexpected(there.error());
  const bool same = *there && std::equal((*there)->begin(), (*there)->end(), bytes.begin(), bytes.end());
  return same ? Inserted::duplicate : Inserted::conflict;
}

record::Result<void> SqliteAccess::quarantine(std::string_view device, std::uint64_t seq, record::ByteView bytes,
                                              std::string_view why, std::int64_t at_ms) {
  auto statement = use("INSERT OR IGNORE INTO quarantine(device, seq, bytes, why, at_ms) VALUES(?, ?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(device).bind(static_cast<std::int64_t>(seq)).bind(bytes).bind(why).bind(at_ms).run();
}

record::Result<void> SqliteAccess::put_complaint(const ComplaintRow& complaint) {
  auto statement =
      use("INSERT INTO complaint(number, device, seq, subject, kind, category, privacy, language, office, district, "
          "received_ms, "
          "utc_offset_min, due_verify, due_answer, due_close, due_ombudsman, status, agency) "
          "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(number) DO UPDATE SET "
          "status = excluded.status, agency = excluded.agency");
  if (!statement) return tl::unexpected(statement.error());
  const auto day = [&](record::Date record::DueDates::* which) {
    return complaint.due ? ((*complaint.due).*which).str() : std::string();
  };
  const std::string verify = day(&record::DueDates::verify);
  const std::string answer = day(&record::DueDates::answer);
  const std::string close = day(&record::DueDates::close);
  const std::string ombudsman = day(&record::DueDates::ombudsman);
  return (*statement)
      ->bind(std::string_view(complaint.number))
      .bind(std::string_view(complaint.device))
      .bind(static_cast<std::int64_t>(complaint.seq))
      .bind(record::ByteView(complaint.subject.bytes))
      .bind(std::string_view(complaint.kind))
      .bind(std::string_view(complaint.category))
      .bind(std::string_view(complaint.privacy))
      .bind(std::string_view(complaint.language))
      .bind(std::string_view(complaint.office))
      .bind(std::string_view(complaint.district))
      .bind(complaint.received_ms)
      .bind(static_cast<std::int64_t>(complaint.utc_offset_min))
      .bind(std::string_view(verify))
      .bind(std::string_view(answer))
      .bind(std::string_view(close))
      .bind(std::string_view(ombudsman))
      .bind(std::string_view(complaint.status))
      .bind(std::string_view(complaint.agency))
      .run();
}

record::Result<void> SqliteAccess::add_step(std::string_view number, const Step& step) {
  auto statement = use("INSERT INTO step(number, kind, at_ms, agency, text, evidence) VALUES(?, ?, ?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)
      ->bind(number)
      .bind(std::string_view(step.kind))
      .bind(step.at_ms)
      .bind(std::string_view(step.agency))
      .bind(std::string_view(step.text))
      .bind(std::string_view(step.evidence))
      .run();
}

record::Result<void> SqliteAccess::add_receipt(const ReceiptRow& receipt) {
  auto statement =
      use("INSERT INTO receipt(number, device, seq, secret_hash, code_hmac, voided) VALUES(?, ?, ?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)
      ->bind(std::string_view(receipt.number))
      .bind(std::string_view(receipt.device))
      .bind(static_cast<std::int64_t>(receipt.seq))
      .bind(record::ByteView(receipt.secret_hash))
      .bind(record::ByteView(receipt.code_hmac))
      .bind(static_cast<std::int64_t>(receipt.voided ? 1 : 0))
      .run();
}

record::Result<void> SqliteAccess::void_receipts(std::string_view number, std::uint64_t before_seq) {
  auto statement = use("UPDATE receipt SET voided = 1 WHERE number = ? AND seq < ?");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(number).bind(static_cast<std::int64_t>(before_seq)).run();
}

record::Result<void> SqliteAccess::add_feed(std::string_view device, std::string_view kind, std::string_view subject,
                                            record::ByteView body) {
  auto statement = use("INSERT INTO feed(device, kind, subject, body) VALUES(?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(device).bind(kind).bind(subject).bind(body).run();
}

record::Result<void> SqliteAccess::add_audit(const AuditRow& row) {
  auto last = use("SELECT hash FROM audit ORDER BY id DESC LIMIT 1");
  if (!last) return tl::unexpected(last.error());
  auto found = (*last)->step();
  if (!found) return tl::unexpected(found.error());
  record::Bytes prev(32, 0);
  if (*found) prev = (*last)->bytes(0);
  (*last)->reset();
  const std::string line = fmt::format("{}\n{}\n{}\n{}", record::to_hex(prev), row.at_ms, row.who, row.what);
  const record::Hash hash = record::hash_in("anjungan/audit/1", record::view_of(line));
  auto statement = use("INSERT INTO audit(at_ms, who, what, prev, hash) VALUES(?, ?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)
      ->bind(row.at_ms)
      .bind(std::string_view(row.who))
      .bind(std::string_view(row.what))
      .bind(prev)
      .bind(record::ByteView(hash))
      .run();
}

}  // namespace anjungan::central
