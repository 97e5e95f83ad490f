// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/blob_store/s3_server.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace anjungan::test {

S3Server::S3Server(const std::string& key_id, const std::string& secret, const std::string& region) {
  std::array<int, 2> pipe{};
  EXPECT_EQ(::pipe(pipe.data()), 0);
  m_child = ::fork();
  if (m_child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::close(pipe[0]);
    ::execlp("python3", "python3", ANJUNGAN_TESTS "/contract/blob_store/s3_server.py", key_id.c_str(), secret.c_str(),
             region.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  char digit = 0;
  while (::read(pipe[0], &digit, 1) == 1 && digit != '\n') m_port += digit;
  ::close(pipe[0]);
  EXPECT_FALSE(m_port.empty()) << "python3 did not start the bucket";
}

S3Server::~S3Server() {
  ::kill(m_child, SIGKILL);
  ::waitpid(m_child, nullptr, 0);
}

}  // namespace anjungan::test
