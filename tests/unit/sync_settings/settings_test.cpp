// SPDX-License-Identifier: Apache-2.0
#include "sync/settings/settings.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "sync/record/command.h"
#include "sync/settings/remote.h"

namespace anjungan::settings {
namespace {

TEST(Settings, TheExampleIsAccepted) {
  auto read = parse_terminal(example(), "example.toml");
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->region, 3273);
  EXPECT_TRUE(read->fullscreen);
}

TEST(Settings, AnEmptyFileIsAllDefaults) {
  auto read = parse_terminal("", "empty.toml");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->batch, 200);
}

/// Each bad file with the words its message must have.
TEST(Settings, NamesLineAndKey) {
  const std::pair<const char*, const char*> cases[] = {
      {"[terminal]\nofice = \"x\"", "t.toml:2: terminal.ofice: there is no such key"},
      {"\n\n[screen]\nwidth = \"1080\"", "t.toml:4: screen.width: must be a whole number"},
      {"[screen]\nrotate = 45", "t.toml:2: screen.rotate: must be 0, 90, 180 or 270"},
      {"[screen]\npx_per_mm = 0", "t.toml:2: screen.px_per_mm"},
      {"[brand]\naccent = \"blue\"", "t.toml:2: brand.accent: must be a colour"},
      {"[centre]\nurl = \"http://example.go.id\"", "t.toml:2: centre.url: must start with https://"},
      {"[terminal]\nzone = \"CET\"", "t.toml:2: terminal.zone: must be one of \"WIB\", \"WITA\", \"WIT\""},
      {"[terminal]\ndata = 7", "t.toml:2: terminal.data: must be a text"},
      {"[printer]\nkind = \"cups\"", "printer.queue"},
      {"[printer]\nkind = \"none\"", "t.toml:2: printer.kind: must be one of"},
      {"[fallback]\nkind = \"cups\"", "fallback.queue: needed"},
      {"[printer]\nkind = \"cups\"\nqueue = \"q\"\n[fallback]\nkind = \"cups\"\nqueue = \"q\"", "must be another one"},
      {"[printer]\nmedium = \"a4\"\nprofile = \"generic-80\"", "printer.profile: is a roll printer's"},
      {"[printer]\nmode = \"fast\"",
       "t.toml:2: printer.mode: must be one of \"raster\", \"text\", \"native\", \"pwg\""},
      {"[fallback]\nafter_s = -1", "t.toml:2: fallback.after_s"},
      {"width = 5", "t.toml:1: width: must stand in a section"},
      {"[session]\nwarning_s = 5", "t.toml:2: session.warning_s"},
      {"[terminal\n", "t.toml:1"},
      {"[\n", "t.toml:1"},
      {"[terminal.\n", "t.toml:1"},
      {"= 1", "t.toml:1"},
      {"\nŠ = 1", "t.toml:2: letters beyond a-z stand in quotes"},
      {"[terminal]\nplace = \"a\\u0007b\"", "control character"},
  };
  for (const auto& [text, words] : cases) {
    auto read = parse_terminal(text, "t.toml");
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().text.find(words), std::string::npos) << read.error().text;
  }
}

TEST(Settings, AMissingFileSaysHowToNameIt) {
  auto read = load_terminal("/nowhere/anjungan.toml");
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text.find("--config"), std::string::npos);
}

