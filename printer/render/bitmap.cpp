// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <vector>

#include "printer/render/cells.h"
#include "printer/render/draw.h"
#include "printer/render/ornament.h"
#include "printer/render/render.h"

namespace anjungan::render {
namespace {

/// Eight grey values to one byte: black where ink covers at least half of the dot.
void pack(const std::uint8_t* grey, int stride, Bitmap& out) {
  for (int y = 0; y < out.height; y++) {
    const std::uint8_t* from = grey + static_cast<std::ptrdiff_t>(y) * stride;
    std::uint8_t* to = out.bits.data() + static_cast<std::ptrdiff_t>(y) * out.stride;
    for (int x = 0; x + 8 <= out.width; x += 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, from + x, 8);
      if (eight == 0) continue;
      // The top bit of each byte, the first dot into the highest bit (the machine is little-endian).
      const std::uint64_t tops = eight >> 7 & 0x0101010101010101ULL;
      to[x / 8] = static_cast<std::uint8_t>((tops * 0x8040201008040201ULL) >> 56);
    }
    for (int x = out.width / 8 * 8; x < out.width; x++) {
      if (from[x] >= 128) to[x / 8] = static_cast<std::uint8_t>(to[x / 8] | 0x80U >> (x % 8));
    }
  }
}

void fill_run(std::uint8_t* row, int from, int to) {
  for (int x = from; x < to; x++) row[x / 8] = static_cast<std::uint8_t>(row[x / 8] | 0x80U >> (x % 8));
}

/// Modules are set bit by bit: no grey, no rounding.
void set_qr(const receipt::QrBox& box, Bitmap& out) {
  std::vector<std::uint8_t> line(static_cast<std::size_t>(out.stride));
  for (int y = 0; y < box.code.size; y++) {
    std::fill(line.begin(), line.end(), std::uint8_t{0});
    for (int x = 0; x < box.code.size; x++) {
      if (box.code.at(x, y)) fill_run(line.data(), box.x + x * box.module, box.x + (x + 1) * box.module);
    }
    const int first = box.x / 8;
    const int end = (box.x + box.code.size * box.module + 7) / 8;
    for (int copy = 0; copy < box.module; copy++) {
      std::uint8_t* row = out.bits.data() + static_cast<std::ptrdiff_t>(box.y + y * box.module + copy) * out.stride;
      for (int at = first; at < end; at++)
        row[at] = static_cast<std::uint8_t>(row[at] | line[static_cast<std::size_t>(at)]);
    }
  }
}

}  // namespace

Bitmap to_bitmap(const receipt::Page& page) {
  Bitmap out;
  out.width = page.width;
  out.height = page.height;
  out.stride = (page.width + 7) / 8;
  out.bits.assign(static_cast<std::size_t>(out.stride) * static_cast<std::size_t>(out.height), 0);
  cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_A8, page.width, page.height);
  cairo_t* cairo = cairo_create(surface);
  stamp_shapes(cairo, page);
  // Alpha is ink: white words on a bar take ink away.
  for (const receipt::Box& any : page.boxes) {
    if (const auto* box = std::get_if<receipt::TextBox>(&any); box != nullptr && box->white) {
      cairo_set_operator(cairo, CAIRO_OPERATOR_DEST_OUT);
      receipt::Page one;
      one.boxes.push_back(*box);
      draw_text(cairo, one);
      cairo_set_operator(cairo, CAIRO_OPERATOR_OVER);
    }
  }
  receipt::Page black;
  for (const receipt::Box& any : page.boxes) {
    if (const auto* box = std::get_if<receipt::TextBox>(&any); box != nullptr && !box->white)
      black.boxes.push_back(any);
  }
  // On a grey picture adding ink is what pixman has a fast path for; painting over takes its slow one.
  cairo_set_operator(cairo, CAIRO_OPERATOR_ADD);
  draw_text(cairo, black);
  cairo_surface_flush(surface);
  pack(cairo_image_surface_get_data(surface), cairo_image_surface_get_stride(surface), out);
  cairo_destroy(cairo);
  cairo_surface_destroy(surface);
  for (const receipt::Box& any : page.boxes) {
    if (const auto* box = std::get_if<receipt::QrBox>(&any)) set_qr(*box, out);
    if (const auto* box = std::get_if<receipt::CellBox>(&any)) set_cells(*box, out);
  }
  return out;
}

}  // namespace anjungan::render
