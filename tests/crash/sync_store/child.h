// SPDX-License-Identifier: Apache-2.0
// Another process, by fork, that reports over a pipe.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace anjungan::store {

/// Writes one report to the pipe; for the child. Whole or not at all (a report is shorter than PIPE_BUF).
void report(int pipe, std::uint32_t number);

class Child {
 public:
  /// Runs `work(pipe)` in a new process, which then ends without running the parent's destructors.
  explicit Child(const std::function<int(int pipe)>& work);
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  /// Waits for one report; false at the end of the pipe.
  bool next(std::uint32_t& number);
  /// SIGKILL; then everything it had reported and nobody has read.
  [[nodiscard]] std::vector<std::uint32_t> kill();
  /// Waits for its own end; its exit status, or 128 and the signal.
  int wait();

  [[nodiscard]] pid_t pid() const { return m_pid; }

 private:
  pid_t m_pid = -1;
  int m_pipe = -1;
};

}  // namespace anjungan::store
