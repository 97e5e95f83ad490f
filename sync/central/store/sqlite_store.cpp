// SPDX-License-Identifier: Apache-2.0
// The writer thread with group commit: works that wait together share one COMMIT. When one of them fails, all are
// rolled back and the others run again without it: that is rare, and a savepoint a work would copy every page it
// touches.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include "sync/central/store/sqlite_access.h"
#include "sync/central/store/sqlite_schema.h"
#include "sync/store/files.h"

namespace anjungan::central {
namespace {

using record::ErrorKind;
using record::fail;
using record::Result;
using Work = const std::function<Result<void>(Writer&)>;

constexpr std::size_t k_most_in_group = 256;
constexpr std::size_t k_most_waiting = 4'096;
/// A group's pages stay in memory until its COMMIT: those that do not fit are written to the WAL twice.
constexpr const char* k_tuning = "PRAGMA wal_autocheckpoint=4000; PRAGMA secure_delete=OFF; PRAGMA cache_size=-65536";

class SqliteStore final : public Store {
 public:
  SqliteStore(std::string path, store::FolderLock lock, store::Database writer, store::Database reader)
      : m_path(std::move(path)),
        m_lock(std::move(lock)),
        m_writer(std::move(writer)),
        m_reader(std::move(reader)),
        m_thread([this] { run(); }) {}

  ~SqliteStore() override {
    {
      const std::lock_guard guard(m_mutex);
      m_stopping = true;
    }
    m_wake.notify_one();
    m_thread.join();
  }

  Result<void> write(Work& work) override {
    std::promise<Result<void>> promise;
    std::future<Result<void>> answer = promise.get_future();
    {
      const std::lock_guard guard(m_mutex);
      if (m_stopping || m_waiting.size() >= k_most_waiting)
        return fail(ErrorKind::busy, "store: too many writes are waiting");
      m_waiting.push_back({&work, std::move(promise)});
    }
    m_wake.notify_one();
    return answer.get();
  }

  Result<void> read(const std::function<Result<void>(Reader&)>& work) override {
    const std::lock_guard guard(m_read_mutex);
    // One transaction, so that several selects see one state.
    if (auto begun = m_reader.database().run("BEGIN"); !begun) return begun;
    auto done = work(m_reader);
    auto ended = m_reader.database().run("COMMIT");
    return done ? ended : done;
  }

  bool backs_up() const override { return true; }
  Result<void> back_up(const std::string& path) override {
    // A connection of its own: look-ups do not wait for the copy.
    auto source = store::Database::open(m_path, store::Database::Mode::reader);
    if (!source) return tl::unexpected(source.error());
    auto statement = source->prepare("VACUUM INTO ?");
    if (!statement) return tl::unexpected(statement.error());
    if (auto copied = statement->bind(std::string_view(path)).run(); !copied) return copied;
    auto copy = store::Database::open(path, store::Database::Mode::writer);
    if (!copy) return tl::unexpected(copy.error());
    // Whoever opens the copy is told that it is one (epoch.h), and the commit brings the file to the disk.
    auto marked = copy->run("UPDATE meta SET value = CAST('copied' AS BLOB) WHERE key = 'epoch'");
    return marked ? copy->run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode=DELETE") : marked;
  }

 private:
  struct Waiting {
    Work* work;  ///< of a caller that waits
    std::promise<Result<void>> promise;
  };

  void run() {
    for (;;) {
      std::deque<Waiting> group;
      {
        std::unique_lock guard(m_mutex);
        m_wake.wait(guard, [this] { return m_stopping || !m_waiting.empty(); });
        if (m_waiting.empty()) return;
        while (!m_waiting.empty() && group.size() < k_most_in_group) {
          group.push_back(std::move(m_waiting.front()));
          m_waiting.pop_front();
        }
      }
      commit(group);
    }
  }

  void commit(std::deque<Waiting>& group) {
    store::Database& database = m_writer.database();
    while (!group.empty()) {
      Result<void> whole = database.run("BEGIN IMMEDIATE");
      auto failing = group.end();
      if (whole) {
        Result<void> done;
        failing = std::find_if(group.begin(), group.end(), [&](const Waiting& one) {
          done = (*one.work)(m_writer);
          return !done;
        });
        if (failing == group.end()) {
          whole = database.run("COMMIT");
        } else {
          static_cast<void>(database.run("ROLLBACK"));
          failing->promise.set_value(done);
          group.erase(failing);
          continue;
        }
      }
      if (!whole) static_cast<void>(database.run("ROLLBACK"));
      for (Waiting& one : group) one.promise.set_value(whole);
      return;
    }
  }

  std::string m_path;
  store::FolderLock m_lock;
  SqliteAccess m_writer;
  SqliteAccess m_reader;
  std::mutex m_read_mutex;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<Waiting> m_waiting;
  bool m_stopping = false;
  std::thread m_thread;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& folder) {
  if (auto made = store::make_folder(folder); !made) return tl::unexpected(made.error());
  auto lock = store::FolderLock::take(folder + "/central.lock");
  if (!lock) return tl::unexpected(lock.error());
  const std::string path = folder + "/central.db";
  auto writer = store::Database::open(path, store::Database::Mode::writer);
  if (!writer) return tl::unexpected(writer.error());
  if (auto sound = writer->quick_check(); !sound) return tl::unexpected(sound.error());
  if (auto schema = ensure_central_schema(*writer); !schema) return tl::unexpected(schema.error());
  if (auto tuned = writer->run(k_tuning); !tuned) return tl::unexpected(tuned.error());
  auto reader = store::Database::open(path, store::Database::Mode::reader);
  if (!reader) return tl::unexpected(reader.error());
  return std::make_unique<SqliteStore>(path, std::move(*lock), std::move(*writer), std::move(*reader));
}

}  // namespace anjungan::central
