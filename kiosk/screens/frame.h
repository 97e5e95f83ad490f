// SPDX-License-Identifier: Apache-2.0
// What all screens share: the bar on top, the bar below and the question.
#pragma once

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
  const char* other = nullptr;  ///< a second way on before it, where the panel is wide
  const char* other_label = nullptr;
};
/// Back, call staff and the ways on; the intents of the first two are complete, the others are told by `fired`.
std::optional<Intent> footer(ui::Ui& ui, const Model& model, const Footer& look);

/// The place between header and footer, margins included.
[[nodiscard]] ui::Area body(const ui::Ui& ui);

struct Question {
  std::string title;
  std::string hint;
  std::string caption = {};  ///< above the title, on screens that are no step
};
/// Caption with the step, bars, title and hint; returns what is left of `area` below them. It takes smaller faces where
/// they would be higher than `most`; where that is not enough, the hint goes, then the step.
[[nodiscard]] ui::Area question(ui::Ui& ui, const Model& model, const ui::Area& area, const Question& words,
                                float most);
/// The question with the place for its answers: below it, or beside it where the panel is wide. A wheelchair user finds
/// them in the lower half.
[[nodiscard]] ui::Area ask(ui::Ui& ui, const Model& model, const Question& words);

struct TypingRoom {
  ui::Area left;      ///< question and field
  ui::Area keyboard;  ///< with its bed
};
/// `keyboard_height`: where it stands below.
[[nodiscard]] TypingRoom typing_room(const ui::Ui& ui, float keyboard_height);

}  // namespace anjungan::screens
