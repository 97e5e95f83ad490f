// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/key_rotation/killed.h"

#include <poll.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace anjungan::test {
namespace {

bool touches_the_disk(std::uint64_t call) {
  switch (call) {
#ifdef SYS_rename
    case SYS_rename:
#endif
#ifdef SYS_renameat
    case SYS_renameat:
#endif
    case SYS_renameat2:
#ifdef SYS_unlink
    case SYS_unlink:
#endif
    case SYS_unlinkat:
    case SYS_fsync:
    case SYS_fdatasync:
      return true;
    default:
      return false;
  }
}

void send_all(int socket, const void* bytes, std::size_t size) {
  const char* at = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t sent = ::send(socket, at, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) throw std::runtime_error("the other side is gone");
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
}

bool take_all(int socket, void* bytes, std::size_t size) {
  char* at = static_cast<char*>(bytes);
  while (size > 0) {
    const ssize_t got = ::recv(socket, at, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

void add_block(std::string& message, std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  message.append(reinterpret_cast<const char*>(&size), sizeof size);
  message.append(bytes);
}

/// In one call: the child may be stopped before the next one.
void send_message(int socket, std::string_view path, std::string_view body) {
  std::string message;
  add_block(message, path);
  add_block(message, body);
  send_all(socket, message.data(), message.size());
}

std::string take_block(int socket) {
  std::uint32_t size = 0;
  if (!take_all(socket, &size, sizeof size)) throw std::runtime_error("the other side is gone");
  std::string out(size, '\0');
  if (!take_all(socket, out.data(), size)) throw std::runtime_error("the other side is gone");
  return out;
}

/// In the child: the centre is in the parent.
class FarTransport final : public agent::Transport {
 public:
  explicit FarTransport(int socket) : m_socket(socket) {}
  record::Result<agent::HttpAnswer> post(std::string_view path, record::ByteView body,
                                         const Headers& /*headers*/) override {
    send_message(m_socket, path, record::to_text(record::Bytes(body.begin(), body.end())));
    agent::HttpAnswer out;
    if (!take_all(m_socket, &out.status, sizeof out.status)) {
      return record::fail(record::ErrorKind::unavailable, "nobody answered");
    }
    const std::string bytes = take_block(m_socket);
    out.body.assign(bytes.begin(), bytes.end());
    if (out.status == 0) return record::fail(record::ErrorKind::unavailable, "the answer was lost");
    return out;
  }

 private:
  int m_socket;
};

bool waits(int socket) {
  pollfd look{socket, POLLIN, 0};
  return ::poll(&look, 1, 0) > 0 && (look.revents & POLLIN) != 0;
}

void serve(int socket, agent::Transport& transport, std::vector<std::string>& spoken) {
  const std::string path = take_block(socket);
  const std::string body = take_block(socket);
  if (path.empty()) {
    spoken.push_back(body);
    return;
  }
  const auto answer = transport.post(path, record::view_of(body), {});
  const long status = answer ? answer->status : 0;
  std::string message(reinterpret_cast<const char*>(&status), sizeof status);
  add_block(message, answer ? record::to_text(answer->body) : std::string());
  send_all(socket, message.data(), message.size());
}

[[noreturn]] void live(int socket, const std::function<void(ChildWorld&)>& life) {
  ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  ::raise(SIGSTOP);
  int code = 0;
  try {
    FarTransport far(socket);
    ChildWorld world{far, [socket](const std::string& line) { send_message(socket, "", line); }};
    life(world);
  } catch (const std::exception& error) {
    const char* text = error.what();
    code = 1;
    if (::write(2, text, std::strlen(text)) < 0) code = 2;
  }
  ::_exit(code);
}

}  // namespace

Fate run_until_killed(std::size_t at, agent::Transport& transport, const std::function<void(ChildWorld&)>& life) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) throw std::runtime_error("socketpair");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork");
  if (child == 0) {
    ::close(pair[0]);
    live(pair[1], life);
  }
  ::close(pair[1]);
  Fate out;
  std::size_t calls = 0;
  bool prepared = false;
  int status = 0;
  for (;;) {
    if (::waitpid(child, &status, 0) != child) throw std::runtime_error("waitpid");
    if (WIFEXITED(status) || WIFSIGNALED(status)) break;
    long signal = 0;
    if (!prepared) {
      if (::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0) {
        throw std::runtime_error("this machine lets nobody trace his own child");
      }
      prepared = true;
    } else if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
      __ptrace_syscall_info call{};
      ::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof call, &call);
      if (call.op == PTRACE_SYSCALL_INFO_ENTRY) {
        // What it has said and asked is heard before it goes on, so that its wait for an answer is none.
        while (waits(pair[0])) serve(pair[0], transport, out.spoken);
        const bool begun = !out.spoken.empty();
        if (begun && touches_the_disk(call.entry.nr) && ++calls == at) {
          ::kill(child, SIGKILL);
          out.killed = true;
        }
      }
    } else {
      signal = WSTOPSIG(status);
    }
    ::ptrace(PTRACE_SYSCALL, child, nullptr, signal);
  }
  while (waits(pair[0])) {
    pollfd look{pair[0], POLLIN, 0};
    char byte = 0;
    ::poll(&look, 1, 0);
    if (::recv(pair[0], &byte, 1, MSG_PEEK) <= 0) break;
    serve(pair[0], transport, out.spoken);
  }
  ::close(pair[0]);
  if (!out.killed && (!WIFEXITED(status) || WEXITSTATUS(status) != 0)) throw std::runtime_error("the child failed");
  return out;
}

}  // namespace anjungan::test
