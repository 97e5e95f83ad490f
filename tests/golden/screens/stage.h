// SPDX-License-Identifier: Apache-2.0
// Draws a scene as the program would, into a picture in memory.
#pragma once

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/raster.h"
#include "kiosk/ui/ui.h"
#include "tests/golden/screens/scenes.h"

namespace anjungan::screens {

/// How a scene is looked at.
struct Look {
  ui::Panel panel;
  record::Language language = record::Language::indonesian;
  int text_step = 0;
  bool high_contrast = false;
};

/// One process has one; fonts are built anew when the panel or the text step changes.
class Stage {
 public:
  Stage();

  /// The whole picture of the scene's page; the tree is in ui().tree().
  const ui::Canvas& draw(const Scene& scene, const Look& look, int page = 0);
  [[nodiscard]] const ui::Ui& ui() const { return m_ui; }
  /// How many pages the scene drawn last has.
  [[nodiscard]] int pages() const;

 private:
  ui::Ui m_ui;
  std::optional<ui::Metrics> m_built;
  std::optional<ui::Canvas> m_canvas;
  ui::Words m_indonesian;
  ui::Words m_english;
};

}  // namespace anjungan::screens
