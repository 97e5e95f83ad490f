// SPDX-License-Identifier: Apache-2.0
// A bounded pool of connections; each write is a transaction of its own, and the server groups their commits.
#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "sync/central/store/postgres_access.h"
#include "sync/central/store/postgres_schema.h"

namespace anjungan::central {
namespace {

using record::ErrorKind;
using record::fail;
using record::Result;
using Clock = std::chrono::steady_clock;

constexpr std::size_t k_most_connections = 16;
constexpr auto k_longest_wait = std::chrono::seconds(5);
constexpr int k_most_tries = 4;
/// After a failed connection nobody tries again for this long: a server that comes up is not met by a herd.
constexpr auto k_pause = std::chrono::milliseconds(200);

class PostgresStore final : public Store {
 public:
  PostgresStore(std::string url, PostgresConnection first) : m_url(std::move(url)) {
    m_idle.push_back(std::make_unique<PostgresConnection>(std::move(first)));
    m_open = 1;
  }

  Result<void> write(const std::function<Result<void>(Writer&)>& work) override {
    return in_transaction("BEGIN ISOLATION LEVEL READ COMMITTED", work);
  }

  Result<void> read(const std::function<Result<void>(Reader&)>& work) override {
    return in_transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work);
  }

  bool backs_up() const override { return false; }
  Result<void> back_up(const std::string&) override {
    return fail(ErrorKind::invalid,
                "store: back PostgreSQL up with its own tools (pg_basebackup and WAL archiving, or pg_dump)");
  }

 private:
  using Held = std::unique_ptr<PostgresConnection>;

  template <class Work>
  Result<void> in_transaction(const char* begin, const Work& work) {
    Repeats repeats = Repeats::none_expected;
    for (int tries = 1;; tries++) {
      auto held = take();
      if (!held) return tl::unexpected(held.error());
      bool committing = false;
      auto done = try_once(**held, begin, work, repeats, committing);
      // Before the commit nothing has happened: a connection that a restart of the server has cut is no failure.
      bool again = tries < k_most_tries && !committing && ((*held)->broken() || (*held)->worth_repeating());
      // Said by the server, so nothing was committed even if the commit had been sent along.
      if ((*held)->repeated() && repeats == Repeats::none_expected) {
        repeats = Repeats::looked_for;
        again = true;
      }
      give_back(std::move(*held));
      if (done || !again) return done;
    }
  }

  template <class Work>
  static Result<void> try_once(PostgresConnection& connection, const char* begin, const Work& work, Repeats repeats,
                               bool& committing) {
    connection.begin(begin);
    PostgresAccess access(connection, repeats);
    auto done = work(access);
    if (!done) {
      connection.roll_back();
      return done;
    }
    committing = true;
    return connection.commit();
  }

  Result<Held> take() {
    std::unique_lock guard(m_mutex);
    if (!m_free.wait_for(guard, k_longest_wait, [this] { return !m_idle.empty() || m_open < k_most_connections; })) {
      return fail(ErrorKind::busy, "store: too many wait for the database");
    }
    if (!m_idle.empty()) {
      Held out = std::move(m_idle.back());
      m_idle.pop_back();
      return out;
    }
    if (Clock::now() < m_not_before) return fail(ErrorKind::unavailable, "postgres: not connected");
    m_open++;
    guard.unlock();
    auto connection = PostgresConnection::open(m_url);
    if (connection) return std::make_unique<PostgresConnection>(std::move(*connection));
    guard.lock();
    m_open--;
    m_not_before = Clock::now() + k_pause;
    m_free.notify_one();
    return tl::unexpected(connection.error());
  }

  void give_back(Held held) {
    const std::lock_guard guard(m_mutex);
    if (held->usable()) {
      m_idle.push_back(std::move(held));
      m_free.notify_one();
    } else {
      // The others were there at the same accident.
      m_open -= 1 + m_idle.size();
      m_idle.clear();
      m_free.notify_all();
    }
  }

  std::string m_url;
  std::mutex m_mutex;
  std::condition_variable m_free;
  std::vector<Held> m_idle;
  std::size_t m_open = 0;
  Clock::time_point m_not_before;
};

}  // namespace

Result<std::unique_ptr<Store>> open_postgres_store(const std::string& url) {
  auto connection = PostgresConnection::open(url);
  if (!connection) return tl::unexpected(connection.error());
  if (auto made = ensure_postgres_schema(*connection); !made) return tl::unexpected(made.error());
  return std::make_unique<PostgresStore>(url, std::move(*connection));
}

}  // namespace anjungan::central
