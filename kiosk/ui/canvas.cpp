// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/canvas.h"

namespace anjungan::ui {

Canvas::Canvas(int width, int height) : m_width(width), m_height(height) {
  ANJUNGAN_CHECK(width >= 1 && width <= k_most && height >= 1 && height <= k_most);
  m_pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0xff000000U);
}

}  // namespace anjungan::ui
