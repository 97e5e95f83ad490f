// SPDX-License-Identifier: Apache-2.0
#include "sync/store/sync_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sync/store/sync_retention.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr int k_schema = 6;
constexpr const char* k_tables = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE state(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  epoch BLOB NOT NULL, acked_seq INTEGER NOT NULL, acked_hash BLOB NOT NULL, join_counter INTEGER NOT NULL,
  feed_cursor INTEGER NOT NULL, standing INTEGER NOT NULL, last_contact_ms INTEGER NOT NULL,
  clock_offset_ms INTEGER NOT NULL, last_error TEXT NOT NULL) STRICT;
CREATE TABLE case_news(number TEXT NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
CREATE TABLE answer(
  question BLOB NOT NULL UNIQUE, finding INTEGER NOT NULL, retry_after_s INTEGER NOT NULL, sealed_case BLOB NOT NULL,
  answered_ms INTEGER NOT NULL) STRICT;
PRAGMA user_version=1;
COMMIT;
)sql";

// 2: when the centre confirmed what, so that nothing is forgotten early.
constexpr const char* k_confirmations = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE confirmed(day INTEGER PRIMARY KEY, acked_seq INTEGER NOT NULL) STRICT;
PRAGMA user_version=2;
COMMIT;
)sql";

// 3: which attachments the centre holds, and since when.
constexpr const char* k_blobs = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE blob(hash BLOB NOT NULL UNIQUE, word INTEGER NOT NULL, epoch BLOB NOT NULL, day INTEGER NOT NULL) STRICT;
PRAGMA user_version=3;
COMMIT;
)sql";

// 4: answers that a person carries tell the centre's time too.
constexpr const char* k_carried = R"sql(
BEGIN IMMEDIATE;
ALTER TABLE state ADD COLUMN carried_ms INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version=4;
COMMIT;
)sql";

// 5: commands of the centre. A place is never given twice.
constexpr const char* k_commands = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE command(
  place INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE, body BLOB NOT NULL, cancelled INTEGER NOT NULL,
  next_seq INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL) STRICT;
PRAGMA user_version=5;
COMMIT;
)sql";

// 6: what commands bring.
constexpr const char* k_parts = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE part(place INTEGER PRIMARY KEY AUTOINCREMENT, name BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL) STRICT;
PRAGMA user_version=6;
COMMIT;
)sql";

template <std::size_t N>
std::array<std::uint8_t, N> fixed(const record::Bytes& bytes) {
  std::array<std::uint8_t, N> out{};
  if (bytes.size() == N) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

Result<void> known_version(Database& database, bool may_make) {
  auto version = database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version == k_schema) return {};
  if (*version == 0 && !may_make) return fail(ErrorKind::unavailable, "sync.db: not made yet; start the agent once");
  if (*version >= 0 && *version < k_schema) {
    if (!may_make) return {};  // the agent will do it
    constexpr std::array<const char*, k_schema> k_steps = {k_tables,  k_confirmations, k_blobs,
                                                           k_carried, k_commands,      k_parts};
    for (auto step = static_cast<std::size_t>(*version); step < k_steps.size(); step++) {
      if (auto made = database.run(k_steps[step]); !made) return made;
    }
    return {};
  }
  return fail(ErrorKind::conflict,
              fmt::format("sync.db: made by a newer program (schema {}, this one knows {})", *version, k_schema));
}

}  // namespace

Result<SyncReader> SyncReader::open(const std::string& folder) {
  auto database = Database::open(folder + "/sync.db", Database::Mode::reader);
  if (!database) return tl::unexpected(database.error());
  if (auto known = known_version(*database, false); !known) return tl::unexpected(known.error());
  return SyncReader(std::move(*database));
}

Result<SyncState> SyncReader::state() {
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  auto statement =
      m_database.prepare(*version < 4 ? "SELECT epoch, acked_seq, acked_hash, join_counter, feed_cursor, standing, "
                                        "last_contact_ms, clock_offset_ms, last_error, 0 FROM state"
                                      : "SELECT epoch, acked_seq, acked_hash, join_counter, feed_cursor, standing, "
                                        "last_contact_ms, clock_offset_ms, last_error, carried_ms FROM state");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->step();
  if (!row) return tl::unexpected(row.error());
  SyncState out;
  if (!*row) return out;
  out.epoch = fixed<16>(statement->bytes(0));
  out.acked_seq = static_cast<std::uint64_t>(statement->integer(1));
  out.acked_hash = fixed<32>(statement->bytes(2));
  out.join_counter = static_cast<std::uint64_t>(statement->integer(3));
  out.feed_cursor = static_cast<std::uint64_t>(statement->integer(4));
  out.standing = static_cast<int>(statement->integer(5));
  out.last_contact_ms = statement->integer(6);
  out.clock_offset_ms = statement->integer(7);
  out.last_error = statement->text(8);
  out.carried_ms = statement->integer(9);
  return out;
}

Result<std::uint64_t> SyncReader::long_confirmed(std::int64_t now_ms) {
  auto known = state();
  if (!known) return tl::unexpected(known.error());
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < 2) return 0;
  auto statement = m_database.prepare("SELECT coalesce(max(acked_seq), 0) FROM confirmed WHERE day < ?");
  if (!statement) return tl::unexpected(statement.error());
  const std::int64_t today = std::min(now_ms, known->centre_ms()) / k_day_ms;
  auto row = statement->bind(today - k_keep_days).step();
  if (!row) return tl::unexpected(row.error());
  return std::min(static_cast<std::uint64_t>(statement->integer(0)), known->acked_seq);
}

