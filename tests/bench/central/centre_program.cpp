// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/central/centre_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "sync/central/ingest/keys.h"
#include "sync/central/store/store.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

template <class T>
T must(record::Result<T> result) {
  if (!result) give_up(result.error().text);
  return std::move(*result);
}

}  // namespace

void give_up(const std::string& why) {
  fmt::print(stderr, "bench central: {}\n", why);
  std::exit(1);
}

CentreProgram::CentreProgram(const std::string& folder, const std::string& url, const Programs& programs,
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
  start(folder, url, programs);
}

CentreProgram::~CentreProgram() {
  kill(m_child, SIGTERM);
  waitpid(m_child, nullptr, 0);
}

double CentreProgram::deliver(std::size_t batches, std::size_t events) {
  while (m_connections.size() < k_connections) m_connections.push_back(std::make_unique<HttpConnection>(m_port));
  for (std::size_t n = 0; n < k_connections; n++) m_terminals[n]->stock(batches, events);
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

double CentreProgram::peak_mib() const {
  std::ifstream status(fmt::format("/proc/{}/status", m_child));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtod(line.c_str() + 6, nullptr) / 1024;
  }
  return 0;
}

void CentreProgram::start(const std::string& folder, const std::string& url, const Programs& programs) {
  int output[2];
  if (pipe2(output, O_CLOEXEC) != 0) give_up("no pipe");
  m_child = fork();
  if (m_child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);  // give_up() ends nobody
    dup2(output[1], STDOUT_FILENO);
    const std::string program = programs.bin + "/anjungan-central";
    if (url.empty()) {
      execl(program.c_str(), "anjungan-central", "--listen", "127.0.0.1:0", "--data", folder.c_str(), "--catalogue",
            programs.catalogue.c_str(), static_cast<char*>(nullptr));
    } else {
      execl(program.c_str(), "anjungan-central", "--listen", "127.0.0.1:0", "--data", folder.c_str(), "--catalogue",
            programs.catalogue.c_str(), "--store", url.c_str(), static_cast<char*>(nullptr));
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

}  // namespace anjungan::bench
