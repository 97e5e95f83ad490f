// SPDX-License-Identifier: Apache-2.0
// ESC/POS for a page in the printer's own characters. Only what stands here reaches the printer: a character box's
// bytes are printable ASCII, whatever anybody put into it.
#include <algorithm>
#include <map>

#include "printer/render/render.h"

namespace anjungan::render {
namespace {

using receipt::CellBox;
using receipt::k_cell_height;
using receipt::k_cell_width;
using receipt::QrBox;
using receipt::TextBox;

constexpr int k_band_lines = 64;
constexpr std::size_t k_most_native = 2'000;  // bytes of a code drawn by the printer

bool printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

class Writer {
 public:
  Writer(const receipt::Page& page, const Escpos& printer) : m_page(page), m_printer(printer) {}

  Bytes write() {
    put({0x1b, '@'});
    std::multimap<int, const receipt::Box*> by_line;
    for (const receipt::Box& one : m_page.boxes) by_line.emplace(top(one), &one);
    for (auto at = by_line.begin(); at != by_line.end();) {
      const auto next = by_line.upper_bound(at->first);
      skip_to(at->first);
      std::vector<const CellBox*> cells;
      for (auto one = at; one != next; one++) {
        if (const auto* cell = std::get_if<CellBox>(one->second)) cells.push_back(cell);
      }
      if (!cells.empty()) {
        line(cells, next == by_line.end() ? m_page.height : next->first);
      } else if (const auto* qr = std::get_if<QrBox>(at->second)) {
        code(*qr);
      } else if (const auto* text = std::get_if<TextBox>(at->second)) {
        drawn(*text);
      }
      at = next;
    }
    skip_to(m_page.height);
    const int feed = std::clamp(m_printer.feed_dots * m_printer.steps, 0, 255);
    if (m_printer.cut) {
      put({0x1d, 'V', 66, feed});
    } else {
      put({0x1b, 'J', feed});
    }
    return std::move(m_out);
  }

 private:
  struct Style {
    bool bold = false;
    bool white = false;
    int size = 0;
    bool operator==(const Style&) const = default;
  };

  static int top(const receipt::Box& any) {
    return std::visit([](const auto& box) { return box.y; }, any);
  }

  void put(std::initializer_list<int> bytes) {
    for (const int byte : bytes) m_out.push_back(static_cast<std::uint8_t>(byte));
  }

  void skip_to(int y) {
    // A long feed is where somebody tears: never within a receipt.
    constexpr int k_most_dots = 60;
    while (m_y < y) {
      const int dots = std::min(y - m_y, k_most_dots);
      put({0x1b, 'J', dots * m_printer.steps});
      m_y += dots;
    }
  }

  void set_style(const Style& style) {
    if (style.bold != m_style.bold) put({0x1b, 'E', style.bold ? 1 : 0});
    if (style.white != m_style.white) put({0x1d, 'B', style.white ? 1 : 0});
    if (style.size != m_style.size) put({0x1d, '!', style.size});
    m_style = style;
  }

  /// One line ends where the next one begins, as far as the line spacing reaches.
  void line(std::vector<const CellBox*> cells, int next) {
    std::sort(cells.begin(), cells.end(), [](const CellBox* a, const CellBox* b) { return a->x < b->x; });
    int x = 0;
    int height = 0;
    for (const CellBox* cell : cells) {
      if (x < cell->x) {
        set_style({});
        m_out.insert(m_out.end(), static_cast<std::size_t>((cell->x - x) / k_cell_width), ' ');
        x = cell->x;
      }
      set_style({cell->bold, cell->white, (cell->across - 1) << 4 | (cell->down - 1)});
      for (const char c : cell->text) m_out.push_back(static_cast<std::uint8_t>(c >= ' ' && c <= '~' ? c : '?'));
      x += k_cell_width * cell->across * static_cast<int>(cell->text.size());
      height = std::max(height, k_cell_height * cell->down);
    }
    const int most = height + k_cell_height;
    const int pitch = next - m_y >= height && next - m_y <= most ? next - m_y : height;
    if (pitch != m_pitch) put({0x1b, '3', pitch * m_printer.steps});
    m_pitch = pitch;
    m_out.push_back('\n');
    m_y += pitch;
  }

