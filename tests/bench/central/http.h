// SPDX-License-Identifier: Apache-2.0
// A client as small as can be: one connection, one request at a time. A failure ends the program.
#pragma once

#include <string>
#include <string_view>

namespace anjungan::bench {

struct HttpReply {
  int status = 0;
  int retry_after_s = 0;
  std::string headers;  ///< raw
  std::string body;
};

class HttpConnection {
 public:
  explicit HttpConnection(unsigned short port) : m_port(port) {}
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  /// `headers`: further lines, each with its end. Connects anew where the server has closed.
  [[nodiscard]] HttpReply post(std::string_view path, std::string_view headers, std::string_view body) {
    return send("POST", path, headers, body);
  }
  [[nodiscard]] HttpReply send(std::string_view method, std::string_view path, std::string_view headers,
                               std::string_view body);

 private:
  void open();
  void close();
  unsigned short m_port;
  int m_socket = -1;
};

}  // namespace anjungan::bench
