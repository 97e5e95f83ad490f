// SPDX-License-Identifier: Apache-2.0
#include "sync/central/store/postgres_schema.h"

#include <fmt/format.h>

#include <array>

namespace anjungan::central {
namespace {

constexpr std::int64_t k_schema = 5;

/// `bytes` in a unique key would not fit an index page; its hash does. Events are spread by device over partitions, so
/// that vacuum and indexes of a country's years stay in handy pieces.
constexpr const char* k_tables = R"sql(
CREATE TABLE meta(key text PRIMARY KEY, value bytea NOT NULL);
CREATE TABLE device(
  id text PRIMARY KEY, state bigint NOT NULL, office text NOT NULL, place text NOT NULL, software text NOT NULL,
  receipt_key bytea NOT NULL, device_key bytea NOT NULL, join_counter bigint NOT NULL, acked_seq bigint NOT NULL,
  acked_hash bytea NOT NULL, stored_seq bigint NOT NULL, told_seq bigint NOT NULL, revoked_from bigint NOT NULL,
  enrolled_ms bigint NOT NULL, seen_ms bigint NOT NULL, clock_offset_ms bigint NOT NULL, duplicates bigint NOT NULL,
  conflicts bigint NOT NULL, quarantined bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE enrol_code(
  lookup bytea PRIMARY KEY, mac_key bytea NOT NULL, office text NOT NULL, place text NOT NULL, region bigint NOT NULL,
  expires_ms bigint NOT NULL, device text);
CREATE TABLE event(
  device text NOT NULL, seq bigint NOT NULL, id bytea NOT NULL, bytes bytea NOT NULL, hash bytea NOT NULL,
  clock_offset_ms bigint NOT NULL, PRIMARY KEY(device, seq), UNIQUE(device, id)) PARTITION BY HASH (device);
DO $$ BEGIN
  FOR n IN 0..15 LOOP
    EXECUTE format('CREATE TABLE event_%s PARTITION OF event FOR VALUES WITH (MODULUS 16, REMAINDER %s)', n, n);
  END LOOP;
END $$;
CREATE TABLE quarantine(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device text NOT NULL, seq bigint NOT NULL, bytes bytea NOT NULL,
  hash bytea NOT NULL, why text NOT NULL, at_ms bigint NOT NULL, UNIQUE(device, seq, hash));
CREATE TABLE complaint(
  number text PRIMARY KEY, device text NOT NULL, seq bigint NOT NULL, subject bytea NOT NULL, kind text NOT NULL,
  category text NOT NULL, privacy text NOT NULL, language text NOT NULL, office text NOT NULL, district text NOT NULL,
  received_ms bigint NOT NULL, utc_offset_min bigint NOT NULL, due_verify text NOT NULL, due_answer text NOT NULL,
  due_close text NOT NULL, due_ombudsman text NOT NULL, status text NOT NULL, agency text NOT NULL,
  secret_hash bytea NOT NULL, code_hmac bytea NOT NULL);
CREATE INDEX complaint_code ON complaint(code_hmac);
CREATE INDEX complaint_status ON complaint(status);
CREATE INDEX complaint_received ON complaint(received_ms);
CREATE TABLE step(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text NOT NULL, kind text NOT NULL, at_ms bigint NOT NULL,
  agency text NOT NULL, text text NOT NULL, evidence text NOT NULL);
CREATE INDEX step_number ON step(number);
CREATE TABLE receipt(
  number text NOT NULL, device text NOT NULL, seq bigint NOT NULL, secret_hash bytea NOT NULL,
  code_hmac bytea NOT NULL UNIQUE);
CREATE INDEX receipt_number ON receipt(number, seq);
CREATE TABLE feed(
  cursor bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, device text NOT NULL, kind text NOT NULL,
  subject text NOT NULL, body bytea NOT NULL);
CREATE INDEX feed_device ON feed(device, cursor);
CREATE TABLE audit(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at_ms bigint NOT NULL, who text NOT NULL, what text NOT NULL,
  prev bytea NOT NULL, hash bytea NOT NULL);
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN RAISE EXCEPTION 'this table is only ever added to'; END $$;
CREATE TRIGGER event_is_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION append_only();
CREATE TABLE schema_version(version bigint NOT NULL);
INSERT INTO schema_version VALUES (3);
)sql";

/// 1 -> 2: a complaint's being received is told by its own row, and a receipt is found by its number: an index in
/// random order less.
constexpr const char* k_from_1 = R"sql(
SET LOCAL statement_timeout = '10min';
DELETE FROM anjungan.step WHERE kind = 'received';
ALTER TABLE anjungan.receipt DROP CONSTRAINT receipt_secret_hash_key;
UPDATE anjungan.schema_version SET version = 2;
)sql";

/// 2 -> 3: a complaint's first receipt stands in its row.
constexpr const char* k_from_2 = R"sql(
SET LOCAL statement_timeout = '10min';
ALTER TABLE anjungan.complaint ADD COLUMN secret_hash bytea NOT NULL DEFAULT '',
  ADD COLUMN code_hmac bytea NOT NULL DEFAULT '';
UPDATE anjungan.complaint AS c SET secret_hash = r.secret_hash, code_hmac = r.code_hmac FROM anjungan.receipt AS r
  WHERE r.number = c.number AND r.seq = c.seq;
DELETE FROM anjungan.receipt AS r USING anjungan.complaint AS c WHERE r.number = c.number AND r.seq = c.seq;
CREATE INDEX complaint_code ON anjungan.complaint(code_hmac);
UPDATE anjungan.schema_version SET version = 3;
)sql";

