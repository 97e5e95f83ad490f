// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/receipts/terminal_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <utility>

namespace anjungan::receipts {

TerminalProcess::TerminalProcess(std::string folder, std::string log)
    : m_folder(std::move(folder)), m_log(std::move(log)) {}

TerminalProcess::~TerminalProcess() { kill(); }

void TerminalProcess::note(const std::string& line) {
  const std::lock_guard guard(m_mutex);
  const double since = std::chrono::duration<double>(Clock::now() - m_since).count();
  std::ofstream(m_log, std::ios::app) << fmt::format("{:8.3f} {}\n", since, line);
}

void TerminalProcess::start() {
  reap();
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) std::abort();
  const int log = ::open(m_log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  m_process = ::fork();
  if (m_process == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    const char* program = ANJUNGAN_BUILD "/tests/receipts_terminal";
    ::execl(program, program, m_folder.c_str(), "struk", nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  ::close(log);
  m_input = in[1];
  m_reader = std::thread([this, file = out[0]] { read(file); });
}

void TerminalProcess::kill() {
  if (m_process > 0) ::kill(m_process, SIGKILL);
  reap();
}

void TerminalProcess::reap() {
  if (m_input >= 0) ::close(m_input);
  m_input = -1;
  if (m_reader.joinable()) m_reader.join();
  if (m_process > 0) ::waitpid(m_process, nullptr, 0);
  m_process = -1;
}

void TerminalProcess::order(const std::string& line) {
  note("> " + line);
  if (line == "numbers") {
    const std::lock_guard guard(m_mutex);
    m_said.numbers_end = false;
  }
  const std::string text = line + "\n";
  // One that has died takes no orders.
  static_cast<void>(!::write(m_input, text.data(), text.size()));
}

bool TerminalProcess::await(const std::function<bool(const Said&)>& condition, std::chrono::milliseconds most) {
  std::unique_lock guard(m_mutex);
  return m_news.wait_for(guard, most, [&] { return condition(m_said); });
}

int TerminalProcess::open() {
  {
    const std::lock_guard guard(m_mutex);
    m_said.open = -1;
  }
  order("open");
  return await([](const Said& said) { return said.open >= 0 || !said.alive; }) ? said().open : -1;
}

Said TerminalProcess::said() const {
  const std::lock_guard guard(m_mutex);
  return m_said;
}

void TerminalProcess::read(int file) {
  std::string pending;
  std::array<char, 4'096> part{};
  for (;;) {
    const ssize_t got = ::read(file, part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    pending.append(part.data(), static_cast<std::size_t>(got));
    for (std::size_t end = 0; (end = pending.find('\n')) != std::string::npos; pending.erase(0, end + 1)) {
      take(pending.substr(0, end));
    }
  }
  ::close(file);
  note("the terminal is gone");
  const std::lock_guard guard(m_mutex);
  m_said.alive = false;
  m_news.notify_all();
}

void TerminalProcess::take(const std::string& line) {
  note("< " + line);
  std::istringstream text(line);
  std::string kind;
  std::string a;
  std::string b;
  text >> kind >> a >> b;
  const std::lock_guard guard(m_mutex);
  if (kind == "ready") {
    m_said.alive = true;
    m_said.lives++;
  } else if (kind == "issued") {
    m_said.issued.insert(a);
  } else if (kind == "view") {
    m_said.condition = a;
    m_said.reason = b;
    m_said.viewed = Clock::now();
  } else if (kind == "open") {
    m_said.open = std::stoi(a);
  } else if (kind == "number") {
    m_said.numbers[a] = b;
  } else if (kind == "numbers") {
    m_said.numbers_end = true;
  }
  m_news.notify_all();
}

}  // namespace anjungan::receipts
