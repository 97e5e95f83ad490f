// SPDX-License-Identifier: Apache-2.0
#include "sync/settings/settings.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace anjungan::settings
