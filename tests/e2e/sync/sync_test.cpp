// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "sync/record/access_code.h"
#include "sync/store/identity.h"
#include "sync/store/intake_store.h"
#include "sync/store/sync_store.h"
#include "tests/e2e/sync/program.h"

// The real agent, the real centre and the real command line on one machine: what was filed is at the centre exactly
// once, whoever is killed or absent meanwhile.
namespace anjungan::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class SyncEndToEnd : public testing::Test {
 protected:
  SyncEndToEnd() { start_centre(); }

  void start_centre(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"--listen",     m_port.address(),
                                       "--data",       m_folder.path("central"),
                                       "--catalogue",  ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung",
                                       "--public-url", "https://lapor.example.go.id"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    m_centre = std::make_unique<Program>("anjungan-central", arguments);
    ASSERT_TRUE(m_centre->wait_for_line("listening on ").has_value()) << m_centre->errors();
    write_config(200);
  }

  void write_config(int batch) const {
    std::ofstream(config()) << "[terminal]\ndata = \"" << m_folder.path("terminal") << "\"\nruntime = \""
                            << m_folder.path("run")
                            << "\"\noffice = \"MPP Kota Bandung\"\nregion = 3273\nballast_mib = 1\nlow_water_mib = 1\n"
                            << "[centre]\nurl = \"http://" << m_port.address() << "\"\n"
                            << "[catalogue]\nfolder = \"" ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung\"\n"
                            << "[sync]\nbase_s = 1\ncap_s = 1\nbatch = " << batch << "\npoll_s = 1\n";
  }

  [[nodiscard]] std::string config() const { return m_folder.path("terminal.toml"); }

  Finished ctl(std::vector<std::string> arguments) const { return run("anjunganctl", std::move(arguments)); }
  Finished central(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"central", "--data", m_folder.path("central")});
    return ctl(std::move(arguments));
  }
  Finished terminal(const std::string& verb, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {verb, "--config", config()});
    return ctl(std::move(arguments));
  }
  // Standard output as JSON; a failure of the command fails the test.
  static json parsed(const Finished& finished) {
    EXPECT_EQ(finished.code, 0) << finished.errors;
    return json::parse(finished.output, nullptr, false);
  }

  void enrol() {
    const Finished code =
        central({"enrol-code", "--office", "MPP Kota Bandung", "--place", "Lantai 1", "--region", "3273"});
    ASSERT_EQ(code.code, 0) << code.errors;
    Program enrolling("anjunganctl",
                      {"enrol", "--config", config(), "--code", code.output.substr(0, code.output.find('\n'))});
    const auto shown = enrolling.wait_for_line("Fingerprint:");
    ASSERT_TRUE(shown.has_value()) << enrolling.errors();
    ASSERT_TRUE(enrolling.wait_for_line("The centre knows this terminal").has_value()) << enrolling.errors();
    const std::string fingerprint = shown->substr(shown->find_first_not_of(' ', 12));
    const json devices = parsed(central({"devices", "--json"}));
    ASSERT_EQ(devices["devices"].size(), 1U);
    EXPECT_EQ(devices["devices"][0]["fingerprint"], fingerprint) << "both people see the same";
    EXPECT_EQ(devices["devices"][0]["state"], "waiting");
    ASSERT_EQ(central({"confirm", fingerprint}).code, 0);
    ASSERT_EQ(enrolling.wait_for_end(), 0) << enrolling.errors();
    EXPECT_THAT(enrolling.output(), HasSubstr("Enrolled as terminal 3273-"));
  }

  json seed(int count, int seed = 1, int photos = 0) {
    json out = parsed(terminal("seed", {"--complaints", std::to_string(count), "--seed", std::to_string(seed),
                                        "--photos", std::to_string(photos), "--json"}));
    for (const json& one : out["complaints"]) m_filed.insert(one["tracking_number"].get<std::string>());
    return out["complaints"];
  }

  [[nodiscard]] int sync_once() const {
    const Finished done = run("anjungan-sync", {"--config", config(), "--once"});
    m_last_errors = done.errors;
    return done.code;
  }

  // Every complaint ever filed is at the centre once, and so is every event; none in quarantine, none in conflict.
  void expect_exactly_once() const {
    const json status = parsed(terminal("status", {"--json"}));
    const json stats = parsed(central({"stats", "--json"}));
    ASSERT_EQ(stats["devices"].size(), 1U);
    const json& device = stats["devices"][0];
    EXPECT_EQ(device["events"], status["events"]);
    EXPECT_EQ(device["acked_seq"], status["events"]);
    EXPECT_EQ(device["conflicts"], 0);
    EXPECT_EQ(device["quarantined"], 0);
    EXPECT_EQ(status["waiting"], 0);
    std::multiset<std::string> there;
    const json listed = parsed(central({"list", "--limit", "10000", "--json"}));
    for (const json& one : listed["complaints"]) there.insert(one["number"].get<std::string>());
    EXPECT_EQ(there, std::multiset<std::string>(m_filed.begin(), m_filed.end()));
  }

  Folder m_folder;
  HeldPort m_port;
  std::unique_ptr<Program> m_centre;
  std::set<std::string> m_filed;
  mutable std::string m_last_errors;
};

