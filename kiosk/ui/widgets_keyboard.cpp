// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/ui/control.h"
#include "kiosk/ui/widgets.h"

namespace anjungan::ui {
namespace {

constexpr int k_columns = 10;
constexpr int k_rows = 5;
constexpr float k_gap = 12;
/// Above and below the keys: the bar that follows below in portrait wants more air.
constexpr float k_above = 24;
constexpr float k_below = 48;
constexpr float k_least_margin = 12;

/// One key of a board.
struct Cap {
  std::string key;    ///< in the tree, without what all keys of a board begin with
  std::string label;  ///< read aloud; written on it where there is no icon
  KeyPress press;
  float columns = 1;
  Icon icon = Icon::none;
  Face face = Face::key;
  bool chosen = false;
};

using Row = std::vector<Cap>;

Cap letter(std::string text) { return {text, text, {KeyPress::Kind::text, text}}; }

Cap control(const char* key, const char* label, KeyPress::Kind kind, Icon icon, float columns) {
  return {key, label, {kind, {}}, columns, icon};
}

/// A dot is small for eyes that are weak: in the bold face.
Cap mark(const char* text) {
  Cap out = letter(text);
  out.face = Face::choice;
  return out;
}

Row each(std::string_view letters) {
  Row out;
  for (const char one : letters) out.push_back(letter(std::string(1, one)));
  return out;
}

Row capitals(Row row) {
  for (Cap& cap : row) {
    for (char& c : cap.label) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    cap.press.text = cap.label;
  }
  return row;
}

Cap backspace(const Ui& ui, float columns) {
  return control("backspace", ui.tr("Hapus huruf"), KeyPress::Kind::backspace, Icon::backspace, columns);
}
Cap left(const Ui& ui, float columns) {
  return control("left", ui.tr("Ke kiri"), KeyPress::Kind::left, Icon::arrow_back, columns);
}
Cap right(const Ui& ui, float columns) {
  return control("right", ui.tr("Ke kanan"), KeyPress::Kind::right, Icon::arrow_forward, columns);
}

/// With the keys that change the board itself; they have an empty press.
Cap shift(const Ui& ui, bool chosen) {
  Cap out = control("shift", ui.tr("Huruf besar"), KeyPress::Kind::text, Icon::keyboard_capslock, 1.5F);
  out.chosen = chosen;
  return out;
}
Cap symbols(const char* label) { return {"symbols", label, {}, 1.5F, Icon::none, Face::label}; }

Row last_row(const Ui& ui, const Keyboard& state, bool enter, bool upper) {
  Row out;
  out.push_back(upper ? letter("-") : symbols(state.symbols ? "abc" : "?!/"));
  out.front().columns = 1.5F;
  out.push_back(upper ? left(ui, 1) : mark(","));
  out.push_back({"space", ui.tr("spasi"), {KeyPress::Kind::text, " "}, enter ? 5.0F : 6.5F, Icon::none, Face::label});
  out.push_back(upper ? right(ui, 1) : mark("."));
  if (enter) {
    out.push_back(control("enter", ui.tr("Baris baru"), KeyPress::Kind::enter, Icon::keyboard_return, 1.5F));
  }
  return out;
}

std::array<Row, k_rows> board(const Ui& ui, const Keyboard& state, bool enter, bool upper) {
  std::array<Row, k_rows> out;
  out[0] = each("1234567890");
  out[4] = last_row(ui, state, enter, upper);
  if (state.symbols && !upper) {
    out[1] = each("?!:;'\"()-_");
    out[2] = each("/&@#%+=*");
    out[3] = {letter("Rp"), left(ui, 3.5F), right(ui, 3.5F), backspace(ui, 1.5F)};
    out[3].front().columns = 1.5F;
    return out;
  }
  const bool large = state.shift || upper;
  out[1] = each("qwertyuiop");
  out[2] = each("asdfghjkl");
  out[3] = each("zxcvbnm");
  for (std::size_t i = 1; large && i < 4; i++) out[i] = capitals(std::move(out[i]));
  if (!upper) out[3].insert(out[3].begin(), shift(ui, state.shift));
  out[3].push_back(backspace(ui, 1.5F));
  return out;
}

void draw_bed(Ui& ui, const Area& area) {
  ui.fill(area, ui.theme().keyboard_bed);
  if (ui.metrics().portrait()) ui.fill({area.x, area.y, area.width, ui.px(2)}, ui.theme().line);
}

/// Draws one key, registers it, and tells whether it was pressed.
bool key_button(Ui& ui, const std::string& key, const Area& area, const Cap& cap) {
  const Shell shell = card_shell(ui, key, ui.px(3), ui.px(14), cap.chosen);
  draw_shell(ui, key, area, shell);
  Node node;
  if (cap.icon != Icon::none) {
    ui.icon(area.centre(), cap.icon, IconSize::small, shell.words);
  } else {
    const std::array faces = {cap.face, Face::strong, Face::label};
    const Wording words = fit_words(ui, faces, cap.label, area.width - 2 * shell.stroke, area.height, 1);
    draw_words(ui, area, words, shell.words, Align::centre);
    node.cut = words.cut;
    node.large = is_large(ui, words.face);
  }
  node.key = key;
  node.role = Role::key;
  node.label = cap.label;
  node.area = area;
  node.foreground = shell.words;
  node.background = shell.ground;
  node.target = true;
  node.chosen = cap.chosen;
  ui.add(std::move(node));
  return ui.fired(key);
}

/// Where keys of a board stand: whole pixels, so that all gaps are the same.
struct Grid {
  float x = 0;
  float y = 0;
  float pitch_x = 0;
  float pitch_y = 0;
  float gap = 0;

