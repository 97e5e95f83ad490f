// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace anjungan::agent {

// "End now", once and for good: an event descriptor that every wait of this program polls beside its own. Requesting is
// safe from any thread and in a signal handler.
class Stop {
 public:
  Stop();
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  void request() const;
  [[nodiscard]] bool requested() const;
  // Readable from the request on, never read.
  [[nodiscard]] int fd() const { return m_fd; }

 private:
  int m_fd;
};

}  // namespace anjungan::agent
