// SPDX-License-Identifier: Apache-2.0
// bench_picture ROUNDS [PNG]: a screen of 1080 x 1920 as full as the kiosk's fullest (heading, cards, a page of text,
// the touch keyboard), from draw list to pixels and from pixels to a turned panel. PNG keeps the picture, to look at.
#include <fmt/format.h>
#include <imgui.h>

#include <cstdlib>
#include <string_view>

#include "kiosk/ui/raster.h"
#include "kiosk/ui/turn.h"
#include "tests/bench/figures.h"

namespace anjungan::bench {
namespace {

constexpr int k_width = 1080;
constexpr int k_height = 1920;
constexpr std::uint32_t k_background = 0xf6f4ef;
constexpr ImU32 k_ink = IM_COL32(26, 26, 26, 255);
constexpr const char* k_face = "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf";

class Screen {
 public:
  Screen() {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {k_width, k_height};
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    ImGui::GetStyle().CircleTessellationMaxError = 0.1F;
    m_text = io.Fonts->AddFontFromFileTTF(k_face, 34);
    m_heading = io.Fonts->AddFontFromFileTTF(k_face, 64);
    unsigned char* pixels = nullptr;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &m_atlas.width, &m_atlas.height);
    m_atlas.alpha = pixels;
    m_atlas.white_uv = io.Fonts->TexUvWhitePixel;
  }
  ~Screen() { ImGui::DestroyContext(); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// ImGui's own part: its lists anew, with a key of the keyboard pressed, or none (-1).
  void make(int pressed) {
    ImGui::NewFrame();
    ImDrawList& list = *ImGui::GetBackgroundDrawList();
    list.AddRectFilled({0, 0}, {k_width, 160}, IM_COL32(20, 60, 110, 255));
    list.AddText(m_heading, 64, {40, 44}, IM_COL32_WHITE, "Apa yang ingin Anda sampaikan?");
    for (int card = 0; card < 4; card++) {
      const float y = 200.0F + 170.0F * static_cast<float>(card);
      list.AddRectFilled({40, y}, {1040, y + 150}, IM_COL32_WHITE, 28);
      list.AddRect({40, y}, {1040, y + 150}, k_ink, 28, 0, 3);
      list.AddCircleFilled({115, y + 75}, 40, IM_COL32(20, 60, 110, 255));
      list.AddText(m_text, 34, {190, y + 30}, k_ink, "Jalan berlubang dan jembatan rusak");
      list.AddText(m_text, 34, {190, y + 80}, k_ink, "Dinas terkait menjawab dalam lima hari kerja");
    }
    for (int line = 0; line < 8; line++) {
      const float y = 900.0F + 44.0F * static_cast<float>(line);
      list.AddText(m_text, 34, {40, y}, k_ink, "Lubang besar di depan sekolah, sudah dua minggu tidak ditutup.");
    }
    for (int key = 0; key < 50; key++) {
      const int line = key / 10;
      const ImVec2 at(15 + 106 * static_cast<float>(key % 10), 1330 + 112 * static_cast<float>(line));
      const ImVec2 end(at.x + 96, at.y + 102);
      list.AddRectFilled(at, end, key == pressed ? IM_COL32(20, 60, 110, 255) : IM_COL32_WHITE, 12);
      list.AddRect(at, end, k_ink, 12, 0, 2);
      const char letter[] = {static_cast<char>('a' + key % 26), 0};
      list.AddText(m_text, 34, {at.x + 38, at.y + 30}, key == pressed ? IM_COL32_WHITE : k_ink, letter);
    }
    ImGui::Render();
  }

  std::vector<ui::Rect> draw(ui::Raster& raster) const {
    return raster.draw(*ImGui::GetDrawData(), m_atlas, k_background);
  }

 private:
  ImFont* m_text = nullptr;
  ImFont* m_heading = nullptr;
  ui::Atlas m_atlas;
};

void measure(int rounds, const char* png) {
  ui::Canvas canvas(k_width, k_height);
  ui::Raster raster(canvas);
  Screen screen;
  std::vector<double> make;
  std::vector<double> whole;
  std::vector<double> same;
  std::vector<double> press;
  std::vector<double> turned;
  ui::Placement panel(k_width, k_height, 90);
  std::vector<std::uint32_t> pixels(std::size_t{k_width} * k_height);
  const auto timed = [](std::vector<double>& to, const auto& what) {
    const double start = cpu_ms();
    what();
    to.push_back(cpu_ms() - start);
  };
  for (int round = 0; round < rounds; round++) {
    timed(make, [&] { screen.make(-1); });
    raster.invalidate();
    timed(whole, [&] { screen.draw(raster); });
    timed(same, [&] { screen.draw(raster); });
    screen.make(round % 50);
    timed(press, [&] { screen.draw(raster); });
    timed(turned,
          [&] { ui::turn(canvas, panel, panel.to_panel(canvas.whole()), pixels.data(), panel.turned_width()); });
  }
  if (png != nullptr && !canvas.write_png(png)) fmt::print(stderr, "bench picture: {} cannot be written\n", png);
  print_figure("a full screen of 1080 x 1920 drawn whole, CPU time", median(whole), "ms", Limit{Must::at_most, 6});
  print_figure("a pressed key in it, CPU time", median(press), "ms", Limit{Must::at_most, 1});
  print_figure("the same screen again, CPU time", median(same), "ms");
  print_figure("all of it turned by a quarter for the panel, CPU time", median(turned), "ms");
  print_figure("Dear ImGui's own part: the draw lists, CPU time", median(make), "ms");
}

}  // namespace
}  // namespace anjungan::bench

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 0;
  if (rounds < 1) {
    fmt::print(stderr, "usage: bench_picture ROUNDS [PNG]\n");
    return 2;
  }
  anjungan::bench::measure(rounds, argc > 2 ? argv[2] : nullptr);
  return 0;
}
