// SPDX-License-Identifier: Apache-2.0
#include "sync/store/control_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "sync/store/files.h"

namespace anjungan::store {
namespace {

using record::ErrorKind;
using record::fail;

constexpr std::size_t k_longest_path = 100;
constexpr int k_backlog = 4;
constexpr int k_most_at_once = 16;
constexpr int k_order_patience_ms = 200;

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), std::min(path.size(), sizeof(address.sun_path) - 1));
  return address;
}

class File {
 public:
  explicit File(int file) : m_file(file) {}
  ~File() {
    if (m_file >= 0) ::close(m_file);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int get() const { return m_file; }

 private:
  int m_file;
};

bool readable(int file, int timeout_ms) {
  pollfd one{file, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&one, 1, timeout_ms);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

// Nothing for a message that is longer than `most`, or when the other side hung up.
std::string receive(int socket, std::size_t most) {
  std::string out(most, '\0');
  const ssize_t got = ::recv(socket, out.data(), out.size(), MSG_TRUNC);
  if (got <= 0 || static_cast<std::size_t>(got) > most) return {};
  out.resize(static_cast<std::size_t>(got));
  return out;
}

// Room for one descriptor beside a message.
struct Baggage {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

// An order and the first file it brings, -1 for none. No text where receive() gives nothing.
struct Order {
  std::string text;
  int file = -1;
};

Order receive_order(int socket) {
  std::string text(k_most_order_bytes, '\0');
  iovec part{text.data(), text.size()};
  Baggage baggage;
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = baggage.bytes.data();
  message.msg_controllen = baggage.bytes.size();
  const ssize_t got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  Order out;
  const cmsghdr* head = got > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (head != nullptr && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS) {
    // Padding may leave room for a second one, which nobody wants.
    for (std::size_t at = 0; CMSG_LEN(at + sizeof(int)) <= head->cmsg_len; at += sizeof(int)) {
      int file = -1;
      std::memcpy(&file, CMSG_DATA(head) + at, sizeof(int));
      if (at == 0) {
        out.file = file;
      } else {
        ::close(file);
      }
    }
  }
  if (got <= 0 || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) return out;
  text.resize(static_cast<std::size_t>(got));
  out.text = std::move(text);
  return out;
}

bool send_with(int socket, std::string_view order, int file) {
  iovec part{const_cast<char*>(order.data()), order.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  Baggage baggage;
  if (file >= 0) {
    message.msg_control = baggage.bytes.data();
    message.msg_controllen = baggage.bytes.size();
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &file, sizeof(int));
  }
  return ::sendmsg(socket, &message, MSG_NOSIGNAL) >= 0;
}

bool may_ask(int socket) {
  ucred who{};
  socklen_t size = sizeof who;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return false;
  return who.uid == 0 || who.uid == ::geteuid();
}

}  // namespace

record::Result<ControlSocket> ControlSocket::listen(const std::string& path) {
  if (path.size() > k_longest_path) {
    return fail(ErrorKind::invalid, path + ": too long for a socket; choose a runtime folder with a shorter path");
  }
  if (auto made = make_folder(path.substr(0, path.rfind('/'))); !made) return tl::unexpected(made.error());
  const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) return fail(ErrorKind::io, "control socket: none to be had");
  ::unlink(path.c_str());
  const sockaddr_un address = address_of(path);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket, k_backlog) != 0) {
    const std::string why = std::strerror(errno);
    ::close(socket);
    return fail(ErrorKind::io, fmt::format("{}: cannot be made: {}", path, why));
  }
  return ControlSocket(socket, path);
}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : m_socket(other.m_socket), m_path(std::move(other.m_path)) {
  other.m_socket = -1;
}

ControlSocket::~ControlSocket() {
  if (m_socket < 0) return;
  ::close(m_socket);
  ::unlink(m_path.c_str());
}

void ControlSocket::serve(const std::function<std::string(std::string_view)>& answer) {
  serve_files([&](std::string_view order, int) { return answer(order); });
}

void ControlSocket::serve_files(const std::function<std::string(std::string_view order, int file)>& answer) {
  for (int n = 0; n < k_most_at_once; n++) {
    const File client(::accept4(m_socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.get() < 0) return;
    if (!may_ask(client.get()) || !readable(client.get(), k_order_patience_ms)) continue;
    const Order order = receive_order(client.get());
    const File brought(order.file);
    if (order.text.empty()) continue;
    const std::string words = answer(order.text, brought.get());
    // One message: whole or, for a client that has gone, not at all.
    static_cast<void>(::send(client.get(), words.data(), std::min(words.size(), k_most_answer_bytes), MSG_NOSIGNAL));
  }
}

record::Result<std::string> send_order(const std::string& path, std::string_view order, int timeout_ms, int file) {
  if (path.size() > k_longest_path) return fail(ErrorKind::invalid, path + ": too long for a socket");
  if (order.size() > k_most_order_bytes) return fail(ErrorKind::invalid, "order: longer than 4096 bytes");
  const File socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  const sockaddr_un address = address_of(path);
  if (socket.get() < 0 || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno == EACCES || errno == EPERM) {
      return fail(ErrorKind::denied, path + ": this user is not heard; run it as root or as the user of who listens");
    }
    return fail(ErrorKind::not_found, path + ": nobody listens");
  }
  // Who is not heard is hung up on, before the order or after it.
  const auto hung_up = [&] {
    return fail(ErrorKind::denied, path + ": hung up; run it as root or as the user of who listens");
  };
  if (!send_with(socket.get(), order, file)) {
    if (errno == EPIPE || errno == ECONNRESET) return hung_up();
    return fail(ErrorKind::unavailable, fmt::format("{}: {}", path, std::strerror(errno)));
  }
  if (!readable(socket.get(), timeout_ms)) return fail(ErrorKind::unavailable, path + ": no answer in time");
  std::string answer = receive(socket.get(), k_most_answer_bytes);
  if (answer.empty()) return hung_up();
  return answer;
}

}  // namespace anjungan::store