TEST(Settings, RefusesAHugeFile) { EXPECT_FALSE(parse_terminal(std::string(70'000, '#'), "big.toml")); }

/// A data folder with what was set from afar, and a technician's file that names it.
class RemoteTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "anjungan-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    std::filesystem::create_directories(folder + "/data/remote");
    own("");
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder + "/" + name, std::ios::binary) << text;
  }
  void own(const std::string& more) const {
    write("terminal.toml", "[terminal]\ndata = \"" + folder + "/data\"\n" + more);
  }
  [[nodiscard]] Terminal load() const { return load_terminal(folder + "/terminal.toml").value(); }
  std::string folder;
};

TEST_F(RemoteTest, WhatIsSetFromAfarGoesBeforeTheTechniciansFile) {
  own("[brand]\nhall = \"Balai\"\nphone = \"1\"\n");
  EXPECT_EQ(load().hall, "Balai");
  const std::string text = "[brand]\nhall = \"MPP\"\n[session]\nidle_s = 90\n";
  write("data/remote/settings.toml", text);
  const Terminal read = load();
  EXPECT_EQ(read.hall, "MPP");
  EXPECT_EQ(read.phone, "1") << "what is not set from afar is the technician's";
  EXPECT_EQ(read.idle_s, 90);
  EXPECT_EQ(read.remote.settings, settings_name(text));
  ASSERT_EQ(read.remote.values.size(), 2U);
  EXPECT_EQ(read.remote.values[0].first, "brand.hall");
  EXPECT_EQ(read.remote.values[0].second, "MPP");
  EXPECT_EQ(read.remote.values[1].second, "90");
  EXPECT_EQ(read.remote.trouble, "");
}

TEST_F(RemoteTest, ATechnicianShutsItOut) {
  write("data/remote/settings.toml", "[session]\nidle_s = 90\n");
  write("data/remote/catalogue", std::string(32, 'a'));
  own("[remote]\naccept = false\n");
  const Terminal read = load();
  EXPECT_EQ(read.idle_s, 60);
  EXPECT_EQ(read.catalogue, "");
  EXPECT_EQ(read.remote.settings, "");
}

TEST_F(RemoteTest, WhatCannotBeUsedIsToldAndShutsNoTerminal) {
  for (const std::string& text :
       {std::string("[brand]\nhall = 7\n"), std::string("["), std::string("[brand]\nhal = \"x\"\n"),
        "#" + std::string(record::k_most_settings_bytes, 'x')}) {
    write("data/remote/settings.toml", "[session]\nidle_s = 90\n" + text);
    const Terminal read = load();
    EXPECT_EQ(read.idle_s, 60) << "all or nothing";
    EXPECT_NE(read.remote.trouble, "") << text;
    EXPECT_EQ(read.remote.settings, "");
  }
}

TEST_F(RemoteTest, ACatalogueIsNamedByItsContentAndNothingElse) {
  const std::string name(32, 'a');
  write("data/remote/catalogue", name);
  EXPECT_EQ(load().catalogue, folder + "/data/remote/catalogue-" + name);
  EXPECT_EQ(load().remote.catalogue, name);
  for (const std::string& other :
       {std::string("../../../../etc"), std::string(33, 'a'), std::string(32, '/'), std::string(31, 'a') + "\n"}) {
    write("data/remote/catalogue", other);
    EXPECT_EQ(load().catalogue, "") << other;
    EXPECT_NE(load().remote.trouble, "");
  }
}

TEST(Remote, OnlyTheNamedSubsetIsTaken) {
  Terminal terminal;
  ASSERT_TRUE(apply_remote(terminal,
                           "[brand]\ngovernment = \"A\"\nhall = \"B\"\naccent = \"#000000\"\nhelp = \"C\"\nphone = "
                           "\"D\"\n[session]\nidle_s = 30\nwarning_s = 25\n[screen]\nwheelchair = true\n"
                           "[fallback]\nafter_s = 60\n"));
  EXPECT_EQ(terminal.remote.values.size(), 9U);
  for (const std::string& key :
       {std::string("[centre]\nurl = \"https://x.example\""), std::string("[centre]\nca = \"x\""),
        std::string("[centre]\npublic_url = \"https://x.example\""), std::string("[terminal]\ndata = \"/tmp\""),
        std::string("[terminal]\nruntime = \"/tmp\""), std::string("[printer]\nqueue = \"x\""),
        std::string("[printer]\nfolder = \"/tmp\""), std::string("[catalogue]\nfolder = \"/tmp\""),
        std::string("[screen]\npx_per_mm = 2.0"), std::string("[remote]\naccept = true"),
        std::string("[sync]\npoll_s = 3600")}) {
    const auto refused = apply_remote(terminal, "[session]\nidle_s = 99\n" + key);
    ASSERT_FALSE(refused) << key;
    EXPECT_NE(refused.error().text.find("cannot be set from afar"), std::string::npos) << refused.error().text;
    EXPECT_NE(refused.error().text.find("settings:4: "), std::string::npos) << refused.error().text;
  }
  EXPECT_EQ(terminal.idle_s, 30) << "all or nothing";
  EXPECT_EQ(apply_remote(terminal, "[session]\nidle_s = 5").error().text,
            "settings:2: session.idle_s: must be a whole number from 10 to 3600");
}

}  // namespace
}  // namespace anjungan::settings
