// SPDX-License-Identifier: Apache-2.0
// Draw data made by Dear ImGui itself, for the tests of the rasteriser.
#pragma once

#include <imgui.h>

#include "kiosk/ui/raster.h"

namespace anjungan::ui {

/// One frame of ImGui, in which `drawing(ImDrawList&)` is what is drawn.
class Picture {
 public:
  Picture(int width, int height) : m_context(ImGui::CreateContext()) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {static_cast<float>(width), static_cast<float>(height)};
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io.Fonts->AddFontDefault();
    unsigned char* pixels = nullptr;
    int atlas_width = 0;
    int atlas_height = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &atlas_width, &atlas_height);
    atlas = {pixels, atlas_width, atlas_height, io.Fonts->TexUvWhitePixel};
  }
  ~Picture() { ImGui::DestroyContext(m_context); }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;

  template <class Drawing>
  ImDrawData& draw(const Drawing& drawing) {
    ImGui::NewFrame();
    drawing(*ImGui::GetBackgroundDrawList());
    ImGui::Render();
    return *ImGui::GetDrawData();
  }

  Atlas atlas;  ///< ImGui's own little font

 private:
  ImGuiContext* m_context;
};

}  // namespace anjungan::ui
