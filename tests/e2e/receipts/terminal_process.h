// SPDX-License-Identifier: Apache-2.0
// The terminal as another process, and everything it has ever said.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace anjungan::receipts {

using Clock = std::chrono::steady_clock;

/// Nothing that is going well takes so long.
inline constexpr std::chrono::seconds k_long{40};

/// What the terminal has said, in all its lives.
struct Said {
  std::set<std::string> issued;
  std::map<std::string, std::string> numbers;  ///< and their states: the answer to "numbers"
  bool numbers_end = false;
  int open = -1;  ///< the answer to "open"
  std::string condition;
  std::string reason;
  Clock::time_point viewed;  ///< when these two came
  int lives = 0;             ///< times it was ready
  bool alive = false;

  /// On the screen: the printer's state or the job's.
  [[nodiscard]] bool names(const std::string& fault) const { return condition == fault || reason == fault; }
};

class TerminalProcess {
 public:
  /// `log` gets every line with its time, and what it says on standard error.
  TerminalProcess(std::string folder, std::string log);
  ~TerminalProcess();
  TerminalProcess(const TerminalProcess&) = delete;
  TerminalProcess& operator=(const TerminalProcess&) = delete;

  void start();
  void kill();
  void order(const std::string& line);
  /// Until it holds of what was said; false when the time is over.
  [[nodiscard]] bool await(const std::function<bool(const Said&)>& condition, std::chrono::milliseconds most = k_long);
  /// How many receipts have not come to their end; -1 when it does not answer.
  [[nodiscard]] int open();
  [[nodiscard]] Said said() const;
  void note(const std::string& line);

 private:
  void read(int file);
  void take(const std::string& line);
  void reap();

  std::string m_folder;
  std::string m_log;
  Clock::time_point m_since = Clock::now();
  pid_t m_process = -1;
  int m_input = -1;
  std::thread m_reader;
  mutable std::mutex m_mutex;
  std::condition_variable m_news;
  Said m_said;  // guarded
};

}  // namespace anjungan::receipts