Result<std::optional<record::Bytes>> SyncReader::case_of(const record::TrackingNumber& number) {
  auto statement = m_database.prepare("SELECT body FROM case_news WHERE number = ?");
  if (!statement) return tl::unexpected(statement.error());
  const std::string text = number.str();
  auto row = statement->bind(std::string_view(text)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return statement->bytes(0);
}

Result<std::optional<Answer>> SyncReader::answer_to(const record::Uuid& question) {
  auto statement =
      m_database.prepare("SELECT finding, retry_after_s, sealed_case, answered_ms FROM answer WHERE question = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(record::ByteView(question.bytes)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  Answer out;
  out.question = question;
  out.finding = static_cast<int>(statement->integer(0));
  out.retry_after_s = static_cast<std::uint32_t>(statement->integer(1));
  out.sealed_case = statement->bytes(2);
  out.answered_ms = statement->integer(3);
  return out;
}

Result<SyncStore> SyncStore::open(const std::string& folder) {
  if (auto made = make_folder(folder); !made) return tl::unexpected(made.error());
  auto lock = FolderLock::take(folder + "/sync.lock");
  if (!lock) return tl::unexpected(lock.error());
  auto database = Database::open(folder + "/sync.db", Database::Mode::writer);
  if (!database) return tl::unexpected(database.error());
  if (auto known = known_version(*database, true); !known) return tl::unexpected(known.error());
  return SyncStore(std::move(*database), std::move(*lock));
}

Result<void> SyncStore::note_confirmed(const SyncState& next) {
  const auto before = state();
  if (!before) return tl::unexpected(before.error());
  if (before->epoch != next.epoch || next.acked_seq < before->acked_seq) {
    // What this centre holds counts from now.
    if (auto none = m_database.run("DELETE FROM confirmed"); !none) return none;
  } else if (next.acked_seq == before->acked_seq) {
    return {};
  }
  auto note = m_database.prepare(
      "INSERT INTO confirmed VALUES(?, ?) ON CONFLICT(day) DO UPDATE SET acked_seq = excluded.acked_seq");
  if (!note) return tl::unexpected(note.error());
  const std::int64_t day = std::max(next.last_contact_ms, next.centre_ms()) / k_day_ms;
  if (auto noted = note->bind(day).bind(static_cast<std::int64_t>(next.acked_seq)).run(); !noted) return noted;
  // Of the days that are long past, the last one says it all.
  auto tidy =
      m_database.prepare("DELETE FROM confirmed WHERE day < (SELECT max(day) FROM confirmed WHERE day < ? - 2 * ?)");
  if (!tidy) return tl::unexpected(tidy.error());
  return tidy->bind(day).bind(k_keep_days).run();
}

Result<void> SyncStore::save(const SyncState& state, const std::vector<CaseNews>& news, const Orders& orders) {
  auto transaction = Transaction::begin(m_database);
  if (!transaction) return tl::unexpected(transaction.error());
  if (auto noted = note_confirmed(state); !noted) return noted;
  auto statement = m_database.prepare(
      "INSERT INTO state VALUES(1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(one) DO UPDATE SET epoch = "
      "excluded.epoch, "
      "acked_seq = excluded.acked_seq, acked_hash = excluded.acked_hash, join_counter = excluded.join_counter, "
      "feed_cursor = excluded.feed_cursor, standing = excluded.standing, last_contact_ms = excluded.last_contact_ms, "
      "clock_offset_ms = excluded.clock_offset_ms, last_error = excluded.last_error, "
      "carried_ms = excluded.carried_ms");
  if (!statement) return tl::unexpected(statement.error());
  auto done = statement->bind(record::ByteView(state.epoch))
                  .bind(static_cast<std::int64_t>(state.acked_seq))
                  .bind(record::ByteView(state.acked_hash))
                  .bind(static_cast<std::int64_t>(state.join_counter))
                  .bind(static_cast<std::int64_t>(state.feed_cursor))
                  .bind(static_cast<std::int64_t>(state.standing))
                  .bind(state.last_contact_ms)
                  .bind(state.clock_offset_ms)
                  .bind(std::string_view(state.last_error))
                  .bind(state.carried_ms)
                  .run();
  if (!done) return done;
  auto item = m_database.prepare(
      "INSERT INTO case_news(number, body) VALUES(?, ?) ON CONFLICT(number) DO UPDATE SET body = excluded.body");
  if (!item) return tl::unexpected(item.error());
  for (const CaseNews& one : news) {
    if (auto kept = item->bind(std::string_view(one.number)).bind(one.body).run(); !kept) return kept;
  }
  if (auto kept = keep_orders(orders); !kept) return kept;
  return transaction->commit();
}

Result<void> SyncStore::save_answer(const Answer& answer) {
  auto statement = m_database.prepare(
      "INSERT INTO answer VALUES(?, ?, ?, ?, ?) ON CONFLICT(question) DO UPDATE SET finding = excluded.finding, "
      "retry_after_s = excluded.retry_after_s, sealed_case = excluded.sealed_case, answered_ms = excluded.answered_ms");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(record::ByteView(answer.question.bytes))
      .bind(static_cast<std::int64_t>(answer.finding))
      .bind(static_cast<std::int64_t>(answer.retry_after_s))
      .bind(answer.sealed_case)
      .bind(answer.answered_ms)
      .run();
}

Result<void> SyncStore::forget_answers(std::int64_t before_ms) {
  auto statement = m_database.prepare("DELETE FROM answer WHERE answered_ms < ?");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(before_ms).run();
}

}  // namespace anjungan::store
