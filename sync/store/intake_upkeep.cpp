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

Result<std::size_t> IntakeStore::purge(std::uint64_t confirmed_seq, std::size_t most) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  const auto attempt = [&]() -> Result<std::size_t> {
    // The head stays whole: the chain and the centre's confirmation are checked against it.
    auto forget = m_database.prepare(
        "UPDATE event SET bytes = x'' WHERE seq IN "
        "(SELECT seq FROM event WHERE seq < ? AND length(bytes) > 1 ORDER BY seq LIMIT ?)");
    if (!forget) return tl::unexpected(forget.error());
    auto done = forget->bind(static_cast<std::int64_t>(std::min(confirmed_seq, m_last_seq)))
                    .bind(static_cast<std::int64_t>(most))
                    .run();
    if (!done) return tl::unexpected(done.error());
    return static_cast<std::size_t>(sqlite3_changes(m_database.handle()));
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
