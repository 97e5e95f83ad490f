// SPDX-License-Identifier: Apache-2.0
// bench_blobs FOLDER BIN CATALOGUE ROUNDS: attachments a second, each on disk, compared with its name and acknowledged
// with a signature, beside the same bytes through nginx's PUT, which syncs nothing and compares nothing. Same
// connections, same disk, interleaved.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <random>
#include <thread>

#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"
#include "sync/wire/http.h"
#include "sync/wire/limits.h"
#include "tests/bench/blobs/blob_terminal.h"
#include "tests/bench/blobs/nginx.h"
#include "tests/bench/central/centre_program.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

struct Size {
  const char* name;
  std::size_t bytes;
  std::size_t each;  ///< of one connection in a round
  bool judged;
};
constexpr std::array<Size, 4> k_sizes{{{"1 KiB", 1U << 10U, 16, false},
                                       {"256 KiB", 256U << 10U, 4, true},
                                       {"1 MiB", 1U << 20U, 2, true},
                                       {"4 MiB", 4U << 20U, 1, true}}};

template <class T>
T must(record::Result<T> result) {
  if (!result) give_up(result.error().text);
  return std::move(*result);
}

/// The same place in the race gives the same bytes: they are named to the centre before it starts.
record::Bytes bytes_of(std::size_t size, std::uint64_t place) {
  std::mt19937_64 random(place);
  record::Bytes out(size);
  for (std::size_t at = 0; at < size; at += 8) {
    const std::uint64_t word = random();
    std::memcpy(out.data() + at, &word, 8);
  }
  return out;
}

double timed(const std::function<void(std::size_t)>& work) {
  std::vector<std::thread> threads;
  const double start = now_ms();
  for (std::size_t n = 0; n < k_connections; n++) threads.emplace_back([&work, n] { work(n); });
  for (auto& thread : threads) thread.join();
  return now_ms() - start;
}

/// What each attachment costs whoever takes it in, whatever the disk and the network are.
double digests_mib_s() {
  const record::Bytes bytes = bytes_of(64U << 20U, 1);
  const record::ByteView whole(bytes);
  const double start = now_ms();
  static_cast<void>(record::hash(whole));
  for (std::size_t at = 0; at < whole.size(); at += wire::k_max_piece_bytes) {
    static_cast<void>(wire::sha256(whole.subspan(at, wire::k_max_piece_bytes)));
  }
  return 64 / (now_ms() - start) * 1e3;
}

class Race {
 public:
  Race(const std::string& folder, const Programs& programs, int rounds) : m_nginx(folder + "/nginx") {
    const std::string data = folder + "/centre";
    std::filesystem::create_directories(data);
    auto keys = must(central::load_or_make_keys(data, 0));
    m_root = keys.root;
    m_centre_key = keys.signing.public_key();
    for (std::size_t n = 0; n < k_connections; n++) m_terminals.emplace_back(static_cast<std::uint16_t>(n + 1));
    name_all(data, rounds);
    start(data, programs);
    for (std::size_t n = 0; n < k_connections; n++) {
      m_to_centre.push_back(std::make_unique<HttpConnection>(m_port));
      m_to_nginx.push_back(std::make_unique<HttpConnection>(m_nginx.port()));
    }
  }
  ~Race() {
    kill(m_child, SIGTERM);
    waitpid(m_child, nullptr, 0);
  }
  Race(const Race&) = delete;
  Race& operator=(const Race&) = delete;

  /// MiB a second.
  struct Rates {
    double centre = 0;
    double nginx = 0;
    double nginx_synced = 0;  ///< with one sync behind all of them
  };
  Rates run(std::size_t size_at, int round) {
    const Size& size = k_sizes[size_at];
    std::vector<std::vector<Parcel>> parcels(k_connections);
    for (std::size_t n = 0; n < k_connections; n++) {
      for (std::size_t i = 0; i < size.each; i++) {
        parcels[n].push_back(m_terminals[n].pack(bytes_of(size.bytes, place(size_at, round, n, i)), m_root));
      }
    }
    const double ours = timed([&](std::size_t n) {
      for (Parcel& one : parcels[n]) one.deliver(*m_to_centre[n], &one != &parcels[n].front());
    });
    for (const auto& of_one : parcels) {
      for (const Parcel& one : of_one) one.check(m_centre_key);
    }
    const double theirs = timed([&](std::size_t n) {
      for (const Parcel& one : parcels[n]) {
        const std::string name = record::to_hex(one.name());
        const std::string_view body(reinterpret_cast<const char*>(one.bytes().data()), one.bytes().size());
        const HttpReply reply = m_to_nginx[n]->send("PUT", "/" + name.substr(0, 2) + "/" + name, "", body);
        if (reply.status != 201) give_up(fmt::format("nginx answered {}", reply.status));
      }
    });
    // What nginx has not written yet must not be written in the centre's next round. (Removed it is written neither,
    // but ext4 then looks for a new file's place among those just freed, for both.)
    const double start = now_ms();
    sync();
    const double synced = theirs + now_ms() - start;
    const double mib = static_cast<double>(k_connections * size.each * size.bytes) / (1 << 20);
    return {mib / ours * 1e3, mib / theirs * 1e3, mib / synced * 1e3};
  }

