// SPDX-License-Identifier: Apache-2.0
// A laid-out page as a 1-bit picture, PNG, PDF, PWG raster or ESC/POS bytes. Pure functions; one page by one thread at
// a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "printer/receipt/page.h"

namespace anjungan::render {

using Bytes = std::vector<std::uint8_t>;

/// One bit a dot, 1 = black, rows of `stride` bytes, the leftmost dot in the highest bit.
struct Bitmap {
  int width = 0;
  int height = 0;
  int stride = 0;
  Bytes bits;

  [[nodiscard]] bool black(int x, int y) const {
    return (bits[static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(x / 8)] >>
                (7 - x % 8) &
            1) != 0;
  }
};

[[nodiscard]] Bitmap to_bitmap(const receipt::Page& page);

/// Grey PNG of the bitmap; `border` white dots around it so that it can be looked at.
[[nodiscard]] Bytes to_png(const Bitmap& bitmap, int border = 0);

/// PDF of the page's real size with text as text.
[[nodiscard]] Bytes to_pdf(const receipt::Page& page);
/// PDF of a printed picture in its real size: dots of 1/`dpi` inch.
[[nodiscard]] Bytes to_pdf(const Bitmap& bitmap, int dpi);

/// PWG raster (PWG 5102.4) of one page, one bit a dot.
[[nodiscard]] Bytes to_pwg(const Bitmap& bitmap, int dpi);

/// What ESC/POS bytes need to know of a printer; printer/profile says what each model wants.
struct Escpos {
  int feed_dots = 24;      ///< behind the last line
  bool cut = true;         ///< else somebody tears
  int steps = 1;           ///< vertical motion units a dot
  bool native_qr = false;  ///< draws QR codes by itself (GS ( k); for pages in its own characters
};

/// Of a page in the printer's own characters (receipt::in_cells): printable ASCII in lines, styles, QR codes by GS ( k
/// or as a small picture, and what ASCII has no letters for as a picture. Boxes at one height are all of characters, or
/// just one. Of any other page: its picture, as below.
[[nodiscard]] Bytes to_escpos(const receipt::Page& page, const Escpos& printer = {});

/// ESC/POS (Epson command reference): ESC @, ESC 3 0, the picture in GS v 0 bands of 64 lines, feed and cut by GS V 66,
/// or feed alone by ESC J. No text is sent as text, so nothing in a receipt can be a command.
[[nodiscard]] Bytes to_escpos(const Bitmap& bitmap, const Escpos& printer = {});

}  // namespace anjungan::render
