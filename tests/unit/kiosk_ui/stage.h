// SPDX-License-Identifier: Apache-2.0
// A screen without a window: frames are drawn into Dear ImGui's lists and into the semantic tree, which tests read.
#pragma once

#include <gtest/gtest.h>
#include <imgui.h>

#include <string>

#include "kiosk/ui/widgets.h"

namespace anjungan::ui {

inline constexpr Panel k_portrait{1080, 1920, 4.03};
inline constexpr Panel k_landscape{1920, 1080, 4.03};
inline constexpr Panel k_small{1366, 768, 4.0};
inline constexpr Panel k_dense{1080, 1920, 5.55};  ///< 15.6 inches upright
inline constexpr Colour k_accent{0x0B, 0x5C, 0x6B};

class Stage {
 public:
  explicit Stage(const Panel& panel, int text_step = 0, bool high_contrast = false) {
    frame.metrics = Metrics(panel, text_step);
    frame.theme = make_theme(k_accent, high_contrast);
    frame.words = &m_words;
    const auto built = ui.fonts().build(frame.metrics);
    if (!built) ADD_FAILURE() << built.error().text;
    draw([] {});  // sizes are those of the frame
  }

  /// Draws one frame; `fired` is the key that was pressed before it.
  template <typename Draw>
  void draw(const Draw& what, const std::string& fired = {}) {
    frame.fired = fired;
    ui.begin(frame);
    what();
    m_data = &ui.end();
  }

  [[nodiscard]] const Node& node(std::string_view key) const {
    const Node* found = find(ui.tree(), key);
    if (found == nullptr) ADD_FAILURE() << "no node " << key;
    static const Node none;
    return found == nullptr ? none : *found;
  }

  /// What the last frame drew on the ground, as a box.
  [[nodiscard]] Area drawn() const {
    constexpr int ground_corners = 4;
    float left = 1e9F;
    float top = 1e9F;
    float right = -1e9F;
    float bottom = -1e9F;
    int seen = 0;
    for (int n = 0; n < m_data->CmdListsCount; n++) {
      for (const ImDrawVert& corner : m_data->CmdLists[n]->VtxBuffer) {
        if (seen++ < ground_corners) continue;
        left = std::min(left, corner.pos.x);
        top = std::min(top, corner.pos.y);
        right = std::max(right, corner.pos.x);
        bottom = std::max(bottom, corner.pos.y);
      }
    }
    return {left, top, right - left, bottom - top};
  }

  Ui ui;
  Frame frame;

 private:
  Words m_words;
  const ImDrawData* m_data = nullptr;
};

/// With the pixel that smooths an edge.
inline bool inside(const Area& inner, const Area& outer, float fringe = 1) {
  return inner.x >= outer.x - fringe && inner.y >= outer.y - fringe && inner.right() <= outer.right() + fringe &&
         inner.bottom() <= outer.bottom() + fringe;
}

}  // namespace anjungan::ui
