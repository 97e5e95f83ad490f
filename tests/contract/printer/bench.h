// SPDX-License-Identifier: Apache-2.0
// The printers of the contract suite, each with what makes it refuse and what it may promise.
#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "printer/spool/printer.h"

namespace anjungan::spool {

/// A folder of a test's own, open to other users, removed at the end.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return m_path + "/" + name; }

 private:
  std::string m_path;
};

/// Runs a command of the shell; its output, and failure of the test where it fails.
std::string shell(const std::string& command);

/// Until the condition holds, at most 20 s.
[[nodiscard]] bool await(const std::function<bool()>& condition);

[[nodiscard]] Document receipt_titled(const std::string& title, int attempt = 1,
                                      const receipt::Medium& medium = receipt::k_roll_80);

/// Polled until it ended.
[[nodiscard]] JobView end_of(Printer& printer, const std::string& handle);

/// A real cupsd in a folder, as root or as an ordinary user (`nobody`, when the test runs as root).
class PrivateCups {
 public:
  explicit PrivateCups(const std::string& folder, bool plain_user = false);
  ~PrivateCups();
  PrivateCups(const PrivateCups&) = delete;
  PrivateCups& operator=(const PrivateCups&) = delete;

  void start();
  void stop();
  /// From now on this is the scheduler that everybody asks; the one that started last is it by itself.
  void use() const;
  void signal(int number) const;
  /// As on a full disk, without anybody's right to mount one: no file of its grows over that. RLIM_INFINITY: as before.
  void limit_files(rlim_t most_bytes) const;
  /// A raw queue whose jobs land in the file `name`; shut, a job stays at the device.
  void queue(const std::string& name);
  void queue_to(const std::string& name, const std::string& uri);
  void shut(const std::string& name) const;
  [[nodiscard]] std::string printed(const std::string& name) const;
  /// Any of CUPS's own commands, as the scheduler's user.
  std::string command(const std::string& line) const { return shell(m_as + line); }
  [[nodiscard]] std::string path(const std::string& name) const { return m_folder + "/" + name; }

 private:
  [[nodiscard]] pid_t process() const;

  std::string m_folder;
  std::string m_as;
  std::string m_server;
};

class PrinterBench {
 public:
  virtual ~PrinterBench() = default;
  [[nodiscard]] virtual std::unique_ptr<Printer> open() = 0;
  /// Nothing is taken until unblock(), and why.
  virtual Condition block() = 0;
  virtual void unblock() = 0;
  /// What a printed job may be called.
  [[nodiscard]] virtual JobState best() const = 0;
};

[[nodiscard]] std::unique_ptr<PrinterBench> virtual_bench();
[[nodiscard]] std::unique_ptr<PrinterBench> cups_bench(bool plain_user);

}  // namespace anjungan::spool
