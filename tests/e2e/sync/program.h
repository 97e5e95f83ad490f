// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace anjungan::test {

// One of the real programs as a child process, its standard output and error read here. Killed on destruction.
class Program {
 public:
  // Starts build/bin/NAME, or NAME itself when it is a path.
  Program(const std::string& name, std::vector<std::string> arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Reads until a line that contains `text` has come since the last call, and returns it; nothing when the program
  // ended or the deadline passed.
  std::optional<std::string> wait_for_line(const std::string& text,
                                           std::chrono::seconds deadline = std::chrono::seconds{30});
  // Waits for its end and returns the exit code (128 + signal when killed); nothing when the deadline passed.
  std::optional<int> wait_for_end(std::chrono::seconds deadline = std::chrono::seconds{60});
  void signal(int number) const;

  // What it has written so far.
  [[nodiscard]] const std::string& output() const { return m_output; }
  [[nodiscard]] const std::string& errors() const { return m_errors; }

 private:
  bool read_more(std::chrono::steady_clock::time_point until);

  std::string m_name;
  pid_t m_child = -1;
  int m_output_fd = -1;
  int m_errors_fd = -1;
  std::string m_output;
  std::string m_errors;
  std::size_t m_output_seen = 0;
  std::size_t m_errors_seen = 0;
  std::optional<int> m_end;
};

// Runs to the end.
struct Finished {
  int code = -1;
  std::string output;
  std::string errors;
};
Finished run(const std::string& name, std::vector<std::string> arguments);

// A loopback port that nobody else is given while this lives, so that a server of the test may die and come back on it:
// bound, never listening, which a server that reuses addresses may listen beside.
class HeldPort {
 public:
  HeldPort();
  ~HeldPort();
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;
  // "127.0.0.1:PORT"
  [[nodiscard]] const std::string& address() const { return m_address; }

 private:
  int m_socket = -1;
  std::string m_address;
};

// A folder of this test's own, removed on destruction.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path(const std::string& name = {}) const {
    return name.empty() ? m_path : m_path + "/" + name;
  }

 private:
  std::string m_path;
};

}  // namespace anjungan::test
