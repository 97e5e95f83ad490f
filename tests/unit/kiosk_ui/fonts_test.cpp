// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/fonts.h"

#include <ft2build.h>
#include <gtest/gtest.h>
#include <imgui.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H

#include "tests/unit/kiosk_ui/stage.h"

namespace anjungan::ui {
namespace {

constexpr std::string_view k_text = "Apa yang ingin Anda sampaikan? Ceritakan dengan kata-kata Anda sendiri, 16 huruf.";

/// Of a line in the font's own measure.
double true_width(const std::string& path, std::string_view text, double em) {
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  EXPECT_EQ(FT_Init_FreeType(&library), 0);
  EXPECT_EQ(FT_New_Face(library, path.c_str(), 0, &face), 0);
  double out = 0;
  for (const char c : text) {
    FT_Fixed units = 0;
    EXPECT_EQ(FT_Get_Advance(face, FT_Get_Char_Index(face, static_cast<FT_ULong>(c)), FT_LOAD_NO_SCALE, &units), 0);
    out += static_cast<double>(units) * em / face->units_per_EM;
  }
  FT_Done_Face(face);
  FT_Done_FreeType(library);
  return out;
}

TEST(Fonts, SpaceLettersAsTheFontSays) {
  const Stage stage(k_portrait);
  const FontFiles files;
  for (const auto& [face, path] : {std::pair{Face::body, files.regular}, {Face::title, files.bold}}) {
    const double wanted = true_width(path, k_text, static_cast<double>(stage.ui.metrics().em(face)));
    EXPECT_NEAR(static_cast<double>(stage.ui.fonts().width(face, k_text)) / wanted, 1, 0.015);
  }
}

TEST(Fonts, FiguresAreAllAsWide) {
  const Stage stage(k_portrait);
  for (const Face face : k_faces) {
    for (const char* figure : {"1", "4", "7"}) {
      EXPECT_EQ(stage.ui.fonts().width(face, figure), stage.ui.fonts().width(face, "0"));
    }
  }
}

TEST(Fonts, SayWhichFileIsMissing) {
  Stage stage(k_portrait);
  FontFiles files;
  files.bold = "/nowhere/bold.ttf";
  const auto built = stage.ui.fonts().build(stage.frame.metrics, files);
  ASSERT_FALSE(built);
  EXPECT_EQ(built.error().kind, record::ErrorKind::not_found);
  EXPECT_NE(built.error().text.find("fonts-noto-core"), std::string::npos);
}

}  // namespace
}  // namespace anjungan::ui
