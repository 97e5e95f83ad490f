// SPDX-License-Identifier: Apache-2.0
// A laid-out receipt: boxes in dots of a medium, ready to be drawn by printer/render.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "printer/receipt/content.h"

struct _PangoLayout;  // NOLINT(bugprone-reserved-identifier): Pango names it so

namespace anjungan::receipt {

/// What is printed on. Lengths in dots.
struct Medium {
  const char* name = "80mm";
  int width = 576;  ///< of the head, or of the page
  int height = 0;   ///< of the page; 0 for a roll
  int dpi = 203;
  int margin = 16;
  double scale = 1;  ///< of the type sizes
  int label_column = 136;
  bool narrow = false;      ///< labels above their values, QR above its text
  int qr_module = 6;        ///< dots wanted for one module
  int columns = 0;          ///< of the printer's own characters; 0: every word is drawn
  bool doubled_qr = false;  ///< the QR code is a picture whose dots the printer doubles
};

/// A roll under a head of so many dots: the same millimetres at any resolution. Below 60 mm it is narrow.
[[nodiscard]] constexpr Medium roll(int dots, int dpi) {
  const bool narrow = dots * 254 < 600 * dpi;
  const auto scaled = [dpi](int at_203) { return (at_203 * dpi + 101) / 203; };
  Medium out;
  out.name = narrow ? "58mm" : "80mm";
  out.width = dots;
  out.dpi = dpi;
  out.margin = scaled(narrow ? 8 : 16);
  out.scale = dpi / 203.0;
  out.label_column = narrow ? 0 : scaled(136);
  out.narrow = narrow;
  out.qr_module = scaled(6);
  return out;
}

/// The printer's own characters (font A of every ESC/POS printer).
inline constexpr int k_cell_width = 12;
inline constexpr int k_cell_height = 24;

/// The roll with its words in the printer's own characters. A QR code that the printer draws by itself costs no bytes;
/// one sent as a picture has an even module, so that the printer can double its dots and a quarter of the bytes do.
[[nodiscard]] constexpr Medium in_cells(Medium roll, bool native_qr) {
  roll.columns = roll.width / k_cell_width;
  roll.doubled_qr = !native_qr;
  return roll;
}

inline constexpr Medium k_roll_80 = roll(576, 203);
inline constexpr Medium k_roll_58 = roll(384, 203);
inline constexpr Medium k_a4{"a4", 1678, 2374, 203, 180, 1.32, 260, false, 8};

/// A QR code's modules, row by row, without the quiet zone.
struct QrCode {
  int size = 0;
  std::vector<bool> dark;
  [[nodiscard]] bool at(int x, int y) const {
    return dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(size) + static_cast<std::size_t>(x)];
  }
};

/// Error correction M, one byte segment, the smallest version. Empty (size 0) for a text that fits no QR code.
[[nodiscard]] QrCode make_qr(const std::string& text);

struct TextBox {
  int x = 0;
  int y = 0;
  std::shared_ptr<_PangoLayout> text;  ///< shaped and wrapped
  bool white = false;                  ///< on a black bar
};
struct QrBox {
  int x = 0;  ///< of the first module; the quiet zone lies around it
  int y = 0;
  int module = 0;
  QrCode code;
  std::string words;  ///< what it says
};
/// Words in the printer's own characters, printable ASCII alone, in one line.
struct CellBox {
  int x = 0;  ///< whole cells
  int y = 0;
  std::string text;
  int across = 1;  ///< cells a character is wide
  int down = 1;    ///< cells it is high
  bool bold = false;
  bool white = false;  ///< white on black
};
enum class Shape {
  bar,     ///< filled
  line,    ///< solid rule
  dashes,  ///< divider
  kawung,  ///< the ornament strip
  logo,    ///< one large kawung flower
  clock,   ///< not delivered yet
  check,   ///< delivered
};
struct ShapeBox {
  Shape shape = Shape::line;
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};
using Box = std::variant<TextBox, QrBox, ShapeBox, CellBox>;

struct Page {
  Medium medium;
  int width = 0;
  int height = 0;
  std::vector<Box> boxes;
};

/// In dots.
[[nodiscard]] int height_of(const TextBox& box);

/// Never fails: whatever the texts are, the page is within bounds. One thread at a time a page; several threads may
/// each lay out their own.
[[nodiscard]] Page layout(const Content& content, const Medium& medium);

}  // namespace anjungan::receipt
