// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "printer/render/render.h"

namespace anjungan::render {
namespace {

constexpr int k_band_lines = 64;  // small bands: a printer that runs out of paper inside one recovers

void put(Bytes& out, std::initializer_list<int> bytes) {
  for (const int byte : bytes) out.push_back(static_cast<std::uint8_t>(byte));
}

}  // namespace

Bytes to_escpos(const Bitmap& bitmap, const Escpos& printer) {
  Bytes out;
  out.reserve(bitmap.bits.size() + 1'024);
  put(out, {0x1b, '@'});     // initialise
  put(out, {0x1b, '3', 0});  // no line spacing: bands touch
  for (int y = 0; y < bitmap.height; y += k_band_lines) {
    const int lines = std::min(k_band_lines, bitmap.height - y);
    put(out, {0x1d, 'v', '0', 0, bitmap.stride & 255, bitmap.stride >> 8, lines & 255, lines >> 8});
    const auto from = bitmap.bits.begin() + static_cast<std::ptrdiff_t>(y) * bitmap.stride;
    out.insert(out.end(), from, from + static_cast<std::ptrdiff_t>(lines) * bitmap.stride);
  }
  const int feed = std::clamp(printer.feed_dots * printer.steps, 0, 255);
  if (printer.cut) {
    put(out, {0x1d, 'V', 66, feed});
  } else {
    put(out, {0x1b, 'J', feed});
  }
  return out;
}

}  // namespace anjungan::render
