// SPDX-License-Identifier: Apache-2.0
// A thin, bounded layer over the sqlite3 C interface: a connection and statements that are always reset. One thread at
// a time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"

struct sqlite3;
struct sqlite3_stmt;

namespace anjungan::store {

/// Error for an SQLite result code: full, read_only, io, corrupt, busy or conflict, with SQLite's text (never row
/// content).
[[nodiscard]] record::Error database_error(sqlite3* connection, int code, std::string_view doing);

class Database;

/// A prepared statement. bind() positions are counted by the calls; step() gives a row or the end; every use ends with
/// reset.
class Statement {
 public:
  Statement() = default;

  Statement& bind(std::int64_t value);
  Statement& bind(std::string_view text);  ///< copied by SQLite
  Statement& bind(record::ByteView bytes);
  Statement& bind_null();

  /// True: a row is there. False: done (and reset).
  [[nodiscard]] record::Result<bool> step();
  /// For statements without rows: runs and resets.
  [[nodiscard]] record::Result<void> run();
  void reset();
  /// False for one that was never prepared.
  explicit operator bool() const { return m_statement != nullptr; }

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] record::Bytes bytes(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
  int m_bound = 0;
};

class Database {
 public:
  enum class Mode { writer, reader };

  /// Writer: creates the file (0660) where it is missing and sets WAL, synchronous=FULL, persistent WAL, no mmap,
  /// trusted_schema off, foreign_keys on, and syncs what a killed one has left in the log. Reader: read-only, waits up
  /// to 2 s for a busy database.
  [[nodiscard]] static record::Result<Database> open(const std::string& path, Mode mode);

  /// Not open.
  Database() = default;
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;
  ~Database();

  [[nodiscard]] record::Result<void> run(const char* sql);
  [[nodiscard]] record::Result<Statement> prepare(std::string_view sql);
  /// Rows that the last INSERT, UPDATE or DELETE changed.
  [[nodiscard]] int changed() const;
  [[nodiscard]] sqlite3* handle() const { return m_connection.get(); }

  /// Brings the write-ahead log to the disk. A process that was killed between writing and syncing leaves a commit
  /// there that others can read and a power cut can still take away: nobody may act upon what was read before this.
  [[nodiscard]] record::Result<void> sync_log();

  /// PRAGMA user_version.
  [[nodiscard]] record::Result<int> schema_version();
  /// PRAGMA quick_check: fails with `corrupt` on anything but "ok".
  [[nodiscard]] record::Result<void> quick_check();

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> m_connection;
  Statement m_begin;  // Transaction's, prepared at its first use
  Statement m_commit;
};

/// BEGIN IMMEDIATE ... COMMIT; rolls back when it is left without commit().
class Transaction {
 public:
  [[nodiscard]] static record::Result<Transaction> begin(Database& database);
  [[nodiscard]] record::Result<void> commit();
  Transaction(Transaction&& other) noexcept : m_database(other.m_database) { other.m_database = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

 private:
  explicit Transaction(Database* database) : m_database(database) {}
  Database* m_database;
};

}  // namespace anjungan::store
