// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace anjungan::test {

// One HTTP/1.1 request as it arrived.
struct HttpRequest {
  std::string line;     // "POST /v1/sync HTTP/1.1"
  std::string headers;  // raw, between request line and blank line
  std::string body;
  // The value of the header, or an empty string; names compare without case.
  [[nodiscard]] std::string header(const std::string& name) const;
};

// A server on 127.0.0.1 that does exactly what a test says, down to the byte: its handler returns the raw bytes of the
// answer, well-formed or not, after which the connection is closed. One connection at a time.
class ScriptedServer {
 public:
  struct Reply {
    std::string bytes;
    // Keep the connection open after the bytes until the client leaves: a server that hangs.
    bool hang = false;
  };
  using Handler = std::function<Reply(const HttpRequest&)>;

  explicit ScriptedServer(Handler handler);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::string url() const;
  // Requests that arrived whole so far.
  [[nodiscard]] std::vector<HttpRequest> requests() const;

 private:
  void serve();
  void serve_one(int client);

  Handler m_handler;
  int m_listen_fd = -1;
  int m_stop_fd = -1;
  std::uint16_t m_port = 0;
  mutable std::mutex m_mutex;
  std::vector<HttpRequest> m_requests;
  std::thread m_thread;
};

// A whole answer with Content-Length. `extra_headers` are complete lines ending in CRLF.
[[nodiscard]] std::string http_answer(int status, const std::string& body, const std::string& extra_headers = {});

}  // namespace anjungan::test
