// SPDX-License-Identifier: Apache-2.0
// The rasteriser's inner loops: one shape into the canvas. Nothing here knows Dear ImGui or uses floating point.
#pragma once

#include <cstdint>

#include "kiosk/ui/canvas.h"

namespace anjungan::ui::fill {

/// A pixel's and a texel's fractions.
constexpr int k_one = 256;
/// Coordinates lie between minus and plus this, so that no product overflows.
constexpr int k_farthest = 16'384 * k_one;
constexpr int k_largest_texture = 16'384;

struct Corner {
  std::int32_t x = 0;  ///< 1/256 pixel
  std::int32_t y = 0;
  std::int32_t u = 0;  ///< 1/256 texel
  std::int32_t v = 0;
  std::uint32_t colour = 0;  ///< 0xAARRGGBB, not premultiplied
};

struct Texture {
  const std::uint8_t* alpha;
  int width;
  int height;
};

/// The first pixel whose centre is not before `at`.
[[nodiscard]] constexpr int first_pixel(std::int32_t at) { return (at + k_one / 2 - 1) >> 8; }

/// All: `clip` lies in the canvas. Rectangles: `from` is the upper left, `to` the lower right corner, both have the
/// colour of `from`.
void rectangle(Canvas& canvas, const Rect& clip, const Corner& from, const Corner& to);
void glyph(Canvas& canvas, const Rect& clip, const Corner& from, const Corner& to, const Texture& texture);
/// `texture` may be null: then it is not asked for.
void triangle(Canvas& canvas, const Rect& clip, const Corner& a, const Corner& b, const Corner& c,
              const Texture* texture);

}  // namespace anjungan::ui::fill
