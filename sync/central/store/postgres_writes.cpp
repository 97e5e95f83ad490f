// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sync/central/store/postgres_access.h"

// Literals that are joined: a statement is known to the connection by its text's address.
#define INSERT_EVENTS                                                 \
  "INSERT INTO event(device, seq, id, bytes, hash, clock_offset_ms) " \
  "SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bigint[])"
#define INSERT_COMPLAINTS                                                                                        \
  "INSERT INTO complaint(number, device, seq, subject, kind, category, privacy, language, office, district, "    \
  "received_ms, utc_offset_min, due_verify, due_answer, due_close, due_ombudsman, status, agency, secret_hash, " \
  "code_hmac) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], "  \
  "$7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], "    \
  "$15::text[], $16::text[], $17::text[], $18::text[], $19::bytea[], $20::bytea[])"

namespace anjungan::central {

using record::ByteView;
using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

std::int64_t as_bigint(std::uint64_t value) { return static_cast<std::int64_t>(value); }

/// One array a column, for unnest().
template <class Row, class Value>
auto column(std::span<const Row> rows, Value value) {
  std::vector<decltype(value(rows.front()))> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(value(row));
  return out;
}

template <class Row>
std::vector<std::string_view> texts(std::span<const Row> rows, std::string Row::* member) {
  return column(rows, [member](const Row& row) { return std::string_view(row.*member); });
}

Result<void> only_done(const Result<PostgresRows>& rows) {
  if (!rows) return tl::unexpected(rows.error());
  return {};
}

}  // namespace

Result<void> PostgresAccess::lock(std::string_view name) {
  if (m_locked.contains(name)) return {};
  // Whatever is asked under the lock comes behind it.
  m_connection.later("SELECT pg_advisory_xact_lock(hashtextextended('anjungan/' || $1, 0))",
                     PostgresValues().add(name));
  m_locked.emplace(name);
  return {};
}

Result<void> PostgresAccess::set_meta(std::string_view key, ByteView value) {
  return only_done(m_connection.query(
      "INSERT INTO meta(key, value) VALUES($1, $2) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
      PostgresValues().add(key).add(value)));
}

Result<void> PostgresAccess::add_device(const Device& device) {
  const std::string name = device.id.str();
  auto added = m_connection.query(
      "INSERT INTO device(id, state, office, place, software, receipt_key, device_key, join_counter, acked_seq, "
      "acked_hash, stored_seq, told_seq, revoked_from, enrolled_ms, seen_ms, clock_offset_ms, duplicates, conflicts, "
      "quarantined) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) "
      "ON CONFLICT DO NOTHING RETURNING 1",
      PostgresValues()
          .add(std::string_view(name))
          .add(static_cast<std::int64_t>(device.state))
          .add(std::string_view(device.office))
          .add(std::string_view(device.place))
          .add(std::string_view(device.software))
          .add(ByteView(device.receipt_key))
          .add(ByteView(device.device_key))
          .add(as_bigint(device.join_counter))
          .add(as_bigint(device.acked_seq))
          .add(ByteView(device.acked_hash))
          .add(as_bigint(device.stored_seq))
          .add(as_bigint(device.told_seq))
          .add(as_bigint(device.revoked_from))
          .add(device.enrolled_ms)
          .add(device.seen_ms)
          .add(device.clock_offset_ms)
          .add(as_bigint(device.duplicates))
          .add(as_bigint(device.conflicts))
          .add(as_bigint(device.quarantined)));
  if (!added) return tl::unexpected(added.error());
  if (added->size() == 0) return fail(ErrorKind::conflict, "device: this name is taken");
  return {};
}

Result<void> PostgresAccess::put_device(const Device& device) {
  const std::string name = device.id.str();
  auto changed = m_connection.query(
      "UPDATE device SET state = $2, office = $3, place = $4, software = $5, join_counter = $6, acked_seq = $7, "
      "acked_hash = $8, stored_seq = $9, told_seq = $10, revoked_from = $11, seen_ms = $12, clock_offset_ms = $13, "
      "duplicates = $14, conflicts = $15, quarantined = $16 WHERE id = $1 RETURNING 1",
      PostgresValues()
          .add(std::string_view(name))
          .add(static_cast<std::int64_t>(device.state))
          .add(std::string_view(device.office))
          .add(std::string_view(device.place))
          .add(std::string_view(device.software))
          .add(as_bigint(device.join_counter))
          .add(as_bigint(device.acked_seq))
          .add(ByteView(device.acked_hash))
          .add(as_bigint(device.stored_seq))
          .add(as_bigint(device.told_seq))
          .add(as_bigint(device.revoked_from))
          .add(device.seen_ms)
          .add(device.clock_offset_ms)
          .add(as_bigint(device.duplicates))
          .add(as_bigint(device.conflicts))
          .add(as_bigint(device.quarantined)));
  if (!changed) return tl::unexpected(changed.error());
  if (changed->size() == 0) return fail(ErrorKind::not_found, "device: there is no such terminal");
  return {};
}

