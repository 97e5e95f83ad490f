// SPDX-License-Identifier: Apache-2.0
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

record::Result<bool> SqliteAccess::did(store::Statement& statement) {
  if (auto done = statement.run(); !done) return tl::unexpected(done.error());
  return m_database.changed() != 0;
}

record::Result<void> SqliteAccess::add_device(const Device& device) {
  auto statement = use(
      "INSERT INTO device(id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, "
      "acked_hash, stored_seq, told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, "
      "quarantined) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
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
      .bind(static_cast<std::int64_t>(device.stored_seq))
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

record::Result<void> SqliteAccess::put_device(const Device& device) {
  auto statement = use(
      "UPDATE device SET state = ?, office = ?, place = ?, software = ?, join_counter = ?, acked_seq = ?, acked_hash = "
      "?, stored_seq = ?, told_seq = ?, revoked_from = ?, seen_ms = ?, clock_offset_ms = ?, duplicates = ?, conflicts "
      "= "
      "?, quarantined = ? WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  const std::string name = device.id.str();
  (*statement)
      ->bind(static_cast<std::int64_t>(device.state))
      .bind(std::string_view(device.office))
      .bind(std::string_view(device.place))
      .bind(std::string_view(device.software))
      .bind(static_cast<std::int64_t>(device.join_counter))
      .bind(static_cast<std::int64_t>(device.acked_seq))
      .bind(record::ByteView(device.acked_hash))
      .bind(static_cast<std::int64_t>(device.stored_seq))
      .bind(static_cast<std::int64_t>(device.told_seq))
      .bind(static_cast<std::int64_t>(device.revoked_from))
      .bind(device.seen_ms)
      .bind(device.clock_offset_ms)
      .bind(static_cast<std::int64_t>(device.duplicates))
      .bind(static_cast<std::int64_t>(device.conflicts))
      .bind(static_cast<std::int64_t>(device.quarantined))
      .bind(std::string_view(name));
  auto done = did(**statement);
  if (!done) return tl::unexpected(done.error());
  if (!*done) return fail(ErrorKind::not_found, "device: there is no such terminal");
  return {};
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

record::Result<Inserted> SqliteAccess::insert_event(std::string_view device, const EventRow& event) {
  auto statement =
      use("INSERT INTO event(device, seq, id, bytes, hash, clock_offset_ms) VALUES(?, ?, ?, ?, ?, ?) "
          "ON CONFLICT DO NOTHING");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)
      ->bind(device)
      .bind(static_cast<std::int64_t>(event.seq))
      .bind(record::ByteView(event.id.bytes))
      .bind(event.bytes)
      .bind(record::ByteView(event.hash))
      .bind(event.clock_offset_ms);
  auto stored = did(**statement);
  if (!stored) return tl::unexpected(stored.error());
  if (*stored) return Inserted::stored;
  auto there = event_hashes(device, event.seq - 1, 1);
  if (!there) return tl::unexpected(there.error());
  const bool same = !there->empty() && (*there)[0].first == event.seq && (*there)[0].second == event.hash;
  return same ? Inserted::duplicate : Inserted::conflict;
}

record::Result<std::vector<Inserted>> SqliteAccess::insert_events(std::string_view device,
                                                                  std::span<const EventRow> events) {
  std::vector<Inserted> out;
  out.reserve(events.size());
  for (const EventRow& one : events) {
    auto inserted = insert_event(device, one);
    if (!inserted) return tl::unexpected(inserted.error());
    out.push_back(*inserted);
  }
  return out;
}

record::Result<bool> SqliteAccess::quarantine(std::string_view device, std::uint64_t seq, record::ByteView bytes,
                                              std::string_view why, std::int64_t at_ms) {
  auto statement =
      use("INSERT INTO quarantine(device, seq, bytes, why, at_ms) VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(device).bind(static_cast<std::int64_t>(seq)).bind(bytes).bind(why).bind(at_ms);
  return did(**statement);
}

record::Result<std::vector<bool>> SqliteAccess::add_complaints(std::span<const ComplaintRow> complaints) {
  std::vector<bool> added;
  for (const ComplaintRow& complaint : complaints) {
    auto statement = use(
        "INSERT INTO complaint(number, device, seq, subject, kind, category, privacy, language, office, district, "
        "received_ms, utc_offset_min, due_verify, due_answer, due_close, due_ombudsman, status, agency, secret_hash, "
        "code_hmac, code_group) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT "
        "coalesce(max(rowid), 0) / 32768 FROM complaint)) ON CONFLICT DO NOTHING");
    if (!statement) return tl::unexpected(statement.error());
    const auto day = [&](record::Date record::DueDates::* which) {
      return complaint.due ? ((*complaint.due).*which).str() : std::string();
    };
    const std::string verify = day(&record::DueDates::verify);
    const std::string answer = day(&record::DueDates::answer);
    const std::string close = day(&record::DueDates::close);
    const std::string ombudsman = day(&record::DueDates::ombudsman);
    (*statement)
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
        .bind(record::ByteView(complaint.secret_hash))
        .bind(record::ByteView(complaint.code_hmac));
    auto done = did(**statement);
    if (!done) return tl::unexpected(done.error());
    added.push_back(*done);
  }
  return added;
}

record::Result<void> SqliteAccess::set_status(std::string_view number, std::string_view status,
                                              std::string_view agency) {
  auto statement = use("UPDATE complaint SET status = ?, agency = ? WHERE number = ?");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(status).bind(agency).bind(number).run();
}

record::Result<void> SqliteAccess::add_steps(std::span<const NumberedStep> steps) {
  for (const auto& [number, step] : steps) {
    auto statement = use("INSERT INTO step(number, kind, at_ms, agency, text, evidence) VALUES(?, ?, ?, ?, ?, ?)");
    if (!statement) return tl::unexpected(statement.error());
    auto done = (*statement)
                    ->bind(std::string_view(number))
                    .bind(std::string_view(step.kind))
                    .bind(step.at_ms)
                    .bind(std::string_view(step.agency))
                    .bind(std::string_view(step.text))
                    .bind(std::string_view(step.evidence))
                    .run();
    if (!done) return done;
  }
  return {};
}

record::Result<std::size_t> SqliteAccess::add_receipts(std::span<const ReceiptRow> receipts) {
  std::size_t added = 0;
  for (const ReceiptRow& receipt : receipts) {
    auto statement =
        use("INSERT INTO receipt(number, device, seq, secret_hash, code_hmac) VALUES(?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING");
    if (!statement) return tl::unexpected(statement.error());
    (*statement)
        ->bind(std::string_view(receipt.number))
        .bind(std::string_view(receipt.device))
        .bind(static_cast<std::int64_t>(receipt.seq))
        .bind(record::ByteView(receipt.secret_hash))
        .bind(record::ByteView(receipt.code_hmac));
    auto done = did(**statement);
    if (!done) return tl::unexpected(done.error());
    if (*done) added++;
  }
  return added;
}

record::Result<void> SqliteAccess::add_attachments(std::span<const AttachmentRow> attachments) {
  for (const AttachmentRow& one : attachments) {
    auto statement =
        use("INSERT INTO attachment(device, seq, number, kind, media, hash, size) VALUES(?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING");
    if (!statement) return tl::unexpected(statement.error());
    auto done = (*statement)
                    ->bind(std::string_view(one.device))
                    .bind(static_cast<std::int64_t>(one.seq))
                    .bind(std::string_view(one.number))
                    .bind(std::string_view(one.kind))
                    .bind(std::string_view(one.media))
                    .bind(record::ByteView(one.hash))
                    .bind(static_cast<std::int64_t>(one.size))
                    .run();
    if (!done) return done;
  }
  return {};
}

record::Result<void> SqliteAccess::hold_blob(const record::Hash& hash, std::uint64_t size, std::int64_t at_ms) {
  auto statement = use("INSERT INTO blob(hash, size, held_ms) VALUES(?, ?, ?) ON CONFLICT DO NOTHING");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(record::ByteView(hash)).bind(static_cast<std::int64_t>(size)).bind(at_ms).run();
}

record::Result<void> SqliteAccess::add_feed(std::string_view device, std::span<const wire::FeedItem> items) {
  for (const wire::FeedItem& item : items) {
    auto statement = use("INSERT INTO feed(device, kind, subject, body) VALUES(?, ?, ?, ?)");
    if (!statement) return tl::unexpected(statement.error());
    auto done = (*statement)
                    ->bind(device)
                    .bind(std::string_view(item.kind))
                    .bind(std::string_view(item.subject))
                    .bind(item.body)
                    .run();
    if (!done) return done;
  }
  return {};
}

record::Result<void> SqliteAccess::forget_feed(std::string_view device, std::uint64_t up_to) {
  auto statement = use("DELETE FROM feed WHERE device = ? AND cursor <= ?");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(device).bind(static_cast<std::int64_t>(up_to)).run();
}

record::Result<void> SqliteAccess::add_audit(const AuditRow& row) {
  auto last = use("SELECT hash FROM audit ORDER BY id DESC LIMIT 1");
  if (!last) return tl::unexpected(last.error());
  auto found = (*last)->step();
  if (!found) return tl::unexpected(found.error());
  AuditLink link{0, row, {}, {}};
  if (*found) {
    const record::Bytes prev = (*last)->bytes(0);
    if (prev.size() == link.prev.size()) std::copy(prev.begin(), prev.end(), link.prev.begin());
  }
  (*last)->reset();
  link.hash = audit_hash(link.prev, row);
  return copy_audit(link);
}

record::Result<void> SqliteAccess::copy_audit(const AuditLink& link) {
  auto statement = use("INSERT INTO audit(at_ms, who, what, prev, hash) VALUES(?, ?, ?, ?, ?)");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)
      ->bind(link.row.at_ms)
      .bind(std::string_view(link.row.who))
      .bind(std::string_view(link.row.what))
      .bind(record::ByteView(link.prev))
      .bind(record::ByteView(link.hash))
      .run();
}

record::Result<void> SqliteAccess::clear_projections() {
  return m_database.run(
      "DELETE FROM step; DELETE FROM receipt; DELETE FROM attachment; DELETE FROM complaint; "
      "UPDATE former_keys SET receipt_end = 0");
}

}  // namespace anjungan::central
