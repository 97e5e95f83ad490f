// SPDX-License-Identifier: Apache-2.0
// The parts of the program that need no screen; the whole of it is tested by e2e and crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "kiosk/app/corner.h"
#include "kiosk/app/frames.h"
#include "kiosk/app/notify.h"
#include "kiosk/app/robot.h"
#include "kiosk/app/terminal.h"

namespace anjungan::app {
namespace {

using testing::HasSubstr;

class AppTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "anjungan-app-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    m_folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(m_folder); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = m_folder + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  std::string m_folder;
};

TEST_F(AppTest, AConfigurationsErrorNamesFileLineAndKey) {
  const std::string config = write("t.toml", "[terminal]\ndata = \"x\"\nregiom = 3273\n");
  const auto terminal = load_terminal(config, false);
  ASSERT_FALSE(terminal.has_value());
  EXPECT_THAT(terminal.error().text, HasSubstr(config + ":3"));
  EXPECT_THAT(terminal.error().text, HasSubstr("regiom"));
}

TEST(CornerTest, FiveTapsSoonAfterEachOtherOpenIt) {
  Corner corner(120);
  std::int64_t now = 1'000;
  const auto taps = [&](int count, ui::Point at, std::int64_t pause_ms) {
    bool opened = false;
    for (int n = 0; n < count; n++) opened = corner.touched(at, now += pause_ms);
    return opened;
  };
  EXPECT_TRUE(taps(5, {10, 10}, 400));
  EXPECT_FALSE(taps(4, {10, 10}, 400));
  EXPECT_TRUE(taps(1, {119, 119}, 400));
  EXPECT_FALSE(taps(9, {10, 10}, 2'000)) << "too slow";
  EXPECT_FALSE(taps(9, {121, 10}, 100)) << "beside it";
  EXPECT_FALSE(taps(4, {10, 10}, 100));
  EXPECT_FALSE(taps(1, {500, 500}, 100));
  EXPECT_FALSE(taps(4, {10, 10}, 100)) << "a touch elsewhere begins anew";
  EXPECT_FALSE(taps(9, {-1, 10}, 100)) << "beside a smaller picture";
}

TEST_F(AppTest, AnAccentThatIsNoColourIsRefused) {
  const auto terminal = load_terminal(write("t.toml", "[brand]\naccent = \"blue\"\n"), false);
  ASSERT_FALSE(terminal.has_value());
  EXPECT_THAT(terminal.error().text, HasSubstr("accent"));
}

TEST_F(AppTest, SamplesAreNumber0000AndLieApart) {
  const std::string config = write(
      "t.toml", "[terminal]\ndata = \"" + m_folder + "/data\"\nruntime = \"" + m_folder + "/run\"\nregion = 3273\n");
  const auto real = load_terminal(config, false);
  const auto sample = load_terminal(config, true);
  ASSERT_TRUE(real.has_value());
  ASSERT_TRUE(sample.has_value());
  EXPECT_NE(real->settings.data, sample->settings.data);
  EXPECT_NE(real->settings.runtime, sample->settings.runtime);
  const auto nobody = identity_of(*real);
  ASSERT_FALSE(nobody.has_value());
  EXPECT_EQ(nobody.error().kind, record::ErrorKind::not_found);
  const auto identity = identity_of(*sample);
  ASSERT_TRUE(identity.has_value());
  EXPECT_EQ(identity->terminal, 0);
  EXPECT_FALSE(std::filesystem::exists(m_folder + "/data/keys"));
}

TEST_F(AppTest, ARobotRefusesALineItDoesNotKnow) {
  const std::string script = write("r.robot", "# a comment\ntap start\nhit next\n");
  const auto robot = Robot::load({.script = script, .shots = {}, .report = {}});
  ASSERT_FALSE(robot.has_value());
  EXPECT_THAT(robot.error().text, HasSubstr(script + ":3"));
}

TEST_F(AppTest, FramesWithoutACauseAreCountedButNotTimed) {
  Frames frames;
  frames.count();
  EXPECT_EQ(frames.worst_ms(), 0);
  for (const double ms : {4.0, 9.0, 5.0}) frames.count(ms);
  EXPECT_EQ(frames.drawn(), 4);
  EXPECT_EQ(frames.worst_ms(), 9);
  EXPECT_EQ(frames.median_ms(), 5);
  ASSERT_TRUE(frames.write(m_folder + "/frames.json"));
  std::ifstream in(m_folder + "/frames.json");
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, R"({"drawn": 4, "median_ms": 5.00, "worst_ms": 9.00})");
}

TEST_F(AppTest, TheServiceManagerIsTold) {
  const std::string path = m_folder + "/notify";
  const int in = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(in, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size());
  ASSERT_EQ(::bind(in, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(::setenv("NOTIFY_SOCKET", path.c_str(), 1), 0);
  const auto heard = [&] {
    char words[64]{};
    const ssize_t length = ::recv(in, words, sizeof(words), MSG_DONTWAIT);
    return std::string(words, length > 0 ? static_cast<std::size_t>(length) : 0);
  };
  notify_ready();
  EXPECT_EQ(heard(), "READY=1");
  notify_alive();
  EXPECT_EQ(heard(), "WATCHDOG=1");
  ::close(in);
  notify_alive();  // nobody there
  ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace anjungan::app
