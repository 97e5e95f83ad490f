// SPDX-License-Identifier: Apache-2.0
#include "sync/store/intake_schema.h"

#include <fmt/format.h>

namespace anjungan::store {
namespace {

constexpr const char* k_tables = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE event(
  seq INTEGER PRIMARY KEY,
  bytes BLOB NOT NULL,
  hash BLOB NOT NULL) STRICT;
CREATE TABLE receipt(
  seq INTEGER PRIMARY KEY,
  running INTEGER NOT NULL,
  subject BLOB NOT NULL,
  code_hash BLOB NOT NULL,
  secret_hash BLOB NOT NULL,
  copy INTEGER NOT NULL,
  issued_ms INTEGER NOT NULL,
  voided INTEGER NOT NULL) STRICT;
CREATE INDEX receipt_running ON receipt(running);
CREATE TABLE print_job(
  id INTEGER PRIMARY KEY,
  running INTEGER NOT NULL,
  copy INTEGER NOT NULL,
  printer TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  handle TEXT NOT NULL,
  reason TEXT NOT NULL,
  payload BLOB,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL) STRICT;
CREATE INDEX print_job_open ON print_job(id) WHERE state IN ('queued', 'sending', 'failed', 'unknown');
CREATE TABLE question(
  id BLOB NOT NULL UNIQUE,
  code_hash BLOB NOT NULL,
  reply_key BLOB NOT NULL,
  asked_ms INTEGER NOT NULL) STRICT;
PRAGMA user_version=1;
COMMIT;
)sql";

// 2: a receipt whose outcome is open is printed again under a mark.
constexpr const char* k_marks = R"sql(
BEGIN IMMEDIATE;
ALTER TABLE print_job ADD COLUMN mark INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version=2;
COMMIT;
)sql";

// 3: staff's word on each printer and the paper it has used.
constexpr const char* k_printers = R"sql(
BEGIN IMMEDIATE;
ALTER TABLE print_job ADD COLUMN length_mm INTEGER NOT NULL DEFAULT 0;
CREATE TABLE printer(
  name TEXT NOT NULL UNIQUE,
  paused_ms INTEGER NOT NULL,
  used_mm INTEGER NOT NULL,
  changed_ms INTEGER NOT NULL) STRICT;
PRAGMA user_version=3;
COMMIT;
)sql";

// 4: attachments, each named by its event.
constexpr const char* k_blobs = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE blob(
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  size INTEGER NOT NULL) STRICT;
PRAGMA user_version=4;
COMMIT;
)sql";

// 5: which of the centre's commands have come to an end, each told by its event.
constexpr const char* k_commands = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE command(id BLOB NOT NULL UNIQUE, seq INTEGER NOT NULL) STRICT;
PRAGMA user_version=5;
COMMIT;
)sql";

}  // namespace

record::Result<void> ensure_intake_schema(Database& database) {
  auto version = database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < 0 || *version > k_intake_schema) {
    return record::fail(
        record::ErrorKind::conflict,
        fmt::format("intake.db: made by a newer program (schema {}, this one knows {}); install that one again",
                    *version, k_intake_schema));
  }
  constexpr std::array k_steps{k_tables, k_marks, k_printers, k_blobs, k_commands};
  static_assert(k_steps.size() == k_intake_schema);
  for (std::size_t step = static_cast<std::size_t>(*version); step < k_steps.size(); step++) {
    if (auto done = database.run(k_steps[step]); !done) return done;
  }
  return {};
}

}  // namespace anjungan::store
