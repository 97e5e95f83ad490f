// SPDX-License-Identifier: Apache-2.0
// The centre as a network meets it: behind the nginx configuration that is delivered, or with a certificate of its own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "tests/e2e/front/nginx.h"

namespace anjungan::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string made(const std::string& folder) {
  std::filesystem::create_directories(folder);
  return folder;
}

class Front : public testing::Test {
 protected:
  void start_centre(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"--listen",     m_port.address(),
                                          "--data",       m_folder.path("central"),
                                          "--catalogue",  ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung",
                                          "--public-url", "https://lapor.example.go.id"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    m_centre = std::make_unique<Program>("anjungan-central", arguments);
    ASSERT_TRUE(m_centre->wait_for_line("listening on ").has_value()) << m_centre->errors();
  }
  void start_own_tls(const std::string& certificate) {
    start_centre(
        {"--tls-certificate", m_certificates.certificate(certificate), "--tls-key", m_certificates.key(certificate)});
  }

  void write_config(const std::string& address, const std::string& ca) const {
    std::ofstream(config()) << fmt::format(
        "[terminal]\ndata = \"{0}\"\nruntime = \"{0}-run\"\noffice = \"MPP Kota Bandung\"\nregion = 3273\n"
        "ballast_mib = 1\nlow_water_mib = 1\n[centre]\nurl = \"https://{1}\"\nca = \"{2}\"\n[catalogue]\nfolder = "
        "\"{3}\"\n",
        m_folder.path("terminal"), address, ca, ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  }
  [[nodiscard]] std::string config() const { return m_folder.path("terminal.toml"); }

  Finished central(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"central", "--data", m_folder.path("central")});
    return run("anjunganctl", std::move(arguments));
  }
  void enrol() const {
    const Finished code = central({"enrol-code", "--office", "MPP Kota Bandung", "--region", "3273"});
    ASSERT_EQ(code.code, 0) << code.errors;
    Program enrolling("anjunganctl",
                      {"enrol", "--config", config(), "--code", code.output.substr(0, code.output.find('\n'))});
    ASSERT_TRUE(enrolling.wait_for_line("The centre knows this terminal").has_value()) << enrolling.errors();
    ASSERT_EQ(central({"confirm", "3273-0001"}).code, 0);
    ASSERT_EQ(enrolling.wait_for_end(), 0) << enrolling.errors();
  }
  void seed(int count, int photos = 0) const {
    ASSERT_EQ(run("anjunganctl", {"seed", "--config", config(), "--complaints", std::to_string(count), "--photos",
                                  std::to_string(photos)})
                  .code,
              0);
  }
  [[nodiscard]] json status() const {
    return json::parse(run("anjunganctl", {"status", "--config", config(), "--json"}).output);
  }
  Finished sync() const { return run("anjungan-sync", {"--config", config(), "--once"}); }
  [[nodiscard]] int waiting() const { return status()["waiting"]; }
  Finished curl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"-sS", "--cacert", m_certificates.root(), "-o", "/dev/null", "-D", "-"});
    return run("/usr/bin/curl", std::move(arguments));
  }

  Folder m_folder;
  HeldPort m_port;
  Certificates m_certificates{made(m_folder.path("certificates"))};
  std::unique_ptr<Program> m_centre;
};

TEST_F(Front, TerminalsAndPhonesComeThroughNginx) {
  start_centre({"--behind-proxy"});
  m_certificates.make("site");
  const Nginx nginx(m_folder.path("nginx"), m_certificates, "site", m_port.address());
  write_config(nginx.https(), m_certificates.root());
  enrol();
  seed(2, 1);
  EXPECT_EQ(status()["attachments_waiting"], 2);
  const Finished sent = sync();
  ASSERT_EQ(sent.code, 0) << sent.errors;
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(status()["attachments_waiting"], 0);
  EXPECT_EQ(json::parse(central({"stats", "--json"}).output)["devices"][0]["gaps"], 0);

  const Finished page = curl({"https://" + nginx.https() + "/"});
  EXPECT_THAT(page.output, HasSubstr("200 OK"));
  EXPECT_THAT(page.output, HasSubstr("Strict-Transport-Security"));
  EXPECT_THAT(page.output, HasSubstr("Content-Security-Policy"));
  EXPECT_THAT(curl({"https://" + nginx.https() + "/metrics"}).output, HasSubstr("404"));
  const Finished plain = curl({"http://" + nginx.http() + "/t"});
  EXPECT_THAT(plain.output, HasSubstr("308"));
  EXPECT_THAT(plain.output, HasSubstr("Location: https://127.0.0.1/t"));
  EXPECT_THAT(curl({"--tlsv1.2", "--tls-max", "1.2", "https://" + nginx.https() + "/"}).output, HasSubstr("200 OK"));
  EXPECT_NE(curl({"--tlsv1.0", "--tls-max", "1.1", "https://" + nginx.https() + "/"}).code, 0);
}

