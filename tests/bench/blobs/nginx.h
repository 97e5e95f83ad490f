// SPDX-License-Identifier: Apache-2.0
// An nginx of our own that takes PUT into a folder, on a free port of 127.0.0.1.
#pragma once

#include <sys/types.h>

#include <string>

namespace anjungan::bench {

class Nginx {
 public:
  explicit Nginx(const std::string& folder);
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  [[nodiscard]] unsigned short port() const { return m_port; }
  [[nodiscard]] std::string files() const { return m_folder + "/files"; }

 private:
  std::string m_folder;
  pid_t m_child = -1;
  unsigned short m_port = 0;
};

}  // namespace anjungan::bench
