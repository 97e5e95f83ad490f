// SPDX-License-Identifier: Apache-2.0
#include "printer/profile/profile.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace anjungan::profile {
namespace {

using testing::HasSubstr;

TEST(Profiles, EachShippedOneIsRead) {
  const auto names = profile_names();
  EXPECT_THAT(names, testing::IsSupersetOf(
                         {"epson-tm-m30", "epson-tm-t82", "epson-tm-t88", "generic-58", "generic-80", "silent-80"}));
  for (const std::string& name : names) {
    std::string error;
    EXPECT_TRUE(load_profile(name, error)) << error;
  }
  std::string error;
  const auto fine = load_profile("epson-tm-t88", error);
  EXPECT_EQ(fine->dots, 512);
  EXPECT_EQ(fine->dpi, 180);
  EXPECT_EQ(fine->steps, 2);
  EXPECT_FALSE(load_profile("generic-58", error)->cutter);
}

TEST(Profiles, ATypingErrorIsNamed) {
  std::string error;
  for (const char* text :
       {"dots = 576\nconfirm = perhaps\n", "# x\ndotz = 1\n", "dpi\nx", "status = YES", "steps = 3"}) {
    EXPECT_FALSE(parse_profile(text, error)) << text;
    EXPECT_THAT(error, HasSubstr("line"));
  }
}

TEST(Profiles, AFeedThatOneCommandCannotDoIsRefused) {
  std::string error;
  EXPECT_TRUE(parse_profile("feed = 255\n", error)) << error;
  EXPECT_TRUE(parse_profile("steps = 2\nfeed = 127\n", error)) << error;
  EXPECT_FALSE(parse_profile("steps = 2\nfeed = 128\n", error));
  EXPECT_THAT(error, HasSubstr("feed"));
}

TEST(Profiles, ANameIsNeverAPath) {
  std::string error;
  for (const char* name : {"", "none-such", "../printers/generic-80", "a b", "generic-80\n"}) {
    EXPECT_FALSE(load_profile(name, error)) << name;
    EXPECT_NE(error, "");
  }
}

TEST(Profiles, AnAdministratorsOwnComesFirst) {
  std::string folder = (std::filesystem::temp_directory_path() / "anjungan-profile-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::filesystem::create_directory(folder + "/struk");
  std::ofstream(folder + "/struk/generic-80.profile") << "dots = 512\n";
  std::ofstream(folder + "/struk/broken.profile") << "dots = many\n";
  ::setenv("CUPS_SERVERROOT", folder.c_str(), 1);
  std::string error;
  EXPECT_EQ(load_profile("generic-80", error)->dots, 512);
  EXPECT_FALSE(load_profile("broken", error));
  EXPECT_THAT(error, HasSubstr(folder + "/struk/broken.profile: line 1"));
  EXPECT_THAT(profile_names(), testing::Contains("broken"));
  ::unsetenv("CUPS_SERVERROOT");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace anjungan::profile
