// SPDX-License-Identifier: Apache-2.0
// Things below each other or in rows; where they do not fit, pages of them with buttons to go on and back.
#pragma once

#include <functional>

#include "kiosk/screens/screens.h"

namespace anjungan::screens {

/// One thing in a column, with what it needs.
struct Block {
  float height = 0;
  std::function<void(const ui::Area&)> draw;
  float gap = -1;  ///< above it; the column's when negative
};
using Blocks = std::vector<Block>;

/// What they need on one page.
[[nodiscard]] float height_of(const Blocks& blocks, float gap);

/// `onward`: the button that leads on; "Lanjutkan membaca" when null.
void column(ui::Ui& ui, Local& local, const ui::Area& area, const Blocks& blocks, float gap,
            const char* onward = nullptr);
/// Two columns of half the area's width each; a page shows the next part of both.
void columns(ui::Ui& ui, Local& local, const ui::Area& area, const Blocks& left, const Blocks& right, float gap);
[[nodiscard]] float column_width(const ui::Ui& ui, const ui::Area& area);
/// A column a little above the middle: a message that has the screen to itself.
void message(ui::Ui& ui, Local& local, const ui::Area& area, const Blocks& blocks, float gap);

/// A circle with an icon, a title and a sentence, in the middle.
struct Sign {
  ui::Icon icon = ui::Icon::none;
  ui::Colour on;
  ui::Colour ground;
  std::string title;
  std::string text;
};
void append_sign(ui::Ui& ui, Blocks& blocks, const Sign& sign, float width);

/// A text as one block a line, so that a long one continues on the next page.
void append_text(ui::Ui& ui, Blocks& blocks, const ui::Ui::Ink& ink, std::string_view text, float width, float gap);

/// Equal cells in rows.
struct Grid {
  int columns = 3;
  float cell_height = 0;
  float most_height = 0;  ///< cells may grow to it where there is room; 0: they do not
};
void grid(ui::Ui& ui, Local& local, const ui::Area& area, const Grid& look, std::size_t count,
          const std::function<void(std::size_t, const ui::Area&)>& draw);
[[nodiscard]] std::size_t grid_pages(const ui::Ui& ui, const ui::Area& area, const Grid& look, std::size_t count);
[[nodiscard]] float cell_width(const ui::Ui& ui, const ui::Area& area, int columns);

}  // namespace anjungan::screens
