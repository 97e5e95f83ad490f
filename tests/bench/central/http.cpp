// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/central/http.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace anjungan::bench {

HttpConnection::~HttpConnection() { close(); }

void HttpConnection::close() {
  if (m_socket >= 0) ::close(m_socket);
  m_socket = -1;
}

void HttpConnection::open() {
  m_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(m_port);
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(m_socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    fmt::print(stderr, "bench central: cannot connect\n");
    std::exit(1);
  }
}

HttpReply HttpConnection::send(std::string_view method, std::string_view path, std::string_view headers,
                               std::string_view body) {
  const std::string head =
      fmt::format("{} {} HTTP/1.1\r\nHost: bench\r\n{}Content-Length: {}\r\n\r\n", method, path, headers, body.size());
  for (int tries = 0; tries < 3; tries++) {
    if (m_socket < 0) open();
    HttpReply out;
    std::string got;
    std::size_t end = std::string::npos;
    std::size_t whole = 0;
    bool sent = true;
    for (std::size_t at = 0; at < head.size() + body.size();) {
      const std::size_t in_body = at - std::min(at, head.size());
      const std::size_t in_head = std::min(at, head.size());
      // The kernel only reads them.
      iovec parts[2] = {{const_cast<char*>(head.data()) + in_head, head.size() - in_head},
                        {const_cast<char*>(body.data()) + in_body, body.size() - in_body}};
      msghdr message{};
      message.msg_iov = parts;
      message.msg_iovlen = 2;
      const ssize_t size = ::sendmsg(m_socket, &message, MSG_NOSIGNAL);
      if (size <= 0) {
        sent = false;  // refused before it was read whole: the answer may be there
        break;
      }
      at += static_cast<std::size_t>(size);
    }
    char chunk[65536];
    while (end == std::string::npos || got.size() < whole) {
      const ssize_t size = recv(m_socket, chunk, sizeof chunk, 0);
      if (size <= 0) break;
      got.append(chunk, static_cast<std::size_t>(size));
      if (end == std::string::npos && (end = got.find("\r\n\r\n")) != std::string::npos) {
        const std::size_t length = got.find("Content-Length: ");
        whole = end + 4 + (length < end ? std::strtoul(got.c_str() + length + 16, nullptr, 10) : 0);
      }
    }
    if (end == std::string::npos) {
      close();
      continue;
    }
    out.status = std::atoi(got.c_str() + 9);
    const std::size_t retry = got.find("Retry-After: ");
    if (retry < end) out.retry_after_s = std::atoi(got.c_str() + retry + 13);
    if (!sent || got.find("Connection: close") < end) close();
    out.headers = got.substr(0, end + 2);
    out.body = got.substr(end + 4);
    return out;
  }
  fmt::print(stderr, "bench central: no answer\n");
  std::exit(1);
}

}  // namespace anjungan::bench
