// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/submit/bare_sqlite.h"

#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

#include "sync/store/intake_schema.h"

namespace anjungan::bench {

void CloseDatabase::operator()(sqlite3* database) const { sqlite3_close_v2(database); }
void FinalizeStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

namespace {

void require(bool done, sqlite3* database, const char* doing) {
  if (done) return;
  std::fprintf(stderr, "bench submit: %s: %s\n", doing, sqlite3_errmsg(database));
  std::exit(1);
}

DatabaseHandle open_bare(const std::string& path) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  DatabaseHandle out(raw);
  require(code == SQLITE_OK, raw, "open");
  for (const char* sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"}) {
    require(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr) == SQLITE_OK, raw, sql);
  }
  return out;
}

StatementHandle prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  require(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) == SQLITE_OK, database, sql);
  return StatementHandle(raw);
}

void bind_blob(sqlite3_stmt* statement, int at, const record::Bytes& bytes) {
  sqlite3_bind_blob64(statement, at, bytes.data(), bytes.size(), SQLITE_STATIC);
}

void run(sqlite3* database, const StatementHandle& statement) {
  require(sqlite3_step(statement.get()) == SQLITE_DONE, database, "step");
  sqlite3_reset(statement.get());
}

record::Bytes column(sqlite3_stmt* statement, int at) {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement, at));
  return {data, data + sqlite3_column_bytes(statement, at)};
}

constexpr sqlite3_int64 k_time_ms = 1'795'256'520'000;

}  // namespace

Rows last_rows(const std::string& intake_db) {
  const DatabaseHandle database = open_bare(intake_db);
  const StatementHandle select =
      prepare(database.get(),
              "SELECT e.bytes, e.hash, r.subject, r.code_hash, r.secret_hash, j.payload FROM event e "
              "JOIN receipt r ON r.seq = e.seq JOIN print_job j ON j.running = r.running ORDER BY e.seq DESC LIMIT 1");
  require(sqlite3_step(select.get()) == SQLITE_ROW, database.get(), "last rows");
  return {column(select.get(), 0), column(select.get(), 1), column(select.get(), 2),
          column(select.get(), 3), column(select.get(), 4), column(select.get(), 5)};
}

SameRows::SameRows(const std::string& path, Rows rows) : m_rows(std::move(rows)) {
  {
    auto tables = store::Database::open(path, store::Database::Mode::writer);
    if (!tables || !store::ensure_intake_schema(*tables)) {
      std::fprintf(stderr, "bench submit: %s: no tables\n", path.c_str());
      std::exit(1);
    }
  }
  m_database = open_bare(path);
  m_begin = prepare(m_database.get(), "BEGIN IMMEDIATE");
  m_event = prepare(m_database.get(), "INSERT INTO event(seq, bytes, hash) VALUES(?, ?, ?)");
  m_receipt = prepare(m_database.get(),
                      "INSERT INTO receipt(seq, running, subject, code_hash, secret_hash, copy, issued_ms, voided) "
                      "VALUES(?, ?, ?, ?, ?, 0, ?, 0)");
  m_job = prepare(m_database.get(),
                  "INSERT INTO print_job(running, copy, printer, state, attempt, handle, reason, payload, created_ms, "
                  "updated_ms) VALUES(?, 0, 'struk', 'queued', 0, '', '', ?, ?, ?)");
  m_commit = prepare(m_database.get(), "COMMIT");
  bind_blob(m_event.get(), 2, m_rows.event);
  bind_blob(m_event.get(), 3, m_rows.hash);
  bind_blob(m_receipt.get(), 3, m_rows.subject);
  bind_blob(m_receipt.get(), 4, m_rows.code_hash);
  bind_blob(m_receipt.get(), 5, m_rows.secret_hash);
  sqlite3_bind_int64(m_receipt.get(), 6, k_time_ms);
  bind_blob(m_job.get(), 2, m_rows.payload);
  sqlite3_bind_int64(m_job.get(), 3, k_time_ms);
  sqlite3_bind_int64(m_job.get(), 4, k_time_ms);
}

void SameRows::commit_one() {
  m_seq++;
  run(m_database.get(), m_begin);
  sqlite3_bind_int64(m_event.get(), 1, m_seq);
  run(m_database.get(), m_event);
  sqlite3_bind_int64(m_receipt.get(), 1, m_seq);
  sqlite3_bind_int64(m_receipt.get(), 2, m_seq);
  run(m_database.get(), m_receipt);
  sqlite3_bind_int64(m_job.get(), 1, m_seq);
  run(m_database.get(), m_job);
  run(m_database.get(), m_commit);
}

SingleRow::SingleRow(const std::string& path, record::Bytes row) : m_row(std::move(row)), m_database(open_bare(path)) {
  require(sqlite3_exec(m_database.get(), "CREATE TABLE event(seq INTEGER PRIMARY KEY, bytes BLOB NOT NULL)", nullptr,
                       nullptr, nullptr) == SQLITE_OK,
          m_database.get(), "table");
  m_insert = prepare(m_database.get(), "INSERT INTO event(seq, bytes) VALUES(?, ?)");
  bind_blob(m_insert.get(), 2, m_row);
}

void SingleRow::commit_one() {
  sqlite3_bind_int64(m_insert.get(), 1, ++m_seq);
  run(m_database.get(), m_insert);
}

}  // namespace anjungan::bench
