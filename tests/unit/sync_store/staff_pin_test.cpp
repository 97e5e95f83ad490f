// SPDX-License-Identifier: Apache-2.0
#include "sync/store/staff_pin.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "sync/store/files.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

using record::ErrorKind;

TEST(StaffPin, OpensOnlyToTheOneThatWasSet) {
  TerminalFolder terminal;
  EXPECT_EQ(check_staff_pin(terminal.data(), "271828").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(set_staff_pin(terminal.data(), "271828"));
  EXPECT_TRUE(check_staff_pin(terminal.data(), "271828"));
  for (const char* wrong : {"271829", "27182", "2718281", "", "27182a", "271828\n"}) {
    EXPECT_EQ(check_staff_pin(terminal.data(), wrong).error().kind, ErrorKind::denied) << wrong;
  }
  ASSERT_TRUE(set_staff_pin(terminal.data(), "314159265358"));
  EXPECT_FALSE(check_staff_pin(terminal.data(), "271828"));
  EXPECT_TRUE(check_staff_pin(terminal.data(), "314159265358"));
}

TEST(StaffPin, TheFileHoldsNoPinAndIsForOneUser) {
  TerminalFolder terminal;
  ASSERT_TRUE(set_staff_pin(terminal.data(), "271828"));
  const auto bytes = read_file(terminal.data() + "/keys/staff.pin", 1'000);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(record::to_text(*bytes).find("271828"), std::string::npos);
  EXPECT_EQ(record::to_text(*bytes).find("$argon2id$"), 0U);
  struct stat found{};
  ASSERT_EQ(::stat((terminal.data() + "/keys/staff.pin").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(StaffPin, RefusesWhatEverybodyTriesFirst) {
  TerminalFolder terminal;
  for (const char* bad : {"", "12345", "1234567890123", "27182a", "271 828", "000000", "777777", "123456", "987654",
                          "890123", "-271828"}) {
    EXPECT_EQ(set_staff_pin(terminal.data(), bad).error().kind, ErrorKind::invalid) << bad;
  }
}

TEST(StaffPin, ADamagedFileOpensToNobody) {
  TerminalFolder terminal;
  ASSERT_TRUE(set_staff_pin(terminal.data(), "271828"));
  for (const std::string& content :
       {std::string(), std::string("$argon2id$"), std::string(128, 'x'), std::string(100, '\0')}) {
    std::ofstream(terminal.data() + "/keys/staff.pin") << content;
    EXPECT_FALSE(check_staff_pin(terminal.data(), "271828"));
    EXPECT_FALSE(check_staff_pin(terminal.data(), ""));
  }
}

TEST(PinGuard, GuessingGetsSlower) {
  PinGuard guard;
  std::int64_t now = 1'000'000;
  for (int n = 0; n < 4; n++) {
    guard.wrong(now);
    EXPECT_EQ(guard.wait_ms(now), 0);
  }
  std::int64_t before = 0;
  for (int n = 0; n < 20; n++) {
    guard.wrong(now);
    const std::int64_t wait = guard.wait_ms(now);
    EXPECT_GE(wait, std::max<std::int64_t>(60'000, before));
    EXPECT_LE(wait, 3'600'000);
    EXPECT_GT(guard.wait_ms(now + wait - 1), 0);
    EXPECT_EQ(guard.wait_ms(now + wait), 0);
    before = wait;
    now += wait;
  }
  EXPECT_EQ(before, 3'600'000);
  guard.right();
  EXPECT_EQ(guard.wait_ms(now), 0);
  guard.wrong(now);
  EXPECT_EQ(guard.wait_ms(now), 0);
}

}  // namespace
}  // namespace anjungan::store
