// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include "kiosk/ui/widgets.h"

namespace anjungan::ui {
namespace {

/// Of a QR code's standard, on each side.
constexpr int k_quiet_modules = 4;
// A reader wants black on white, whatever the theme.
constexpr Colour k_paper{255, 255, 255};
constexpr Colour k_module{0, 0, 0};

Node status_node(const char* key, Role role, const Area& area, Colour foreground, Colour background) {
  Node out;
  out.key = key;
  out.role = role;
  out.area = area;
  out.foreground = foreground;
  out.background = background;
  return out;
}

}  // namespace

void steps(Ui& ui, const Area& area, int done, int all) {
  if (all < 1) return;
  const float gap = ui.px(12);
  const float height = ui.px(14);
  const float pitch = (area.width + gap) / static_cast<float>(all);
  for (int i = 0; i < all; i++) {
    const float left = std::round(area.x + pitch * static_cast<float>(i));
    const float right = std::round(area.x + pitch * static_cast<float>(i + 1)) - gap;
    ui.fill({left, area.y, right - left, height}, i < done ? ui.theme().accent : ui.theme().line, height / 2);
  }
  Node node = status_node("steps", Role::progress, {area.x, area.y, area.width, height}, ui.theme().accent,
                          ui.theme().background);
  node.value = std::to_string(done) + "/" + std::to_string(all);
  ui.add(std::move(node));
}

void progress(Ui& ui, const char* key, const Area& area, float share) {
  const Theme& theme = ui.theme();
  const float radius = area.height / 2;
  const float full = std::clamp(share, 0.0F, 1.0F);
  // White and yellow are too alike to be told apart: in high contrast what is left is hollow.
  ui.fill(area, theme.high_contrast ? theme.background : theme.line, radius);
  if (theme.high_contrast) ui.border(area, theme.line, ui.px(3), radius);
  if (full > 0) ui.fill({area.x, area.y, std::max(area.height, area.width * full), area.height}, theme.accent, radius);
  Node node = status_node(key, Role::progress, area, theme.accent, theme.background);
  node.value = std::to_string(std::lround(full * 100));
  ui.add(std::move(node));
}

void kawung_strip(Ui& ui, const Area& area, Colour colour) {
  if (area.width <= 0 || area.height <= 0) return;
  // Whole crosses of four leaves, about as wide as the strip is high.
  const int crosses = std::max(1, static_cast<int>(std::lround(area.width / area.height)));
  const float width = area.width / static_cast<float>(crosses);
  const float along = area.height * 0.308F;
  const float across = area.height * 0.14F;
  for (int i = 0; i < crosses; i++) {
    const float left = area.x + width * static_cast<float>(i) + width / 4;
    const float right = left + width / 2;
    const float upper = area.y + area.height / 4;
    const float lower = upper + area.height / 2;
    ui.leaf({left, upper}, along, across, 45, colour);
    ui.leaf({right, upper}, along, across, 135, colour);
    ui.leaf({left, lower}, along, across, 135, colour);
    ui.leaf({right, lower}, along, across, 45, colour);
  }
}

void kawung_sign(Ui& ui, const Area& area, Colour colour) {
  const float side = std::min(area.width, area.height);
  const Point centre = area.centre();
  const float stroke = side * 0.08F;
  const float along = side * 0.298F;
  const float across = side * 0.148F;
  // The leaves' outer edges lie on the square's sides.
  const float away = side / 2 - stroke / 2 - std::sqrt((along * along + across * across) / 2);
  ui.leaf_outline({centre.x - away, centre.y - away}, along, across, 45, colour, stroke);
  ui.leaf_outline({centre.x + away, centre.y - away}, along, across, 135, colour, stroke);
  ui.leaf_outline({centre.x - away, centre.y + away}, along, across, 135, colour, stroke);
  ui.leaf_outline({centre.x + away, centre.y + away}, along, across, 45, colour, stroke);
}

void qr_picture(Ui& ui, const char* key, const Area& area, int modules, const std::vector<bool>& dark) {
  if (modules < 1 || dark.size() != static_cast<std::size_t>(modules) * static_cast<std::size_t>(modules)) return;
  const int across = modules + 2 * k_quiet_modules;
  const float module = std::floor(std::min(area.width, area.height) / static_cast<float>(across));
  const float side = module * static_cast<float>(across);
  const Area square{std::round(area.x + (area.width - side) / 2), std::round(area.y + (area.height - side) / 2), side,
                    side};
  ui.fill(square, k_paper);
  const auto is_dark = [&](int column, int row) {
    return dark[static_cast<std::size_t>(row) * static_cast<std::size_t>(modules) + static_cast<std::size_t>(column)];
  };
  const auto place = [&](int module_index) { return module * static_cast<float>(module_index + k_quiet_modules); };
  for (int row = 0; row < modules; row++) {
    for (int column = 0; column < modules;) {
      if (!is_dark(column, row)) {
        column++;
        continue;
      }
      int end = column;
      while (end < modules && is_dark(end, row)) end++;
      ui.fill({square.x + place(column), square.y + place(row), module * static_cast<float>(end - column), module},
              k_module);
      column = end;
    }
  }
  Node node = status_node(key, Role::picture, square, k_module, k_paper);
  node.label = ui.tr("Kode QR");
  ui.add(std::move(node));
}

}  // namespace anjungan::ui
