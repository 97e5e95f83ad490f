// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/theme.h"

#include <algorithm>
#include <cmath>

namespace anjungan::ui {
namespace {

constexpr Colour k_white{255, 255, 255};
constexpr Colour k_black{0, 0, 0};
constexpr Colour k_ink{0x14, 0x23, 0x2B};

double linear(std::uint8_t channel) {
  const double value = channel / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Colour colour) {
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

Colour readable_on(Colour ground) { return contrast(k_white, ground) >= contrast(k_ink, ground) ? k_white : k_ink; }

Theme calm(Colour accent) {
  Theme out;
  out.background = {0xF6, 0xF4, 0xEF};
  out.card = k_white;
  out.ink = k_ink;
  out.muted = {0x3E, 0x4E, 0x57};
  out.accent = accent;
  out.soft = mix(k_white, accent, 0.11F);
  out.line = {0xC9, 0xD2, 0xD3};
  out.edge = {0x76, 0x85, 0x8D};
  out.primary = accent;
  out.on_primary = readable_on(accent);
  out.primary_edge = accent;
  out.stage = accent;
  out.on_stage = readable_on(accent);
  out.stage_ornament = mix(accent, readable_on(accent), 0.09F);
  out.warning = {0xB4, 0x54, 0x1A};
  out.warning_soft = {0xFB, 0xEA, 0xDD};
  out.success = {0x1E, 0x6B, 0x3A};
  out.on_success = k_white;
  out.danger = {0x8C, 0x1D, 0x18};
  out.keyboard_bed = {0xE7, 0xE9, 0xE6};
  out.veil = {0x14, 0x23, 0x2B, 178};
  return out;
}

Theme high_contrast_theme() {
  constexpr Colour yellow{0xFF, 0xE1, 0x4D};
  Theme out;
  out.background = k_black;
  out.card = k_black;
  out.ink = k_white;
  out.muted = k_white;
  out.accent = yellow;
  out.soft = k_black;
  out.line = k_white;
  out.edge = k_white;
  // Black words on yellow would be 16:1; on white they are 21:1, and the yellow edge marks the button that leads on.
  out.primary = k_white;
  out.on_primary = k_black;
  out.primary_edge = yellow;
  out.stage = k_black;
  out.on_stage = k_white;
  out.stage_ornament = yellow;
  out.warning = {0xFF, 0xB3, 0x7A};
  out.warning_soft = k_black;
  out.success = {0x7C, 0xFF, 0xB0};
  out.on_success = k_black;
  out.danger = {0xFF, 0x9A, 0x8A};
  out.keyboard_bed = k_black;
  out.veil = {0, 0, 0, 215};
  out.high_contrast = true;
  return out;
}

}  // namespace

std::optional<Colour> parse_colour(std::string_view text) {
  if (text.size() != 7 || text.front() != '#') return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(1)) {
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
    } else {
      return std::nullopt;
    }
    value = value << 4 | digit;
  }
  return Colour{static_cast<std::uint8_t>(value >> 16), static_cast<std::uint8_t>(value >> 8),
                static_cast<std::uint8_t>(value)};
}

double contrast(Colour one, Colour other) {
  const double a = luminance(one);
  const double b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

Colour mix(Colour under, Colour over, float share) {
  const auto channel = [share](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::lround(static_cast<float>(a) * (1 - share) + static_cast<float>(b) * share));
  };
  return {channel(under.red, over.red), channel(under.green, over.green), channel(under.blue, over.blue)};
}

Theme make_theme(Colour accent, bool high_contrast) { return high_contrast ? high_contrast_theme() : calm(accent); }

}  // namespace anjungan::ui
