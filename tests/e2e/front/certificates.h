// SPDX-License-Identifier: Apache-2.0
// Certificates of a test, made by openssl.
#pragma once

#include <string>

namespace anjungan::test {

class Certificates {
 public:
  // `folder` is there already; a root of its own is made in it.
  explicit Certificates(std::string folder);
  [[nodiscard]] std::string root() const { return m_folder + "/root.pem"; }
  // NAME.pem and NAME.key for localhost and 127.0.0.1: good for ten years, or for a month of 2020.
  void make(const std::string& name, bool expired = false) const;
  [[nodiscard]] std::string certificate(const std::string& name) const { return m_folder + "/" + name + ".pem"; }
  [[nodiscard]] std::string key(const std::string& name) const { return m_folder + "/" + name + ".key"; }

 private:
  std::string m_folder;
};

}  // namespace anjungan::test
