// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/turn.h"

#include <algorithm>

namespace anjungan::ui {
namespace {

/// A quarter turn reads along columns: in squares, so that the rows it touches stay in the processor's cache.
constexpr int k_square = 16;

}  // namespace

void turn(const Canvas& canvas, const Placement& placement, const Rect& part, std::uint32_t* to, std::ptrdiff_t pitch) {
  const Rect whole = placement.to_panel(canvas.whole());
  const int x = part.x - whole.x;
  const int y = part.y - whole.y;
  const std::ptrdiff_t line = canvas.width();
  // From one pixel of the panel to the next, rightwards and downwards, in the canvas's memory.
  const std::uint32_t* from = canvas.row(0);
  std::ptrdiff_t right = 1;
  std::ptrdiff_t down = line;
  if (placement.rotation() == 90) {
    from += (canvas.height() - 1 - x) * line + y;
    right = -line;
    down = 1;
  } else if (placement.rotation() == 180) {
    from += (canvas.height() - 1 - y) * line + canvas.width() - 1 - x;
    right = -1;
    down = -line;
  } else if (placement.rotation() == 270) {
    from += x * line + canvas.width() - 1 - y;
    right = line;
    down = -1;
  } else {
    from += y * line + x;
  }
  if (right == 1) {
    for (int row = 0; row < part.height; row++) std::copy_n(from + row * down, part.width, to + row * pitch);
    return;
  }
  for (int top = 0; top < part.height; top += k_square) {
    const int bottom = std::min(part.height, top + k_square);
    for (int left = 0; left < part.width; left += k_square) {
      const int end = std::min(part.width, left + k_square);
      for (int row = top; row < bottom; row++) {
        const std::uint32_t* source = from + row * down;
        std::uint32_t* target = to + row * pitch;
        for (int column = left; column < end; column++) target[column] = source[column * right];
      }
    }
  }
}

}  // namespace anjungan::ui