 private:
  static std::uint64_t place(std::size_t size_at, int round, std::size_t n, std::size_t i) {
    return ((size_at * 1'000 + static_cast<std::size_t>(round)) * 1'000 + n) * 1'000 + i + 1;
  }

  /// Terminals, and the attachments that their events name.
  void name_all(const std::string& data, int rounds) {
    auto store = must(central::open_store("", data));
    std::vector<central::AttachmentRow> rows;
    for (std::size_t n = 0; n < k_connections; n++) {
      std::uint64_t seq = 0;
      for (std::size_t size_at = 0; size_at < k_sizes.size(); size_at++) {
        for (int round = 0; round < rounds; round++) {
          for (std::size_t i = 0; i < k_sizes[size_at].each; i++) {
            const record::Bytes bytes = bytes_of(k_sizes[size_at].bytes, place(size_at, round, n, i));
            rows.push_back({m_terminals[n].id().str(), ++seq, "3273-0001-000001-0", "photo", "image/jpeg",
                            record::hash(bytes), bytes.size(), false});
          }
        }
      }
    }
    const auto done = store->write([&](central::Writer& out) -> record::Result<void> {
      for (const BlobTerminal& one : m_terminals) {
        central::Device device;
        device.id = one.id();
        device.state = central::DeviceState::active;
        device.device_key = one.device_key();
        if (auto added = out.add_device(device); !added) return added;
      }
      return out.add_attachments(rows);
    });
    if (!done) give_up(done.error().text);
  }

  void start(const std::string& data, const Programs& programs) {
    std::array<int, 2> output{};
    if (pipe2(output.data(), O_CLOEXEC) != 0) give_up("no pipe");
    m_child = fork();
    if (m_child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGTERM);  // give_up() ends nobody
      dup2(output[1], STDOUT_FILENO);
      const std::string program = programs.bin + "/anjungan-central";
      execl(program.c_str(), "anjungan-central", "--listen", "127.0.0.1:0", "--data", data.c_str(), "--catalogue",
            programs.catalogue.c_str(), static_cast<char*>(nullptr));
      _exit(127);
    }
    ::close(output[1]);
    std::array<char, 200> line{};
    if (read(output[0], line.data(), line.size() - 1) <= 0) give_up("anjungan-central did not start");
    ::close(output[0]);
    const std::string text(line.data());
    m_port = static_cast<unsigned short>(std::atoi(text.c_str() + text.rfind(':') + 1));
  }

  Nginx m_nginx;
  record::PublicKey m_root{};
  record::PublicKey m_centre_key{};
  std::vector<BlobTerminal> m_terminals;
  std::vector<std::unique_ptr<HttpConnection>> m_to_centre;
  std::vector<std::unique_ptr<HttpConnection>> m_to_nginx;
  pid_t m_child = -1;
  unsigned short m_port = 0;
};

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  using namespace anjungan::bench;
  signal(SIGPIPE, SIG_IGN);
  if (argc != 5) {
    fmt::print(stderr, "usage: bench_blobs FOLDER BIN CATALOGUE ROUNDS\n");
    return 1;
  }
  const int rounds = std::atoi(argv[4]);
  Race race(argv[1], {argv[2], argv[3]}, rounds);
  for (std::size_t at = 0; at < k_sizes.size(); at++) {
    std::vector<double> ours;
    std::vector<double> ratios;
    std::vector<double> synced;
    for (int round = 0; round < rounds; round++) {
      const Race::Rates rates = race.run(at, round);
      ours.push_back(rates.centre);
      ratios.push_back(rates.centre / rates.nginx);
      synced.push_back(rates.centre / rates.nginx_synced);
    }
    const auto of = [&](const char* what) { return fmt::format("attachments of {}{}", k_sizes[at].name, what); };
    print_figure(of(", durable, 64 connections"), median(ours), "MiB/s");
    print_figure(of(" beside nginx PUT (no fsync)"), median(ratios), "of its rate",
                 k_sizes[at].judged ? std::optional(Limit{Must::at_least, 0.5}) : std::nullopt);
    print_figure(of(" beside nginx PUT and one sync of the disk for all"), median(synced), "of its rate");
  }
  print_figure("an attachment's name and its pieces' digests alone, one core", digests_mib_s(), "MiB/s");
  return 0;
}