TEST_F(SyncEndToEnd, FiledComplaintsArriveExactlyOnce) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(20);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();
  EXPECT_THAT(terminal("status").output, HasSubstr("0 wait for the centre"));
}

TEST_F(SyncEndToEnd, WrongCodesAreSaidClearly) {
  const Finished mistyped = terminal("enrol", {"--code", "7K3M-9QXT-2B4D-KB"});
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_THAT(mistyped.errors, HasSubstr("mistyped"));
  const Finished unknown = terminal("enrol", {"--code", "7K3M-9QXT-2B4D-KA"});
  EXPECT_EQ(unknown.code, 3);
  EXPECT_THAT(unknown.errors, HasSubstr("knows no such code"));
  EXPECT_EQ(parsed(terminal("status", {"--json"}))["enrolled"], false);
  const int unenrolled = sync_once();
  EXPECT_EQ(unenrolled, 2);
  EXPECT_THAT(m_last_errors, HasSubstr("not enrolled"));
}

TEST_F(SyncEndToEnd, AUsedCodeEnrolsNoSecondTerminal) {
  const Finished code = central({"enrol-code", "--office", "MPP", "--region", "3273"});
  const std::string text = code.output.substr(0, code.output.find('\n'));
  Program first("anjunganctl", {"enrol", "--config", config(), "--code", text});
  ASSERT_TRUE(first.wait_for_line("The centre knows this terminal").has_value()) << first.errors();
  std::filesystem::rename(m_folder.path("terminal"), m_folder.path("first"));
  const Finished second = terminal("enrol", {"--code", text});
  EXPECT_EQ(second.code, 4) << second.errors;
  EXPECT_THAT(second.errors, HasSubstr("another terminal"));
}

TEST_F(SyncEndToEnd, WhatWasFiledWhileTheCentreWasDownArrivesWhenItIsBack) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(3);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  m_centre->signal(SIGTERM);
  EXPECT_EQ(m_centre->wait_for_end(), 0);
  seed(12, 2);
  EXPECT_EQ(sync_once(), 1);
  const json status = parsed(terminal("status", {"--json"}));
  EXPECT_GE(status["waiting"], 12);
  EXPECT_NE(status["last_error"], "");

  Program agent("anjungan-sync", {"--config", config()});
  ASSERT_TRUE(agent.wait_for_line("sync.failed").has_value()) << agent.errors();
  start_centre();
  ASSERT_TRUE(agent.wait_for_line(" waiting=0 ").has_value()) << agent.errors();
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait_for_end(), 0);
  expect_exactly_once();
}

TEST_F(SyncEndToEnd, AnAgentThatIsKilledAgainAndAgainLosesAndDoublesNothing) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(60);
  write_config(1);  // many exchanges, so that a kill falls into one
  for (int round = 0; round < 8; ++round) {
    Program agent("anjungan-sync", {"--config", config()});
    // One more acknowledgement each time, then no warning at all.
    for (int acks = 0; acks <= round; ++acks) {
      ASSERT_TRUE(agent.wait_for_line("sync.done").has_value()) << agent.errors();
    }
    agent.signal(SIGKILL);
    EXPECT_EQ(agent.wait_for_end(), 128 + SIGKILL);
  }
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();
}

TEST_F(SyncEndToEnd, ACentreThatIsKilledAgainAndAgainLosesAndDoublesNothing) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(60);
  write_config(1);
  Program agent("anjungan-sync", {"--config", config()});
  for (int round = 0; round < 5; ++round) {
    for (int acks = 0; acks < 5; ++acks) {
      ASSERT_TRUE(agent.wait_for_line("sync.done").has_value()) << agent.errors();
    }
    m_centre->signal(SIGKILL);
    EXPECT_EQ(m_centre->wait_for_end(), 128 + SIGKILL);
    ASSERT_NO_FATAL_FAILURE(start_centre());
  }
  ASSERT_TRUE(agent.wait_for_line(" waiting=0 ").has_value()) << agent.errors();
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait_for_end(), 0);
  expect_exactly_once();
}

