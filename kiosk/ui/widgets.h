// SPDX-License-Identifier: Apache-2.0
// The kiosk's vocabulary of controls. Each draws itself into the area it is given, registers under its key, and
// returns true once when it was pressed. Sizes that depend on words are asked for first (…_height).
#pragma once

#include <span>

#include "kiosk/ui/text_buffer.h"
#include "kiosk/ui/ui.h"

namespace anjungan::ui {

enum class Weight { primary, quiet, stage_primary, stage_quiet };

struct Button {
  Weight weight = Weight::quiet;
  Icon icon = Icon::none;
  bool icon_behind = false;  ///< after the words: an arrow that leads on
  Face face = Face::button;
  bool enabled = true;
};
bool button(Ui& ui, const char* key, const Area& area, const char* label, const Button& look = {});
/// What its words and icon need, padding included.
[[nodiscard]] float button_width(const Ui& ui, const char* label, const Button& look = {});

/// A wide card: an icon in a circle, a bold word and a hint below it.
struct Choice {
  std::string key;
  Icon icon = Icon::none;
  std::string title;
  std::string hint;
  bool chosen = false;
  Face face = Face::choice;
  bool tight = false;  ///< little room: smaller title and circle, less air
};
[[nodiscard]] float choice_height(const Ui& ui, const Choice& choice, float width);
/// Whether its title stands on two lines in its own face with no word broken.
[[nodiscard]] bool choice_fits(const Ui& ui, const Choice& choice, float width);
bool choice(Ui& ui, const Choice& choice, const Area& area);

/// A card with an icon over one or two bold lines; `across`: beside them, in a lower card.
struct Tile {
  std::string key;
  Icon icon = Icon::none;
  std::string title;
  bool chosen = false;
  bool across = false;
};
/// Whether the title stands on two lines in its largest face with no word broken.
[[nodiscard]] bool tile_fits(const Ui& ui, const Tile& tile, float width);
[[nodiscard]] float tile_height(const Ui& ui, const Tile& tile, float width);
bool tile(Ui& ui, const Tile& tile, const Area& area);

/// What is being typed, with its caret; the end of a long text stays visible.
struct Field {
  std::string hint;     ///< shown while it is empty
  std::string counter;  ///< lower right
  bool wrong = false;
  bool wide = false;  ///< letters apart: numbers and codes
};
void field(Ui& ui, const char* key, const Area& area, const TextBuffer& text, const Field& look);
[[nodiscard]] float field_height(const Ui& ui, int lines, bool counter);
/// How many lines the text, or the hint of an empty one, takes in a field of this width.
[[nodiscard]] int field_lines(const Ui& ui, const TextBuffer& text, const Field& look, float width);

/// A panel with an icon and words: what went wrong, or what to know.
enum class Tone { info, warning };
[[nodiscard]] float notice_height(const Ui& ui, std::string_view text, float width);
void notice(Ui& ui, const char* key, const Area& area, Tone tone, Icon icon, std::string_view text);

void steps(Ui& ui, const Area& area, int done, int all);
void progress(Ui& ui, const char* key, const Area& area, float share);
void card(Ui& ui, const Area& area);
/// The strip of kawung leaves.
void kawung_strip(Ui& ui, const Area& area, Colour colour);
/// Four leaves in outline: the sign of a hall without a logo of its own.
void kawung_sign(Ui& ui, const Area& area, Colour colour);
/// Dark modules on white with the quiet zone of four modules, whole pixels a module.
void qr_picture(Ui& ui, const char* key, const Area& area, int modules, const std::vector<bool>& dark);

/// The touch keyboards. What was pressed, if anything.
struct KeyPress {
  enum class Kind { text, backspace, enter, left, right };
  Kind kind = Kind::text;
  std::string text;
};
struct Keyboard {
  bool shift = false;
  bool symbols = false;
};
/// `upper`: capitals only and no shift (codes). `enter`: with a key for a new line.
std::optional<KeyPress> keyboard(Ui& ui, const Area& area, Keyboard& state, bool enter, bool upper);
[[nodiscard]] float keyboard_height(const Ui& ui);
/// Digits, and "+" where asked for.
std::optional<KeyPress> keypad(Ui& ui, const Area& area, bool plus);
[[nodiscard]] float keypad_height(const Ui& ui);
/// Puts a key press into the text; true when it changed something.
bool apply(const KeyPress& press, TextBuffer& text);

}  // namespace anjungan::ui