TEST_F(Front, TheCentreHasACertificateOfItsOwn) {
  m_certificates.make("first");
  m_certificates.make("second");
  std::filesystem::copy(m_certificates.certificate("first"), m_certificates.certificate("own"));
  std::filesystem::copy(m_certificates.key("first"), m_certificates.key("own"));
  start_own_tls("own");
  write_config(m_port.address(), m_certificates.root());
  enrol();
  seed(2, 1);
  EXPECT_EQ(status()["attachments_waiting"], 2);
  const Finished sent = sync();
  ASSERT_EQ(sent.code, 0) << sent.errors;
  EXPECT_EQ(waiting(), 0);
  EXPECT_EQ(status()["attachments_waiting"], 0);
  const std::string url = "https://" + m_port.address() + "/";
  EXPECT_THAT(curl({url}).output, HasSubstr("200 OK"));
  EXPECT_THAT(curl({"--tlsv1.2", "--tls-max", "1.2", url}).output, HasSubstr("200 OK"));
  EXPECT_NE(curl({"--tlsv1.0", "--tls-max", "1.1", url}).code, 0);
  EXPECT_NE(curl({"http://" + m_port.address() + "/"}).code, 0);

  // A certificate that does not fit its key changes nothing; one that does is taken without an end of service.
  const auto serial = [&] {
    return run("/bin/sh", {"-c", fmt::format("openssl s_client -connect {} </dev/null 2>/dev/null | openssl x509 "
                                             "-noout -serial",
                                             m_port.address())})
        .output;
  };
  const std::string before = serial();
  EXPECT_THAT(before, HasSubstr("serial="));
  const auto overwrite = std::filesystem::copy_options::overwrite_existing;
  std::filesystem::copy(m_certificates.certificate("second"), m_certificates.certificate("own"), overwrite);
  m_centre->signal(SIGHUP);
  ASSERT_TRUE(m_centre->wait_for_line("the certificate in use stays").has_value()) << m_centre->errors();
  EXPECT_EQ(serial(), before);
  std::filesystem::copy(m_certificates.key("second"), m_certificates.key("own"), overwrite);
  m_centre->signal(SIGHUP);
  ASSERT_TRUE(m_centre->wait_for_line("the certificate was read again").has_value()) << m_centre->errors();
  EXPECT_NE(serial(), before);
  m_centre->signal(SIGTERM);
  EXPECT_EQ(m_centre->wait_for_end(), 0);
}

TEST_F(Front, AWrongCertificateIsSaidAtTheStart) {
  m_certificates.make("one");
  m_certificates.make("other");
  const Finished mixed =
      run("anjungan-central", {"--listen", m_port.address(), "--data", m_folder.path("central"), "--catalogue",
                               ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung", "--tls-certificate",
                               m_certificates.certificate("one"), "--tls-key", m_certificates.key("other")});
  EXPECT_EQ(mixed.code, 2);
  EXPECT_THAT(mixed.errors, HasSubstr("it is not the certificate's"));
  const Finished half = run(
      "anjungan-central", {"--data", m_folder.path("central"), "--tls-certificate", m_certificates.certificate("one")});
  EXPECT_EQ(half.code, 2);
  EXPECT_THAT(half.errors, HasSubstr("--tls-key"));
}

class Threat25 : public Front {};

TEST_F(Threat25, ACentreOfAnotherRootLearnsNothingAndNothingIsLost) {
  m_certificates.make("own");
  start_own_tls("own");
  write_config(m_port.address(), m_certificates.root());
  enrol();
  seed(3);
  const Certificates others(made(m_folder.path("others")));
  write_config(m_port.address(), others.root());
  const Finished refused = sync();
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.errors, HasSubstr("the centre's certificate is not accepted"));
  EXPECT_THAT(refused.errors, HasSubstr("centre.ca"));
  EXPECT_GE(waiting(), 3);
  // A file that is not there is no leave to trust the system's roots.
  write_config(m_port.address(), m_folder.path("nothing.pem"));
  EXPECT_THAT(sync().errors, HasSubstr("cannot be read as PEM certificates"));
  write_config(m_port.address(), m_certificates.root());
  const Finished sent = sync();
  EXPECT_EQ(sent.code, 0) << sent.errors;
  EXPECT_EQ(waiting(), 0);
}

