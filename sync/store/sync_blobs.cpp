// SPDX-License-Identifier: Apache-2.0
// SyncReader and SyncStore: what the centre holds of this terminal's attachments.
#include <algorithm>

#include "sync/store/sync_retention.h"
#include "sync/store/sync_store.h"

namespace anjungan::store {

using record::Result;

namespace {

constexpr int k_knows_blobs = 3;

}  // namespace

Result<std::optional<BlobState>> SyncReader::blob(const record::Hash& hash) {
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < k_knows_blobs) return std::nullopt;
  auto statement = m_database.prepare("SELECT word, epoch FROM blob WHERE hash = ?");
  if (!statement) return tl::unexpected(statement.error());
  auto row = statement->bind(record::ByteView(hash)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  BlobState out;
  out.word = statement->integer(0) == 1 ? BlobState::Word::held : BlobState::Word::lost;
  const record::Bytes epoch = statement->bytes(1);
  if (epoch.size() == out.epoch.size()) std::copy(epoch.begin(), epoch.end(), out.epoch.begin());
  return out;
}

Result<std::vector<record::Hash>> SyncReader::long_held_blobs(std::int64_t now_ms) {
  std::vector<record::Hash> out;
  auto known = state();
  if (!known) return tl::unexpected(known.error());
  auto version = m_database.schema_version();
  if (!version) return tl::unexpected(version.error());
  if (*version < k_knows_blobs) return out;
  auto statement = m_database.prepare("SELECT hash FROM blob WHERE word = 1 AND epoch = ? AND day < ?");
  if (!statement) return tl::unexpected(statement.error());
  const std::int64_t today = std::min(now_ms, known->centre_ms()) / k_day_ms;
  statement->bind(record::ByteView(known->epoch)).bind(today - k_keep_days);
  for (;;) {
    auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    const record::Bytes hash = statement->bytes(0);
    record::Hash one{};
    if (hash.size() != one.size()) continue;
    std::copy(hash.begin(), hash.end(), one.begin());
    out.push_back(one);
  }
}

Result<void> SyncStore::save_blob(const record::Hash& hash, BlobState::Word word) {
  const auto now = state();
  if (!now) return tl::unexpected(now.error());
  // The later of both clocks: one that ran behind makes nothing old.
  const std::int64_t day = std::max(now->last_contact_ms, now->centre_ms()) / k_day_ms;
  auto statement = m_database.prepare(
      "INSERT INTO blob VALUES(?, ?, ?, ?) ON CONFLICT(hash) DO UPDATE SET word = excluded.word, epoch = "
      "excluded.epoch, day = excluded.day");
  if (!statement) return tl::unexpected(statement.error());
  auto done = statement->bind(record::ByteView(hash))
                  .bind(static_cast<std::int64_t>(word))
                  .bind(record::ByteView(now->epoch))
                  .bind(day)
                  .run();
  if (!done) return done;
  // Long forgotten by the kiosk too; should it not be, the centre is asked once more.
  auto tidy = m_database.prepare("DELETE FROM blob WHERE day < ?");
  if (!tidy) return tl::unexpected(tidy.error());
  return tidy->bind(day - 2 * k_keep_days).run();
}

}  // namespace anjungan::store
