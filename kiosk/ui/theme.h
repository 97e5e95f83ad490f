// SPDX-License-Identifier: Apache-2.0
// Colours by what they are for. Screens name a role, never a colour; a city changes the accent alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace anjungan::ui {

struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  std::uint8_t alpha = 255;

  bool operator==(const Colour&) const = default;
};

/// "#RRGGBB"; nothing for any other text.
[[nodiscard]] std::optional<Colour> parse_colour(std::string_view text);

/// WCAG 2.2's contrast ratio of two opaque colours, 1 to 21.
[[nodiscard]] double contrast(Colour one, Colour other);

/// `share` of `over` laid on `under`, 0 to 1; opaque.
[[nodiscard]] Colour mix(Colour under, Colour over, float share);

struct Theme {
  Colour background;
  Colour card;
  Colour ink;
  Colour muted;       ///< second-rank text; still 7:1
  Colour accent;      ///< icons, bars, edges of what is chosen
  Colour soft;        ///< a chosen card, information
  Colour line;        ///< decorative only
  Colour edge;        ///< of a control that must be seen: 3:1
  Colour primary;     ///< ground of the button that leads on
  Colour on_primary;  ///< its words
  Colour primary_edge;
  Colour stage;  ///< ground of the first screen
  Colour on_stage;
  Colour stage_ornament;
  Colour warning;
  Colour warning_soft;
  Colour success;
  Colour on_success;
  Colour danger;
  Colour keyboard_bed;
  Colour veil;  ///< over the screen while a dialog is up; translucent
  bool high_contrast = false;
};

/// The city's accent in the calm theme; the high-contrast theme is the same everywhere.
[[nodiscard]] Theme make_theme(Colour accent, bool high_contrast);

}  // namespace anjungan::ui
