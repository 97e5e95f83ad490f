// SPDX-License-Identifier: Apache-2.0
#include "sync/central/store/sqlite_schema.h"

#include <fmt/format.h>

#include <array>

namespace anjungan::central {
namespace {

constexpr int k_schema = 6;

/// Codes are spread evenly, so one index over all of them would be written all over: with a million stored an event
/// cost twice as much. So the index holds groups of those that came together (32,768, as in sqlite_writes.cpp); a
/// look-up asks each group.
constexpr const char* k_tables = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE meta(key TEXT NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
CREATE TABLE device(
  id TEXT NOT NULL UNIQUE, state INTEGER NOT NULL, office TEXT NOT NULL, place TEXT NOT NULL, software TEXT NOT NULL,
  receipt_key BLOB NOT NULL, device_key BLOB NOT NULL, join_counter INTEGER NOT NULL, acked_seq INTEGER NOT NULL,
  acked_hash BLOB NOT NULL, stored_seq INTEGER NOT NULL, told_seq INTEGER NOT NULL, revoked_from INTEGER NOT NULL,
  enrolled_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, clock_offset_ms INTEGER NOT NULL, duplicates INTEGER NOT NULL, conflicts INTEGER NOT NULL,
  quarantined INTEGER NOT NULL) STRICT;
CREATE TABLE enrol_code(
  lookup BLOB NOT NULL UNIQUE, mac_key BLOB NOT NULL, office TEXT NOT NULL, place TEXT NOT NULL, region INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL, device TEXT) STRICT;
CREATE TABLE event(
  device TEXT NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL, bytes BLOB NOT NULL, hash BLOB NOT NULL,
  clock_offset_ms INTEGER NOT NULL, UNIQUE(device, seq), UNIQUE(device, id)) STRICT;
CREATE TRIGGER event_is_append_only_1 BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_is_append_only_2 BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'events are never removed'); END;
CREATE TABLE quarantine(
  id INTEGER PRIMARY KEY, device TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, why TEXT NOT NULL, at_ms INTEGER NOT NULL,
  UNIQUE(device, seq, bytes)) STRICT;
CREATE TABLE complaint(
  number TEXT NOT NULL UNIQUE, device TEXT NOT NULL, seq INTEGER NOT NULL, subject BLOB NOT NULL, kind TEXT NOT NULL,
  category TEXT NOT NULL, privacy TEXT NOT NULL, language TEXT NOT NULL, office TEXT NOT NULL, district TEXT NOT NULL,
  received_ms INTEGER NOT NULL, utc_offset_min INTEGER NOT NULL, due_verify TEXT NOT NULL, due_answer TEXT NOT NULL,
  due_close TEXT NOT NULL, due_ombudsman TEXT NOT NULL, status TEXT NOT NULL, agency TEXT NOT NULL,
  secret_hash BLOB NOT NULL, code_hmac BLOB NOT NULL, code_group INTEGER NOT NULL) STRICT;
CREATE INDEX complaint_status ON complaint(status);
CREATE INDEX complaint_code ON complaint(code_group, code_hmac);
CREATE TABLE step(
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, kind TEXT NOT NULL, at_ms INTEGER NOT NULL, agency TEXT NOT NULL,
  text TEXT NOT NULL, evidence TEXT NOT NULL) STRICT;
CREATE INDEX step_number ON step(number);
CREATE TABLE receipt(
  number TEXT NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL, secret_hash BLOB NOT NULL,
  code_hmac BLOB NOT NULL UNIQUE) STRICT;
CREATE INDEX receipt_number ON receipt(number, seq);
CREATE TABLE feed(
  cursor INTEGER PRIMARY KEY AUTOINCREMENT, device TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
  body BLOB NOT NULL) STRICT;
CREATE INDEX feed_device ON feed(device, cursor);
CREATE TABLE audit(
  id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, prev BLOB NOT NULL,
  hash BLOB NOT NULL) STRICT;
CREATE TRIGGER audit_is_append_only_1 BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER audit_is_append_only_2 BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is never shortened'); END;
PRAGMA user_version=4;
COMMIT;
)sql";

/// 1 -> 2: what a projection needs stands beside its event; a receipt's being void is told by its successor.
constexpr const char* k_from_1 = R"sql(
BEGIN IMMEDIATE;
ALTER TABLE event ADD COLUMN clock_offset_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN stored_seq INTEGER NOT NULL DEFAULT 0;
UPDATE device SET stored_seq = (SELECT coalesce(max(seq), 0) FROM event WHERE event.device = device.id);
ALTER TABLE receipt DROP COLUMN voided;
DROP INDEX receipt_number;
CREATE INDEX receipt_number ON receipt(number, seq);
CREATE TABLE quarantine_2(
  id INTEGER PRIMARY KEY, device TEXT NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, why TEXT NOT NULL,
  at_ms INTEGER NOT NULL, UNIQUE(device, seq, bytes)) STRICT;
INSERT INTO quarantine_2(device, seq, bytes, why, at_ms) SELECT device, seq, bytes, why, at_ms FROM quarantine ORDER BY rowid;
DROP TABLE quarantine;
ALTER TABLE quarantine_2 RENAME TO quarantine;
CREATE TRIGGER audit_is_append_only_1 BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
CREATE TRIGGER audit_is_append_only_2 BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is never shortened'); END;
PRAGMA user_version=2;
COMMIT;
)sql";