TEST_F(SyncEndToEnd, PhotosFollowTheirComplaintsAndOpenWithEitherKey) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json filed = seed(2, 1, 2);
  json status = parsed(terminal("status", {"--json"}));
  EXPECT_EQ(status["attachments_waiting"], 4);
  EXPECT_GT(status["attachment_bytes_waiting"], 100'000);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  status = parsed(terminal("status", {"--json"}));
  EXPECT_EQ(status["attachments"], 4);
  EXPECT_EQ(status["attachments_waiting"], 0);
  const json device = parsed(central({"stats", "--json"}))["devices"][0];
  EXPECT_EQ(device["attachments"], 4);
  EXPECT_EQ(device["attachments_held"], 4);
  expect_exactly_once();

  const std::string number = filed[1]["tracking_number"];
  for (const std::string key : {"sealing", "escrow"}) {
    const std::string out = m_folder.path("opened-" + key);
    const Finished opened =
        central({"attachments", number, "--out", out, "--key", m_folder.path("central/keys/" + key + ".key")});
    ASSERT_EQ(opened.code, 0) << opened.errors;
    int photos = 0;
    for (const auto& entry : std::filesystem::directory_iterator(out)) {
      std::ifstream file(entry.path(), std::ios::binary);
      EXPECT_EQ(file.get(), 0xff) << entry.path();
      EXPECT_EQ(file.get(), 0xd8) << "a JPEG";
      photos++;
    }
    EXPECT_EQ(photos, 2);
  }
  EXPECT_NE(central({"attachments", number, "--out", m_folder.path("stranger"), "--key",
                     m_folder.path("central/keys/signing.key")})
                .code,
            0);
  EXPECT_TRUE(std::filesystem::is_empty(m_folder.path("stranger"))) << "nothing that did not open";
}

TEST_F(SyncEndToEnd, PhotosArriveThoughAgentAndCentreAreKilledAgainAndAgain) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(8, 1, 2);
  for (int round = 0; round < 6; ++round) {
    // On a slow machine more than two of them come through before the agent is dead.
    if (parsed(terminal("status", {"--json"}))["attachments_waiting"] < 3) break;
    Program agent("anjungan-sync", {"--config", config()});
    for (int held = 0; held < 2; ++held) {
      ASSERT_TRUE(agent.wait_for_line("blob.held").has_value()) << agent.errors();
    }
    // One after the other, wherever it has come to with the next photo.
    if (round % 2 == 0) {
      m_centre->signal(SIGKILL);
      EXPECT_EQ(m_centre->wait_for_end(), 128 + SIGKILL);
      ASSERT_NO_FATAL_FAILURE(start_centre());
    }
    agent.signal(SIGKILL);
    EXPECT_EQ(agent.wait_for_end(), 128 + SIGKILL);
  }
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();
  EXPECT_EQ(parsed(terminal("status", {"--json"}))["attachments_waiting"], 0);
  const json device = parsed(central({"stats", "--json"}))["devices"][0];
  EXPECT_EQ(device["attachments"], 16);
  EXPECT_EQ(device["attachments_held"], 16);
}

// Where the centre keeps its room for records, those go on and the photos wait.
TEST_F(SyncEndToEnd, PhotosWaitForACentreWithoutRoomAndRecordsDoNot) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  m_centre->signal(SIGTERM);
  EXPECT_EQ(m_centre->wait_for_end(), 0);
  start_centre({"--blob-reserve-mib", "1048576"});
  seed(2, 1, 1);
  EXPECT_EQ(sync_once(), 1) << "not everything is delivered";
  expect_exactly_once();
  EXPECT_EQ(parsed(terminal("status", {"--json"}))["attachments_waiting"], 2);
  m_centre->signal(SIGTERM);
  EXPECT_EQ(m_centre->wait_for_end(), 0);
  start_centre();
  EXPECT_EQ(sync_once(), 0) << m_last_errors;
  EXPECT_EQ(parsed(terminal("status", {"--json"}))["attachments_waiting"], 0);
}

