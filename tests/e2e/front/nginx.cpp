// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/front/nginx.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace anjungan::test {
namespace {

/// Fails when the delivered file no longer says it.
void put(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << ANJUNGAN_NGINX_CONF " without " << from;
  text.replace(at, from.size(), to);
}

}  // namespace

Nginx::Nginx(const std::string& folder, const Certificates& certificates, const std::string& certificate,
             const std::string& centre) {
  std::filesystem::create_directories(folder);
  std::stringstream delivered;
  delivered << std::ifstream(ANJUNGAN_NGINX_CONF).rdbuf();
  std::string site = delivered.str();
  put(site, "listen 80;", "listen " + http() + ";");
  put(site, "listen [::]:80;", "");
  put(site, "listen 443 ssl;", "listen " + https() + " ssl;");
  put(site, "listen [::]:443 ssl;", "");
  for (int n = 0; n < 2; n++) put(site, "server 127.0.0.1:8080;", "server " + centre + ";");
  put(site, "/etc/ssl/anjungan/fullchain.pem", certificates.certificate(certificate));
  put(site, "/etc/ssl/anjungan/key.pem", certificates.key(certificate));
  std::ofstream(folder + "/site.conf") << site;
  std::ofstream(folder + "/nginx.conf")
      << (geteuid() == 0 ? "user root;\n" : "") << "daemon off;\nworker_processes 1;\npid " << folder
      << "/pid;\nerror_log stderr notice;\nevents {}\nhttp {\n  client_body_temp_path " << folder
      << "/body;\n  proxy_temp_path " << folder << "/proxy;\n  fastcgi_temp_path " << folder
      << "/fastcgi;\n  uwsgi_temp_path " << folder << "/uwsgi;\n  scgi_temp_path " << folder << "/scgi;\n  include "
      << folder << "/site.conf;\n}\n";
  m_nginx = std::make_unique<Program>(
      "/usr/sbin/nginx", std::vector<std::string>{"-e", "stderr", "-p", folder, "-c", folder + "/nginx.conf"});
  // Its sockets are open before it starts those that serve.
  EXPECT_TRUE(m_nginx->wait_for_line("start worker process ").has_value()) << m_nginx->errors();
}

Nginx::~Nginx() {
  m_nginx->signal(SIGTERM);
  EXPECT_EQ(m_nginx->wait_for_end(), 0);
}

}  // namespace anjungan::test
