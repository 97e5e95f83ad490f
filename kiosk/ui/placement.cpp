// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/placement.h"

namespace anjungan::ui {

Placement::Placement(int width, int height, int rotation)
    : m_width(width),
      m_height(height),
      m_rotation(rotation),
      m_panel_width(turned_width()),
      m_panel_height(turned_height()) {
  ANJUNGAN_CHECK(rotation == 0 || rotation == 90 || rotation == 180 || rotation == 270);
}

void Placement::set_panel(int width, int height) {
  m_panel_width = width;
  m_panel_height = height;
}

// An odd pixel of black lies right and below, on a larger and a smaller panel alike.
int Placement::left() const { return (m_panel_width - turned_width()) >> 1; }

int Placement::top() const { return (m_panel_height - turned_height()) >> 1; }

Point Placement::to_screen(Point panel) const {
  const float x = panel.x - static_cast<float>(left());
  const float y = panel.y - static_cast<float>(top());
  const auto width = static_cast<float>(m_width);
  const auto height = static_cast<float>(m_height);
  switch (m_rotation) {
    case 90:
      return {y, height - x};
    case 180:
      return {width - x, height - y};
    case 270:
      return {width - y, x};
    default:
      return {x, y};
  }
}

Rect Placement::to_panel(const Rect& screen) const {
  switch (m_rotation) {
    case 90:
      return {left() + m_height - screen.bottom(), top() + screen.x, screen.height, screen.width};
    case 180:
      return {left() + m_width - screen.right(), top() + m_height - screen.bottom(), screen.width, screen.height};
    case 270:
      return {left() + screen.y, top() + m_width - screen.right(), screen.height, screen.width};
    default:
      return {left() + screen.x, top() + screen.y, screen.width, screen.height};
  }
}

}  // namespace anjungan::ui
