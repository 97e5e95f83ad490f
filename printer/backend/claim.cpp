// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/claim.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <utility>

namespace anjungan::backend {

Claim Claim::take(const std::string& device, int& error) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::string text = "anjungan-struk/" + device;
  // The end tells printers apart: the port is there.
  if (text.size() >= sizeof name.sun_path) text.erase(0, text.size() - sizeof name.sun_path + 1);
  std::copy(text.begin(), text.end(), name.sun_path + 1);  // behind a NUL: no file
  Claim out;
  error = 0;
  const int file = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
  if (file >= 0 && ::bind(file, reinterpret_cast<const sockaddr*>(&name), size) == 0) {
    out.m_socket = file;
    return out;
  }
  error = errno;
  if (file >= 0) ::close(file);
  return out;
}

Claim::~Claim() {
  if (m_socket >= 0) ::close(m_socket);
}

Claim::Claim(Claim&& other) noexcept : m_socket(std::exchange(other.m_socket, -1)) {}

Claim& Claim::operator=(Claim&& other) noexcept {
  std::swap(m_socket, other.m_socket);
  return *this;
}

}  // namespace anjungan::backend
