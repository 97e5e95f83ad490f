// SPDX-License-Identifier: Apache-2.0
// bench_central FOLDER BIN CATALOGUE ROUNDS: durably acknowledged events a second over HTTP, on SQLite and on
// PostgreSQL, beside bare single-row SQLite commits and pgbench on the same disk, interleaved; then a country's
// terminals that come back at once while a phone follows its receipt.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>

#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"
#include "tests/bench/central/fleet.h"
#include "tests/bench/figures.h"
#include "tests/bench/submit/bare_sqlite.h"
#include "tests/contract/central_store/postgres_server.h"

namespace anjungan::bench {
namespace {

constexpr std::size_t k_connections = 64;
constexpr std::size_t k_batch = 50;
constexpr std::size_t k_batches_a_round = 4;
constexpr std::size_t k_singles_a_round = 40;
constexpr std::size_t k_raw_a_round = 2'000;
constexpr std::size_t k_herd = 2'500;
constexpr std::size_t k_herd_at_once = 500;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bench central: {}\n", why);
  std::exit(1);
}

template <class T>
T must(record::Result<T> result) {
  if (!result) give_up(result.error().text);
  return std::move(*result);
}

/// The real program with `terminals` enrolled terminals.
class Centre {
 public:
  Centre(const std::string& folder, const std::string& url, const std::string& bin, const std::string& catalogue,
         std::size_t terminals) {
    std::filesystem::create_directories(folder);
    const auto keys = must(central::load_or_make_keys(folder, 0));
    m_world.root = keys.root;
    m_world.centre_key = keys.signing.public_key();
    auto data_key = must(record::DataKey::prepare({keys.sealing.public_key(), keys.escrow}));
    m_world.sealed = std::move(data_key).seal({"3273-0001", 1, {}}, record::view_of(std::string(420, 'x')));
    for (std::size_t n = 1; n <= terminals; n++) {
      m_terminals.push_back(std::make_unique<Terminal>(m_world, static_cast<std::uint16_t>(n)));
    }
    {
      auto store = must(central::open_store(url, folder));
      const auto enrolled = store->write([&](central::Writer& out) -> record::Result<void> {
        for (const auto& one : m_terminals) {
          central::Device device;
          device.id = one->id();
          device.state = central::DeviceState::active;
          device.office = "MPP Kota Bandung";
          device.device_key = one->device_key();
          device.receipt_key = one->receipt_key();
          if (auto added = out.add_device(device); !added) return added;
        }
        return {};
      });
      if (!enrolled) give_up(enrolled.error().text);
    }
    start(folder, url, bin, catalogue);
  }
  ~Centre() {
    kill(m_child, SIGTERM);
    waitpid(m_child, nullptr, 0);
  }
  Centre(const Centre&) = delete;
  Centre& operator=(const Centre&) = delete;

  [[nodiscard]] unsigned short port() const { return m_port; }
  [[nodiscard]] std::vector<std::unique_ptr<Terminal>>& terminals() { return m_terminals; }

  /// Every terminal of the first k_connections delivers `batches` of `events`, each over its own connection. Events a
  /// second.
  double deliver(std::size_t batches, std::size_t events) {
    while (m_connections.size() < k_connections) m_connections.push_back(std::make_unique<HttpConnection>(m_port));
    std::vector<std::thread> threads;
    const double start = now_ms();
    for (std::size_t n = 0; n < k_connections; n++) {
      threads.emplace_back([&, n] {
        for (std::size_t batch = 0; batch < batches; batch++) m_terminals[n]->deliver(*m_connections[n], events);
      });
    }
    for (auto& thread : threads) thread.join();
    return static_cast<double>(k_connections * batches * events) / (now_ms() - start) * 1e3;
  }

  /// MiB the program has held at most.
  [[nodiscard]] double peak_mib() const {
    std::ifstream status(fmt::format("/proc/{}/status", m_child));
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
    }
    return 0;
  }

 private:
  void start(const std::string& folder, const std::string& url, const std::string& bin, const std::string& catalogue) {
    int output[2];
    if (pipe2(output, O_CLOEXEC) != 0) give_up("no pipe");
    m_child = fork();
    if (m_child == 0) {
      dup2(output[1], STDOUT_FILENO);
      const std::string program = bin + "/anjungan-central";
      if (url.empty()) {
        execl(program.c_str(), "anjungan-central", "--listen", "127.0.0.1:0", "--data", folder.c_str(), "--catalogue",
              catalogue.c_str(), static_cast<char*>(nullptr));
      } else {
        execl(program.c_str(), "anjungan-central", "--listen", "127.0.0.1:0", "--data", folder.c_str(), "--catalogue",
              catalogue.c_str(), "--store", url.c_str(), static_cast<char*>(nullptr));
      }
      _exit(127);
    }
    close(output[1]);
    char line[200] = {};
    if (read(output[0], line, sizeof line - 1) <= 0) give_up("anjungan-central did not start");
    close(output[0]);
    const std::string text(line);
    m_port = static_cast<unsigned short>(std::atoi(text.c_str() + text.rfind(':') + 1));
  }

  World m_world;
  std::vector<std::unique_ptr<Terminal>> m_terminals;
  std::vector<std::unique_ptr<HttpConnection>> m_connections;
  pid_t m_child = -1;
  unsigned short m_port = 0;
};

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

