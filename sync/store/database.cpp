// SPDX-License-Identifier: Apache-2.0
#include "sync/store/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

record::Error database_error(sqlite3* connection, int code, std::string_view doing) {
  ErrorKind kind = ErrorKind::io;
  switch (code & 0xff) {
    case SQLITE_FULL:
      kind = ErrorKind::full;
      break;
    case SQLITE_READONLY:
      kind = ErrorKind::read_only;
      break;
    case SQLITE_CANTOPEN:
      kind = ErrorKind::io;
      break;
    case SQLITE_PERM:
    case SQLITE_AUTH:
      kind = ErrorKind::denied;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      kind = ErrorKind::corrupt;
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      kind = ErrorKind::busy;
      break;
    case SQLITE_CONSTRAINT:
      kind = ErrorKind::conflict;
      break;
    default:
      break;
  }
  const char* text = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  return {kind, fmt::format("{}: {} ({})", doing, text, code)};
}

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Database::~Database() = default;

Result<Database> Database::open(const std::string& path, Mode mode) {
  if (mode == Mode::writer) {
    // Created here so that group and mode are right before SQLite makes -wal and -shm in its likeness.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660);
    if (file < 0) {
      const ErrorKind kind = errno == EROFS || errno == EACCES ? ErrorKind::read_only
                             : errno == ENOSPC                 ? ErrorKind::full
                                                               : ErrorKind::io;
      return fail(kind,
                  fmt::format("{}: cannot be written ({}); check the folder's owner and mode", path, strerror(errno)));
    }
    fchmod(file, 0660);
    ::close(file);
  }
  sqlite3* raw = nullptr;
  const int flags = mode == Mode::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database out;
  out.m_connection.reset(raw);
  if (code != SQLITE_OK) return tl::unexpected(database_error(raw, code, path));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 2'000);
  for (const char* pragma : {"PRAGMA trusted_schema=OFF", "PRAGMA mmap_size=0", "PRAGMA cell_size_check=ON"}) {
    if (auto done = out.run(pragma); !done) return tl::unexpected(done.error());
  }
  if (mode == Mode::writer) {
    for (const char* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
                               "PRAGMA secure_delete=ON", "PRAGMA wal_autocheckpoint=1000"}) {
      if (auto done = out.run(pragma); !done) return tl::unexpected(done.error());
    }
    int persist = 1;  // a reader fails after a clean close without the -wal and -shm files
    sqlite3_file_control(raw, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    if (auto read = out.schema_version(); !read) return tl::unexpected(read.error());  // takes the log in
    if (auto synced = out.sync_log(); !synced) return tl::unexpected(synced.error());
  }
  return out;
}

Result<void> Database::sync_log() {
  sqlite3_file* log = nullptr;
  sqlite3_file_control(handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log == nullptr || log->pMethods == nullptr) return {};  // nothing was read yet
  const int code = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
  if (code != SQLITE_OK) return fail(ErrorKind::io, fmt::format("database: its log cannot be synced ({})", code));
  return {};
}

Result<void> Database::run(const char* sql) {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(database_error(handle(), code, "database"));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(database_error(handle(), code, "database"));
  Statement out;
  out.m_statement.reset(raw);
  return out;
}

int Database::changed() const { return sqlite3_changes(handle()); }

Result<int> Database::schema_version() {
  auto statement = prepare("PRAGMA user_version");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return static_cast<int>(statement->integer(0));
}

Result<void> Database::quick_check() {
  auto statement = prepare("PRAGMA quick_check(1)");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  const std::string verdict = statement->text(0);
  if (verdict != "ok") return fail(ErrorKind::corrupt, "database: quick_check found damage");
  return {};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(std::int64_t value) {
  sqlite3_bind_int64(m_statement.get(), ++m_bound, value);
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  sqlite3_bind_text64(m_statement.get(), ++m_bound, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(record::ByteView bytes) {
  if (bytes.empty()) {
    sqlite3_bind_zeroblob(m_statement.get(), ++m_bound, 0);
  } else {
    sqlite3_bind_blob64(m_statement.get(), ++m_bound, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  }
  return *this;
}

Statement& Statement::bind_null() {
  sqlite3_bind_null(m_statement.get(), ++m_bound);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(m_statement.get());
  if (code == SQLITE_ROW) return true;
  sqlite3* connection = sqlite3_db_handle(m_statement.get());
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  const record::Error error = database_error(connection, code, "database");
  reset();
  return tl::unexpected(error);
}

Result<void> Statement::run() {
  auto row = step();
  if (!row) return tl::unexpected(row.error());
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(m_statement.get());
  sqlite3_clear_bindings(m_statement.get());
  m_bound = 0;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_statement.get(), column); }

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
  const int size = sqlite3_column_bytes(m_statement.get(), column);
  return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

record::Bytes Statement::bytes(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(m_statement.get(), column));
  const int size = sqlite3_column_bytes(m_statement.get(), column);
  return data == nullptr ? record::Bytes() : record::Bytes(data, data + size);
}

bool Statement::is_null(int column) const { return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL; }

Result<Transaction> Transaction::begin(Database& database) {
  if (!database.m_commit) {
    auto commit = database.prepare("COMMIT");
    auto begin = database.prepare("BEGIN IMMEDIATE");
    if (!commit || !begin) return tl::unexpected(commit ? begin.error() : commit.error());
    database.m_begin = std::move(*begin);
    database.m_commit = std::move(*commit);
  }
  if (auto begun = database.m_begin.run(); !begun) return tl::unexpected(begun.error());
  return Transaction(&database);
}

Result<void> Transaction::commit() {
  auto done = m_database->m_commit.run();
  if (done) m_database = nullptr;
  return done;
}

Transaction::~Transaction() {
  // After SQLITE_FULL or an I/O error SQLite has rolled back by itself.
  if (m_database != nullptr && sqlite3_get_autocommit(m_database->handle()) == 0) {
    static_cast<void>(m_database->run("ROLLBACK"));
  }
}

}  // namespace anjungan::store
