// SPDX-License-Identifier: Apache-2.0
#include "printer/render/cells.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#include <array>

namespace anjungan::render {
namespace {

using receipt::k_cell_height;
using receipt::k_cell_width;

constexpr char k_first = ' ';
constexpr char k_last = '~';
constexpr int k_em = 20;  // its advance is 12 dots

/// A row of dots a number, the leftmost dot in bit 11.
using Glyph = std::array<std::uint16_t, k_cell_height>;
using Font = std::array<Glyph, k_last - k_first + 1>;

Glyph draw(PangoLayout* layout, char letter) {
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_A8, k_cell_width, k_cell_height);
  cairo_t* cairo = cairo_create(surface);
  pango_layout_set_text(layout, &letter, 1);
  pango_cairo_show_layout(cairo, layout);
  cairo_surface_flush(surface);
  const unsigned char* grey = cairo_image_surface_get_data(surface);
  Glyph out{};
  for (std::size_t y = 0; y < out.size(); y++) {
    for (int x = 0; x < k_cell_width; x++) {
      if (grey[x] >= 128) out[y] = static_cast<std::uint16_t>(out[y] | 0x800U >> x);
    }
    grey += cairo_image_surface_get_stride(surface);
  }
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  return out;
}

Font make_font() {
  PangoFontMap* map = pango_cairo_font_map_new();
  PangoContext* context = pango_font_map_create_context(map);
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
  pango_cairo_context_set_font_options(context, options);
  PangoFontDescription* description = pango_font_description_from_string("DejaVu Sans Mono");
  pango_font_description_set_absolute_size(description, k_em * PANGO_SCALE);
  PangoLayout* layout = pango_layout_new(context);
  pango_layout_set_font_description(layout, description);
  Font out;
  for (char letter = k_first; letter <= k_last; letter++) {
    out[static_cast<std::size_t>(letter - k_first)] = draw(layout, letter);
  }
  g_object_unref(layout);
  pango_font_description_free(description);
  cairo_font_options_destroy(options);
  g_object_unref(context);
  g_object_unref(map);
  return out;
}

bool ink(const Glyph& glyph, bool bold, int x, int y) {
  const std::uint32_t row = glyph[static_cast<std::size_t>(y)];
  return ((bold ? row | row >> 1 : row) >> (k_cell_width - 1 - x) & 1U) != 0;
}

void set_letter(const Glyph& glyph, const receipt::CellBox& box, int left, Bitmap& out) {
  for (int y = 0; y < k_cell_height * box.down; y++) {
    if (box.y + y < 0 || box.y + y >= out.height) continue;
    std::uint8_t* row = out.bits.data() + static_cast<std::ptrdiff_t>(box.y + y) * out.stride;
    for (int x = 0; x < k_cell_width * box.across; x++) {
      const int at = left + x;
      if (at < 0 || at >= out.width || ink(glyph, box.bold, x / box.across, y / box.down) == box.white) continue;
      row[at / 8] = static_cast<std::uint8_t>(row[at / 8] | 0x80U >> (at % 8));
    }
  }
}

}  // namespace

void set_cells(const receipt::CellBox& box, Bitmap& out) {
  static const Font font = make_font();
  int left = box.x;
  for (const char letter : box.text) {
    const bool known = letter >= k_first && letter <= k_last;
    set_letter(font[static_cast<std::size_t>(known ? letter - k_first : '?' - k_first)], box, left, out);
    left += k_cell_width * box.across;
  }
}

}  // namespace anjungan::render
