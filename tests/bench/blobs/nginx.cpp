// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/blobs/nginx.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/bench/central/centre_program.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

constexpr double k_start_ms = 10'000;

sockaddr_in loopback(unsigned short port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

unsigned short free_port() {
  const int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where = loopback(0);
  socklen_t size = sizeof where;
  if (bind(one, reinterpret_cast<sockaddr*>(&where), size) != 0 ||
      getsockname(one, reinterpret_cast<sockaddr*>(&where), &size) != 0) {
    give_up("no free port");
  }
  ::close(one);
  return ntohs(where.sin_port);
}

bool answers(unsigned short port) {
  const int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(port);
  const bool there = connect(one, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  ::close(one);
  return there;
}

}  // namespace

Nginx::Nginx(const std::string& folder) : m_folder(folder), m_port(free_port()) {
  std::filesystem::create_directories(files());
  std::filesystem::create_directories(m_folder + "/temp");
  std::ofstream(m_folder + "/nginx.conf") << fmt::format(
      "daemon off; master_process off; error_log {0}/error.log; pid {0}/pid;\n"
      "events {{ worker_connections 512; }}\n"
      "http {{ access_log off; client_max_body_size 16m; client_body_temp_path {0}/temp; client_body_buffer_size 64k;\n"
      "  proxy_temp_path {0}/temp; fastcgi_temp_path {0}/temp; uwsgi_temp_path {0}/temp; scgi_temp_path {0}/temp;\n"
      "  server {{ listen 127.0.0.1:{1}; location / {{ root {0}/files; dav_methods PUT; create_full_put_path on; }} }} "
      "}}\n",
      m_folder, m_port);
  m_child = fork();
  if (m_child == 0) {
    const std::string config = m_folder + "/nginx.conf";
    execlp("nginx", "nginx", "-p", m_folder.c_str(), "-c", config.c_str(), "-e", "stderr", static_cast<char*>(nullptr));
    execl("/usr/sbin/nginx", "nginx", "-p", m_folder.c_str(), "-c", config.c_str(), "-e", "stderr",
          static_cast<char*>(nullptr));
    _exit(127);
  }
  const double start = now_ms();
  while (!answers(m_port)) {
    if (now_ms() - start > k_start_ms || waitpid(m_child, nullptr, WNOHANG) != 0) give_up("nginx did not start");
    std::this_thread::yield();
  }
}

Nginx::~Nginx() {
  kill(m_child, SIGTERM);
  waitpid(m_child, nullptr, 0);
}

}  // namespace anjungan::bench
