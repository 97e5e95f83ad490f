// SPDX-License-Identifier: Apache-2.0
// Places on the logical screen: pixels from the upper left corner, after rotation.
#pragma once

namespace anjungan::ui {

struct Point {
  float x = 0;
  float y = 0;
};

struct Area {
  float x = 0;
  float y = 0;
  float width = 0;
  float height = 0;

  [[nodiscard]] float right() const { return x + width; }
  [[nodiscard]] float bottom() const { return y + height; }
  [[nodiscard]] Point centre() const { return {x + width / 2, y + height / 2}; }
  [[nodiscard]] bool holds(Point at) const { return at.x >= x && at.x < x + width && at.y >= y && at.y < y + height; }
  /// Smaller on each side.
  [[nodiscard]] Area inset(float across, float down) const {
    return {x + across, y + down, width - 2 * across, height - 2 * down};
  }
  [[nodiscard]] Area inset(float every) const { return inset(every, every); }
};

}  // namespace anjungan::ui
