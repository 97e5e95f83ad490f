// SPDX-License-Identifier: Apache-2.0
#include "sync/central/store/postgres_connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <array>
#include <optional>
#include <utility>

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

// Object ids of built-in types; they never change (pg_type.dat).
constexpr Oid k_bytea = 17;
constexpr Oid k_bigint = 20;
constexpr Oid k_text = 25;
constexpr Oid k_bytea_array = 1001;
constexpr Oid k_text_array = 1009;
constexpr Oid k_bigint_array = 1016;

constexpr int k_oldest_server = 130'000;

void put_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

void put(std::string& out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  put_u32(out, static_cast<std::uint32_t>(bits >> 32));
  put_u32(out, static_cast<std::uint32_t>(bits & 0xffff'ffff));
}
void put(std::string& out, std::string_view text) { out += text; }
void put(std::string& out, record::ByteView bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

ErrorKind kind_of(std::string_view state) {
  const std::string_view group = state.substr(0, 2);
  if (state == "53100") return ErrorKind::full;
  if (state == "25006") return ErrorKind::read_only;  // a standby
  if (group == "08" || group == "57") return ErrorKind::unavailable;
  if (group == "40" || group == "53" || group == "55") return ErrorKind::busy;
  if (group == "23") return ErrorKind::conflict;
  if (group == "22") return ErrorKind::invalid;
  if (group == "28" || group == "3D" || state == "42501") return ErrorKind::denied;
  if (state == "XX001" || state == "XX002") return ErrorKind::corrupt;
  return ErrorKind::io;
}

}  // namespace

PostgresValues& PostgresValues::close(Oid type) {
  m_types.push_back(type);
  m_ends.push_back(m_data.size());
  return *this;
}

PostgresValues& PostgresValues::add(std::int64_t value) {
  put(m_data, value);
  return close(k_bigint);
}
PostgresValues& PostgresValues::add(std::string_view text) {
  put(m_data, text);
  return close(k_text);
}
PostgresValues& PostgresValues::add(record::ByteView bytes) {
  put(m_data, bytes);
  return close(k_bytea);
}
PostgresValues& PostgresValues::add_null() { return close(0); }

/// The binary form of an array: dimensions, whether it has nulls, type, length, first index, then length and bytes of
/// each value.
template <class Value>
PostgresValues& PostgresValues::add_array(Oid array_type, Oid type, const std::vector<Value>& values) {
  const auto size = static_cast<std::uint32_t>(values.size());
  for (const std::uint32_t word : {values.empty() ? 0U : 1U, 0U, type}) put_u32(m_data, word);
  if (!values.empty()) {
    put_u32(m_data, size);
    put_u32(m_data, 1);
  }
  for (const Value& one : values) {
    const std::size_t at = m_data.size();
    put_u32(m_data, 0);
    put(m_data, one);
    std::string length;
    put_u32(length, static_cast<std::uint32_t>(m_data.size() - at - 4));
    m_data.replace(at, 4, length);
  }
  return close(array_type);
}

PostgresValues& PostgresValues::add(const std::vector<std::int64_t>& values) {
  return add_array(k_bigint_array, k_bigint, values);
}
PostgresValues& PostgresValues::add(const std::vector<std::string_view>& texts) {
  return add_array(k_text_array, k_text, texts);
}
PostgresValues& PostgresValues::add(const std::vector<record::ByteView>& values) {
  return add_array(k_bytea_array, k_bytea, values);
}

void PostgresRows::Clear::operator()(pg_result* result) const { PQclear(result); }

std::size_t PostgresRows::size() const { return static_cast<std::size_t>(PQntuples(m_result.get())); }

bool PostgresRows::is_null(std::size_t row, int column) const {
  return PQgetisnull(m_result.get(), static_cast<int>(row), column) != 0;
}

std::string_view PostgresRows::field(std::size_t row, int column) const {
  const int at = static_cast<int>(row);
  return {PQgetvalue(m_result.get(), at, column), static_cast<std::size_t>(PQgetlength(m_result.get(), at, column))};
}

std::int64_t PostgresRows::integer(std::size_t row, int column) const {
  const std::string_view bytes = field(row, column);
  std::uint64_t bits = 0;
  for (const char c : bytes) bits = bits << 8 | static_cast<unsigned char>(c);
  return bytes.size() == 4 ? static_cast<std::int32_t>(bits) : static_cast<std::int64_t>(bits);
}

std::string PostgresRows::text(std::size_t row, int column) const { return std::string(field(row, column)); }

record::Bytes PostgresRows::bytes(std::size_t row, int column) const {
  const std::string_view bytes = field(row, column);
  return {bytes.begin(), bytes.end()};
}

void PostgresConnection::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

Result<PostgresConnection> PostgresConnection::open(const std::string& url) {
  // The URL is expanded as the value of dbname; what stands behind it holds whatever the URL says, what stands before
  // are defaults.
  const std::array<const char*, 8> names = {"connect_timeout",  "tcp_user_timeout", "keepalives_idle", "dbname",
                                            "application_name", "client_encoding",  "options",         nullptr};
  const std::array<const char*, 8> values = {"3",
                                             "10000",
                                             "20",
                                             url.c_str(),
                                             "anjungan-central",
                                             "UTF8",
                                             "-c search_path=anjungan -c statement_timeout=15s -c lock_timeout=10s -c "
                                             "idle_in_transaction_session_timeout=60s -c TimeZone=UTC",
                                             nullptr};
  PostgresConnection out(PQconnectdbParams(names.data(), values.data(), 1));
  if (!out.m_connection) return fail(ErrorKind::io, "postgres: no memory for a connection");
  if (PQstatus(out.m_connection.get()) != CONNECTION_OK) {
    const bool refused =
        PQconnectionNeedsPassword(out.m_connection.get()) != 0 || PQconnectionUsedPassword(out.m_connection.get()) != 0;
    return refused ? fail(ErrorKind::denied, "postgres: the server refuses this user, password or database")
                   : fail(ErrorKind::unavailable,
                          "postgres: cannot connect: is the server up, and are host, user and database right?");
  }
  PQsetNoticeProcessor(out.m_connection.get(), [](void*, const char*) {}, nullptr);
  PQsetErrorVerbosity(out.m_connection.get(), PQERRORS_SQLSTATE);
  if (auto kept = out.promise(); !kept) return tl::unexpected(kept.error());
  return out;
}

Result<void> PostgresConnection::promise() {
  if (PQserverVersion(m_connection.get()) < k_oldest_server) {
    return fail(ErrorKind::invalid, "postgres: version 13 or newer is needed");
  }
  auto settings = query(
      "SELECT current_setting('fsync'), current_setting('synchronous_commit'), pg_is_in_recovery(), "
      "CASE WHEN pg_is_in_recovery() THEN '' ELSE (SELECT system_identifier::text FROM pg_control_system()) || '-' || "
      "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END",
      {});
  if (!settings) return tl::unexpected(settings.error());
  if (settings->text(0, 0) != "on") {
    return fail(ErrorKind::invalid, "postgres: fsync is off: what is written could be lost; set fsync=on");
  }
  if (settings->integer(0, 2) != 0) {
    return fail(ErrorKind::read_only, "postgres: this server is a standby; name the primary");
  }
  m_lineage = settings->text(0, 3);
  // An acknowledgement promises more than these two keep; remote_write and remote_apply are left as they are.
  const std::string commit = settings->text(0, 1);
  return commit == "off" || commit == "local" ? run("SET synchronous_commit = on") : Result<void>();
}

bool PostgresConnection::broken() const { return PQstatus(m_connection.get()) != CONNECTION_OK; }

bool PostgresConnection::usable() const { return !broken() && PQtransactionStatus(m_connection.get()) == PQTRANS_IDLE; }

record::Error PostgresConnection::error_of(const pg_result* result) {
  const char* field = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  const std::string state = field != nullptr ? field : "";
  m_worth_repeating = state == "40001" || state == "40P01";
  m_repeated = state == "23505";
  if (state.empty() || broken()) return {ErrorKind::unavailable, "postgres: the connection was lost"};
  return {kind_of(state), fmt::format("postgres: refused with SQLSTATE {}", state)};
}

Result<void> PostgresConnection::run(const char* sql) {
  if (!m_later.empty()) {
    if (auto first = run_all("SELECT 1", {}); !first) return tl::unexpected(first.error());
  }
  PostgresRows rows;
  rows.m_result.reset(PQexec(m_connection.get(), sql));
  const ExecStatusType status = PQresultStatus(rows.m_result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return tl::unexpected(error_of(rows.m_result.get()));
  return {};
}

void PostgresConnection::begin(const char* sql) {
  m_worth_repeating = m_repeated = false;
  later(sql);
}

void PostgresConnection::later(const char* sql, PostgresValues values) { m_later.push_back({sql, std::move(values)}); }

Result<void> PostgresConnection::commit() {
  auto done = run_all("COMMIT", {});
  if (!done) return tl::unexpected(done.error());
  // A transaction in which a statement has failed is rolled back by COMMIT, which says so in its tag alone.
  if (std::string_view(PQcmdStatus(done->m_result.get())) != "COMMIT") {
    return fail(ErrorKind::io, "postgres: rolled back instead of committed");
  }
  return {};
}

void PostgresConnection::roll_back() {
  m_later.clear();
  if (!broken()) static_cast<void>(run("ROLLBACK"));
}

Result<PostgresRows> PostgresConnection::query(const char* sql, const PostgresValues& values) {
  return run_all(sql, values);
}

/// Results come back one a command, and a mark at the end. After a failure the server passes over the rest. What waits
/// has few rows or none, so that neither side waits for the other's buffers.
Result<PostgresRows> PostgresConnection::run_all(const char* sql, const PostgresValues& values) {
  const std::vector<Waiting> waiting = std::exchange(m_later, {});
  pg_conn* connection = m_connection.get();
  std::vector<const char*> made;  // statements made on the way; null where one was there
  const auto send_next = [&](const char* text, const PostgresValues& its) {
    bool makes = false;
    const bool sent = send(text, its, makes);
    made.push_back(makes ? text : nullptr);
    return sent;
  };
  bool sent = PQenterPipelineMode(connection) == 1;
  for (const Waiting& one : waiting) sent = sent && send_next(one.sql, one.values);
  sent = sent && send_next(sql, values) && PQpipelineSync(connection) == 1;
  if (!sent) return tl::unexpected(error_of(nullptr));

  Result<PostgresRows> out = fail(ErrorKind::unavailable, "postgres: the connection was lost");
  std::optional<record::Error> failed;
  for (const char* statement : made) {
    if (statement != nullptr) {
      auto ready = take();
      if (!ready) {
        m_prepared.erase(statement);
        if (!failed) failed = ready.error();
      }
    }
    out = take();
    if (!out && !failed) failed = out.error();
  }
  PostgresRows mark;
  mark.m_result.reset(PQgetResult(connection));
  const bool ended = PQresultStatus(mark.m_result.get()) == PGRES_PIPELINE_SYNC && PQexitPipelineMode(connection) == 1;
  if (!ended && !failed) failed = error_of(nullptr);
  if (failed) return tl::unexpected(*failed);
  return out;
}

/// Each text is prepared at its first use on this connection; `makes` says that it is this one.
bool PostgresConnection::send(const char* sql, const PostgresValues& values, bool& makes) {
  pg_conn* connection = m_connection.get();
  const int count = static_cast<int>(values.m_types.size());
  const auto [found, fresh] = m_prepared.try_emplace(sql, fmt::format("s{}", m_statements));
  makes = fresh;
  if (fresh) {
    m_statements++;
    // A null takes its type from its place.
    if (PQsendPrepare(connection, found->second.c_str(), sql, count, values.m_types.data()) != 1) return false;
  }
  std::vector<const char*> pointers;
  std::vector<int> lengths;
  const std::vector<int> binary(values.m_types.size(), 1);
  std::size_t start = 0;
  for (std::size_t i = 0; i < values.m_types.size(); i++) {
    pointers.push_back(values.m_types[i] == 0 ? nullptr : values.m_data.data() + start);
    lengths.push_back(static_cast<int>(values.m_ends[i] - start));
    start = values.m_ends[i];
  }
  return PQsendQueryPrepared(connection, found->second.c_str(), count, pointers.data(), lengths.data(), binary.data(),
                             1) == 1;
}

/// The result of one command, and the null behind it. One that the server passed over after another's failure fails
/// too.
Result<PostgresRows> PostgresConnection::take() {
  PostgresRows rows;
  rows.m_result.reset(PQgetResult(m_connection.get()));
  if (!rows.m_result) return tl::unexpected(error_of(nullptr));
  PostgresRows end;
  end.m_result.reset(PQgetResult(m_connection.get()));
  const ExecStatusType status = PQresultStatus(rows.m_result.get());
  if (status == PGRES_PIPELINE_ABORTED) return fail(ErrorKind::io, "postgres: another statement failed before");
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return tl::unexpected(error_of(rows.m_result.get()));
  return rows;
}

}  // namespace anjungan::central
