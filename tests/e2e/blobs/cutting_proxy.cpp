// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/blobs/cutting_proxy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace anjungan::test {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

/// Passes on what has come, up to `left`. False: this connection is over.
bool pass(int from, int to, std::size_t& left) {
  std::array<char, 16 * 1024> buffer{};
  const ssize_t got = ::recv(from, buffer.data(), std::min(buffer.size(), left), 0);
  if (got <= 0) return false;
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t now = ::send(to, buffer.data() + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
    if (now <= 0) return false;
    sent += now;
  }
  left -= static_cast<std::size_t>(got);
  return left > 0;
}

}  // namespace

CuttingProxy::CuttingProxy(std::uint16_t upstream_port, std::function<Cut(int)> cut_of)
    : m_upstream_port(upstream_port), m_cut_of(std::move(cut_of)) {
  m_stop_fd = ::eventfd(0, EFD_CLOEXEC);
  m_listen_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where = loopback(0);
  socklen_t size = sizeof where;
  EXPECT_EQ(::bind(m_listen_fd, reinterpret_cast<sockaddr*>(&where), size), 0);
  EXPECT_EQ(::listen(m_listen_fd, 16), 0);
  EXPECT_EQ(::getsockname(m_listen_fd, reinterpret_cast<sockaddr*>(&where), &size), 0);
  m_port = ntohs(where.sin_port);
  m_thread = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t told = ::write(m_stop_fd, &one, sizeof one);
  m_thread.join();
  ::close(m_listen_fd);
  ::close(m_stop_fd);
}

void CuttingProxy::serve() {
  for (;;) {
    std::array<pollfd, 2> fds{pollfd{m_stop_fd, POLLIN, 0}, pollfd{m_listen_fd, POLLIN, 0}};
    if (::poll(fds.data(), fds.size(), -1) < 0 || fds[0].revents != 0) return;
    const int client = ::accept4(m_listen_fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    carry(client, m_cut_of(m_connections++));
    ::close(client);
  }
}

void CuttingProxy::carry(int client, Cut cut) const {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in where = loopback(m_upstream_port);
  bool open = ::connect(server, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  while (open) {
    std::array<pollfd, 3> fds{pollfd{m_stop_fd, POLLIN, 0}, pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(fds.data(), fds.size(), -1) < 0 || fds[0].revents != 0) break;
    if (fds[1].revents != 0) open = pass(client, server, cut.up);
    if (open && fds[2].revents != 0) open = pass(server, client, cut.down);
  }
  ::close(server);
}

}  // namespace anjungan::test
