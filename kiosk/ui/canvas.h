// SPDX-License-Identifier: Apache-2.0
// The picture of the screen in memory, as the citizen sees it: before it is turned for the panel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sync/record/result.h"

namespace anjungan::ui {

/// Whole pixels; the right and the lower edge lie outside.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  [[nodiscard]] int right() const { return x + width; }
  [[nodiscard]] int bottom() const { return y + height; }
  [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
  friend bool operator==(const Rect&, const Rect&) = default;
};

/// What both cover; empty (and then of no meaning otherwise) where they do not meet.
[[nodiscard]] inline Rect intersection(const Rect& one, const Rect& other) {
  const int x = std::max(one.x, other.x);
  const int y = std::max(one.y, other.y);
  return {x, y, std::min(one.right(), other.right()) - x, std::min(one.bottom(), other.bottom()) - y};
}

class Canvas {
 public:
  /// The largest width and height.
  static constexpr int k_most = 8192;

  /// Black. Both sizes are 1 to k_most.
  Canvas(int width, int height);

  [[nodiscard]] int width() const { return m_width; }
  [[nodiscard]] int height() const { return m_height; }
  [[nodiscard]] Rect whole() const { return {0, 0, m_width, m_height}; }

  /// `width` pixels 0xffRRGGBB from the left; the rows follow each other in memory without a gap.
  [[nodiscard]] std::uint32_t* row(int y) { return m_pixels.data() + offset(y); }
  [[nodiscard]] const std::uint32_t* row(int y) const { return m_pixels.data() + offset(y); }
  [[nodiscard]] std::uint32_t at(int x, int y) const { return row(y)[x]; }

  /// Writes the picture as a PNG file, for screenshots; replaces what is there.
  [[nodiscard]] record::Result<void> write_png(const std::string& path) const;
  /// Paints a PNG file on white, as large as it fits, at the top in the middle. Fails with `corrupt`.
  [[nodiscard]] record::Result<void> show_png(const std::string& path);

 private:
  [[nodiscard]] std::size_t offset(int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(m_width);
  }

  int m_width;
  int m_height;
  std::vector<std::uint32_t> m_pixels;
};

}  // namespace anjungan::ui
