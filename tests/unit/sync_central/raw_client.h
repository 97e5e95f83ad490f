// SPDX-License-Identifier: Apache-2.0
// A connection that sends any bytes at all.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace anjungan::central {

class Client {
 public:
  explicit Client(unsigned short port) : m_socket(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    setsockopt(m_socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(connect(m_socket, reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
  }
  ~Client() { close(m_socket); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// False when the server has closed meanwhile.
  [[nodiscard]] bool offer(const std::string& text) const {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t sent = ::send(m_socket, text.data() + at, text.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return false;
      at += static_cast<std::size_t>(sent);
    }
    return true;
  }
  void send(const std::string& text) const {
    EXPECT_EQ(::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  /// Until the end of the connection, or of the headers when `headers` is set.
  [[nodiscard]] std::string receive(bool headers = false) const {
    std::string out;
    char chunk[4096];
    for (ssize_t size = 0; (size = recv(m_socket, chunk, sizeof chunk, 0)) > 0;) {
      out.append(chunk, static_cast<std::size_t>(size));
      if (headers && out.find("\r\n\r\n") != std::string::npos) break;
    }
    return out;
  }

 private:
  int m_socket;
};

}  // namespace anjungan::central