/// 3 -> 4: attachments, and which of them have come.
constexpr const char* k_from_3 = R"sql(
CREATE TABLE anjungan.attachment(
  device text NOT NULL, seq bigint NOT NULL, number text NOT NULL, kind text NOT NULL, media text NOT NULL,
  hash bytea NOT NULL, size bigint NOT NULL, PRIMARY KEY(device, seq));
CREATE INDEX attachment_hash ON anjungan.attachment(device, hash);
CREATE INDEX attachment_number ON anjungan.attachment(number);
CREATE TABLE anjungan.blob(hash bytea PRIMARY KEY, size bigint NOT NULL, held_ms bigint NOT NULL);
UPDATE anjungan.schema_version SET version = 4;
)sql";

/// 4 -> 5: keys that terminals have put away.
constexpr const char* k_from_4 = R"sql(
CREATE TABLE anjungan.former_keys(
  device text NOT NULL, serial bigint NOT NULL, receipt_key bytea NOT NULL, device_key bytea NOT NULL,
  from_ms bigint NOT NULL, until_ms bigint NOT NULL, told_seq bigint NOT NULL, receipt_end bigint NOT NULL,
  request bytea NOT NULL, PRIMARY KEY(device, serial));
CREATE TRIGGER former_keys_stay BEFORE DELETE ON anjungan.former_keys FOR EACH ROW
  EXECUTE FUNCTION anjungan.append_only();
CREATE TRIGGER former_keys_are_never_emptied BEFORE TRUNCATE ON anjungan.former_keys
  EXECUTE FUNCTION anjungan.append_only();
UPDATE anjungan.schema_version SET version = 5;
)sql";

record::Result<void> make_or_check(PostgresConnection& connection) {
  // One instance makes the tables, the others wait and find them.
  auto locked = connection.query("SELECT pg_advisory_xact_lock(hashtextextended('anjungan schema', 0))", {});
  if (!locked) return tl::unexpected(locked.error());
  auto there = connection.query("SELECT to_regclass('anjungan.schema_version') IS NOT NULL", {});
  if (!there) return tl::unexpected(there.error());
  if (there->integer(0, 0) == 0) {
    if (auto made = connection.run("CREATE SCHEMA IF NOT EXISTS anjungan"); !made) return made;
    // New tables stand in the form of schema 3.
    if (auto made = connection.run(k_tables); !made) return made;
    if (auto moved = connection.run(k_from_3); !moved) return moved;
    return connection.run(k_from_4);
  }
  auto version = connection.query("SELECT version FROM anjungan.schema_version", {});
  if (!version) return tl::unexpected(version.error());
  const std::int64_t there_is = version->size() == 1 ? version->integer(0, 0) : 0;
  if (there_is >= 1 && there_is < k_schema) {
    constexpr std::array<const char*, k_schema - 1> k_moves = {k_from_1, k_from_2, k_from_3, k_from_4};
    for (std::size_t from = static_cast<std::size_t>(there_is); from <= k_moves.size(); from++) {
      if (auto moved = connection.run(k_moves[from - 1]); !moved) return moved;
    }
    return {};
  }
  if (there_is != k_schema) {
    return record::fail(record::ErrorKind::conflict,
                        fmt::format("postgres: the schema anjungan was made by a newer version of this program; this "
                                    "one knows {}",
                                    k_schema));
  }
  return {};
}

}  // namespace

record::Result<void> ensure_postgres_schema(PostgresConnection& connection) {
  if (auto begun = connection.run("BEGIN"); !begun) return begun;
  auto made = make_or_check(connection);
  if (made) return connection.commit();
  static_cast<void>(connection.run("ROLLBACK"));
  return made;
}

}  // namespace anjungan::central