/// 2 -> 3: a complaint's being received is told by its own row, and a receipt is found by its number: an index in
/// random order less.
constexpr const char* k_from_2 = R"sql(
BEGIN IMMEDIATE;
DELETE FROM step WHERE kind = 'received';
DROP INDEX receipt_number;
CREATE TABLE receipt_3(
  number TEXT NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL, secret_hash BLOB NOT NULL,
  code_hmac BLOB NOT NULL UNIQUE) STRICT;
INSERT INTO receipt_3 SELECT number, device, seq, secret_hash, code_hmac FROM receipt ORDER BY rowid;
DROP TABLE receipt;
ALTER TABLE receipt_3 RENAME TO receipt;
CREATE INDEX receipt_number ON receipt(number, seq);
PRAGMA user_version=3;
COMMIT;
)sql";

/// 3 -> 4: a complaint's first receipt stands in its row.
constexpr const char* k_from_3 = R"sql(
BEGIN IMMEDIATE;
ALTER TABLE complaint ADD COLUMN secret_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE complaint ADD COLUMN code_hmac BLOB NOT NULL DEFAULT x'';
ALTER TABLE complaint ADD COLUMN code_group INTEGER NOT NULL DEFAULT 0;
UPDATE complaint SET code_group = rowid / 32768;
UPDATE complaint SET (secret_hash, code_hmac) = (SELECT secret_hash, code_hmac FROM receipt WHERE
  receipt.number = complaint.number AND receipt.seq = complaint.seq) WHERE EXISTS(SELECT 1 FROM receipt WHERE
  receipt.number = complaint.number AND receipt.seq = complaint.seq);
DELETE FROM receipt WHERE EXISTS(SELECT 1 FROM complaint WHERE receipt.number = complaint.number AND
  receipt.seq = complaint.seq);
CREATE INDEX complaint_code ON complaint(code_group, code_hmac);
PRAGMA user_version=4;
COMMIT;
)sql";

/// 4 -> 5: attachments, and which of them have come.
constexpr const char* k_from_4 = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE attachment(
  device TEXT NOT NULL, seq INTEGER NOT NULL, number TEXT NOT NULL, kind TEXT NOT NULL, media TEXT NOT NULL,
  hash BLOB NOT NULL, size INTEGER NOT NULL, UNIQUE(device, seq)) STRICT;
CREATE INDEX attachment_hash ON attachment(device, hash);
CREATE INDEX attachment_number ON attachment(number);
CREATE TABLE blob(hash BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, held_ms INTEGER NOT NULL) STRICT;
PRAGMA user_version=5;
COMMIT;
)sql";

/// 5 -> 6: keys that terminals have put away.
constexpr const char* k_from_5 = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE former_keys(
  device TEXT NOT NULL, serial INTEGER NOT NULL, receipt_key BLOB NOT NULL, device_key BLOB NOT NULL,
  from_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, told_seq INTEGER NOT NULL, receipt_end INTEGER NOT NULL,
  request BLOB NOT NULL, UNIQUE(device, serial)) STRICT;
CREATE TRIGGER former_keys_stay BEFORE DELETE ON former_keys BEGIN SELECT raise(ABORT, 'keys are never forgotten'); END;
PRAGMA user_version=6;
COMMIT;
)sql";

}  // namespace

record::Result<void> ensure_central_schema(store::Database& database) {
  auto version = database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version == k_schema) return {};
  if (*version >= 0 && *version < k_schema) {
    constexpr int k_tables_schema = 4;
    if (*version == 0) {
      if (auto made = database.run(k_tables); !made) return made;
    }
    constexpr std::array<const char*, k_schema - 1> k_moves = {k_from_1, k_from_2, k_from_3, k_from_4, k_from_5};
    for (auto from = static_cast<std::size_t>(*version == 0 ? k_tables_schema : *version); from <= k_moves.size();
         from++) {
      if (auto moved = database.run(k_moves[from - 1]); !moved) return moved;
    }
    return {};
  }
  return record::fail(
      record::ErrorKind::conflict,
      fmt::format("central.db: made by a newer program (schema {}, this one knows {})", *version, k_schema));
}

}  // namespace anjungan::central
