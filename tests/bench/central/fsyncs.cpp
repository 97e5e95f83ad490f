// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/central/fsyncs.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/bench/central/centre_program.h"

namespace anjungan::bench {

Fsyncs::Fsyncs(pid_t program, std::string output) : m_output(std::move(output)) {
  int says[2];
  if (pipe2(says, O_CLOEXEC) != 0) give_up("no pipe");
  m_strace = fork();
  if (m_strace == 0) {
    dup2(says[1], STDERR_FILENO);
    const std::string pid = std::to_string(program);
    execlp("strace", "strace", "-f", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", m_output.c_str(), "-p",
           pid.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(says[1]);
  // "Process N attached with M threads": from here on it counts.
  char text[200] = {};
  const ssize_t size = read(says[0], text, sizeof text - 1);
  close(says[0]);
  if (size <= 0 || std::string(text).find("attached") == std::string::npos) give_up("strace cannot watch the centre");
}

Fsyncs::~Fsyncs() {
  if (m_strace > 0) static_cast<void>(stop());
}

std::size_t Fsyncs::stop() {
  kill(m_strace, SIGINT);
  waitpid(m_strace, nullptr, 0);
  m_strace = -1;
  std::ifstream lines(m_output);
  std::size_t out = 0;
  // A call that another thread's interrupts has a second line, "resumed".
  for (std::string line; std::getline(lines, line);) {
    if (line.find("sync(") != std::string::npos) out++;
  }
  if (out == 0) give_up("strace saw no fsync");
  return out;
}

}  // namespace anjungan::bench
