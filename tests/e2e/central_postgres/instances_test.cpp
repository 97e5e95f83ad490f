// SPDX-License-Identifier: Apache-2.0
// Two instances of the centre on one PostgreSQL, real agents between them, and whoever is killed: what was filed is
// there exactly once.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/contract/central_store/postgres_server.h"
#include "tests/e2e/sync/program.h"

namespace anjungan::test {
namespace {

using nlohmann::json;

constexpr int k_terminals = 2;

class TwoInstances : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(m_server.running()) << m_server.why();
    start_centre(0);
    std::filesystem::create_directories(m_folder.path("centre1"));
    std::filesystem::copy(m_folder.path("centre0/keys"), m_folder.path("centre1/keys"),
                          std::filesystem::copy_options::recursive);
    start_centre(1);
    for (int n = 0; n < k_terminals; n++) {
      write_config(n, n);
      enrol(n);
    }
  }

  void start_centre(int which) {
    auto& centre = m_centres[which];
    centre = std::make_unique<Program>(
        "anjungan-central",
        std::vector<std::string>{"--listen", m_ports[which].address(), "--data",
                                 m_folder.path(fmt::format("centre{}", which)), "--store", m_server.url(),
                                 "--catalogue", ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung", "--public-url",
                                 "https://lapor.example.go.id"});
    ASSERT_TRUE(centre->wait_for_line("listening on ").has_value()) << centre->errors();
  }

  [[nodiscard]] std::string config(int terminal) const {
    return m_folder.path(fmt::format("terminal{}.toml", terminal));
  }

  /// `terminal` talks to the instance `which`.
  void write_config(int terminal, int which) const {
    std::ofstream(config(terminal)) << fmt::format(
        "[terminal]\ndata = \"{0}\"\nruntime = \"{0}-run\"\noffice = \"MPP Kota Bandung\"\nregion = 3273\n"
        "ballast_mib = 1\nlow_water_mib = 1\n[centre]\nurl = \"http://{1}\"\n[catalogue]\nfolder = \"{2}\"\n"
        "[sync]\nbase_s = 1\ncap_s = 1\nbatch = 3\npoll_s = 1\n",
        m_folder.path(fmt::format("terminal{}", terminal)), m_ports[which].address(),
        ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  }

  Finished central(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"central", "--data", m_folder.path("centre0")});
    return run("anjunganctl", std::move(arguments));
  }

  void enrol(int terminal) {
    const Finished code = central({"enrol-code", "--office", "MPP Kota Bandung", "--region", "3273"});
    ASSERT_EQ(code.code, 0) << code.errors;
    Program enrolling("anjunganctl",
                      {"enrol", "--config", config(terminal), "--code", code.output.substr(0, code.output.find('\n'))});
    ASSERT_TRUE(enrolling.wait_for_line("The centre knows this terminal").has_value()) << enrolling.errors();
    ASSERT_EQ(central({"confirm", fmt::format("3273-{:04}", terminal + 1)}).code, 0);
    ASSERT_EQ(enrolling.wait_for_end(), 0) << enrolling.errors();
  }

  void seed(int terminal, int count, int seed) {
    const Finished filed = run("anjunganctl", {"seed", "--config", config(terminal), "--complaints",
                                               std::to_string(count), "--seed", std::to_string(seed), "--json"});
    ASSERT_EQ(filed.code, 0) << filed.errors;
    const json issued = json::parse(filed.output);
    for (const json& one : issued["complaints"]) m_filed.insert(one["tracking_number"].get<std::string>());
  }

  /// Sends what is left. A centre whose database has just come back may still say 503: then again, and for no other
  /// reason.
  void deliver(int terminal) const {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    Finished sent;
    do {
      sent = run("anjungan-sync", {"--config", config(terminal), "--once"});
      if (sent.code == 0) return;
    } while (sent.errors.find("HTTP status 503") != std::string::npos && std::chrono::steady_clock::now() < until);
    FAIL() << sent.errors;
  }

  PostgresServer m_server;
  Folder m_folder;
  HeldPort m_ports[2];
  std::unique_ptr<Program> m_centres[2];
  std::multiset<std::string> m_filed;
};

