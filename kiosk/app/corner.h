// SPDX-License-Identifier: Apache-2.0
// The hidden corner: five taps on the upper left one, one soon after the other, open the staff panel. Nothing is drawn
// there that a citizen could want, and nothing says so.
#pragma once

#include <cstdint>

#include "kiosk/ui/area.h"

namespace anjungan::app {

class Corner {
 public:
  static constexpr int k_taps = 5;

  /// `side_px`: of the square in the upper left corner.
  explicit Corner(float side_px) : m_side_px(side_px) {}

  /// A finger came down at a point of the logical screen; true with the fifth.
  bool touched(ui::Point at, std::int64_t now_ms) {
    const bool inside = at.x >= 0 && at.y >= 0 && at.x < m_side_px && at.y < m_side_px;
    if (!inside || now_ms - m_last_ms > k_pause_ms) m_taps = 0;
    m_last_ms = now_ms;
    if (inside) m_taps++;
    if (m_taps < k_taps) return false;
    m_taps = 0;
    return true;
  }

 private:
  static constexpr std::int64_t k_pause_ms = 1'500;

  float m_side_px;
  int m_taps = 0;
  std::int64_t m_last_ms = 0;
};

}  // namespace anjungan::app
