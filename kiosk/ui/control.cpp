// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/control.h"

#include <algorithm>
#include <cmath>

namespace anjungan::ui {
namespace {

float widest_word(const Ui& ui, Face face, std::string_view text) {
  float widest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
    if (end > at) widest = std::max(widest, ui.fonts().width(face, text.substr(at, end - at)));
    at = end + 1;
  }
  return widest;
}

Wording in_face(const Ui& ui, Face face, std::string_view text, float room_width, float line_height) {
  Wording out;
  out.face = face;
  out.line_height = line_height;
  out.cut = widest_word(ui, face, text) > room_width;
  out.lines = ui.lines(face, text, room_width);
  for (std::string_view& line : out.lines) {
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    out.width = std::max(out.width, ui.fonts().width(face, line));
  }
  const Ui::Ink ink{face, {}, {}, Align::left, line_height};
  out.height = ui.line_height(ink) * static_cast<float>(out.lines.size());
  return out;
}

}  // namespace

Shell card_shell(const Ui& ui, std::string_view key, float stroke, float radius, bool chosen) {
  const Theme& theme = ui.theme();
  Shell out{theme.card, theme.edge, theme.ink, stroke, radius};
  if (chosen) {
    out.ground = theme.soft;
    out.edge = theme.accent;
    out.stroke = ui.px(6);
  }
  if (ui.pressed(key)) {
    out.ground = theme.soft;
    out.edge = theme.accent;
    if (theme.high_contrast) out.stroke *= 2;
  }
  return out;
}

void draw_shell(Ui& ui, std::string_view key, const Area& area, const Shell& shell) {
  // The ground ends below the middle of the edge: none of it shines through outside.
  ui.fill(area.inset(shell.stroke / 2), shell.ground, shell.radius - shell.stroke / 2);
  if (shell.stroke > 0) ui.border(area, shell.edge, shell.stroke, shell.radius);
  if (!key.empty() && ui.focused(key)) ui.focus_ring(area, shell.radius);
}

Wording fit_words(const Ui& ui, std::span<const Face> faces, std::string_view text, float room_width, float room_height,
                  std::size_t most_lines, float line_height) {
  Wording out;
  for (const Face face : faces) {
    out = in_face(ui, face, text, room_width, line_height);
    out.cut = out.cut || out.height > room_height || out.lines.size() > most_lines;
    if (!out.cut) break;
  }
  return out;
}

void draw_words(Ui& ui, const Area& area, const Wording& words, Colour colour, Align align) {
  const Ui::Ink ink{words.face, colour, {}, align, words.line_height};
  const float step = ui.line_height(ink);
  // The middle of Noto's capitals lies 3 hundredths of an em below that of its box, the middle of its small letters 12.
  const float rise = std::round(0.05F * ui.metrics().em(words.face));
  float y = std::round(area.y + (area.height - words.height) / 2) - rise;
  for (const std::string_view line : words.lines) {
    ui.draw_text({area.x, y, area.width, step}, ink, line);
    y += step;
  }
}

bool is_large(const Ui& ui, Face face) { return ui.metrics().em(face) >= 32; }

}  // namespace anjungan::ui
