// SPDX-License-Identifier: Apache-2.0
// How often a running program asks the disk to confirm, counted by strace.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>

namespace anjungan::bench {

class Fsyncs {
 public:
  /// Counts from now on. `output`: a file for strace's words.
  Fsyncs(pid_t program, std::string output);
  ~Fsyncs();
  Fsyncs(const Fsyncs&) = delete;
  Fsyncs& operator=(const Fsyncs&) = delete;

  /// Calls of fsync and fdatasync since the beginning.
  [[nodiscard]] std::size_t stop();

 private:
  std::string m_output;
  pid_t m_strace = -1;
};

}  // namespace anjungan::bench
