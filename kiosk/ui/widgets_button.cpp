// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/ui/control.h"
#include "kiosk/ui/widgets.h"

namespace anjungan::ui {
namespace {

constexpr float k_padding = 36;
/// Words that are long may come this close to the edge.
constexpr float k_least_padding = 20;
constexpr float k_pressed = 0.15F;
constexpr float k_disabled = 0.6F;
constexpr Colour k_black{0, 0, 0};

bool on_stage(Weight weight) { return weight == Weight::stage_primary || weight == Weight::stage_quiet; }

Shell at_rest(const Ui& ui, Weight weight) {
  const Theme& theme = ui.theme();
  const float radius = ui.px(20);
  switch (weight) {
    case Weight::primary:
      return {theme.primary, theme.primary_edge, theme.on_primary, ui.px(theme.high_contrast ? 6 : 4), radius};
    case Weight::stage_primary:
      return {theme.on_stage, theme.high_contrast ? theme.primary_edge : theme.on_stage, theme.stage,
              ui.px(theme.high_contrast ? 6 : 4), radius};
    case Weight::stage_quiet:
      return {theme.stage, theme.on_stage, theme.on_stage, ui.px(4), radius};
    case Weight::quiet:
      break;
  }
  return {theme.card, theme.edge, theme.ink, ui.px(4), radius};
}

Shell shell_of(const Ui& ui, const char* key, const Button& look) {
  const Theme& theme = ui.theme();
  Shell out = at_rest(ui, look.weight);
  if (!look.enabled) {
    const Colour under = on_stage(look.weight) ? theme.stage : theme.card;
    out.ground = mix(out.ground, under, k_disabled);
    out.edge = mix(out.edge, under, k_disabled);
    out.words = mix(out.words, under, k_disabled);
  } else if (ui.pressed(key)) {
    if (look.weight == Weight::quiet) return card_shell(ui, key, out.stroke, out.radius);
    const bool same_edge = out.edge == out.ground;
    out.ground = mix(out.ground, k_black, k_pressed);
    if (same_edge) out.edge = out.ground;
    if (theme.high_contrast) {
      out.edge = theme.accent;
      out.stroke *= 2;
    }
  }
  return out;
}

/// A large word wants a large pictogram beside it.
IconSize icon_size(Face face) {
  switch (face) {
    case Face::title:
    case Face::number:
    case Face::headline:
      return IconSize::large;
    case Face::choice:
      return IconSize::medium;
    default:
      return IconSize::small;
  }
}

bool large_face(Face face) { return icon_size(face) != IconSize::small; }

float icon_gap(const Ui& ui, IconSize size) { return ui.px(size == IconSize::small ? 18 : 28); }

/// The icon's column with its gap; nothing without an icon.
float icon_room(const Ui& ui, const Button& look) {
  if (look.icon == Icon::none) return 0;
  const IconSize size = icon_size(look.face);
  return ui.metrics().icon(size) + icon_gap(ui, size);
}

void draw_content(Ui& ui, const Area& area, const Button& look, const Wording& words, Colour colour) {
  const float beside = icon_room(ui, look);
  const float left = area.x + (area.width - beside - words.width) / 2;
  const IconSize size = icon_size(look.face);
  const float box = ui.metrics().icon(size);
  // A pictogram is smaller than its box: half of what is empty at its outer side goes to the other.
  const float shift = look.icon == Icon::none ? 0 : std::round(box / 16) * (look.icon_behind ? 1.0F : -1.0F);
  const float words_x = left + shift + (look.icon_behind ? 0 : beside);
  const float icon_x = left + shift + (look.icon_behind ? words.width + beside - box / 2 : box / 2);
  ui.icon({icon_x, area.centre().y}, look.icon, size, colour);
  draw_words(ui, {std::round(words_x), area.y, std::ceil(words.width), area.height}, words, colour,
             look.icon == Icon::none ? Align::centre : Align::left);
}

}  // namespace

bool button(Ui& ui, const char* key, const Area& area, const char* label, const Button& look) {
  const Shell shell = shell_of(ui, key, look);
  draw_shell(ui, key, area, shell);

  const float room_height = area.height - 2 * ui.px(4);
  const auto words_beside = [&](const Button& one) {
    const float room_width = area.width - 2 * ui.px(k_least_padding) - icon_room(ui, one);
    const std::array faces = {one.face, one.face == Face::title ? Face::choice : one.face,
                              large_face(one.face) ? Face::strong : one.face, Face::button};
    Wording out = fit_words(ui, faces, label, room_width, room_height, 2);
    if (out.cut) out = fit_words(ui, std::array{Face::label}, label, room_width, room_height, 8, 1.05F);
    return out;
  };
  Button drawn = look;
  Wording words = words_beside(drawn);
  if (words.cut && look.icon != Icon::none) {
    // The words matter more than the pictogram.
    drawn.icon = Icon::none;
    words = words_beside(drawn);
  }
  draw_content(ui, area, drawn, words, shell.words);

  Node node;
  node.key = key;
  node.role = Role::button;
  node.label = label;
  node.area = area;
  node.foreground = shell.words;
  node.background = shell.ground;
  node.target = true;
  node.enabled = look.enabled;
  node.large = is_large(ui, words.face);
  node.cut = words.cut;
  ui.add(std::move(node));
  return look.enabled && ui.fired(key);
}

float button_width(const Ui& ui, const char* label, const Button& look) {
  return std::ceil(ui.fonts().width(look.face, label)) + icon_room(ui, look) + 2 * ui.px(k_padding);
}

}  // namespace anjungan::ui
