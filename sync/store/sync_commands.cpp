// SPDX-License-Identifier: Apache-2.0
// SyncReader and SyncStore: what the centre orders this terminal to do.
#include <algorithm>

#include "sync/store/sync_store.h"

namespace anjungan::store {

using record::Result;

namespace {

constexpr int k_knows_commands = 5;
// Many more than a centre lets wait for one terminal.
constexpr std::int64_t k_most_commands = 500;
constexpr int k_knows_parts = 6;
constexpr std::int64_t k_most_parts = 64;

}  // namespace

Result<std::vector<KeptCommand>> SyncReader::commands() {
  std::vector<KeptCommand> out;
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < k_knows_commands) return out;
  auto statement =
      m_database.prepare("SELECT place, id, body, cancelled, next_seq, outcome, reason FROM command ORDER BY place");
  if (!statement) return tl::unexpected(statement.error());
  for (;;) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    KeptCommand one;
    one.place = static_cast<std::uint64_t>(statement->integer(0));
    const record::Bytes id = statement->bytes(1);
    if (id.size() == one.id.bytes.size()) std::copy(id.begin(), id.end(), one.id.bytes.begin());
    one.body = statement->bytes(2);
    one.cancelled = statement->integer(3) != 0;
    one.next_seq = static_cast<std::uint64_t>(statement->integer(4));
    one.outcome = statement->text(5);
    one.reason = statement->text(6);
    out.push_back(std::move(one));
  }
}

Result<std::uint64_t> SyncReader::last_command() {
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < k_knows_commands) return 0;
  auto statement = m_database.prepare("SELECT coalesce(max(place), 0) FROM command");
  if (!statement) return tl::unexpected(statement.error());
  if (auto row = statement->step(); !row) return tl::unexpected(row.error());
  return static_cast<std::uint64_t>(statement->integer(0));
}

Result<std::optional<record::Bytes>> SyncReader::part(const record::Hash& name) {
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < k_knows_parts) return std::nullopt;
  auto statement = m_database.prepare("SELECT bytes FROM part WHERE name = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(record::ByteView(name)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return statement->bytes(0);
}

Result<void> SyncStore::keep_parts(const std::vector<record::Bytes>& parts) {
  if (parts.empty()) return {};
  // One that comes again is among the newest again.
  auto insert = m_database.prepare("INSERT OR REPLACE INTO part VALUES(NULL, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  for (const record::Bytes& one : parts) {
    const record::Hash name = record::hash(one);
    if (auto kept = insert->bind(record::ByteView(name)).bind(record::ByteView(one)).run(); !kept) return kept;
  }
  auto tidy =
      m_database.prepare("DELETE FROM part WHERE place NOT IN (SELECT place FROM part ORDER BY place DESC LIMIT ?)");
  if (!tidy) return tl::unexpected(tidy.error());
  return tidy->bind(k_most_parts).run();
}

Result<void> SyncStore::keep_orders(const Orders& orders) {
  if (orders.empty()) return {};
  if (auto kept = keep_parts(orders.parts); !kept) return kept;
  auto insert = m_database.prepare("INSERT OR IGNORE INTO command VALUES(NULL, ?, ?, 0, 0, '', '')");
  if (!insert) return tl::unexpected(insert.error());
  for (const Orders::Command& one : orders.commands) {
    auto kept = insert->bind(record::ByteView(one.id.bytes)).bind(record::ByteView(one.body)).run();
    if (!kept) return kept;
  }
  auto cancel = m_database.prepare("UPDATE command SET cancelled = 1 WHERE id = ?");
  if (!cancel) return tl::unexpected(cancel.error());
  for (const record::Uuid& one : orders.cancelled) {
    if (auto done = cancel->bind(record::ByteView(one.bytes)).run(); !done) return done;
  }
  auto tidy = m_database.prepare("DELETE FROM command WHERE place <= (SELECT max(place) FROM command) - ?");
  if (!tidy) return tl::unexpected(tidy.error());
  return tidy->bind(k_most_commands).run();
}

Result<void> SyncStore::save_command_progress(const record::Uuid& id, std::uint64_t next_seq) {
  auto statement = m_database.prepare("UPDATE command SET next_seq = ? WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(static_cast<std::int64_t>(next_seq)).bind(record::ByteView(id.bytes)).run();
}

Result<void> SyncStore::save_command_outcome(const record::Uuid& id, std::string_view outcome,
                                             std::string_view reason) {
  auto statement = m_database.prepare("UPDATE command SET outcome = ?, reason = ? WHERE id = ? AND outcome = ''");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(outcome).bind(reason).bind(record::ByteView(id.bytes)).run();
}

}  // namespace anjungan::store