TEST_F(SyncEndToEnd, ARestoredBackupIsFilledUpByTheTerminals) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json filed = seed(4);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  ASSERT_EQ(central({"verify", filed[0]["tracking_number"]}).code, 0);
  const Finished backup = central({"backup", m_folder.path("backup")});
  ASSERT_EQ(backup.code, 0) << backup.errors;
  EXPECT_EQ(central({"backup", m_folder.path("backup")}).code, 4) << "a backup is never overwritten";
  seed(5, 2);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;

  m_centre->signal(SIGKILL);
  ASSERT_EQ(m_centre->wait_for_end(), 128 + SIGKILL);
  std::filesystem::remove_all(m_folder.path("central"));
  std::filesystem::rename(m_folder.path("backup"), m_folder.path("central"));
  start_centre();
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();
  const json verdict = parsed(central({"audit-verify", "--json"}));
  EXPECT_EQ(verdict["sound"], true);
  EXPECT_EQ(central({"audit-verify", "--expect", verdict["audit_head"]}).code, 0);
  EXPECT_EQ(central({"audit-verify", "--expect", std::string(64, '0')}).code, 6);
  const Finished before = central({"list", "--json"});
  EXPECT_THAT(central({"rebuild"}).output, HasSubstr("made anew from"));
  EXPECT_EQ(central({"list", "--json"}).output, before.output);
}

// Threat 8: whoever has a copy of the disk from before a change of keys has nothing.
TEST_F(SyncEndToEnd, Threat08ATerminalChangesItsKeysAndGoesOn) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json before = seed(2);
  std::filesystem::copy(m_folder.path("terminal"), m_folder.path("stolen"), std::filesystem::copy_options::recursive);
  const auto fingerprint = [this] { return parsed(central({"devices", "--json"}))["devices"][0]["fingerprint"]; };
  const json first = fingerprint();

  // Nobody runs: the command line does both programs' part.
  json done = parsed(terminal("rotate-keys", {"--json"}));
  EXPECT_EQ(done["state"], "done");
  EXPECT_EQ(done["changes"], 1);
  EXPECT_NE(done["fingerprint"], first);
  EXPECT_EQ(done["fingerprint"], fingerprint());
  seed(2, 2);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();

  // Through the running agent; the centre is away at first, and the agent is killed while it waits.
  {
    Program agent("anjungan-sync", {"--config", config()});
    ASSERT_TRUE(agent.wait_for_line("sync.done").has_value()) << agent.errors();
    m_centre->signal(SIGTERM);
    EXPECT_EQ(m_centre->wait_for_end(), 0);
    const Finished waits = terminal("rotate-keys");
    EXPECT_EQ(waits.code, 5) << waits.errors;
    EXPECT_THAT(waits.errors, HasSubstr("not changed yet"));
    agent.signal(SIGKILL);
    EXPECT_EQ(agent.wait_for_end(), 128 + SIGKILL);
  }
  seed(1, 3);
  start_centre();
  Program agent("anjungan-sync", {"--config", config()});
  ASSERT_TRUE(agent.wait_for_line("rotation.done").has_value()) << agent.errors();
  ASSERT_TRUE(agent.wait_for_line(" waiting=0 ").has_value()) << agent.errors();
  seed(1, 4);
  ASSERT_TRUE(agent.wait_for_line(" waiting=0 ").has_value()) << agent.errors();
  done = parsed(terminal("rotate-keys", {"--which", "device", "--json"}));
  EXPECT_EQ(done["state"], "done");
  EXPECT_EQ(done["changes"], 3);
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait_for_end(), 0);
  EXPECT_EQ(parsed(central({"devices", "--json"}))["devices"][0]["key_changes"], 3);
  expect_exactly_once();
  EXPECT_EQ(parsed(central({"audit-verify", "--json"}))["sound"], true);
  for (const std::string name : {"receipt.next", "device.next", "rotation.order", "rotation.request"}) {
    EXPECT_FALSE(std::filesystem::exists(m_folder.path("terminal/keys/" + name))) << name;
  }
  // A receipt from before the changes is genuine here too.
  EXPECT_EQ(parsed(terminal("verify", {before[0]["receipt_url"], "--json"}))["verdict"], "genuine");

  std::filesystem::rename(m_folder.path("terminal"), m_folder.path("honest"));
  std::filesystem::rename(m_folder.path("stolen"), m_folder.path("terminal"));
  EXPECT_EQ(sync_once(), 1);
  EXPECT_THAT(m_last_errors, HasSubstr("HTTP status 401"));
  EXPECT_EQ(terminal("rotate-keys").code, 4);
  std::filesystem::rename(m_folder.path("terminal"), m_folder.path("stolen"));
  std::filesystem::rename(m_folder.path("honest"), m_folder.path("terminal"));
  seed(1, 5);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  expect_exactly_once();
}

