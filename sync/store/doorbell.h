// SPDX-License-Identifier: Apache-2.0
// "Look again": a datagram without content on a unix socket. Lost rings are harmless, both sides also look by
// themselves.
#pragma once

#include <string>

#include "sync/record/result.h"

namespace anjungan::store {

/// The listening end; poll fd() and answer() it.
class Doorbell {
 public:
  /// Makes the folder where it is missing; replaces a socket left by a dead process. The path is at most 100 bytes.
  [[nodiscard]] static record::Result<Doorbell> hang(const std::string& path);
  Doorbell(Doorbell&& other) noexcept;
  Doorbell& operator=(Doorbell&&) = delete;
  Doorbell(const Doorbell&) = delete;
  Doorbell& operator=(const Doorbell&) = delete;
  ~Doorbell();

  [[nodiscard]] int fd() const { return m_socket; }
  /// Takes every waiting ring; true when there was one.
  bool answer();
  /// Waits until it rings or `timeout_ms` is over; true when it rang.
  bool wait(int timeout_ms);

 private:
  Doorbell(int socket, std::string path) : m_socket(socket), m_path(std::move(path)) {}
  int m_socket;
  std::string m_path;
};

/// Rings; nobody at home is not an error.
void ring(const std::string& path);

/// The two bells of a terminal's runtime folder.
[[nodiscard]] inline std::string app_bell(const std::string& runtime) { return runtime + "/doorbell-app.sock"; }
[[nodiscard]] inline std::string sync_bell(const std::string& runtime) { return runtime + "/doorbell-sync.sock"; }

}  // namespace anjungan::store