Result<void> PostgresAccess::put_enrol_code(const EnrolCodeRow& code) {
  const std::string device = code.device ? code.device->str() : std::string();
  PostgresValues values;
  values.add(ByteView(code.lookup))
      .add(ByteView(code.mac_key))
      .add(std::string_view(code.office))
      .add(std::string_view(code.place))
      .add(static_cast<std::int64_t>(code.region))
      .add(code.expires_ms)
      .add(std::string_view(device));
  return only_done(m_connection.query(
      "INSERT INTO enrol_code(lookup, mac_key, office, place, region, expires_ms, device) VALUES($1, $2, $3, $4, $5, "
      "$6, nullif($7, '')) ON CONFLICT(lookup) DO UPDATE SET device = excluded.device",
      values));
}

Result<std::vector<Inserted>> PostgresAccess::insert_events(std::string_view device, std::span<const EventRow> events) {
  std::vector<Inserted> out(events.size(), Inserted::conflict);
  if (events.empty()) return out;
  const auto seqs = column(events, [](const EventRow& row) { return as_bigint(row.seq); });
  PostgresValues values;
  values.add(device)
      .add(seqs)
      .add(column(events, [](const EventRow& row) { return ByteView(row.id.bytes); }))
      .add(column(events, [](const EventRow& row) { return ByteView(row.bytes); }))
      .add(column(events, [](const EventRow& row) { return ByteView(row.hash); }))
      .add(column(events, [](const EventRow& row) { return row.clock_offset_ms; }));
  if (m_repeats == Repeats::none_expected) {
    m_connection.later(INSERT_EVENTS, std::move(values));
    return std::vector<Inserted>(events.size(), Inserted::stored);
  }
  auto stored = m_connection.query(INSERT_EVENTS " ON CONFLICT DO NOTHING RETURNING seq, hash", values);
  if (!stored) return tl::unexpected(stored.error());
  // Rows come in the order they went in; of two with one seq in one call the first is stored.
  std::size_t at = 0;
  for (std::size_t row = 0; row < stored->size(); row++) {
    const auto hash = stored->bytes(row, 1);
    while (at < events.size() &&
           (seqs[at] != stored->integer(row, 0) ||
            !std::equal(hash.begin(), hash.end(), events[at].hash.begin(), events[at].hash.end())))
      at++;
    if (at < events.size()) out[at++] = Inserted::stored;
  }
  if (stored->size() == events.size()) return out;
  auto there = m_connection.query("SELECT seq, hash FROM event WHERE device = $1 AND seq = ANY($2::bigint[])",
                                  PostgresValues().add(device).add(seqs));
  if (!there) return tl::unexpected(there.error());
  std::map<std::int64_t, record::Bytes> hashes;
  for (std::size_t row = 0; row < there->size(); row++) hashes[there->integer(row, 0)] = there->bytes(row, 1);
  for (std::size_t i = 0; i < events.size(); i++) {
    const auto found = hashes.find(seqs[i]);
    if (out[i] != Inserted::stored && found != hashes.end() &&
        std::equal(found->second.begin(), found->second.end(), events[i].hash.begin(), events[i].hash.end())) {
      out[i] = Inserted::duplicate;
    }
  }
  return out;
}

Result<bool> PostgresAccess::quarantine(std::string_view device, std::uint64_t seq, ByteView bytes,
                                        std::string_view why, std::int64_t at_ms) {
  const record::Hash hash = record::hash(bytes);
  auto kept = m_connection.query(
      "INSERT INTO quarantine(device, seq, bytes, hash, why, at_ms) VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT DO "
      "NOTHING RETURNING 1",
      PostgresValues().add(device).add(as_bigint(seq)).add(bytes).add(ByteView(hash)).add(why).add(at_ms));
  if (!kept) return tl::unexpected(kept.error());
  return kept->size() != 0;
}

