// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/bench/central/central.h"
#include "tests/bench/central/fsyncs.h"
#include "tests/bench/central/pouch.h"
#include "tests/bench/figures.h"
#include "tests/bench/submit/bare_sqlite.h"
#include "tests/contract/central_store/postgres_server.h"

namespace anjungan::bench {
namespace {

constexpr std::size_t k_batch = 50;
constexpr std::size_t k_batches_a_round = 4;
constexpr std::size_t k_singles_a_round = 40;
constexpr std::size_t k_raw_a_round = 2'000;

double raw_commits(SingleRow& single) {
  const double start = now_ms();
  for (std::size_t n = 0; n < k_raw_a_round; n++) single.commit_one();
  return static_cast<double>(k_raw_a_round) / (now_ms() - start) * 1e3;
}

/// Rows a second of pgbench: 50 rows of the same size a transaction, 8 clients, the same two keys as the event table.
class Pgbench {
 public:
  Pgbench(test::PostgresServer& server, std::size_t bytes) : m_server(server) {
    const std::string url = server.new_database();
    m_database = url.substr(url.rfind('/', url.find('?')) + 1, url.find('?') - url.rfind('/', url.find('?')) - 1);
    write("tables.sql",
          "CREATE TABLE row(device text, seq bigint, id bytea, bytes bytea, hash bytea, PRIMARY KEY(device, seq), "
          "UNIQUE(device, id)); CREATE SEQUENCE s CACHE 50;\n");
    write("batch.sql",
          fmt::format("INSERT INTO row SELECT 'd' || :client_id, n, decode(md5(n::text), 'hex'), "
                      "convert_to(repeat(md5(n::text), {}), 'UTF8'), decode(md5(n::text) || md5(n::text), 'hex') FROM "
                      "(SELECT nextval('s') AS n FROM generate_series(1, 50)) AS numbers;\n",
                      bytes / 32));
    if (server.run("psql", fmt::format("-q -h {} -U postgres -f {}/tables.sql {}", server.folder(), server.folder(),
                                       m_database)) != 0) {
      give_up("pgbench: no tables");
    }
  }

  double rows() {
    const std::string log = m_server.folder() + "/pgbench";
    if (m_server.run("pgbench",
                     fmt::format("-n -h {0} -U postgres -M prepared -c 8 -j 2 -T 2 -f {0}/batch.sql {1} > {2}",
                                 m_server.folder(), m_database, log)) != 0) {
      give_up("pgbench failed");
    }
    std::stringstream text;
    text << std::ifstream(log).rdbuf();
    const std::size_t at = text.str().find("tps = ");
    if (at == std::string::npos) give_up("pgbench said nothing");
    return std::strtod(text.str().c_str() + at + 6, nullptr) * static_cast<double>(k_batch);
  }

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(m_server.folder() + "/" + name) << text;
    std::filesystem::permissions(m_server.folder() + "/" + name, std::filesystem::perms(0644));
  }
  test::PostgresServer& m_server;
  std::string m_database;
};

/// In batches of 50 and one by one; not timed, for counting slows the program down.
std::pair<double, double> syncs_an_event(const std::string& folder, CentreProgram& centre) {
  const auto counted = [&](std::size_t batches, std::size_t events) {
    Fsyncs fsyncs(centre.pid(), folder + "/strace");
    centre.deliver(batches, events);
    return static_cast<double>(fsyncs.stop()) / static_cast<double>(k_connections * batches * events);
  };
  const double batched = counted(k_batches_a_round, k_batch);
  return {batched, counted(k_singles_a_round, 1)};
}

}  // namespace

void measure_rates(const std::string& folder, const Programs& programs, int rounds) {
  test::PostgresServer server("-c max_wal_size=4GB");
  if (!server.running()) give_up(server.why());
  CentreProgram sqlite(folder + "/sqlite", "", programs, k_connections);
  CentreProgram postgres(folder + "/postgres", server.new_database(), programs, k_connections);
  sqlite.deliver(1, k_batch);
  postgres.deliver(1, k_batch);
  const std::size_t size = Terminal::event_bytes();
  SingleRow single(folder + "/single.db", record::Bytes(size, 'x'));
  Pouch pouch(folder + "/pouch", size);
  pouch.deliver(1, k_batch);
  Pgbench pgbench(server, size);
  pgbench.rows();

  std::vector<double> raw, batched, singles, pg_batched, pg_singles, pg_rows, pouch_docs, to_raw, to_pgbench, to_pouch;
  for (int round = 0; round < rounds; round++) {
    raw.push_back(raw_commits(single));
    batched.push_back(sqlite.deliver(k_batches_a_round, k_batch));
    pouch_docs.push_back(pouch.deliver(k_batches_a_round, k_batch));
    singles.push_back(sqlite.deliver(k_singles_a_round, 1));
    pg_rows.push_back(pgbench.rows());
    pg_batched.push_back(postgres.deliver(k_batches_a_round, k_batch));
    pg_singles.push_back(postgres.deliver(k_singles_a_round, 1));
    to_raw.push_back(batched.back() / raw.back());
    to_pouch.push_back(batched.back() / pouch_docs.back());
    to_pgbench.push_back(pg_batched.back() / pg_rows.back());
  }
  print_figure(fmt::format("bare SQLite, one {} byte row a commit", size), median(raw), "1/s");
  print_figure("centre on SQLite, 64 connections, batches of 50: acknowledged events", median(batched), "1/s");
  print_figure("centre on SQLite, 64 connections, one event a batch", median(singles), "1/s");
  print_figure("express-pouchdb 4.2.0 on LevelDB, 64 connections, _bulk_docs of 50: documents, none waits for an fsync",
               median(pouch_docs), "1/s");
  print_figure("pgbench, 8 clients, 50 bare rows a transaction: rows", median(pg_rows), "1/s");
  print_figure("centre on PostgreSQL, 64 connections, batches of 50: acknowledged events", median(pg_batched), "1/s");
  print_figure("centre on PostgreSQL, 64 connections, one event a batch", median(pg_singles), "1/s");
  print_figure("centre on SQLite / bare single-row commits", median(to_raw), "ratio", Limit{Must::at_least, 2.5});
  print_figure("centre on SQLite, each answer after an fsync / express-pouchdb, which waits for none", median(to_pouch),
               "ratio");
  print_figure("centre on PostgreSQL / pgbench's rows", median(to_pgbench), "ratio", Limit{Must::at_least, 0.5});
  const auto [batch_syncs, single_syncs] = syncs_an_event(folder, sqlite);
  print_figure("centre on SQLite, batches of 50: fsyncs an acknowledged event", batch_syncs, "");
  print_figure("centre on SQLite, one event a batch: fsyncs an acknowledged event", single_syncs, "");
  Fsyncs fsyncs(pouch.pid(), folder + "/strace");
  pouch.deliver(k_batches_a_round, k_batch);
  print_figure("express-pouchdb, _bulk_docs of 50: fsyncs a document, of LevelDB tidying up later",
               static_cast<double>(fsyncs.stop()) / static_cast<double>(k_connections * k_batches_a_round * k_batch),
               "");
}

}  // namespace anjungan::bench
