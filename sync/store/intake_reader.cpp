// SPDX-License-Identifier: Apache-2.0
#include "sync/store/intake_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "sync/store/intake_schema.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> fixed(const record::Bytes& bytes) {
  std::array<std::uint8_t, N> out{};
  if (bytes.size() == N) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::uint64_t number_of(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? static_cast<std::uint64_t>(info.st_ino) : 0;
}

}  // namespace

Result<IntakeReader> IntakeReader::open(const std::string& folder) {
  auto database = Database::open(folder + "/intake.db", Database::Mode::reader);
  if (!database) return tl::unexpected(database.error());
  auto version = database->schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version == 0) return fail(ErrorKind::unavailable, "intake.db: not made yet; start the kiosk once");
  if (*version != k_intake_schema) {
    return fail(ErrorKind::conflict,
                fmt::format("intake.db: schema {}, this program knows {}", *version, k_intake_schema));
  }
  return IntakeReader(std::move(*database), folder + "/intake.db");
}

IntakeReader::IntakeReader(Database database, std::string path)
    : m_database(std::move(database)), m_path(std::move(path)), m_file(number_of(m_path)) {}

bool IntakeReader::replaced() const { return number_of(m_path) != m_file; }

Result<std::uint64_t> IntakeReader::last_seq() {
  auto statement = m_database.prepare("SELECT coalesce(max(seq), 0) FROM event");
  if (!statement) return tl::unexpected(statement.error());
  if (auto row = statement->step(); !row) return tl::unexpected(row.error());
  return static_cast<std::uint64_t>(statement->integer(0));
}

Result<std::vector<StoredEvent>> IntakeReader::events_from(std::uint64_t from_seq, std::size_t most_events,
                                                           std::size_t most_bytes) {
  auto read = read_events(from_seq, most_events, most_bytes);
  if (read && !read->empty()) {
    // The centre must never hear of an event that a power cut can still take away: the terminal would look restored.
    if (auto synced = m_database.sync_log(); !synced) return tl::unexpected(synced.error());
  }
  return read;
}

Result<std::vector<StoredEvent>> IntakeReader::read_events(std::uint64_t from_seq, std::size_t most_events,
                                                           std::size_t most_bytes) {
  auto statement = m_database.prepare("SELECT seq, bytes, hash FROM event WHERE seq >= ? ORDER BY seq LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(static_cast<std::int64_t>(from_seq)).bind(static_cast<std::int64_t>(most_events));
  std::vector<StoredEvent> out;
  std::size_t size = 0;
  for (std::uint64_t expected = from_seq;; expected++) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    StoredEvent one{static_cast<std::uint64_t>(statement->integer(0)), statement->bytes(1),
                    fixed<32>(statement->bytes(2))};
    if (one.seq != expected) return fail(ErrorKind::corrupt, fmt::format("intake.db: event {} is missing", expected));
    const bool lost = std::equal(one.bytes.begin(), one.bytes.end(), k_lost_event.begin(), k_lost_event.end());
    if (one.bytes.empty() || lost) {
      if (!out.empty()) return out;
      return lost ? fail(ErrorKind::corrupt, fmt::format("intake.db: event {} was lost to damage", expected))
                  : fail(ErrorKind::not_found,
                         fmt::format("intake.db: event {} was purged; the centre had confirmed it", expected));
    }
    size += one.bytes.size();
    if (!out.empty() && size > most_bytes) return out;
    out.push_back(std::move(one));
  }
}

Result<std::uint64_t> IntakeReader::next_kept(std::uint64_t from_seq) {
  // A purged event has no bytes, a lost one has one.
  auto statement =
      m_database.prepare("SELECT seq FROM event WHERE seq >= ? AND length(bytes) > 1 ORDER BY seq LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(static_cast<std::int64_t>(from_seq)).step();
  if (!row) return tl::unexpected(row.error());
  return *row ? static_cast<std::uint64_t>(statement->integer(0)) : 0;
}

Result<record::Hash> IntakeReader::hash_of(std::uint64_t seq) {
  if (seq == 0) return record::Hash{};
  auto statement = m_database.prepare("SELECT hash FROM event WHERE seq = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(static_cast<std::int64_t>(seq)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorKind::not_found, fmt::format("intake.db: there is no event {}", seq));
  return fixed<32>(statement->bytes(0));
}

Result<std::vector<Question>> IntakeReader::questions() {
  auto statement =
      m_database.prepare("SELECT id, code_hash, reply_key, asked_ms FROM question ORDER BY asked_ms LIMIT 100");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<Question> out;
  for (;;) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    Question one;
    one.id.bytes = fixed<16>(statement->bytes(0));
    one.code_hash = fixed<32>(statement->bytes(1));
    one.reply_key = fixed<32>(statement->bytes(2));
    one.asked_ms = statement->integer(3);
    out.push_back(one);
  }
}

Result<bool> IntakeReader::command_ended(const record::Uuid& id) {
  auto statement = m_database.prepare("SELECT 1 FROM command WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(record::ByteView(id.bytes)).step();
}

Result<std::vector<IntakeReader::Blob>> IntakeReader::blobs(std::uint64_t after, std::size_t most) {
  auto statement = m_database.prepare("SELECT seq, hash, size FROM blob WHERE seq > ? ORDER BY seq LIMIT ?");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(static_cast<std::int64_t>(after)).bind(static_cast<std::int64_t>(most));
  std::vector<Blob> out;
  for (;;) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.push_back({static_cast<std::uint64_t>(statement->integer(0)), fixed<32>(statement->bytes(1)),
                   static_cast<std::uint64_t>(statement->integer(2))});
  }
}

Result<std::vector<IntakeReader::Receipt>> IntakeReader::receipts() {
  auto statement = m_database.prepare(
      "SELECT r.running, r.seq, r.issued_ms, r.copy, r.voided, j.state, j.reason FROM receipt r "
      "LEFT JOIN print_job j ON j.running = r.running AND j.copy = r.copy ORDER BY r.seq");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<Receipt> out;
  for (;;) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    Receipt one;
    one.running = static_cast<std::uint32_t>(statement->integer(0));
    one.seq = static_cast<std::uint64_t>(statement->integer(1));
    one.issued_ms = statement->integer(2);
    one.copy = static_cast<int>(statement->integer(3));
    one.voided = statement->integer(4) != 0;
    if (!statement->is_null(5)) {
      auto state = parse_print_state(statement->text(5));
      if (!state) return tl::unexpected(state.error());
      one.print = *state;
      one.reason = statement->text(6);
    }
    out.push_back(std::move(one));
  }
}

}  // namespace anjungan::store