TEST_F(SyncEndToEnd, WhatAnAgencyDidReachesTheTerminal) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json filed = seed(1);
  const std::string number = filed[0]["tracking_number"];
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  ASSERT_EQ(central({"verify", number}).code, 0);
  const Finished nowhere = central({"dispose", number, "--agency", "nobody"});
  EXPECT_NE(nowhere.code, 0);
  EXPECT_THAT(nowhere.errors, HasSubstr("agency"));
  ASSERT_EQ(central({"dispose", number, "--agency", "dsdabm"}).code, 0);
  ASSERT_EQ(central({"follow-up", number, "--text", "Petugas sudah memeriksa lokasi."}).code, 0);
  const Finished resolved =
      central({"resolve", number, "--text", "Lubang sudah ditambal.", "--evidence", "foto-20260903.jpg"});
  ASSERT_EQ(resolved.code, 0) << resolved.errors;
  EXPECT_THAT(central({"show", number}).output, HasSubstr("Lubang sudah ditambal."));
  EXPECT_EQ(central({"show", "3273-0001-999999-0"}).code, 2) << "a check digit that does not fit";
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  auto reader = store::SyncReader::open(m_folder.path("terminal")).value();
  const auto news = reader.case_of(record::TrackingNumber::parse(number).value()).value();
  ASSERT_TRUE(news.has_value());
  EXPECT_EQ(json::parse(news->begin(), news->end())["status"], "resolved");
}

TEST_F(SyncEndToEnd, AQuestionByAccessCodeIsAnsweredToTheAppAlone) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json filed = seed(1);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  const record::SealingKey reply = record::SealingKey::generate();
  store::Question question;
  question.asked_ms = record::SystemClock().unix_ms();
  question.id = record::Uuid::make(question.asked_ms);
  question.code_hash = record::AccessCode::parse(filed[0]["access_code"].get<std::string>()).value().code_hash();
  question.reply_key = reply.public_key();
  {
    const auto identity = store::load_identity(m_folder.path("terminal")).value();
    store::IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    auto kiosk =
        store::IntakeStore::open(m_folder.path("terminal"), m_folder.path("run"), identity,
                                 store::load_key(m_folder.path("terminal"), store::KeyUse::receipt).value(), options)
            .value();
    ASSERT_TRUE(kiosk->ask(question).has_value());
  }
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  auto reader = store::SyncReader::open(m_folder.path("terminal")).value();
  const auto answer = reader.answer_to(question.id).value();
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->finding, 1);
  const auto opened = reply.open(answer->sealed_case);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(json::parse(record::to_text(*opened))["number"], filed[0]["tracking_number"]);
}

TEST_F(SyncEndToEnd, ReceiptsAreVerifiedWithoutANetwork) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  const json filed = seed(1);
  m_centre->signal(SIGKILL);
  std::string url = filed[0]["receipt_url"];
  const Finished genuine = ctl({"verify", url, "--config", config(), "--json"});
  EXPECT_EQ(parsed(genuine)["verdict"], "genuine");
  EXPECT_EQ(parsed(genuine)["number"], filed[0]["tracking_number"]);
  EXPECT_EQ(ctl({"verify", url, "--json"}).code, 4) << "no key to hold it against";
  const std::size_t at = url.find('#') + 20;
  url[at] = url[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ctl({"verify", url, "--config", config()}).code, 4);
}

TEST_F(SyncEndToEnd, TheDoctorFindsWhatIsBroken) {
  const Finished before = terminal("doctor");
  EXPECT_EQ(before.code, 6);
  EXPECT_THAT(before.output, HasSubstr("enrol-code"));
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(1);
  Program agent("anjungan-sync", {"--config", config()});
  ASSERT_TRUE(agent.wait_for_line(" waiting=0 ").has_value()) << agent.errors();
  const Finished healthy = terminal("doctor", {"--json"});
  EXPECT_EQ(healthy.code, 0) << healthy.output;
  m_centre->signal(SIGKILL);
  ASSERT_EQ(m_centre->wait_for_end(), 128 + SIGKILL);
  const Finished alone = terminal("doctor");
  EXPECT_EQ(alone.code, 6);
  EXPECT_THAT(alone.output, HasSubstr("complaints are safe here meanwhile"));
}

TEST_F(SyncEndToEnd, ARevokedTerminalIsToldSo) {
  ASSERT_NO_FATAL_FAILURE(enrol());
  seed(2);
  ASSERT_EQ(sync_once(), 0) << m_last_errors;
  const std::string device = parsed(terminal("status", {"--json"}))["device"];
  ASSERT_EQ(central({"revoke", device}).code, 0);
  seed(1, 2);
  EXPECT_EQ(sync_once(), 1);
  EXPECT_EQ(parsed(terminal("status", {"--json"}))["standing"], "revoked");
}

}  // namespace
}  // namespace anjungan::test
