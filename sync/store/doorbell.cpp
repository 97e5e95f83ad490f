// SPDX-License-Identifier: Apache-2.0
#include "sync/store/doorbell.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sync/store/files.h"

namespace anjungan::store {
namespace {

constexpr std::size_t k_longest_path = 100;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), std::min(path.size(), sizeof(address.sun_path) - 1));
  return address;
}

}  // namespace

record::Result<Doorbell> Doorbell::hang(const std::string& path) {
  if (path.size() > k_longest_path) {
    return record::fail(record::ErrorKind::invalid,
                        path + ": too long for a socket; choose a runtime folder with a shorter path");
  }
  if (auto made = make_folder(path.substr(0, path.rfind('/'))); !made) return tl::unexpected(made.error());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return record::fail(record::ErrorKind::io, "doorbell: no socket");
  ::unlink(path.c_str());
  const sockaddr_un address = address_of(path);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    ::close(socket);
    return record::fail(record::ErrorKind::io, fmt::format("{}: cannot be made: {}", path, why));
  }
  ::chmod(path.c_str(), 0660);
  return Doorbell(socket, path);
}

Doorbell::Doorbell(Doorbell&& other) noexcept : m_socket(other.m_socket), m_path(std::move(other.m_path)) {
  other.m_socket = -1;
}

Doorbell::~Doorbell() {
  if (m_socket < 0) return;
  ::close(m_socket);
  ::unlink(m_path.c_str());
}

bool Doorbell::answer() {
  bool rang = false;
  char byte = 0;
  for (int n = 0; n < 1'000 && ::recv(m_socket, &byte, 1, 0) >= 0; n++) rang = true;
  return rang;
}

bool Doorbell::wait(int timeout_ms) {
  pollfd one{m_socket, POLLIN, 0};
  if (::poll(&one, 1, timeout_ms) <= 0) return false;
  return answer();
}

void ring(const std::string& path) {
  if (path.size() > k_longest_path) return;
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return;
  const sockaddr_un address = address_of(path);
  static_cast<void>(
      ::sendto(socket, "!", 1, MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), sizeof address));
  ::close(socket);
}

}  // namespace anjungan::store
