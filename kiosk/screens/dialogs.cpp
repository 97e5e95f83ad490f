// SPDX-License-Identifier: Apache-2.0
// What lies above a screen: the countdown before the draft is wiped, and the panel for text size, contrast and
// language.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kiosk/screens/all.h"

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;
using ui::Icon;

namespace {

void dialog_ground(ui::Ui& ui, const Area& area) {
  ui.fill(area, ui.theme().card, ui.px(28));
  if (ui.theme().high_contrast) ui.border(area, ui.theme().line, ui.px(4), ui.px(28));
}

}  // namespace

std::optional<Intent> draw_idle_warning(ui::Ui& ui, const Model& model) {
  const int left = *model.warning_left_s;
  const Area screen = ui.screen();
  const bool portrait = ui.metrics().portrait();
  const bool finished = model.state.screen == session::Screen::done;
  const float width = std::min(screen.width - 2 * ui.px(72), ui.px(portrait ? 936 : 1100));
  const float inset = ui.px(64);
  const float room = width - 2 * inset;
  const ui::Colour ground = ui.theme().card;
  ui::Ui::Ink title{Face::title, ui.theme().ink, ground, Align::centre, 1.2F};
  ui::Ui::Ink text{Face::body, ui.theme().muted, ground, Align::centre, 1.35F};
  const char* what = ui.tr("Masih di sini?");
  const std::string why =
      fmt::format(fmt::runtime(finished ? ui.tr("Layar ini ditutup dalam {} detik. Laporan Anda sudah tersimpan.")
                                        : ui.tr("Demi kerahasiaan, isian Anda dihapus dalam {} detik.")),
                  left);
  const float ring = ui.px(portrait ? 240 : 150);
  const float stay = ui.target(portrait ? 150 : 110);
  const float end = ui.target(portrait ? 116 : 92);
  const float height = inset + ring + ui.px(32) + ui.text_height(title, what, room) + ui.px(8) +
                       ui.text_height(text, why, room) + ui.px(40) + stay + ui.gap(24) + end + inset;
  const Area area{std::round((screen.width - width) / 2), std::round(std::max(ui.px(16), (screen.height - height) / 2)),
                  width, height};
  dialog_ground(ui, area);
  float y = area.y + inset;
  const ui::Point centre{area.centre().x, y + ring / 2};
  const float thick = ui.px(22);
  const float radius = ring / 2 - thick / 2;
  const auto whole = static_cast<float>(model.rules.warning_ms) / 1000;
  const ui::Colour rest = ui.theme().high_contrast ? ui.theme().keyboard_bed : ui.theme().line;
  ui.arc(centre, radius, 1, thick, rest);
  ui.arc(centre, radius, static_cast<float>(left) / whole, thick, ui.theme().warning);
  ui::Ui::Ink number{portrait ? Face::number : Face::title, ui.theme().ink, ground, Align::centre, 1.0F};
  if (ui.metrics().em(number.face) > ring * 0.5F) number.face = Face::strong;
  ui.line({centre.x - radius, centre.y - radius, 2 * radius, 2 * radius}, number, std::to_string(left), "countdown");
  y += ring + ui.px(32);
  y += ui.text({area.x + inset, y, room, 0}, title, what, "title");
  y += ui.px(8);
  y += ui.text({area.x + inset, y, room, 0}, text, why, "hint");
  y += ui.px(40);
  std::optional<Intent> out;
  const float x = area.x + inset;
  if (ui::button(ui, "idle.stay", {x, y, room, stay}, ui.tr("Ya, lanjutkan"),
                 {.weight = ui::Weight::primary, .face = Face::choice}))
    out = session::StillHere{};
  y += stay + ui.gap(24);
  if (ui::button(ui, "idle.end", {x, y, room, end}, finished ? ui.tr("Selesai") : ui.tr("Hapus dan selesai")))
    out = session::EndNow{};
  return out;
}

