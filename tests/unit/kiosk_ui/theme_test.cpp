// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/theme.h"

#include <gtest/gtest.h>

namespace anjungan::ui {
namespace {

constexpr Colour k_accent{0x0B, 0x5C, 0x6B};

TEST(Colour, IsReadFromText) {
  EXPECT_EQ(parse_colour("#0B5C6B"), k_accent);
  EXPECT_EQ(parse_colour("#0b5c6b"), k_accent);
  for (const char* wrong : {"", "#", "0B5C6B", "#0B5C6", "#0B5C6B0", "#0B5C6G", "# B5C6B", "#+B5C6B", "##B5C6B"}) {
    EXPECT_FALSE(parse_colour(wrong)) << wrong;
  }
}

TEST(Colour, ContrastIsThatOfWcag) {
  EXPECT_NEAR(contrast({0, 0, 0}, {255, 255, 255}), 21, 0.001);
  EXPECT_NEAR(contrast({0x77, 0x77, 0x77}, {255, 255, 255}), 4.48, 0.01);
  EXPECT_NEAR(contrast({255, 255, 255}, {0x77, 0x77, 0x77}), 4.48, 0.01);
  EXPECT_EQ(contrast(k_accent, k_accent), 1);
}

TEST(Colour, Mixes) {
  EXPECT_EQ(mix({0, 0, 0}, {200, 100, 50}, 0.5F), (Colour{100, 50, 25}));
  EXPECT_EQ(mix(k_accent, {255, 255, 255}, 0), k_accent);
  EXPECT_EQ(mix(k_accent, {255, 255, 255}, 1), (Colour{255, 255, 255}));
}

TEST(Theme, TextCanBeRead) {
  const Theme calm = make_theme(k_accent, false);
  for (const Colour ground : {calm.background, calm.card, calm.soft, calm.warning_soft}) {
    EXPECT_GE(contrast(calm.ink, ground), 7);
    EXPECT_GE(contrast(calm.muted, ground), 7);
  }
  EXPECT_GE(contrast(calm.ink, calm.keyboard_bed), 7);
  EXPECT_GE(contrast(calm.on_primary, calm.primary), 7);
  EXPECT_GE(contrast(calm.on_stage, calm.stage), 7);
  EXPECT_GE(contrast(calm.danger, calm.card), 7);
}

TEST(Theme, ShapesCanBeSeen) {
  for (const bool high_contrast : {false, true}) {
    const Theme theme = make_theme(k_accent, high_contrast);
    for (const Colour ground : {theme.background, theme.card, theme.keyboard_bed}) {
      EXPECT_GE(contrast(theme.edge, ground), 3);
      EXPECT_GE(contrast(theme.accent, ground), 3);
      EXPECT_GE(contrast(theme.danger, ground), 3);
    }
    EXPECT_GE(contrast(theme.accent, theme.soft), 3);
    EXPECT_GE(contrast(theme.warning, theme.warning_soft), 3);
    EXPECT_GE(contrast(theme.success, theme.background), 3);
    EXPECT_GE(contrast(theme.on_success, theme.success), 3);
  }
}

TEST(Theme, HighContrastIsBlackAndWhite) {
  const Theme theme = make_theme(k_accent, true);
  for (const Colour ground : {theme.background, theme.card, theme.soft, theme.warning_soft, theme.keyboard_bed}) {
    EXPECT_GE(contrast(theme.ink, ground), 20);
    EXPECT_GE(contrast(theme.muted, ground), 20);
  }
  EXPECT_GE(contrast(theme.on_primary, theme.primary), 20);
  EXPECT_GE(contrast(theme.on_stage, theme.stage), 20);
}

/// A light accent takes dark words.
TEST(Theme, AnyAccentCanBeReadOn) {
  for (const Colour accent : {Colour{0xF2, 0xC1, 0x4E}, Colour{0x7B, 0x1E, 0x3A}, Colour{0x1F, 0x3C, 0x88}}) {
    const Theme theme = make_theme(accent, false);
    EXPECT_GE(contrast(theme.on_primary, theme.primary), 7);
    EXPECT_GE(contrast(theme.on_stage, theme.stage), 7);
    EXPECT_GE(contrast(theme.ink, theme.soft), 7);
  }
}

}  // namespace
}  // namespace anjungan::ui
