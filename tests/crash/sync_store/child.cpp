// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/sync_store/child.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace anjungan::store {

void report(int pipe, std::uint32_t number) {
  if (::write(pipe, &number, sizeof number) != static_cast<ssize_t>(sizeof number)) _exit(99);
}

Child::Child(const std::function<int(int pipe)>& work) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  std::fflush(nullptr);
  m_pid = ::fork();
  if (m_pid < 0) std::abort();
  if (m_pid == 0) {
    ::close(ends[0]);
    const int status = work(ends[1]);
    std::fflush(nullptr);  // what an expectation said
    _exit(status);
  }
  ::close(ends[1]);
  m_pipe = ends[0];
}

Child::~Child() {
  if (m_pid > 0) {
    ::kill(m_pid, SIGKILL);
    wait();
  }
  ::close(m_pipe);
}

bool Child::next(std::uint32_t& number) {
  for (;;) {
    const ssize_t got = ::read(m_pipe, &number, sizeof number);
    if (got < 0 && errno == EINTR) continue;
    return got == static_cast<ssize_t>(sizeof number);
  }
}

std::vector<std::uint32_t> Child::kill() {
  ::kill(m_pid, SIGKILL);
  wait();
  std::vector<std::uint32_t> rest;
  for (std::uint32_t number = 0; next(number);) rest.push_back(number);
  return rest;
}

int Child::wait() {
  int status = 0;
  while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
  }
  m_pid = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace anjungan::store
