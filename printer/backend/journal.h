// SPDX-License-Identifier: Apache-2.0
// One small file a device: its lock, and what became of the last job there. CUPS runs a job again after a crash; the
// journal tells the second run that the first has already touched the paper.
#pragma once

#include <optional>
#include <string>

namespace anjungan::backend {

struct Record {
  std::string job;        ///< the CUPS job's uuid
  std::string state;      ///< "sending", "printed", "sent"
  std::string fault;      ///< the last it said of itself, as a Reasons keyword; it may be silent because of it
  bool confirms = false;  ///< the device has answered a process id before: an answer that stays out means something
  bool speaks = false;    ///< the device has answered a status question before: silence means that it is off
};

class Journal {
 public:
  /// In CUPS's cache folder (CUPS_CACHEDIR), else /var/cache/cups. Closed when it cannot be opened; `error` says why.
  [[nodiscard]] static Journal open(const std::string& device, std::string& error);
  ~Journal();
  Journal(Journal&& other) noexcept : m_file(other.m_file) { other.m_file = -1; }
  Journal& operator=(Journal&&) = delete;

  [[nodiscard]] bool is_open() const { return m_file >= 0; }
  /// The device is ours until this object ends; false while another process has it.
  [[nodiscard]] bool lock() const;
  [[nodiscard]] Record read() const;
  /// On disk when it returns true.
  [[nodiscard]] bool write(const Record& record) const;

 private:
  explicit Journal(int file) : m_file(file) {}
  int m_file = -1;
};

}  // namespace anjungan::backend