/// libfaketime's preloaded library; Debian keeps it under the architecture's name.
std::string faketime_library() {
  for (const auto& folder : std::filesystem::directory_iterator("/usr/lib")) {
    const std::string path = folder.path().string() + "/faketime/libfaketimeMT.so.1";
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

class Dates : public Front {
 protected:
  Finished sync_in(const std::string& when) const {
    return run("/usr/bin/env", {"LD_PRELOAD=" + faketime_library(), "FAKETIME=@" + when, "DONT_FAKE_MONOTONIC=1",
                                "ASAN_OPTIONS=verify_asan_link_order=0",
                                std::string(ANJUNGAN_BUILD) + "/bin/anjungan-sync", "--config", config(), "--once"});
  }
};

TEST_F(Dates, ADeadClockDoesNotShutATerminalOutButACorrectOneJudgesThem) {
  ASSERT_NE(faketime_library(), "");
  m_certificates.make("good");
  m_certificates.make("expired", true);
  start_own_tls("good");
  write_config(m_port.address(), m_certificates.root());
  enrol();
  seed(2);
  const Finished in_1970 = sync_in("1970-01-02 03:04:05");
  EXPECT_EQ(in_1970.code, 0) << in_1970.errors;
  EXPECT_EQ(waiting(), 0);
  // Twenty years on, by a clock that runs, the same certificate is too old.
  seed(2);
  const Finished in_2046 = sync_in("2046-01-02 03:04:05");
  EXPECT_EQ(in_2046.code, 1);
  EXPECT_THAT(in_2046.errors, HasSubstr("look at the date here"));
  EXPECT_GE(waiting(), 2);
  // An expired one is refused today; its issuer is judged whatever the clock says.
  m_centre.reset();
  start_own_tls("expired");
  const Finished today = sync();
  EXPECT_EQ(today.code, 1);
  EXPECT_THAT(today.errors, HasSubstr("certificate has expired"));
  const Certificates others(made(m_folder.path("others")));
  write_config(m_port.address(), others.root());
  EXPECT_EQ(sync_in("1970-01-02 03:04:05").code, 1);
  m_centre.reset();
  start_own_tls("good");
  write_config(m_port.address(), m_certificates.root());
  EXPECT_EQ(sync().code, 0);
  EXPECT_EQ(waiting(), 0);
}

class Threat18 : public Front {};

TEST_F(Threat18, WhatTwoServersCouldReadDifferentlyEndsAtTheFirst) {
  m_certificates.make("site");
  for (const bool behind_nginx : {true, false}) {
    SCOPED_TRACE(behind_nginx ? "nginx" : "the centre's own TLS");
    m_centre.reset();
    std::unique_ptr<Nginx> nginx;
    if (behind_nginx) {
      start_centre({"--behind-proxy"});
      nginx = std::make_unique<Nginx>(m_folder.path("nginx"), m_certificates, "site", m_port.address());
    } else {
      start_own_tls("site");
    }
    const Finished tried = run("/usr/bin/python3", {ANJUNGAN_SMUGGLE, m_certificates.root(),
                                                    behind_nginx ? nginx->https() : m_port.address()});
    ASSERT_EQ(tried.code, 0) << tried.errors;
    const json answers = json::parse(tried.output);
    EXPECT_EQ(answers.size(), 12U);
    for (const auto& [name, answer] : answers.items()) {
      SCOPED_TRACE(name);
      EXPECT_THAT(answer["status"].get<int>(), testing::AnyOf(testing::AllOf(testing::Ge(400), testing::Lt(500)), 501));
      // A second answer would be that of a request hidden in the first.
      EXPECT_EQ(answer["answers"], 1);
    }
    // It serves on.
    EXPECT_THAT(curl({"https://" + (behind_nginx ? nginx->https() : m_port.address()) + "/"}).output,
                HasSubstr("200 OK"));
  }
}

}  // namespace
}  // namespace anjungan::test
