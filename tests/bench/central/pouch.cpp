// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/central/pouch.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "tests/bench/central/centre_program.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {

Pouch::Pouch(const std::string& folder, std::size_t bytes) : m_bytes(bytes) {
  std::filesystem::create_directories(folder);
  const char* script = std::getenv("ANJUNGAN_POUCH");
  if (script == nullptr) give_up("ANJUNGAN_POUCH is not set");
  int input[2];
  int output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) give_up("no pipe");
  m_child = fork();
  if (m_child == 0) {
    dup2(input[0], STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    execlp("node", "node", script, folder.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(input[0]);
  close(output[1]);
  m_input = input[1];
  char line[32] = {};
  if (read(output[0], line, sizeof line - 1) <= 0) give_up("express-pouchdb did not start");
  close(output[0]);
  m_port = static_cast<unsigned short>(std::atoi(line));
  HttpConnection first(m_port);
  if (first.send("PUT", "/events", "", "").status != 201) give_up("express-pouchdb made no database");
}

Pouch::~Pouch() {
  close(m_input);
  waitpid(m_child, nullptr, 0);
}

std::string Pouch::batch(std::size_t documents) {
  std::string out = R"({"docs":[)";
  record::Bytes random(m_bytes);
  for (std::size_t n = 0; n < documents; n++) {
    record::fill_random(random);
    out += fmt::format(R"({}{{"_id":"3273-0001-{:010}","event":"{}"}})", n == 0 ? "" : ",", ++m_documents,
                       record::to_base64url(random).substr(0, m_bytes));
  }
  return out + "]}";
}

double Pouch::deliver(std::size_t batches, std::size_t documents) {
  while (m_connections.size() < k_connections) m_connections.push_back(std::make_unique<HttpConnection>(m_port));
  std::vector<std::vector<std::string>> stock(k_connections);
  for (auto& one : stock) {
    for (std::size_t n = 0; n < batches; n++) one.push_back(batch(documents));
  }
  std::atomic<bool> refused{false};
  std::vector<std::thread> threads;
  const double start = now_ms();
  for (std::size_t n = 0; n < k_connections; n++) {
    threads.emplace_back([&, n] {
      for (const std::string& body : stock[n]) {
        const HttpReply reply =
            m_connections[n]->post("/events/_bulk_docs", "Content-Type: application/json\r\n", body);
        if (reply.status != 201 || reply.body.find("\"error\"") != std::string::npos) refused = true;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  const double rate = static_cast<double>(k_connections * batches * documents) / (now_ms() - start) * 1e3;
  if (refused) give_up("express-pouchdb refused a document");
  return rate;
}

}  // namespace anjungan::bench