  void code(const QrBox& box) {
    put({0x1b, 'a', 1});
    if (m_printer.native_qr && printable(box.words) && box.words.size() <= k_most_native) {
      native(box);
    } else {
      picture(box);
    }
    put({0x1b, 'a', 0});
    m_y += box.module * box.code.size;
  }

  /// GS ( k: model 2, size of a module, correction M, the words, print.
  void native(const QrBox& box) {
    put({0x1d, '(', 'k', 4, 0, 49, 65, 50, 0});
    put({0x1d, '(', 'k', 3, 0, 49, 67, std::min(box.module, 16)});
    put({0x1d, '(', 'k', 3, 0, 49, 69, 49});
    const int size = static_cast<int>(box.words.size()) + 3;
    put({0x1d, '(', 'k', size & 255, size >> 8, 49, 80, 48});
    m_out.insert(m_out.end(), box.words.begin(), box.words.end());
    put({0x1d, '(', 'k', 3, 0, 49, 81, 48});
  }

  /// In the middle of the head. Where the printer can double the dots to a module, a quarter of the bytes do.
  void picture(const QrBox& box) {
    const int doubled = m_page.medium.doubled_qr && box.module % 2 == 0 ? 2 : 1;
    const int module = box.module / doubled;
    const int stride = (box.code.size * module + 7) / 8;
    // The printer puts whole bytes into the middle; the code is to be where the page has it.
    const int left = (box.x - (m_page.width - stride * 8 * doubled) / 2) / doubled;
    Bitmap bitmap;
    bitmap.width = stride * 8;
    bitmap.stride = stride;
    bitmap.height = box.code.size * module;
    bitmap.bits.assign(static_cast<std::size_t>(stride) * static_cast<std::size_t>(bitmap.height), 0);
    for (int y = 0; y < bitmap.height; y++) {
      for (int x = 0; x < box.code.size * module; x++) {
        if (!box.code.at(x / module, y / module)) continue;
        const int at = left + x;
        auto& byte = bitmap.bits[static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) +
                                 static_cast<std::size_t>(at / 8)];
        byte = static_cast<std::uint8_t>(byte | 0x80U >> (at % 8));
      }
    }
    bands(bitmap, doubled == 2 ? 3 : 0);
  }

  /// What ASCII has no letters for.
  void drawn(const TextBox& box) {
    receipt::Page one;
    one.width = m_page.width;
    TextBox moved = box;
    moved.y = 0;
    one.height = receipt::height_of(box);
    one.boxes.emplace_back(std::move(moved));
    bands(to_bitmap(one), 0);
    m_y += one.height;
  }

  void bands(const Bitmap& bitmap, int mode) {
    for (int y = 0; y < bitmap.height; y += k_band_lines) {
      const int lines = std::min(k_band_lines, bitmap.height - y);
      put({0x1d, 'v', '0', mode, bitmap.stride & 255, bitmap.stride >> 8, lines, 0});
      const auto from = bitmap.bits.begin() + static_cast<std::ptrdiff_t>(y) * bitmap.stride;
      m_out.insert(m_out.end(), from, from + static_cast<std::ptrdiff_t>(lines) * bitmap.stride);
    }
  }

  const receipt::Page& m_page;
  const Escpos& m_printer;
  Bytes m_out;
  Style m_style;
  int m_pitch = 0;
  int m_y = 0;
};

}  // namespace

Bytes to_escpos(const receipt::Page& page, const Escpos& printer) {
  if (page.medium.columns == 0) return to_escpos(to_bitmap(page), printer);
  return Writer(page, printer).write();
}

}  // namespace anjungan::render
