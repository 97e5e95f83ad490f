// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "sync/store/intake_store.h"

namespace anjungan::ctl {
namespace {

class Doctor : public testing::Test {
 protected:
  Doctor() {
    std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-doctor-XXXXXX").string();
    m_folder = ::mkdtemp(pattern.data());
    m_terminal.data = m_folder + "/data";
    m_terminal.runtime = m_folder + "/run";
    m_terminal.low_water_mib = 1;
    m_terminal.ballast_mib = 1;
    m_terminal.centre_url = "http://127.0.0.1:1";  // where nobody listens
    std::filesystem::create_directories(m_terminal.data);
    std::filesystem::create_directories(m_terminal.runtime);
  }
  ~Doctor() override {
    std::error_code ignored;
    std::filesystem::remove_all(m_folder, ignored);
  }

  // The worst finding on a subject.
  [[nodiscard]] Finding on(const std::string& subject) const {
    Finding worst{subject, Health::good, "nothing was found", {}};
    for (const Finding& finding : examine(m_terminal)) {
      if (finding.subject == subject && finding.health >= worst.health) worst = finding;
    }
    return worst;
  }

  std::string m_folder;
  settings::Terminal m_terminal;
};

TEST_F(Doctor, EverythingThatIsNotGoodComesWithARemedy) {
  for (const Finding& finding : examine(m_terminal)) {
    EXPECT_EQ(finding.health == Health::good, finding.remedy.empty()) << finding.subject << ": " << finding.text;
    EXPECT_FALSE(finding.text.empty());
  }
}

TEST_F(Doctor, NamesAMissingFolder) {
  EXPECT_EQ(on("data folder").health, Health::good);
  std::filesystem::remove_all(m_terminal.data);
  EXPECT_EQ(on("data folder").health, Health::broken);
  EXPECT_THAT(on("data folder").text, testing::HasSubstr(m_terminal.data));
}

TEST_F(Doctor, TellsAFullDiskFromARoomyOne) {
  EXPECT_EQ(on("disk").health, Health::good);
  m_terminal.low_water_mib = std::uint64_t{1} << 40;
  EXPECT_EQ(on("disk").health, Health::broken);
  EXPECT_THAT(on("disk").text, testing::HasSubstr("no complaint is taken"));
}

TEST_F(Doctor, PointsAtADatabaseThatWasDamaged) {
  store::Identity identity;
  identity.seal_to = {record::SealingKey::generate().public_key()};
  ASSERT_TRUE(store::IntakeStore::open(m_terminal.data, m_terminal.runtime, identity, record::SigningKey::generate(),
                                       {.ballast_bytes = 0}));
  EXPECT_EQ(on("damage").health, Health::good);
  std::filesystem::create_directories(m_terminal.data + "/damaged-2026-11-21T10-32-07.123Z");
  EXPECT_EQ(on("damage").health, Health::worth_a_look);
  EXPECT_THAT(on("damage").text, testing::HasSubstr("damaged-2026-11-21"));
}

TEST_F(Doctor, SaysThatTheTerminalIsNotEnrolled) {
  EXPECT_EQ(on("enrolment").health, Health::broken);
  EXPECT_THAT(on("enrolment").remedy, testing::HasSubstr("anjunganctl enrol"));
}

TEST_F(Doctor, SaysThatTheCentreDoesNotAnswerOrMayNotBeAsked) {
  EXPECT_EQ(on("centre").health, Health::broken);
  EXPECT_THAT(on("centre").remedy, testing::HasSubstr("complaints are safe here"));
  m_terminal.centre_url = "http://centre.example";
  EXPECT_THAT(on("centre").text, testing::HasSubstr("use https"));
}

TEST_F(Doctor, SaysThatAPrinterNeedsAQueue) {
  EXPECT_EQ(on("printer").health, Health::worth_a_look);
  m_terminal.printer_kind = settings::PrinterKind::cups;
  EXPECT_EQ(on("printer").health, Health::broken);
  EXPECT_THAT(on("printer").remedy, testing::HasSubstr("lpstat"));
}

}  // namespace
}  // namespace anjungan::ctl