TEST_F(TwoInstances, AnythingMayBeKilledAndNothingIsLostOrDoubled) {
  std::unique_ptr<Program> agents[k_terminals];
  for (int round = 0; round < 6; round++) {
    for (int n = 0; n < k_terminals; n++) {
      // Each round the other instance: both answer for each terminal.
      agents[n].reset();
      write_config(n, (n + round) % 2);
      agents[n] = std::make_unique<Program>("anjungan-sync", std::vector<std::string>{"--config", config(n)});
      ASSERT_NO_FATAL_FAILURE(seed(n, 12, round * 10 + n));
    }
    ASSERT_TRUE(agents[0]->wait_for_line("sync.done").has_value()) << agents[0]->errors();
    switch (round % 3) {
      case 0:
      case 1:
        m_centres[round % 3]->signal(SIGKILL);
        ASSERT_EQ(m_centres[round % 3]->wait_for_end(), 128 + SIGKILL);
        ASSERT_NO_FATAL_FAILURE(start_centre(round % 3));
        break;
      default:
        m_server.kill();
        m_server.start();
        ASSERT_TRUE(m_server.running()) << m_server.why();
    }
  }
  for (int n = 0; n < k_terminals; n++) {
    agents[n].reset();
    ASSERT_NO_FATAL_FAILURE(deliver(n));
  }

  const json stats = json::parse(central({"stats", "--json"}).output);
  ASSERT_EQ(stats["devices"].size(), static_cast<std::size_t>(k_terminals));
  for (int n = 0; n < k_terminals; n++) {
    const json status = json::parse(run("anjunganctl", {"status", "--config", config(n), "--json"}).output);
    const json& device = stats["devices"][static_cast<std::size_t>(n)];
    EXPECT_EQ(status["waiting"], 0);
    EXPECT_EQ(device["state"], "active");
    EXPECT_EQ(device["events"], status["events"]);
    EXPECT_EQ(device["acked_seq"], status["events"]);
    EXPECT_EQ(device["gaps"], 0);
    EXPECT_EQ(device["conflicts"], 0);
    EXPECT_EQ(device["quarantined"], 0);
  }
  std::multiset<std::string> there;
  const json listed = json::parse(central({"list", "--limit", "10000", "--json"}).output);
  for (const json& one : listed["complaints"]) there.insert(one["number"].get<std::string>());
  EXPECT_EQ(there, m_filed);
  EXPECT_EQ(there.size(), 6U * 12U * k_terminals);
}

TEST_F(TwoInstances, APasswordOnTheCommandLineIsRefused) {
  const Finished refused = run("anjungan-central", {"--data", m_folder.path("x"), "--store", "postgres://a:b@host/c"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.errors.find("PGPASSFILE"), std::string::npos);
  EXPECT_EQ(refused.errors.find("a:b"), std::string::npos);
}

TEST_F(TwoInstances, TheStoreMovesToSqliteByOneCommand) {
  seed(0, 5, 1);
  ASSERT_EQ(run("anjungan-sync", {"--config", config(0), "--once"}).code, 0);
  for (auto& centre : m_centres) {
    centre->signal(SIGTERM);
    ASSERT_EQ(centre->wait_for_end(), 0);
  }
  const Finished copied =
      run("anjungan-central", {"--data", m_folder.path("centre0"), "--store", m_server.url(), "--catalogue",
                               ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung", "copy", "--to", m_folder.path("alone")});
  ASSERT_EQ(copied.code, 0) << copied.errors;
  std::filesystem::copy(m_folder.path("centre0/keys"), m_folder.path("alone/keys"),
                        std::filesystem::copy_options::recursive);
  m_server.stop();
  Program alone("anjungan-central",
                {"--listen", m_ports[0].address(), "--data", m_folder.path("alone"), "--catalogue",
                 ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung", "--public-url", "https://lapor.example.go.id"});
  ASSERT_TRUE(alone.wait_for_line("listening on ").has_value()) << alone.errors();
  seed(0, 3, 2);
  ASSERT_EQ(run("anjungan-sync", {"--config", config(0), "--once"}).code, 0);
  const Finished stats = run("anjunganctl", {"central", "--data", m_folder.path("alone"), "stats", "--json"});
  ASSERT_EQ(stats.code, 0) << stats.errors;
  EXPECT_GE(json::parse(stats.output)["devices"][0]["events"], 8);
  EXPECT_EQ(json::parse(stats.output)["devices"][0]["gaps"], 0);
}

}  // namespace
}  // namespace anjungan::test
