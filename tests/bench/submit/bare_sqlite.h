// SPDX-License-Identifier: Apache-2.0
// The floor under submit(): SQLite itself, WAL and synchronous=FULL, committing rows that are ready. A failure ends the
// program: a benchmark that did not write has measured nothing.
#pragma once

#include <memory>
#include <string>

#include "sync/record/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace anjungan::bench {

struct CloseDatabase {
  void operator()(sqlite3* database) const;
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const;
};
using DatabaseHandle = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// The blobs of one submit as the store has written them; numbers and texts around them are the same in both.
struct Rows {
  record::Bytes event;
  record::Bytes hash;
  record::Bytes subject;
  record::Bytes code_hash;
  record::Bytes secret_hash;
  record::Bytes payload;
};

/// The rows of the last submit in a store's intake.db.
[[nodiscard]] Rows last_rows(const std::string& intake_db);

/// Event, receipt and print job into the store's own tables, one transaction.
class SameRows {
 public:
  SameRows(const std::string& path, Rows rows);
  void commit_one();

 private:
  Rows m_rows;
  DatabaseHandle m_database;
  StatementHandle m_begin;
  StatementHandle m_event;
  StatementHandle m_receipt;
  StatementHandle m_job;
  StatementHandle m_commit;
  std::int64_t m_seq = 0;
};

/// One event-sized row a commit into one table without an index.
class SingleRow {
 public:
  SingleRow(const std::string& path, record::Bytes row);
  void commit_one();

 private:
  record::Bytes m_row;
  DatabaseHandle m_database;
  StatementHandle m_insert;
  std::int64_t m_seq = 0;
};

}  // namespace anjungan::bench
