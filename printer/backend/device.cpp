// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/device.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <utility>

namespace anjungan::backend {
namespace {

constexpr std::array<std::pair<int, speed_t>, 7> k_speeds = {{{9'600, B9600},
                                                              {19'200, B19200},
                                                              {38'400, B38400},
                                                              {57'600, B57600},
                                                              {115'200, B115200},
                                                              {230'400, B230400},
                                                              {4'800, B4800}}};
constexpr int k_socket_buffer = 8 * 1024;  // small: what has left us is near the paper

bool plain(std::string_view text, std::string_view more) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool word =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    if (!word && more.find(c) == std::string_view::npos) return false;
  }
  return true;
}

bool number(std::string_view text, int& out, int least, int most) {
  const auto done = std::from_chars(text.data(), text.data() + text.size(), out);
  return done.ec == std::errc() && done.ptr == text.data() + text.size() && out >= least && out <= most;
}

bool parse_options(std::string_view text, Address& out) {
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (one.rfind("profile=", 0) == 0) {
      out.profile = one.substr(8);
      if (!plain(out.profile, "")) return false;
    } else if (one.rfind("baud=", 0) == 0 && out.line == Line::tty) {
      if (!number(one.substr(5), out.baud, 1, 1'000'000)) return false;
    } else {
      return false;
    }
  }
  return true;
}

int connect_to(const addrinfo& at, int timeout_ms) {
  const int file = ::socket(at.ai_family, at.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at.ai_protocol);
  if (file < 0) return -1;
  ::setsockopt(file, SOL_SOCKET, SO_SNDBUF, &k_socket_buffer, sizeof k_socket_buffer);
  const int on = 1;
  ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(file, at.ai_addr, at.ai_addrlen) == 0) return file;
  int error = errno;
  if (error == EINPROGRESS) {
    pollfd ready{file, POLLOUT, 0};
    error = ETIMEDOUT;
    socklen_t size = sizeof error;
    if (::poll(&ready, 1, timeout_ms) == 1) ::getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error == 0) return file;
  }
  ::close(file);
  errno = error;
  return -1;
}

int open_tcp(const Address& address, int timeout_ms, std::string& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int rc = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found); rc != 0) {
    error = ::gai_strerror(rc);
    return -1;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    const int file = connect_to(*one, timeout_ms);
    if (file >= 0) return file;
    error = std::strerror(errno);
  }
  return -1;
}

bool make_raw(int file, int baud) {
  termios state{};
  if (::tcgetattr(file, &state) != 0) return false;
  ::cfmakeraw(&state);
  state.c_cflag |= CLOCAL | CREAD;
  state.c_cflag &= ~static_cast<tcflag_t>(HUPCL);  // a look every second must not drop the line each time
  for (const auto& [rate, speed] : k_speeds) {
    if (rate == baud) return ::cfsetspeed(&state, speed) == 0 && ::tcsetattr(file, TCSANOW, &state) == 0;
  }
  errno = EINVAL;
  return false;
}

int open_path(const Address& address, std::string& error, bool& taken) {
  const int file = ::open(address.path.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  taken = file < 0 && errno == EBUSY;  // usblp opens for one process
  if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) {
    if (address.line != Line::tty || make_raw(file, address.baud)) return file;
  } else if (file >= 0) {
    taken = errno == EWOULDBLOCK;
  }
  error = std::strerror(errno);
  if (file >= 0) ::close(file);
  return -1;
}

}  // namespace

std::optional<Address> parse_uri(std::string_view uri) {
  if (uri.rfind("struk:", 0) != 0) return std::nullopt;
  uri.remove_prefix(6);
  Address out;
  const std::size_t question = uri.find('?');
  std::string_view place = uri.substr(0, question);
  if (place.rfind("tcp://", 0) == 0) {
    place.remove_prefix(6);
    while (!place.empty() && place.back() == '/') place.remove_suffix(1);
    const std::size_t colon = place.rfind(':');
    int port = 9'100;
    if (colon != std::string_view::npos && place.back() != ']') {
      if (!number(place.substr(colon + 1), port, 1, 65'535)) return std::nullopt;
      place = place.substr(0, colon);
    }
    if (place.size() > 2 && place.front() == '[' && place.back() == ']') place = place.substr(1, place.size() - 2);
    out.host = place;
    out.port = std::to_string(port);
    if (!plain(out.host, ".:%")) return std::nullopt;
  } else {
    out.line = place.rfind("tty:", 0) == 0 ? Line::tty : Line::file;
    if (out.line == Line::tty) place.remove_prefix(4);
    out.path = place;
    if (out.path.rfind('/', 0) != 0 || !plain(out.path, "/.:")) return std::nullopt;
  }
  if (question != std::string_view::npos && !parse_options(uri.substr(question + 1), out)) return std::nullopt;
  return out;
}

Channel Channel::open(const Address& address, int timeout_ms, std::string& error) {
  Channel out;
  out.m_stream = address.line == Line::tcp;
  if (!out.m_stream) {
    out.m_file = open_path(address, error, out.m_taken);
    return out;
  }
  int why = 0;
  out.m_claim = Claim::take(address.device(), why);
  if (!out.m_claim.held()) {
    out.m_taken = why == EADDRINUSE;
    error = out.m_taken ? "another process has it" : std::string("its name cannot be claimed: ") + std::strerror(why);
    return out;
  }
  out.m_file = open_tcp(address, timeout_ms, error);
  if (out.m_file < 0) out.m_claim = {};
  return out;
}

Channel& Channel::operator=(Channel&& other) noexcept {
  std::swap(m_file, other.m_file);
  std::swap(m_stream, other.m_stream);
  std::swap(m_taken, other.m_taken);
  std::swap(m_claim, other.m_claim);
  return *this;
}

void Channel::close() {
  if (m_file >= 0) ::close(m_file);
  m_file = -1;
  m_claim = {};
}

bool Channel::wait(bool for_writing, int timeout_ms) const {
  pollfd ready{m_file, static_cast<short>(POLLIN | (for_writing ? POLLOUT : 0)), 0};
  return ::poll(&ready, m_file >= 0 ? 1 : 0, timeout_ms) >= 0;
}

std::size_t Channel::write(const std::uint8_t* bytes, std::size_t size) {
  if (m_file < 0) return 0;
  const ssize_t wrote = ::write(m_file, bytes, size);
  if (wrote > 0) return static_cast<std::size_t>(wrote);
  if (wrote < 0 && errno != EAGAIN && errno != EINTR) close();
  return 0;
}

std::string Channel::read() {
  std::array<char, 256> bytes{};
  if (m_file < 0) return {};
  const ssize_t got = ::read(m_file, bytes.data(), bytes.size());
  if (got > 0) return {bytes.data(), static_cast<std::size_t>(got)};
  // USB and serial lines answer nothing when there is nothing.
  if ((got == 0 && m_stream) || (got < 0 && errno != EAGAIN && errno != EINTR)) close();
  return {};
}

}  // namespace anjungan::backend
