// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>

#include "tests/unit/kiosk_ui/stage.h"

namespace anjungan::ui {
namespace {

constexpr const char* k_labels[] = {
    "Lanjut",
    "Kembali",
    "Panggil petugas",
    "Batalkan panggilan",
    "Lanjutkan membaca",
    "Lihat kabar laporan saya",
    "Hapus dan selesai",
    "Kembali ke pertanyaan sebelumnya",
    "Cetak ulang struk di mesin ini",
};

TEST(Button, NeverLosesWords) {
  for (const Panel& panel : {k_portrait, k_landscape, k_small, k_dense}) {
    for (int step = 0; step < 4; step++) {
      Stage stage(panel, step);
      const float height = stage.ui.target(116);
      for (const char* label : k_labels) {
        for (const Icon icon : {Icon::none, Icon::support_agent}) {
          const Button look{.icon = icon};
          const float wide = button_width(stage.ui, label, look);
          for (const float width : {wide, stage.ui.target(470)}) {
            const Area area{100, 100, width, height};
            stage.draw([&] { button(stage.ui, "it", area, label, look); });
            EXPECT_FALSE(stage.node("it").cut) << label << " in " << width << " x " << height << ", step " << step;
            EXPECT_TRUE(inside(stage.drawn(), area)) << label;
          }
        }
      }
    }
  }
}

TEST(Button, TellsWhenWordsDoNotFit) {
  Stage stage(k_portrait);
  stage.draw([&] { button(stage.ui, "it", {100, 100, 120, 60}, "Ketatalaksanaan kepegawaian"); });
  EXPECT_TRUE(stage.node("it").cut);
}

TEST(Button, IsAsWideAsItsWords) {
  Stage stage(k_portrait);
  const Button look{.weight = Weight::primary, .icon = Icon::arrow_forward, .icon_behind = true};
  EXPECT_NEAR(button_width(stage.ui, "Lanjut", look), 244, 4);  // as in the design
}

TEST(Button, FiresOnceAndNotWhenDisabled) {
  Stage stage(k_portrait);
  bool fired = false;
  const auto draw = [&](bool enabled) {
    return [&stage, &fired, enabled] {
      fired = button(stage.ui, "it", {100, 100, 300, 116}, "Lanjut", {.enabled = enabled});
    };
  };
  stage.draw(draw(true));
  EXPECT_FALSE(fired);
  stage.draw(draw(true), "it");
  EXPECT_TRUE(fired);
  stage.draw(draw(false), "it");
  EXPECT_FALSE(fired);
  EXPECT_TRUE(stage.node("it").target);
  EXPECT_FALSE(stage.node("it").enabled);
}

/// Of every weight and state, in both themes.
TEST(Controls, CanBeRead) {
  for (const bool high_contrast : {false, true}) {
    Stage stage(k_portrait, 0, high_contrast);
    for (const char* pressed : {"", "primary", "quiet", "stage", "stage quiet", "choice", "tile", "key.a"}) {
      stage.frame.pressed = pressed;
      TextBuffer text(10);
      Keyboard keys;
      stage.draw([&] {
        button(stage.ui, "primary", {0, 0, 300, 116}, "Lanjut", {.weight = Weight::primary});
        button(stage.ui, "quiet", {0, 150, 300, 116}, "Kembali");
        button(stage.ui, "stage", {0, 300, 300, 116}, "Mulai", {.weight = Weight::stage_primary});
        button(stage.ui, "stage quiet", {0, 450, 300, 116}, "Kabar", {.weight = Weight::stage_quiet});
        choice(stage.ui, {"choice", Icon::info, "Aspirasi", "Saya punya usul.", true}, {400, 0, 600, 250});
        tile(stage.ui, {"tile", Icon::school, "Sekolah"}, {400, 300, 300, 258});
        notice(stage.ui, "notice", {0, 600, 900, 150}, Tone::warning, Icon::receipt, "Kertas habis.");
        field(stage.ui, "field", {0, 800, 900, 300}, text, Field{"Nama", "0 dari 10", false, false});
        keyboard(stage.ui, {0, 1200, 1080, 600}, keys, true, false);
      });
      for (const Node& node : stage.ui.tree()) {
        // Under the finger a ground darkens; the words are large.
        const double least = node.key == pressed ? 4.5 : high_contrast ? 20 : 7;
        EXPECT_GE(contrast(node.foreground, node.background), least) << node.key << ", pressed: " << pressed;
        EXPECT_FALSE(node.cut) << node.key;
      }
    }
  }
}

TEST(Controls, ShowThePress) {
  for (const bool high_contrast : {false, true}) {
    Stage stage(k_portrait, 0, high_contrast);
    for (const Weight weight : {Weight::primary, Weight::quiet, Weight::stage_primary, Weight::stage_quiet}) {
      const auto colours = [&](const char* pressed) {
        stage.frame.pressed = pressed;
        std::vector<ImU32> out;
        stage.ui.begin(stage.frame);
        button(stage.ui, "it", {0, 0, 300, 116}, "Lanjut", {.weight = weight});
        const ImDrawData& data = stage.ui.end();
        for (const ImDrawVert& corner : data.CmdLists[0]->VtxBuffer) out.push_back(corner.col);
        return out;
      };
      EXPECT_NE(colours(""), colours("it"));
    }
  }
}

TEST(Cards, AreAsHighAsTheirWords) {
  for (const Panel& panel : {k_portrait, k_landscape, k_small}) {
    for (int step = 0; step < 4; step++) {
      Stage stage(panel, step);
      const float width = stage.ui.px(800);
      const Choice one{"choice", Icon::help_outline, "Permintaan informasi",
                       "Saya ingin bertanya atau meminta keterangan."};
      const Area area{50, 20, width, choice_height(stage.ui, one, width)};
      stage.draw([&] { choice(stage.ui, one, area); });
      EXPECT_FALSE(stage.node("choice").cut) << panel.width << ", step " << step;
      EXPECT_FALSE(stage.node("choice.hint").cut);
      EXPECT_TRUE(inside(stage.drawn(), area));

      const Tile other{"tile", Icon::directions_car, "Jalan dan jembatan"};
      const float side = stage.ui.px(480);
      const Area square{50, 20, side, tile_height(stage.ui, other, side)};
      stage.draw([&] { tile(stage.ui, other, square); });
      EXPECT_FALSE(stage.node("tile").cut);
      EXPECT_TRUE(inside(stage.drawn(), square));

      const char* words = "Struk belum tercetak. Laporan Anda aman dan sudah tersimpan.";
      const Area panel_area{50, 20, width, notice_height(stage.ui, words, width)};
      stage.draw([&] { notice(stage.ui, "notice", panel_area, Tone::info, Icon::info, words); });
      EXPECT_FALSE(stage.node("notice").cut);
      EXPECT_TRUE(inside(stage.drawn(), panel_area));
    }
  }
}

TEST(Field, TellsHowMuchAndNeverWhat) {
  Stage stage(k_portrait);
  TextBuffer text(100);
  text.insert("rahasia");
  stage.draw([&] { field(stage.ui, "field", {48, 100, 900, 300}, text, Field{"Nama Anda", "", false, false}); });
  EXPECT_EQ(stage.node("field").role, Role::field);
  EXPECT_EQ(stage.node("field").value, "7");
  for (const Node& node : stage.ui.tree()) EXPECT_EQ(node.label.find("rahasia"), std::string::npos);
}

TEST(Field, KeepsLongTextInside) {
  for (const bool wide : {false, true}) {
    for (int step = 0; step < 4; step++) {
      Stage stage(k_portrait, step);
      TextBuffer text(4000, true);
      for (int i = 0; i < 40; i++) text.insert("Ada lubang besar di depan sekolah.\nKemarin ");
      const Area area{48, 100, 984, field_height(stage.ui, 4, true)};
      const auto draw = [&] { field(stage.ui, "field", area, text, Field{"", "1.720 dari 4.000 huruf", true, wide}); };
      for (int caret = 0; caret < 60; caret++) {
        if (caret % 20 == 0) {
          stage.draw(draw);
          EXPECT_TRUE(inside(stage.drawn(), area)) << "caret " << text.caret();
        }
        for (int i = 0; i < 30; i++) text.move_left();
      }
    }
  }
}

TEST(Qr, HasWholeModulesAndAQuietZone) {
  Stage stage(k_portrait);
  constexpr int modules = 25;
  const std::vector<bool> dark(modules * modules, true);
  stage.draw([&] { qr_picture(stage.ui, "qr", {10, 10, 400, 450}, modules, dark); });
  const Area square = stage.node("qr").area;
  const float module = square.width / (modules + 8);
  EXPECT_EQ(module, std::floor(400.0F / (modules + 8)));
  EXPECT_EQ(square.width, square.height);
  EXPECT_EQ(square.x, std::round(square.x));
  EXPECT_TRUE(inside(square, {10, 10, 400, 450}, 0));
}

TEST(Shapes, StayInTheirArea) {
  Stage stage(k_portrait);
  const Area area{48, 132, 984, 20};
  stage.draw([&] { kawung_strip(stage.ui, area, k_accent); });
  EXPECT_TRUE(inside(stage.drawn(), area));
  const Area sign{48, 30, 72, 72};
  stage.draw([&] { kawung_sign(stage.ui, sign, k_accent); });
  EXPECT_TRUE(inside(stage.drawn(), sign));
  stage.draw([&] { steps(stage.ui, area, 4, 7); });
  EXPECT_TRUE(inside(stage.drawn(), area));
  EXPECT_EQ(stage.node("steps").value, "4/7");
  for (const float share : {-1.0F, 0.0F, 0.001F, 0.62F, 1.0F, 7.0F}) {
    stage.draw([&] { progress(stage.ui, "print", area, share); });
    EXPECT_TRUE(inside(stage.drawn(), area));
  }
  EXPECT_EQ(stage.node("print").value, "100");
}

}  // namespace
}  // namespace anjungan::ui
