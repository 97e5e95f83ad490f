// SPDX-License-Identifier: Apache-2.0
// A thin, bounded layer over libpq: a connection, statements that are prepared once, parameters and rows in binary.
// postgres_connection.cpp alone knows libpq. One thread at a time.
//
// Nothing of the connection string and no value of a row stands in an error: a server's own words may quote both.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/bytes.h"

struct pg_conn;
struct pg_result;

namespace anjungan::central {

/// The values of $1, $2, ... in the order of the calls. Single values are copied.
class PostgresValues {
 public:
  PostgresValues& add(std::int64_t value);
  PostgresValues& add(std::string_view text);
  PostgresValues& add(record::ByteView bytes);
  PostgresValues& add_null();
  /// Arrays, for unnest().
  PostgresValues& add(const std::vector<std::int64_t>& values);
  PostgresValues& add(const std::vector<std::string_view>& texts);
  PostgresValues& add(const std::vector<record::ByteView>& values);

 private:
  friend class PostgresConnection;
  template <class Value>
  PostgresValues& add_array(std::uint32_t array_type, std::uint32_t type, const std::vector<Value>& values);
  PostgresValues& close(std::uint32_t type);

  std::string m_data;
  std::vector<std::size_t> m_ends;     ///< in m_data
  std::vector<std::uint32_t> m_types;  ///< object ids of PostgreSQL's own types; 0 for null
};

class PostgresRows {
 public:
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool is_null(std::size_t row, int column) const;
  /// bigint, integer or boolean.
  [[nodiscard]] std::int64_t integer(std::size_t row, int column) const;
  [[nodiscard]] std::string text(std::size_t row, int column) const;
  [[nodiscard]] record::Bytes bytes(std::size_t row, int column) const;

 private:
  friend class PostgresConnection;
  struct Clear {
    void operator()(pg_result* result) const;
  };
  [[nodiscard]] std::string_view field(std::size_t row, int column) const;
  std::unique_ptr<pg_result, Clear> m_result;
};

class PostgresConnection {
 public:
  /// Connects within 3 s, with bounds on every statement and lock of the session, and with a commit that waits for the
  /// disk (and for the synchronous standby, where one is set). `unavailable` when nobody answers, `denied` for a wrong
  /// user, password or database, `invalid` for a server that does not keep its promises (fsync=off) or is too old.
  [[nodiscard]] static record::Result<PostgresConnection> open(const std::string& url);

  /// Statements without parameters; several are separated by semicolons.
  [[nodiscard]] record::Result<void> run(const char* sql);
  /// `sql` is a literal: it is prepared once for its address. Types of parameters are those of the values.
  [[nodiscard]] record::Result<PostgresRows> query(const char* sql, const PostgresValues& values);
  /// A transaction begins with `sql`, later().
  void begin(const char* sql);
  /// A statement whose rows nobody needs. It travels with the next query() or commit(), before it and in the same round
  /// trip; what it fails with is that call's failure.
  void later(const char* sql, PostgresValues values = {});
  /// COMMIT; fails when the server rolled back instead.
  [[nodiscard]] record::Result<void> commit();
  /// ROLLBACK, and nothing that waits is sent any more.
  void roll_back();

  /// The connection is gone; nothing can be said of a commit that was under way.
  [[nodiscard]] bool broken() const;
  /// Ready for a transaction.
  [[nodiscard]] bool usable() const;
  /// The last failure was for another transaction's sake (deadlock, serialisation): the same may succeed now.
  [[nodiscard]] bool worth_repeating() const { return m_worth_repeating; }
  /// The transaction failed at a unique key.
  [[nodiscard]] bool repeated() const { return m_repeated; }
  /// System identifier and timeline of the server: its history's name.
  [[nodiscard]] const std::string& lineage() const { return m_lineage; }

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  explicit PostgresConnection(pg_conn* connection) : m_connection(connection) {}
  struct Waiting {
    const char* sql;
    PostgresValues values;
  };
  record::Error error_of(const pg_result* result);
  record::Result<void> promise();
  /// What waits and then this, in one round trip; this one's rows.
  record::Result<PostgresRows> run_all(const char* sql, const PostgresValues& values);
  bool send(const char* sql, const PostgresValues& values, bool& prepares);
  record::Result<PostgresRows> take();

  std::unique_ptr<pg_conn, Finish> m_connection;
  std::map<const void*, std::string> m_prepared;  ///< name by address of the text
  unsigned m_statements = 0;                      ///< names given
  std::vector<Waiting> m_later;
  std::string m_lineage;
  bool m_worth_repeating = false;
  bool m_repeated = false;
};

}  // namespace anjungan::central
