// SPDX-License-Identifier: Apache-2.0
// A bad line in front of a server on 127.0.0.1: each connection is cut after so many bytes up or down.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace anjungan::test {

class CuttingProxy {
 public:
  struct Cut {
    std::size_t up = SIZE_MAX;    ///< bytes that pass from the client before the connection ends
    std::size_t down = SIZE_MAX;  ///< bytes that pass to the client
  };
  /// `cut_of` says what becomes of the n-th connection, from 0.
  CuttingProxy(std::uint16_t upstream_port, std::function<Cut(int)> cut_of);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
  [[nodiscard]] int connections() const { return m_connections; }

 private:
  void serve();
  void carry(int client, Cut cut) const;

  std::uint16_t m_upstream_port;
  std::function<Cut(int)> m_cut_of;
  int m_listen_fd = -1;
  int m_stop_fd = -1;
  std::uint16_t m_port = 0;
  std::atomic<int> m_connections{0};
  std::thread m_thread;
};

}  // namespace anjungan::test