Result<std::vector<bool>> PostgresAccess::add_complaints(std::span<const ComplaintRow> rows) {
  if (rows.empty()) return std::vector<bool>();
  const auto days = [rows](record::Date record::DueDates::* which) {
    return column(rows,
                  [which](const ComplaintRow& row) { return row.due ? ((*row.due).*which).str() : std::string(); });
  };
  const auto views = [](const std::vector<std::string>& owned) {
    return std::vector<std::string_view>(owned.begin(), owned.end());
  };
  const auto verify = days(&record::DueDates::verify);
  const auto answer = days(&record::DueDates::answer);
  const auto close = days(&record::DueDates::close);
  const auto ombudsman = days(&record::DueDates::ombudsman);
  PostgresValues values;
  values.add(texts(rows, &ComplaintRow::number))
      .add(texts(rows, &ComplaintRow::device))
      .add(column(rows, [](const ComplaintRow& row) { return as_bigint(row.seq); }))
      .add(column(rows, [](const ComplaintRow& row) { return ByteView(row.subject.bytes); }))
      .add(texts(rows, &ComplaintRow::kind))
      .add(texts(rows, &ComplaintRow::category))
      .add(texts(rows, &ComplaintRow::privacy))
      .add(texts(rows, &ComplaintRow::language))
      .add(texts(rows, &ComplaintRow::office))
      .add(texts(rows, &ComplaintRow::district))
      .add(column(rows, [](const ComplaintRow& row) { return row.received_ms; }))
      .add(column(rows, [](const ComplaintRow& row) { return static_cast<std::int64_t>(row.utc_offset_min); }))
      .add(views(verify))
      .add(views(answer))
      .add(views(close))
      .add(views(ombudsman))
      .add(texts(rows, &ComplaintRow::status))
      .add(texts(rows, &ComplaintRow::agency))
      .add(column(rows, [](const ComplaintRow& row) { return ByteView(row.secret_hash); }))
      .add(column(rows, [](const ComplaintRow& row) { return ByteView(row.code_hmac); }));
  if (m_repeats == Repeats::none_expected) {
    m_connection.later(INSERT_COMPLAINTS, std::move(values));
    return std::vector<bool>(rows.size(), true);
  }
  auto added = m_connection.query(INSERT_COMPLAINTS " ON CONFLICT DO NOTHING RETURNING number", values);
  if (!added) return tl::unexpected(added.error());
  // Rows come in the order they went in, without those that were left out.
  std::vector<bool> out;
  std::size_t at = 0;
  for (const ComplaintRow& row : rows) {
    out.push_back(at < added->size() && added->text(at, 0) == row.number);
    if (out.back()) at++;
  }
  return out;
}

Result<void> PostgresAccess::set_status(std::string_view number, std::string_view status, std::string_view agency) {
  return only_done(m_connection.query("UPDATE complaint SET status = $2, agency = $3 WHERE number = $1",
                                      PostgresValues().add(number).add(status).add(agency)));
}

Result<void> PostgresAccess::add_steps(std::span<const NumberedStep> steps) {
  if (steps.empty()) return {};
  return only_done(m_connection.query(
      "INSERT INTO step(number, kind, at_ms, agency, text, evidence) SELECT * FROM unnest($1::text[], $2::text[], "
      "$3::bigint[], $4::text[], $5::text[], $6::text[])",
      PostgresValues()
          .add(texts(steps, &NumberedStep::number))
          .add(column(steps, [](const NumberedStep& row) { return std::string_view(row.step.kind); }))
          .add(column(steps, [](const NumberedStep& row) { return row.step.at_ms; }))
          .add(column(steps, [](const NumberedStep& row) { return std::string_view(row.step.agency); }))
          .add(column(steps, [](const NumberedStep& row) { return std::string_view(row.step.text); }))
          .add(column(steps, [](const NumberedStep& row) { return std::string_view(row.step.evidence); }))));
}