  [[nodiscard]] Area key(float column, int row, float columns) const {
    const float from = std::round(x + pitch_x * column);
    const float to = std::round(x + pitch_x * (column + columns)) - gap;
    return {from, y + pitch_y * static_cast<float>(row), to - from, pitch_y - gap};
  }
};

/// Keys of `width` x `height` at most, centred; smaller where the area is.
Grid grid(const Ui& ui, const Area& area, int columns, int rows, float width, float height) {
  Grid out;
  out.gap = ui.gap(k_gap);
  const auto pitch = [&](float room, float margins, int count, float wanted) {
    return std::floor(std::min(wanted + out.gap, (room - margins + out.gap) / static_cast<float>(count)));
  };
  out.pitch_x = pitch(area.width, 2 * ui.px(k_least_margin), columns, width);
  out.pitch_y = pitch(area.height, 2 * ui.px(k_least_margin), rows, height);
  const float spare_x = area.width - (out.pitch_x * static_cast<float>(columns) - out.gap);
  const float spare_y = area.height - (out.pitch_y * static_cast<float>(rows) - out.gap);
  out.x = std::round(area.x + spare_x / 2);
  const float above = ui.metrics().portrait() ? k_above / (k_above + k_below) : 0.5F;
  out.y = std::round(area.y + spare_y * above);
  return out;
}

float key_height(const Ui& ui) { return ui.target(ui.metrics().portrait() ? 96 : 116); }

float pad_side(const Ui& ui) { return std::max(ui.px(116), ui.metrics().mm(20)); }

float board_height(const Ui& ui, int rows, float key) {
  return static_cast<float>(rows) * key + static_cast<float>(rows - 1) * ui.gap(k_gap) + ui.px(k_above + k_below);
}

/// What the pressed key of a board does; keys that change the board do it.
std::optional<KeyPress> take_press(const Ui& ui, Keyboard& state, bool enter, bool upper) {
  for (const Row& row : board(ui, state, enter, upper)) {
    for (const Cap& cap : row) {
      if (!ui.fired("key." + cap.key)) continue;
      if (cap.key == "shift") {
        state.shift = !state.shift;
      } else if (cap.key == "symbols") {
        state.symbols = !state.symbols;
        state.shift = false;
      } else {
        // For one letter: who wants the next one large as well presses it again.
        if (cap.press.kind == KeyPress::Kind::text) state.shift = false;
        return cap.press;
      }
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<KeyPress> keyboard(Ui& ui, const Area& area, Keyboard& state, bool enter, bool upper) {
  // First, so that this very frame shows what the press has changed.
  std::optional<KeyPress> out = take_press(ui, state, enter, upper);
  draw_bed(ui, area);
  const Grid keys = grid(ui, area, k_columns, k_rows, ui.target(ui.metrics().portrait() ? 91 : 86), key_height(ui));
  int row = 0;
  for (const Row& caps : board(ui, state, enter, upper)) {
    float columns = 0;
    for (const Cap& cap : caps) columns += cap.columns;
    // Without a shift key the row ends where the others do.
    const bool flush = upper && row == 3;
    float column = flush ? k_columns - columns : (k_columns - columns) / 2;
    for (const Cap& cap : caps) {
      key_button(ui, "key." + cap.key, keys.key(column, row, cap.columns), cap);
      column += cap.columns;
    }
    row++;
  }
  return out;
}

float keyboard_height(const Ui& ui) { return board_height(ui, k_rows, key_height(ui)); }

std::optional<KeyPress> keypad(Ui& ui, const Area& area, bool plus) {
  draw_bed(ui, area);
  constexpr int columns = 3;
  const Grid keys = grid(ui, area, columns, 4, std::max(pad_side(ui), ui.px(200)), pad_side(ui));
  std::optional<KeyPress> out;
  const auto put = [&](const Cap& cap, float column, int row) {
    if (key_button(ui, "pad." + cap.key, keys.key(column, row, 1), cap)) out = cap.press;
  };
  for (int i = 0; i < 9; i++) put(letter(std::to_string(i + 1)), static_cast<float>(i % columns), i / columns);
  if (plus) {
    Cap cap = letter("+");
    cap.key = "plus";
    put(cap, 0, 3);
  }
  put(letter("0"), 1, 3);
  put(backspace(ui, 1), 2, 3);
  return out;
}

float keypad_height(const Ui& ui) { return board_height(ui, 4, pad_side(ui)); }

bool apply(const KeyPress& press, TextBuffer& text) {
  const std::size_t caret = text.caret();
  switch (press.kind) {
    case KeyPress::Kind::text:
      return text.insert(press.text);
    case KeyPress::Kind::backspace:
      return text.backspace();
    case KeyPress::Kind::enter:
      return text.insert("\n");
    case KeyPress::Kind::left:
      text.move_left();
      break;
    case KeyPress::Kind::right:
      text.move_right();
      break;
  }
  return text.caret() != caret;
}

}  // namespace anjungan::ui