void measure_rates(const std::string& folder, const std::string& bin, const std::string& catalogue, int rounds) {
  test::PostgresServer server("-c max_wal_size=4GB");
  if (!server.running()) give_up(server.why());
  Centre sqlite(folder + "/sqlite", "", bin, catalogue, k_connections);
  Centre postgres(folder + "/postgres", server.new_database(), bin, catalogue, k_connections);
  sqlite.deliver(1, k_batch);
  postgres.deliver(1, k_batch);
  const std::size_t size = Terminal::event_bytes();
  SingleRow single(folder + "/single.db", record::Bytes(size, 'x'));
  Pgbench pgbench(server, size);
  pgbench.rows();

  std::vector<double> raw, batched, singles, pg_batched, pg_singles, pg_rows, to_raw, to_pgbench;
  for (int round = 0; round < rounds; round++) {
    raw.push_back(raw_commits(single));
    batched.push_back(sqlite.deliver(k_batches_a_round, k_batch));
    singles.push_back(sqlite.deliver(k_singles_a_round, 1));
    pg_rows.push_back(pgbench.rows());
    pg_batched.push_back(postgres.deliver(k_batches_a_round, k_batch));
    pg_singles.push_back(postgres.deliver(k_singles_a_round, 1));
    to_raw.push_back(batched.back() / raw.back());
    to_pgbench.push_back(pg_batched.back() / pg_rows.back());
  }
  print_figure(fmt::format("bare SQLite, one {} byte row a commit", size), median(raw), "1/s");
  print_figure("centre on SQLite, 64 connections, batches of 50: acknowledged events", median(batched), "1/s");
  print_figure("centre on SQLite, 64 connections, one event a batch", median(singles), "1/s");
  print_figure("pgbench, 8 clients, 50 bare rows a transaction: rows", median(pg_rows), "1/s");
  print_figure("centre on PostgreSQL, 64 connections, batches of 50: acknowledged events", median(pg_batched), "1/s");
  print_figure("centre on PostgreSQL, 64 connections, one event a batch", median(pg_singles), "1/s");
  print_figure("centre on SQLite / bare single-row commits", median(to_raw), "ratio", Limit{Must::at_least, 2.5});
  print_figure("centre on PostgreSQL / pgbench's rows", median(to_pgbench), "ratio", Limit{Must::at_least, 0.5});
}

/// 2,500 terminals with 100 events each come back at once; a phone follows its receipt meanwhile.
void measure_herd(const std::string& folder, const std::string& bin, const std::string& catalogue) {
  Centre centre(folder + "/herd", "", bin, catalogue, k_herd);
  auto& terminals = centre.terminals();
  {
    HttpConnection connection(centre.port());
    terminals[0]->deliver(connection, 100);
  }
  std::atomic<std::size_t> next{1};
  std::atomic<std::size_t> refused{0};
  std::atomic<std::size_t> running{k_herd_at_once};
  std::vector<std::thread> threads;
  const double start = now_ms();
  for (std::size_t n = 0; n < k_herd_at_once; n++) {
    threads.emplace_back([&] {
      for (std::size_t mine = next++; mine < terminals.size(); mine = next++) {
        HttpConnection connection(centre.port());
        for (int batch = 0; batch < 2; batch++) {
          refused += static_cast<std::size_t>(terminals[mine]->deliver(connection, k_batch));
        }
      }
      running--;
    });
  }
  std::vector<double> look_ups;
  const std::string body = fmt::format(R"({{"token":"{}"}})", terminals[0]->receipt_url(7));
  while (running > 0) {
    HttpConnection phone(centre.port());
    const double asked = now_ms();
    const HttpReply reply = phone.post("/t/receipt", "Content-Type: application/json\r\n", body);
    look_ups.push_back(now_ms() - asked);
    if (reply.status != 200 || reply.body.find("\"known\"") == std::string::npos) give_up("a receipt was not known");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (auto& thread : threads) thread.join();
  const double took_s = (now_ms() - start) / 1e3;
  std::uint64_t acked = 0;
  for (const auto& one : terminals) acked += one->acked();
  print_figure("2,500 terminals with 100 events each: acknowledged events", static_cast<double>(acked) / took_s, "1/s");
  print_figure("2,500 terminals: requests told to come back later", static_cast<double>(refused), "");
  print_figure("2,500 terminals: lost or doubled", static_cast<double>(k_herd * 100 - acked), "",
               Limit{Must::at_most, 0});
  print_figure("tracking-page look-up meanwhile, p50", median(look_ups), "ms");
  print_figure("tracking-page look-up meanwhile, p99", quantile(look_ups, 0.99), "ms", Limit{Must::at_most, 100});
  print_figure("2,500 terminals: the centre's peak memory", centre.peak_mib(), "MiB");
}

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  if (argc != 5) {
    fmt::print(stderr, "usage: bench_central FOLDER BIN CATALOGUE ROUNDS\n");
    return 1;
  }
  anjungan::bench::measure_rates(argv[1], argv[2], argv[3], std::atoi(argv[4]));
  anjungan::bench::measure_herd(argv[1], argv[2], argv[3]);
  return 0;
}
