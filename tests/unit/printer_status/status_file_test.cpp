// SPDX-License-Identifier: Apache-2.0
#include "printer/status/status_file.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include <filesystem>
#include <fstream>

namespace anjungan::status {
namespace {

constexpr const char* k_uri = "struk:tcp://192.0.2.7:9100?profile=epson-tm-m30";

class StatusFile : public testing::Test {
 protected:
  StatusFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "anjungan-status-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~StatusFile() override { std::filesystem::remove_all(folder); }
  void put(const std::string& text) const { std::ofstream(path_of(folder, k_uri), std::ios::binary) << text; }
  static std::int64_t since_boot_ms() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000;
  }
  static std::string text(const std::string& word, std::int64_t said_ms) {
    return std::string("anjungan-struk 1\n") + k_uri + "\n" + word + "\n" + std::to_string(said_ms) + "\n";
  }
  [[nodiscard]] Sight sight() const { return read(folder, k_uri).sight; }

  std::string folder;
};

TEST_F(StatusFile, SaysWhatWasWritten) {
  EXPECT_EQ(sight(), Sight::unwatched);
  for (const char* word : {"ready", "media-empty", "busy", "unknown"}) {
    ASSERT_TRUE(write(folder, k_uri, word));
    EXPECT_EQ(read(folder, k_uri), (Seen{Sight::seen, word}));
  }
  struct stat found{};
  ASSERT_EQ(::stat(path_of(folder, k_uri).c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0644U);
  remove(folder, k_uri);
  EXPECT_EQ(sight(), Sight::unwatched);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(StatusFile, OnlyWordsOfItsOwn) {
  EXPECT_FALSE(write(folder, k_uri, "splendid"));
  EXPECT_FALSE(write(folder + "/nowhere", k_uri, "ready"));
  EXPECT_FALSE(write(folder, std::string(2'000, 'x'), "ready"));
}

TEST_F(StatusFile, AnOldWordIsNobodys) {
  put(text("ready", since_boot_ms()));
  EXPECT_EQ(sight(), Sight::seen);
  put(text("ready", since_boot_ms() - k_fresh_ms - 1'000));
  EXPECT_EQ(sight(), Sight::stale);
  put(text("ready", since_boot_ms() + 60'000));
  EXPECT_EQ(sight(), Sight::stale) << "of before a reboot, or invented";
}

TEST_F(StatusFile, RubbishIsNeverAWord) {
  const std::string now = std::to_string(since_boot_ms());
  const std::string begin = std::string("anjungan-struk 1\n") + k_uri + "\n";
  for (const std::string& bad :
       {std::string(), std::string("ready"), begin + "ready\n" + now, begin + "ready\n" + now + "\nmore\n",
        begin + "ready\n\n", begin + "READY\n" + now + "\n", begin + "ready\n" + now + "x\n",
        begin + "ready\n99999999999999999999\n", "anjungan-struk 2\n" + text("ready", since_boot_ms()).substr(17),
        std::string(100'000, '\n'), std::string("\0\0\0\0", 4),
        text("ready", since_boot_ms()) + std::string(2'000, 'x')}) {
    put(bad);
    EXPECT_EQ(sight(), Sight::stale) << bad.substr(0, 60);
  }
}

TEST_F(StatusFile, OnlyAPlainFileIsRead) {
  const std::string elsewhere = folder + "/elsewhere";
  std::ofstream(elsewhere) << text("ready", since_boot_ms());
  std::filesystem::create_symlink(elsewhere, path_of(folder, k_uri));
  EXPECT_EQ(sight(), Sight::stale);
  std::filesystem::remove(path_of(folder, k_uri));
  ASSERT_EQ(::mkfifo(path_of(folder, k_uri).c_str(), 0666), 0);
  EXPECT_EQ(sight(), Sight::stale);
}

TEST_F(StatusFile, DevicesThatDifferOnlyInSignsHaveFilesOfTheirOwn) {
  EXPECT_NE(path_of(folder, "struk:tcp://192.0.2.7:9100"), path_of(folder, "struk:tcp___192.0.2.7:9100"));
  EXPECT_NE(path_of(folder, "struk:/dev/a_2f"), path_of(folder, "struk:/dev/a/"));
  EXPECT_FALSE(write(folder, "struk:/" + std::string(300, 'a'), "ready")) << "no file can have such a name";
}

TEST_F(StatusFile, AnotherDevicesFileIsNotIts) {
  put(std::string("anjungan-struk 1\nstruk:tcp___192.0.2.7:9100\nready\n") + std::to_string(since_boot_ms()) + "\n");
  EXPECT_EQ(sight(), Sight::unwatched);
}

}  // namespace
}  // namespace anjungan::status
