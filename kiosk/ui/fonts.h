// SPDX-License-Identifier: Apache-2.0
// The kiosk's typefaces: Noto Sans in the sizes of one panel and text step, Material Icons in three sizes, rasterised
// by FreeType into one atlas of 8-bit coverage. Building takes tens of milliseconds: once a text step, behind a touch.
#pragma once

#include <string>
#include <string_view>

#include "kiosk/ui/icon.h"
#include "kiosk/ui/metrics.h"
#include "sync/record/result.h"

struct ImFont;
struct ImFontAtlas;

namespace anjungan::ui {

/// Where Debian's fonts-noto-core and fonts-material-design-icons-iconfont put them.
struct FontFiles {
  std::string regular = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf";
  std::string bold = "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf";
  std::string icons = "/usr/share/fonts/truetype/material-design-icons-iconfont/MaterialIcons-Regular.ttf";
};

class Fonts {
 public:
  /// `atlas` is Dear ImGui's own and outlives this.
  explicit Fonts(ImFontAtlas& atlas) : m_atlas(&atlas) {}

  /// Replaces whatever was built. Fails with `not_found` and a text that names the missing file and its package.
  [[nodiscard]] record::Result<void> build(const Metrics& metrics, const FontFiles& files = {});

  [[nodiscard]] ImFont* face(Face face) const { return m_faces[static_cast<std::size_t>(face)]; }
  [[nodiscard]] ImFont* icons(IconSize size) const { return m_icons[static_cast<std::size_t>(size)]; }

  /// Pixels that a single line takes.
  [[nodiscard]] float width(Face face, std::string_view text) const;

 private:
  ImFontAtlas* m_atlas;
  std::array<ImFont*, k_faces.size()> m_faces{};
  std::array<ImFont*, k_icon_sizes.size()> m_icons{};
};

/// Dear ImGui sizes a font by ascent and descent together, the design by the em: Noto Sans has 1.069 and 0.293 of it.
inline constexpr float k_noto_height = 1.362F;
inline constexpr float k_noto_ascent = 1.069F;

}  // namespace anjungan::ui
