// SPDX-License-Identifier: Apache-2.0
// A box between network and printer that takes every host at once and mixes what they send: what keeps receipts apart
// there is only that one process at a time speaks.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

namespace anjungan::spool {

class PrintServer {
 public:
  explicit PrintServer(int printer_port) : m_end(::eventfd(0, EFD_CLOEXEC)), m_printer(socket()), m_door(socket()) {
    sockaddr_in at = local(printer_port);
    EXPECT_EQ(::connect(m_printer, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    at = local(0);
    socklen_t size = sizeof at;
    EXPECT_EQ(::bind(m_door, reinterpret_cast<const sockaddr*>(&at), size), 0);
    EXPECT_EQ(::listen(m_door, 8), 0);
    EXPECT_EQ(::getsockname(m_door, reinterpret_cast<sockaddr*>(&at), &size), 0);
    m_port = ntohs(at.sin_port);
    m_thread = std::thread([this] { run(); });
  }
  ~PrintServer() {
    ::eventfd_write(m_end, 1);
    m_thread.join();
    for (const int one : m_hosts) ::close(one);
    for (const int one : {m_end, m_printer, m_door}) ::close(one);
  }
  PrintServer(const PrintServer&) = delete;
  PrintServer& operator=(const PrintServer&) = delete;

  [[nodiscard]] int port() const { return m_port; }

 private:
  static constexpr std::size_t k_part = 256;

  static int socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }
  static sockaddr_in local(int port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(static_cast<std::uint16_t>(port));
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return out;
  }

  void run() {
    for (;;) {
      const bool full = m_waiting.size() >= k_part;
      std::vector<pollfd> all = {{m_end, POLLIN, 0},
                                 {m_door, POLLIN, 0},
                                 {m_printer, static_cast<short>(POLLIN | (m_waiting.empty() ? 0 : POLLOUT)), 0}};
      for (const int one : m_hosts) all.push_back({one, static_cast<short>(full ? 0 : POLLIN), 0});
      if (::poll(all.data(), all.size(), -1) < 0) continue;
      if (all[0].revents != 0) return;
      from_printer(all[2]);
      for (std::size_t i = 3; i < all.size(); i++) from_host(all[i]);
      if (all[1].revents != 0) m_hosts.push_back(::accept4(m_door, nullptr, nullptr, SOCK_CLOEXEC));
    }
  }

  void from_printer(const pollfd& printer) {
    if ((printer.revents & POLLOUT) != 0) {
      const ssize_t sent = ::send(m_printer, m_waiting.data(), m_waiting.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent > 0) m_waiting.erase(0, static_cast<std::size_t>(sent));
    }
    if ((printer.revents & POLLIN) == 0) return;
    std::array<char, k_part> part{};
    const ssize_t got = ::recv(m_printer, part.data(), part.size(), MSG_DONTWAIT);
    for (const int one : m_hosts) {
      if (got > 0) static_cast<void>(::send(one, part.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL));
    }
  }

  void from_host(const pollfd& host) {
    if (host.revents == 0) return;
    std::array<char, k_part> part{};
    const ssize_t got = ::recv(host.fd, part.data(), part.size(), MSG_DONTWAIT);
    if (got > 0) {
      m_waiting.append(part.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || (host.revents & (POLLERR | POLLHUP)) != 0) {
      ::close(host.fd);
      std::erase(m_hosts, host.fd);
    }
  }

  int m_end;
  int m_printer;
  int m_door;
  int m_port = 0;
  std::vector<int> m_hosts;
  std::string m_waiting;
  std::thread m_thread;
};

}  // namespace anjungan::spool
