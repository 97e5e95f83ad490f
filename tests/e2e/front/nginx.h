// SPDX-License-Identifier: Apache-2.0
// A real nginx with the configuration that is delivered, on ports of this test.
#pragma once

#include <memory>
#include <string>

#include "tests/e2e/front/certificates.h"
#include "tests/e2e/sync/program.h"

namespace anjungan::test {

class Nginx {
 public:
  // Ready when it returns. `centre`: ADDRESS:PORT behind it.
  Nginx(const std::string& folder, const Certificates& certificates, const std::string& certificate,
        const std::string& centre);
  // Killed, it would leave its workers behind.
  ~Nginx();
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;
  [[nodiscard]] const std::string& https() const { return m_https.address(); }
  [[nodiscard]] const std::string& http() const { return m_http.address(); }

 private:
  HeldPort m_https;
  HeldPort m_http;
  std::unique_ptr<Program> m_nginx;
};

}  // namespace anjungan::test