std::optional<Intent> draw_display(ui::Ui& ui, const Model& model, Local& local) {
  const session::Settings& now = model.state.settings;
  const Area screen = ui.screen();
  const bool portrait = ui.metrics().portrait();
  const float width = std::min(screen.width - 2 * ui.px(72), ui.px(936));
  const float inset = ui.px(portrait ? 56 : 40);
  const float room = width - 2 * inset;
  const ui::Colour ground = ui.theme().card;
  const ui::Ui::Ink label{Face::button, ui.theme().ink, ground, Align::left, 1.3F};
  const float high = ui.target(portrait ? 116 : 92);
  const float gap = ui.gap(20);
  const float label_height = ui.line_height(label) + ui.px(8);
  const float part = ui.px(portrait ? 36 : 20);
  struct Row {
    const char* title;
    std::vector<ui::Choice> choices;
    std::function<Intent(std::size_t)> chosen;
    std::size_t columns = 0;
  };
  Row rows[] = {
      {ui.tr("Ukuran tulisan"),
       {{"text.0", Icon::none, ui.tr("Biasa"), "", now.text_step == 0, Face::label},
        {"text.1", Icon::none, ui.tr("Besar"), "", now.text_step == 1, Face::label},
        {"text.2", Icon::none, ui.tr("Lebih besar"), "", now.text_step == 2, Face::label},
        {"text.3", Icon::none, ui.tr("Terbesar"), "", now.text_step == 3, Face::label}},
       [](std::size_t i) { return session::SetTextStep{static_cast<int>(i)}; }},
      {ui.tr("Warna layar"),
       {{"contrast.calm", Icon::none, ui.tr("Biasa"), "", !now.high_contrast, Face::button},
        {"contrast.high", Icon::none, ui.tr("Kontras tinggi"), "", now.high_contrast, Face::button}},
       [](std::size_t i) { return session::SetContrast{i == 1}; }},
      {ui.tr("Bahasa"),
       {{"display.id", Icon::none, "Bahasa Indonesia", "", now.language == record::Language::indonesian, Face::button},
        {"display.en", Icon::none, "English", "", now.language == record::Language::english, Face::button}},
       [](std::size_t i) {
         return session::ChooseLanguage{i == 0 ? record::Language::indonesian : record::Language::english};
       }},
  };
  // Beside each other where the words allow it, else in twos.
  float height = 2 * inset + high;
  for (Row& row : rows) {
    row.columns = row.choices.size();
    const float one = (room - gap * static_cast<float>(row.columns - 1)) / static_cast<float>(row.columns);
    for (const ui::Choice& choice : row.choices) {
      if (ui::choice_height(ui, choice, one) > high || !ui::choice_fits(ui, choice, one)) row.columns = 2;
    }
    const auto lines = static_cast<float>((row.choices.size() + row.columns - 1) / row.columns);
    height += label_height + lines * (high + gap) - gap + part;
  }
  const Area area{std::round((screen.width - width) / 2), std::round((screen.height - height) / 2), width, height};
  dialog_ground(ui, area);
  std::optional<Intent> out;
  float y = area.y + inset;
  const float x = area.x + inset;
  for (const Row& row : rows) {
    y += ui.text({x, y, room, 0}, label, row.title) + ui.px(8);
    const auto count = static_cast<float>(row.columns);
    const float one = std::floor((room - gap * (count - 1)) / count);
    for (std::size_t i = 0; i < row.choices.size(); i++) {
      const std::size_t column = i % row.columns;
      if (i > 0 && column == 0) y += high + gap;
      if (ui::choice(ui, row.choices[i], {x + static_cast<float>(column) * (one + gap), y, one, high}))
        out = row.chosen(i);
    }
    y += high + part;
  }
  if (ui::button(ui, "display.close", {x, y, room, high}, ui.tr("Tutup"),
                 {.weight = ui::Weight::primary, .icon = Icon::check}))
    local.display_open = false;
  return out;
}

}  // namespace anjungan::screens
