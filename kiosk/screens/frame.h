// SPDX-License-Identifier: Apache-2.0
// What all screens share: the bar on top, the bar below, the question, and pages where a list does not fit.
#pragma once

#include <functional>

#include "kiosk/screens/screens.h"

namespace anjungan::screens {

/// The hall's name, the clock and the button for text size, contrast and language.
void header(ui::Ui& ui, const Model& model, Local& local);

struct Footer {
  bool back = true;
  const char* back_label = nullptr;  ///< "Kembali" when null
  bool staff = true;
  const char* next = nullptr;  ///< key of the button that leads on; none when null
  const char* next_label = nullptr;
  ui::Icon next_icon = ui::Icon::arrow_forward;
  bool next_enabled = true;
};
/// Back, call staff and the way on; the intents of the first two are complete, the third is told by `fired(next)`.
std::optional<Intent> footer(ui::Ui& ui, const Model& model, const Footer& look);

/// The place between header and footer, margins included.
[[nodiscard]] ui::Area body(const ui::Ui& ui);

struct Question {
  std::string title;
  std::string hint;
};
/// Caption with the step, bars, title and hint; returns what is left of `area` below them. In a low area the title and
/// the hint take smaller faces rather than push the controls away.
[[nodiscard]] ui::Area question(ui::Ui& ui, const Model& model, const ui::Area& area, const Question& words);
/// The controls' part of the body: its lower half where a wheelchair user must reach them.
[[nodiscard]] ui::Area within_reach(const ui::Ui& ui, const Model& model, const ui::Area& area);

/// One thing in a column, with what it needs.
struct Block {
  float height = 0;
  std::function<void(const ui::Area&)> draw;
  float gap = -1;  ///< above it; the column's when negative
};
/// Blocks below each other; where they do not fit, pages of them with a button to read on.
void column(ui::Ui& ui, Local& local, const ui::Area& area, const std::vector<Block>& blocks, float gap);

/// A text as one block a line, so that a long one continues on the next page.
void append_text(ui::Ui& ui, std::vector<Block>& blocks, const ui::Ui::Ink& ink, std::string_view text, float width,
                 float gap, float indent = 0);

/// Equal cells in rows; where they do not fit, pages.
struct Grid {
  int columns = 3;
  float cell_height = 0;
  float most_height = 0;  ///< cells may grow to it where there is room; 0: they do not
};
void grid(ui::Ui& ui, Local& local, const ui::Area& area, const Grid& look, std::size_t count,
          const std::function<void(std::size_t, const ui::Area&)>& draw);

}  // namespace anjungan::screens
