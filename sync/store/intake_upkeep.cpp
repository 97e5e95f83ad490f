// SPDX-License-Identifier: Apache-2.0
// IntakeStore's quiet hours: scrub, purge, backup.
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sync/store/chain_walk.h"
#include "sync/store/intake_store.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

/// Longer than the centre keeps its backups: what a restored centre lacks is still here.
constexpr std::int64_t k_keep_ms = std::int64_t{90} * 24 * 3600 * 1000;

}  // namespace

Result<std::uint64_t> IntakeStore::scrub(std::uint64_t from_seq, std::size_t most) {
  ANJUNGAN_CHECK(most >= 2);
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  const auto attempt = [&]() -> Result<std::uint64_t> {
    const std::uint64_t from = std::max<std::uint64_t>(from_seq, 1);
    std::optional<record::Hash> before;
    if (from == 1) {
      if (auto sound = m_database.quick_check(); !sound) return tl::unexpected(sound.error());
      before = record::Hash{};
    }
    auto events = m_database.prepare("SELECT seq, bytes, hash FROM event WHERE seq >= ? ORDER BY seq LIMIT ?");
    if (!events) return tl::unexpected(events.error());
    events->bind(static_cast<std::int64_t>(from)).bind(static_cast<std::int64_t>(most));
    ChainWalk walk(from, before);
    for (;;) {
      auto row = events->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      if (auto sound = walk.step(*events); !sound) return tl::unexpected(sound.error());
    }
    if (walk.seq() >= m_last_seq) return 0;
    if (walk.seq() + 1 == from + most) return walk.seq();  // read once more as the next one's predecessor
    return fail(ErrorKind::corrupt, fmt::format("intake.db: event {} is missing", walk.seq() + 1));
  };
  auto next = attempt();
  if (!next) watch(next.error());
  return next;
}

Result<std::size_t> IntakeStore::purge(std::uint64_t acked_seq, std::size_t most) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  const std::int64_t now = m_clock->unix_ms();
  if (!record::clock_is_sane(now)) return 0;
  const auto attempt = [&]() -> Result<std::size_t> {
    // The head stays whole: the chain and the centre's confirmation are checked against it.
    auto old =
        m_database.prepare("SELECT seq, bytes FROM event WHERE seq < ? AND length(bytes) > 1 ORDER BY seq LIMIT ?");
    if (!old) return tl::unexpected(old.error());
    old->bind(static_cast<std::int64_t>(std::min(acked_seq, m_last_seq))).bind(static_cast<std::int64_t>(most));
    std::uint64_t upto = 0;
    std::size_t count = 0;
    for (std::size_t seen = 1;; seen++) {
      auto row = old->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      const auto event = record::parse_event(old->bytes(1));
      if (!event) return fail(ErrorKind::corrupt, fmt::format("intake.db: event {} is damaged", old->integer(0)));
      // An event of a dead clock is as old as the next one that knows its time.
      if (!record::clock_is_sane(event->time_ms)) continue;
      if (event->time_ms > now - k_keep_ms) break;
      upto = event->seq;
      count = seen;
    }
    old->reset();
    if (count == 0) return 0;
    auto forget = m_database.prepare("UPDATE event SET bytes = x'' WHERE seq <= ? AND length(bytes) > 1");
    if (!forget) return tl::unexpected(forget.error());
    auto done = forget->bind(static_cast<std::int64_t>(upto)).run();
    if (!done) return tl::unexpected(done.error());
    return count;
  };
  auto purged = attempt();
  if (!purged) watch(purged.error());
  return purged;
}

Result<void> IntakeStore::back_up(const std::string& path) {
  if (auto well = standing(); !well) return well;
  const std::string temporary = path + ".new";
  for (const char* end : {"", "-wal", "-shm"}) ::unlink((temporary + end).c_str());
  {
    auto copy = Database::open(temporary, Database::Mode::writer);
    if (!copy) return tl::unexpected(copy.error());
    sqlite3_backup* backup = sqlite3_backup_init(copy->handle(), "main", m_database.handle(), "main");
    if (backup == nullptr) return tl::unexpected(database_error(copy->handle(), SQLITE_ERROR, temporary));
    sqlite3_backup_step(backup, -1);
    const int code = sqlite3_backup_finish(backup);
    if (code != SQLITE_OK) return tl::unexpected(database_error(copy->handle(), code, temporary));
    if (auto whole = copy->run("PRAGMA wal_checkpoint(TRUNCATE)"); !whole) return whole;
  }
  ::unlink((temporary + "-wal").c_str());
  ::unlink((temporary + "-shm").c_str());
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return fail(ErrorKind::io, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  const std::size_t slash = path.rfind('/');
  return sync_folder(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

}  // namespace anjungan::store
