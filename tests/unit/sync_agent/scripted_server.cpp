// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync_agent/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace anjungan::test {
namespace {

// Waits until `fd` has something to read; false when told to stop.
bool readable(int fd, int stop_fd) {
  std::array<pollfd, 2> fds{pollfd{fd, POLLIN, 0}, pollfd{stop_fd, POLLIN, 0}};
  return ::poll(fds.data(), fds.size(), -1) > 0 && fds[1].revents == 0;
}

std::optional<HttpRequest> split(const std::string& bytes) {
  const std::size_t end = bytes.find("\r\n\r\n");
  const std::size_t line_end = bytes.find("\r\n");
  if (end == std::string::npos) return std::nullopt;
  HttpRequest request;
  request.line = bytes.substr(0, line_end);
  request.headers = line_end < end ? bytes.substr(line_end + 2, end - line_end) : std::string();
  request.body = bytes.substr(end + 4);
  const std::string length = request.header("Content-Length");
  if (!length.empty() && request.body.size() < std::stoul(length)) return std::nullopt;
  return request;
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  std::istringstream lines(headers);
  for (std::string entry; std::getline(lines, entry);) {
    const std::size_t colon = entry.find(':');
    if (colon != name.size() || ::strncasecmp(entry.c_str(), name.c_str(), colon) != 0) continue;
    std::string value = entry.substr(colon + 1);
    const std::size_t first = value.find_first_not_of(' ');
    const std::size_t last = value.find_last_not_of("\r ");
    return first == std::string::npos ? std::string() : value.substr(first, last - first + 1);
  }
  return {};
}

ScriptedServer::ScriptedServer(Handler handler) : m_handler(std::move(handler)) {
  m_listen_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  m_stop_fd = ::eventfd(0, EFD_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(m_listen_fd, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listen_fd, 16) != 0 ||
      ::getsockname(m_listen_fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  m_port = ntohs(address.sin_port);
  m_thread = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  const std::uint64_t one = 1;
  if (::write(m_stop_fd, &one, sizeof one) != sizeof one) std::abort();
  m_thread.join();
  ::close(m_listen_fd);
  ::close(m_stop_fd);
}

std::string ScriptedServer::url() const { return "http://127.0.0.1:" + std::to_string(m_port); }

std::vector<HttpRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(m_mutex);
  return m_requests;
}

void ScriptedServer::serve() {
  while (readable(m_listen_fd, m_stop_fd)) {
    const int client = ::accept4(m_listen_fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    serve_one(client);
    ::close(client);
  }
}

void ScriptedServer::serve_one(int client) {
  std::string bytes;
  std::array<char, 65536> chunk{};
  while (readable(client, m_stop_fd)) {
    const ssize_t size = ::recv(client, chunk.data(), chunk.size(), 0);
    if (size <= 0) return;
    bytes.append(chunk.data(), static_cast<std::size_t>(size));
    const auto request = split(bytes);
    if (!request) continue;
    {
      const std::lock_guard lock(m_mutex);
      m_requests.push_back(*request);
    }
    const Reply reply = m_handler(*request);
    std::size_t sent = 0;
    while (sent < reply.bytes.size()) {
      const ssize_t now = ::send(client, reply.bytes.data() + sent, reply.bytes.size() - sent, MSG_NOSIGNAL);
      if (now <= 0) return;
      sent += static_cast<std::size_t>(now);
    }
    while (reply.hang && readable(client, m_stop_fd) && ::recv(client, chunk.data(), chunk.size(), 0) > 0) {
    }
    return;
  }
}

std::string http_answer(int status, const std::string& body, const std::string& extra_headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Said\r\n" + extra_headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace anjungan::test
