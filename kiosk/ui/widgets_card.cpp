// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kiosk/ui/control.h"
#include "kiosk/ui/widgets.h"

namespace anjungan::ui {
namespace {

constexpr float k_radius = 24;
constexpr float k_unbounded = std::numeric_limits<float>::max();
constexpr std::size_t k_any_lines = std::numeric_limits<std::size_t>::max();
constexpr float k_title_line = 1.15F;
constexpr float k_hint_line = 1.35F;

/// A large choice has a large circle for its icon; a list of many has small ones.
struct ChoiceLayout {
  float padding = 0;  ///< left and right
  float air = 0;      ///< above and below
  float circle = 0;   ///< diameter; 0 without an icon
  float text_x = 0;   ///< from the left edge
  float text_width = 0;
  Wording title;
  float gap = 0;
  float hint_height = 0;

  [[nodiscard]] float text_height() const { return title.height + gap + hint_height; }
};

Ui::Ink hint_ink(const Ui& ui) {
  Ui::Ink out = ui.muted(Face::body);
  out.line_height = k_hint_line;
  return out;
}

ChoiceLayout lay_out(const Ui& ui, const Choice& choice, float width) {
  ChoiceLayout out;
  const bool large = choice.face == Face::choice || choice.face == Face::title;
  const bool wide = large && !choice.tight;
  out.padding = ui.px(wide ? 43 : 31);
  // Height is dear where the panel is wide.
  const bool portrait = ui.metrics().portrait();
  out.air = ui.px(choice.tight ? 18 : large ? (portrait ? 43 : 34) : (portrait ? 31 : 22));
  if (choice.icon != Icon::none) out.circle = ui.px(wide ? 150 : 96);
  out.text_x = out.padding + (out.circle > 0 ? out.circle + ui.px(wide ? 36 : 28) : 0);
  out.text_width = width - out.text_x - out.padding;
  const std::array faces = {choice.tight ? Face::strong : choice.face, Face::strong, Face::button};
  out.title = fit_words(ui, faces, choice.title, out.text_width, k_unbounded, k_any_lines, k_title_line);
  if (!choice.hint.empty()) {
    out.gap = ui.px(6);
    out.hint_height = ui.text_height(hint_ink(ui), choice.hint, out.text_width);
  }
  return out;
}

Node target_node(const std::string& key, const std::string& label, const Area& area, const Shell& shell, bool chosen) {
  Node out;
  out.key = key;
  out.role = Role::choice;
  out.label = label;
  out.area = area;
  out.foreground = shell.words;
  out.background = shell.ground;
  out.target = true;
  out.chosen = chosen;
  return out;
}

constexpr std::array k_tile_faces = {Face::strong, Face::button, Face::label};

struct TileLayout {
  IconSize icon = IconSize::large;
  float box = 0;  ///< the icon's
  float gap = 0;
  float padding = 0;
  Wording words;
};

TileLayout lay_out(const Ui& ui, const Tile& tile, float width, float most_height = k_unbounded) {
  TileLayout out;
  out.icon = tile.across ? IconSize::medium : IconSize::large;
  out.box = ui.metrics().icon(out.icon);
  out.gap = ui.px(tile.across ? 24 : 16);
  out.padding = ui.px(tile.across ? 24 : 18);
  const float beside = tile.across ? out.box + out.gap : 0;
  const float above = tile.across ? 0 : out.box + out.gap;
  out.words = fit_words(ui, k_tile_faces, tile.title, width - 2 * out.padding - beside,
                        most_height - above - 2 * ui.px(12), k_any_lines);
  return out;
}

Colour tone_colour(const Ui& ui, Tone tone) { return tone == Tone::warning ? ui.theme().warning : ui.theme().accent; }

float notice_padding(const Ui& ui) { return ui.px(ui.metrics().portrait() ? 32 : 24); }
Ui::Ink notice_ink(const Ui& ui) {
  Ui::Ink out = ui.ink(Face::body);
  if (!ui.metrics().portrait()) out.line_height = k_hint_line;
  return out;
}
float notice_text_x(const Ui& ui) { return notice_padding(ui) + ui.metrics().icon(IconSize::medium) + ui.px(28); }

}  // namespace

float choice_height(const Ui& ui, const Choice& choice, float width) {
  const ChoiceLayout layout = lay_out(ui, choice, width);
  return std::max(ui.target(0), std::max(layout.circle, layout.text_height()) + 2 * layout.air);
}

bool choice_fits(const Ui& ui, const Choice& choice, float width) {
  const Wording title = lay_out(ui, choice, width).title;
  return !title.cut && title.face == choice.face && title.lines.size() <= 2;
}

bool choice(Ui& ui, const Choice& choice, const Area& area) {
  const Theme& theme = ui.theme();
  const Shell shell = card_shell(ui, choice.key, ui.px(3), ui.px(k_radius), choice.chosen);
  draw_shell(ui, choice.key, area, shell);

  const ChoiceLayout layout = lay_out(ui, choice, area.width);
  if (layout.circle > 0) {
    const Point middle{area.x + layout.padding + layout.circle / 2, area.centre().y};
    ui.disc(middle, layout.circle / 2, shell.ground == theme.soft ? theme.card : theme.soft);
    ui.icon(middle, choice.icon, layout.circle > ui.px(96) ? IconSize::large : IconSize::medium, theme.accent);
  }
  const float x = area.x + layout.text_x;
  const float y = std::round(area.y + (area.height - layout.text_height()) / 2);
  draw_words(ui, {x, y, layout.text_width, layout.title.height}, layout.title, shell.words, Align::left);

  Node node = target_node(choice.key, choice.title, area, shell, choice.chosen);
  node.large = is_large(ui, layout.title.face);
  node.cut = layout.title.cut || layout.text_height() > area.height - 2 * shell.stroke;
  ui.add(std::move(node));
  if (!choice.hint.empty()) {
    Ui::Ink ink = hint_ink(ui);
    ink.ground = shell.ground;
    if (shell.ground == theme.soft) ink.colour = shell.words;
    ui.text({x, y + layout.title.height + layout.gap, layout.text_width, layout.hint_height}, ink, choice.hint,
            (choice.key + ".hint").c_str());
  }
  return ui.fired(choice.key);
}

bool tile_fits(const Ui& ui, const Tile& tile, float width) {
  const Wording words = lay_out(ui, tile, width).words;
  return !words.cut && words.face == k_tile_faces[0] && words.lines.size() <= 2;
}

float tile_height(const Ui& ui, const Tile& tile, float width) {
  const TileLayout layout = lay_out(ui, tile, width);
  const float content =
      tile.across ? std::max(layout.box, layout.words.height) : layout.box + layout.gap + layout.words.height;
  return std::max(ui.target(0), content + 2 * ui.px(tile.across ? 16 : 22));
}

bool tile(Ui& ui, const Tile& tile, const Area& area) {
  const Shell shell = card_shell(ui, tile.key, ui.px(3), ui.px(k_radius), tile.chosen);
  draw_shell(ui, tile.key, area, shell);

  const TileLayout layout = lay_out(ui, tile, area.width, area.height);
  const Wording& words = layout.words;
  const float half = layout.box / 2;
  if (tile.across) {
    const float x = area.x + layout.padding;
    ui.icon({x + half, area.centre().y}, tile.icon, layout.icon, ui.theme().accent);
    draw_words(ui, {x + layout.box + layout.gap, area.y, words.width, area.height}, words, shell.words, Align::left);
  } else {
    const float above = layout.box + layout.gap;
    const float y = std::round(area.y + (area.height - above - words.height) / 2);
    ui.icon({area.centre().x, y + half}, tile.icon, layout.icon, ui.theme().accent);
    draw_words(ui, {area.x, y + above, area.width, words.height}, words, shell.words, Align::centre);
  }

  Node node = target_node(tile.key, tile.title, area, shell, tile.chosen);
  node.large = is_large(ui, words.face);
  node.cut = words.cut;
  ui.add(std::move(node));
  return ui.fired(tile.key);
}

void card(Ui& ui, const Area& area) {
  draw_shell(ui, {}, area, {ui.theme().card, ui.theme().line, ui.theme().ink, ui.px(3), ui.px(k_radius)});
  Node node;
  node.key = "card." + std::to_string(ui.tree().size());
  node.role = Role::picture;
  node.area = area;
  ui.add(std::move(node));
}

float notice_height(const Ui& ui, std::string_view text, float width) {
  const float words = ui.text_height(notice_ink(ui), text, width - notice_text_x(ui) - notice_padding(ui));
  return std::max(words, ui.metrics().icon(IconSize::medium)) + 2 * notice_padding(ui);
}

void notice(Ui& ui, const char* key, const Area& area, Tone tone, Icon icon, std::string_view text) {
  const Theme& theme = ui.theme();
  const Colour colour = tone_colour(ui, tone);
  const Colour ground = tone == Tone::warning ? theme.warning_soft : theme.soft;
  draw_shell(ui, {}, area, {ground, colour, theme.ink, theme.high_contrast ? ui.px(6) : 0, ui.px(k_radius)});

  Ui::Ink ink = notice_ink(ui);
  ink.ground = ground;
  const float size = ui.metrics().icon(IconSize::medium);
  const float width = area.width - notice_text_x(ui) - notice_padding(ui);
  const float height = ui.text_height(ink, text, width);
  const float y = std::round(area.y + (area.height - height) / 2);
  // Beside the first lines of a long text, beside the middle of a short one.
  const float icon_y = std::min(area.centre().y, y + std::max(size, 2 * ui.line_height(ink)) / 2);
  ui.icon({area.x + notice_padding(ui) + size / 2, icon_y}, icon, IconSize::medium, colour);
  ui.draw_text({area.x + notice_text_x(ui), y, width, height}, ink, text);

  Node node;
  node.key = key;
  node.role = Role::status;
  node.label = text;
  node.area = area;
  node.foreground = ink.colour;
  node.background = ground;
  node.large = is_large(ui, ink.face);
  node.cut = height > area.height;
  ui.add(std::move(node));
}

}  // namespace anjungan::ui
