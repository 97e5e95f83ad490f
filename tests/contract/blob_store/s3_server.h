// SPDX-License-Identifier: Apache-2.0
// s3_server.py as a child process.
#pragma once

#include <sys/types.h>

#include <string>

namespace anjungan::test {

class S3Server {
 public:
  S3Server(const std::string& key_id, const std::string& secret, const std::string& region);
  ~S3Server();
  S3Server(const S3Server&) = delete;
  S3Server& operator=(const S3Server&) = delete;

  /// "http://127.0.0.1:PORT/anjungan"
  [[nodiscard]] std::string bucket() const { return "http://127.0.0.1:" + m_port + "/anjungan"; }

 private:
  pid_t m_child = -1;
  std::string m_port;
};

}  // namespace anjungan::test
