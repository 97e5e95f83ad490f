// SPDX-License-Identifier: Apache-2.0
// Orders to the running holder of a store from the machine's own command line: one message there, one back. Only root
// and the holder's own user are heard (the kernel says who asks), so the socket gives nobody a right he has not.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "sync/record/result.h"

namespace anjungan::store {

/// Most bytes of an order and of an answer.
inline constexpr std::size_t k_most_order_bytes = 4'096;
inline constexpr std::size_t k_most_answer_bytes = 128UL * 1024;

/// The listening end; poll fd() and serve().
class ControlSocket {
 public:
  /// Makes the folder where it is missing; replaces a socket left by a dead process. The path is at most 100 bytes.
  [[nodiscard]] static record::Result<ControlSocket> listen(const std::string& path);
  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;
  ~ControlSocket();

  [[nodiscard]] int fd() const { return m_socket; }
  /// Takes every waiting order (at most 16) and sends what `answer` says. Who asks and then says nothing holds it up
  /// for 200 ms at most; who may not ask is hung up on.
  void serve(const std::function<std::string(std::string_view)>& answer);
  /// The same for orders that may bring an open file: `file` is its descriptor during the call, or -1.
  void serve_files(const std::function<std::string(std::string_view order, int file)>& answer);

 private:
  ControlSocket(int socket, std::string path) : m_socket(socket), m_path(std::move(path)) {}
  int m_socket;
  std::string m_path;
};

/// One order and its answer. `not_found` when nobody listens, `denied` when this user is not heard, `unavailable` when
/// no answer came in time. `file`: a descriptor to hand over with it, for a holder that may not open the file itself.
[[nodiscard]] record::Result<std::string> send_order(const std::string& path, std::string_view order, int timeout_ms,
                                                     int file = -1);

/// The sockets in a terminal's runtime folder.
[[nodiscard]] inline std::string app_control(const std::string& runtime) { return runtime + "/control-app.sock"; }
[[nodiscard]] inline std::string sync_control(const std::string& runtime) { return runtime + "/control-sync.sock"; }

}  // namespace anjungan::store