Result<std::size_t> PostgresAccess::add_receipts(std::span<const ReceiptRow> receipts) {
  if (receipts.empty()) return 0;
  auto added = m_connection.query(
      "INSERT INTO receipt(number, device, seq, secret_hash, code_hmac) SELECT * FROM unnest($1::text[], $2::text[], "
      "$3::bigint[], $4::bytea[], $5::bytea[]) ON CONFLICT DO NOTHING RETURNING 1",
      PostgresValues()
          .add(texts(receipts, &ReceiptRow::number))
          .add(texts(receipts, &ReceiptRow::device))
          .add(column(receipts, [](const ReceiptRow& row) { return as_bigint(row.seq); }))
          .add(column(receipts, [](const ReceiptRow& row) { return ByteView(row.secret_hash); }))
          .add(column(receipts, [](const ReceiptRow& row) { return ByteView(row.code_hmac); })));
  if (!added) return tl::unexpected(added.error());
  return added->size();
}

Result<void> PostgresAccess::add_attachments(std::span<const AttachmentRow> attachments) {
  if (attachments.empty()) return {};
  return only_done(m_connection.query(
      "INSERT INTO attachment(device, seq, number, kind, media, hash, size) SELECT * FROM unnest($1::text[], "
      "$2::bigint[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bigint[]) ON CONFLICT DO NOTHING",
      PostgresValues()
          .add(texts(attachments, &AttachmentRow::device))
          .add(column(attachments, [](const AttachmentRow& row) { return as_bigint(row.seq); }))
          .add(texts(attachments, &AttachmentRow::number))
          .add(texts(attachments, &AttachmentRow::kind))
          .add(texts(attachments, &AttachmentRow::media))
          .add(column(attachments, [](const AttachmentRow& row) { return ByteView(row.hash); }))
          .add(column(attachments, [](const AttachmentRow& row) { return as_bigint(row.size); }))));
}

Result<void> PostgresAccess::hold_blob(const record::Hash& hash, std::uint64_t size, std::int64_t at_ms) {
  m_connection.later("INSERT INTO blob(hash, size, held_ms) VALUES($1, $2, $3) ON CONFLICT DO NOTHING",
                     PostgresValues().add(ByteView(hash)).add(as_bigint(size)).add(at_ms));
  return {};
}

Result<void> PostgresAccess::add_feed(std::string_view device, std::span<const wire::FeedItem> items) {
  if (items.empty()) return {};
  if (auto locked = lock(device); !locked) return locked;
  return only_done(m_connection.query(
      "INSERT INTO feed(device, kind, subject, body) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[])",
      PostgresValues()
          .add(device)
          .add(texts(items, &wire::FeedItem::kind))
          .add(texts(items, &wire::FeedItem::subject))
          .add(column(items, [](const wire::FeedItem& item) { return ByteView(item.body); }))));
}

Result<void> PostgresAccess::forget_feed(std::string_view device, std::uint64_t up_to) {
  m_connection.later("DELETE FROM feed WHERE device = $1 AND cursor <= $2",
                     PostgresValues().add(device).add(as_bigint(up_to)));
  return {};
}

Result<void> PostgresAccess::add_audit(const AuditRow& row) {
  if (auto locked = lock("audit"); !locked) return locked;
  auto last = m_connection.query("SELECT hash FROM audit ORDER BY id DESC LIMIT 1", {});
  if (!last) return tl::unexpected(last.error());
  AuditLink link{0, row, {}, {}};
  if (last->size() != 0) {
    const record::Bytes prev = last->bytes(0, 0);
    if (prev.size() == link.prev.size()) std::copy(prev.begin(), prev.end(), link.prev.begin());
  }
  link.hash = audit_hash(link.prev, row);
  return copy_audit(link);
}

Result<void> PostgresAccess::copy_audit(const AuditLink& link) {
  return only_done(m_connection.query("INSERT INTO audit(at_ms, who, what, prev, hash) VALUES($1, $2, $3, $4, $5)",
                                      PostgresValues()
                                          .add(link.row.at_ms)
                                          .add(std::string_view(link.row.who))
                                          .add(std::string_view(link.row.what))
                                          .add(ByteView(link.prev))
                                          .add(ByteView(link.hash))));
}

Result<void> PostgresAccess::clear_projections() {
  return m_connection.run(
      "SET LOCAL statement_timeout = '10min'; LOCK TABLE event IN SHARE ROW EXCLUSIVE MODE; "
      "DELETE FROM step; DELETE FROM receipt; DELETE FROM attachment; DELETE FROM complaint; "
      "UPDATE former_keys SET receipt_end = 0");
}

}  // namespace anjungan::central
