// SPDX-License-Identifier: Apache-2.0
// What the controls of widgets.h share: ground and edge by state, and words that must fit.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "kiosk/ui/ui.h"

namespace anjungan::ui {

struct Shell {
  Colour ground;
  Colour edge;
  Colour words;
  float stroke = 0;
  float radius = 0;
};

/// A card's, a quiet button's or a key's, as it is now: at rest, under the finger or chosen.
[[nodiscard]] Shell card_shell(const Ui& ui, std::string_view key, float stroke, float radius, bool chosen = false);
/// Ground, edge and the ring of the focus.
void draw_shell(Ui& ui, std::string_view key, const Area& area, const Shell& shell);

struct Wording {
  Face face = Face::body;
  float line_height = 1.2F;             ///< of the em
  std::vector<std::string_view> lines;  ///< of the text it was made from
  float width = 0;                      ///< of the widest line
  float height = 0;
  bool cut = false;  ///< no face fits: a word is broken, or lines stick out
};

/// `text` in the first of `faces` that fits a room with no word broken and at most `most_lines`; in the last
/// face where none fits.
[[nodiscard]] Wording fit_words(const Ui& ui, std::span<const Face> faces, std::string_view text, float room_width,
                                float room_height, std::size_t most_lines, float line_height = 1.2F);
/// Centred in the area's height by the eye: capitals and small letters together, not the font's box.
void draw_words(Ui& ui, const Area& area, const Wording& words, Colour colour, Align align);

/// WCAG's large text.
[[nodiscard]] bool is_large(const Ui& ui, Face face);

}  // namespace anjungan::ui
