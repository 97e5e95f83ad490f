// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/sync/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace anjungan::test {
namespace {

using Clock = std::chrono::steady_clock;

// Takes what is there to be read; closes and forgets the descriptor at its end.
void take(int& fd, std::string& into) {
  std::array<char, 65536> chunk{};
  const ssize_t size = ::read(fd, chunk.data(), chunk.size());
  if (size > 0) {
    into.append(chunk.data(), static_cast<std::size_t>(size));
    return;
  }
  ::close(fd);
  fd = -1;
}

// The first whole line that holds `text` behind `seen`, which moves past it.
std::optional<std::string> find_line(const std::string& all, std::size_t& seen, const std::string& text) {
  for (std::size_t at = seen; at < all.size();) {
    const std::size_t end = all.find('\n', at);
    if (end == std::string::npos) return std::nullopt;
    const std::string line = all.substr(at, end - at);
    at = end + 1;
    if (line.find(text) == std::string::npos) continue;
    seen = at;
    return line;
  }
  return std::nullopt;
}

}  // namespace

Program::Program(const std::string& name, std::vector<std::string> arguments) : m_name(name) {
  std::array<int, 2> output{};
  std::array<int, 2> errors{};
  if (::pipe2(output.data(), O_CLOEXEC) != 0 || ::pipe2(errors.data(), O_CLOEXEC) != 0) std::abort();
  const std::string path = name.find('/') == std::string::npos ? std::string(ANJUNGAN_BUILD) + "/bin/" + name : name;
  std::vector<char*> words{const_cast<char*>(path.c_str())};
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  m_child = ::fork();
  if (m_child == 0) {
    ::dup2(output[1], STDOUT_FILENO);
    ::dup2(errors[1], STDERR_FILENO);
    ::execv(path.c_str(), words.data());
    ::_exit(127);
  }
  ::close(output[1]);
  ::close(errors[1]);
  m_output_fd = output[0];
  m_errors_fd = errors[0];
}

Program::~Program() {
  if (!m_end) {
    ::kill(m_child, SIGKILL);
    ::waitpid(m_child, nullptr, 0);
  }
  if (m_output_fd >= 0) ::close(m_output_fd);
  if (m_errors_fd >= 0) ::close(m_errors_fd);
}

bool Program::read_more(Clock::time_point until) {
  if (m_output_fd < 0 && m_errors_fd < 0) return false;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  if (left <= 0) return false;
  std::array<pollfd, 2> fds{pollfd{m_output_fd, POLLIN, 0}, pollfd{m_errors_fd, POLLIN, 0}};
  if (::poll(fds.data(), fds.size(), static_cast<int>(left)) <= 0) return false;
  if (fds[0].revents != 0) take(m_output_fd, m_output);
  if (fds[1].revents != 0) take(m_errors_fd, m_errors);
  return true;
}

std::optional<std::string> Program::wait_for_line(const std::string& text, std::chrono::seconds deadline) {
  const auto until = Clock::now() + deadline;
  do {
    if (auto line = find_line(m_output, m_output_seen, text)) return line;
    if (auto line = find_line(m_errors, m_errors_seen, text)) return line;
  } while (read_more(until));
  return std::nullopt;
}

std::optional<int> Program::wait_for_end(std::chrono::seconds deadline) {
  if (m_end) return m_end;
  const auto until = Clock::now() + deadline;
  while (read_more(until)) {
  }
  if (m_output_fd >= 0 || m_errors_fd >= 0) return std::nullopt;
  int status = 0;
  if (::waitpid(m_child, &status, 0) != m_child) return std::nullopt;
  m_end = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return m_end;
}

void Program::signal(int number) const {
  if (!m_end) ::kill(m_child, number);
}

Finished run(const std::string& name, std::vector<std::string> arguments) {
  Program program(name, std::move(arguments));
  const auto code = program.wait_for_end();
  return {code.value_or(-1), program.output(), program.errors()};
}

HeldPort::HeldPort() : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  auto* address = reinterpret_cast<sockaddr*>(&name);
  if (::setsockopt(m_socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 || ::bind(m_socket, address, size) != 0 ||
      ::getsockname(m_socket, address, &size) != 0) {
    std::abort();
  }
  m_address = "127.0.0.1:" + std::to_string(ntohs(name.sin_port));
}

HeldPort::~HeldPort() { ::close(m_socket); }

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-e2e-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) std::abort();
  m_path = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(m_path, ignored);
}

}  // namespace anjungan::test
