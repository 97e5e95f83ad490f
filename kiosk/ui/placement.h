// SPDX-License-Identifier: Apache-2.0
// Where the logical screen (the canvas) lies on the panel (the window): turned, and in the middle where the panel is
// larger or smaller. The window shows by it, the pointer reads touches by it.
#pragma once

#include "kiosk/ui/area.h"
#include "kiosk/ui/canvas.h"

namespace anjungan::ui {

class Placement {
 public:
  /// The logical screen's size; `rotation` is how the picture is turned on the panel: 0, 90, 180 or 270 degrees
  /// clockwise. The panel has the size of the turned picture until `set_panel`.
  Placement(int width, int height, int rotation);

  [[nodiscard]] int width() const { return m_width; }
  [[nodiscard]] int height() const { return m_height; }
  [[nodiscard]] int rotation() const { return m_rotation; }
  /// The picture after it has been turned.
  [[nodiscard]] int turned_width() const { return quarter() ? m_height : m_width; }
  [[nodiscard]] int turned_height() const { return quarter() ? m_width : m_height; }

  /// The panel's size in its own pixels. A larger panel has the picture in its middle, of a smaller one it fills the
  /// middle of the picture.
  void set_panel(int width, int height);
  [[nodiscard]] int panel_width() const { return m_panel_width; }
  [[nodiscard]] int panel_height() const { return m_panel_height; }

  /// A point of the panel in its pixels as a point of the logical screen; outside of it where the panel is black.
  [[nodiscard]] Point to_screen(Point panel) const;
  /// A rectangle of the logical screen in the panel's pixels; may lie outside the panel.
  [[nodiscard]] Rect to_panel(const Rect& screen) const;

 private:
  [[nodiscard]] bool quarter() const { return m_rotation == 90 || m_rotation == 270; }
  [[nodiscard]] int left() const;
  [[nodiscard]] int top() const;

  int m_width;
  int m_height;
  int m_rotation;
  int m_panel_width;
  int m_panel_height;
};

}  // namespace anjungan::ui
