// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/front/certificates.h"

#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "tests/e2e/sync/program.h"

namespace anjungan::test {
namespace {

void do_it(const std::string& program, std::vector<std::string> arguments) {
  const Finished done = run(program, std::move(arguments));
  ASSERT_EQ(done.code, 0) << done.errors;
}

const std::vector<std::string> k_new_key = {"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"};

std::vector<std::string> with_new_key(std::vector<std::string> before, const std::vector<std::string>& after) {
  before.insert(before.end(), k_new_key.begin(), k_new_key.end());
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

}  // namespace

Certificates::Certificates(std::string folder) : m_folder(std::move(folder)) {
  do_it("/usr/bin/openssl",
        with_new_key({"req", "-x509"}, {"-keyout", m_folder + "/root.key", "-out", root(), "-days", "3650", "-subj",
                                        "/CN=Root of a test", "-addext", "keyUsage=critical,keyCertSign"}));
}

void Certificates::make(const std::string& name, bool expired) const {
  const std::string request = m_folder + "/" + name + ".csr";
  const std::string names = m_folder + "/names";
  std::ofstream(names) << "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
  do_it("/usr/bin/openssl", with_new_key({"req"}, {"-keyout", key(name), "-out", request, "-subj", "/CN=localhost"}));
  std::vector<std::string> sign = {
      "x509",     "-req", "-in",  request,          "-CA", root(), "-CAkey", m_folder + "/root.key", "-CAcreateserial",
      "-extfile", names,  "-out", certificate(name)};
  sign.insert(sign.end(), {"-days", expired ? "30" : "3650"});
  if (!expired) return do_it("/usr/bin/openssl", std::move(sign));
  sign.insert(sign.begin(), {"2020-01-01 00:00:00", "/usr/bin/openssl"});
  do_it("/usr/bin/faketime", std::move(sign));
}

}  // namespace anjungan::test
