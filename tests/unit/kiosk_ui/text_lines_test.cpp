// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/text_lines.h"

#include <gmock/gmock.h>

#include <random>

#include "kiosk/ui/text_buffer.h"

namespace anjungan::ui {
namespace {

using testing::ElementsAre;

/// Ten pixels a code point.
float width_of(std::string_view part) {
  float out = 0;
  for (std::size_t at = 0; at < part.size(); at += code_point_bytes(part, at)) out += 10;
  return out;
}

std::vector<std::string_view> broken(std::string_view text, float width) { return break_lines(text, width, width_of); }

TEST(TextLines, BreaksAfterSpaces) {
  EXPECT_THAT(broken("Ada lubang besar", 100), ElementsAre("Ada lubang ", "besar"));
  EXPECT_THAT(broken("Ada lubang besar", 160), ElementsAre("Ada lubang besar"));
  EXPECT_THAT(broken("Ada lubang besar", 99), ElementsAre("Ada ", "lubang ", "besar"));
}

TEST(TextLines, SpacesAtABreakBelongToTheLineBefore) {
  EXPECT_THAT(broken("Ada   lubang", 60), ElementsAre("Ada   ", "lubang"));
  EXPECT_THAT(broken("Ada lubang  ", 100), ElementsAre("Ada lubang  "));
}

TEST(TextLines, BreaksAtLineBreaks) {
  EXPECT_THAT(broken("satu\ndua", 100), ElementsAre("satu", "dua"));
  EXPECT_THAT(broken("satu\n\ndua\n", 100), ElementsAre("satu", "", "dua", ""));
}

TEST(TextLines, IsOneLineAtLeast) {
  EXPECT_THAT(broken("", 100), ElementsAre(""));
  EXPECT_THAT(broken("a", 1), ElementsAre("a"));
}

TEST(TextLines, BreaksAWordThatIsWiderThanALine) {
  EXPECT_THAT(broken("pertanggungjawaban", 100), ElementsAre("pertanggun", "gjawaban"));
  EXPECT_THAT(broken("di pertanggungjawaban ini", 100), ElementsAre("di ", "pertanggun", "gjawaban ", "ini"));
}

TEST(TextLines, NeverBreaksACodePoint) {
  EXPECT_THAT(broken("éééé", 25), ElementsAre("éé", "éé"));
  EXPECT_THAT(broken("👍👍👍", 10), ElementsAre("👍", "👍", "👍"));
}

/// Nothing is lost, nothing is too wide, whatever is typed.
TEST(TextLines, KeepsEveryByte) {
  const std::string pieces[] = {"a", "b", " ", " ", "\n", "é", "€", "👍"};
  for (unsigned seed = 0; seed < 300; seed++) {
    std::mt19937 random(seed);
    std::string text;
    for (auto n = random() % 60; n > 0; n--) text += pieces[random() % std::size(pieces)];
    const float width = 10 + static_cast<float>(random() % 90);
    std::string joined;
    const auto lines = broken(text, width);
    for (const std::string_view line : lines) {
      const auto begin = static_cast<std::size_t>(line.data() - text.data());
      if (begin > 0 && text[begin - 1] == '\n') joined += '\n';
      joined += line;
      std::string_view ink = line;
      while (!ink.empty() && ink.back() == ' ') ink.remove_suffix(1);
      EXPECT_LE(width_of(ink), width) << text;
    }
    EXPECT_EQ(joined, text) << "seed " << seed;
  }
}

}  // namespace
}  // namespace anjungan::ui
