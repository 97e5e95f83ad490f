// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/receipt_viewer.h"

#include <SDL.h>

#include <algorithm>
#include <filesystem>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/window.h"

namespace anjungan::app {
namespace {

namespace fs = std::filesystem;

constexpr int k_width = 360;
constexpr int k_height = 960;
constexpr int k_look_every_ms = 500;

/// The newest picture and when it was made; empty while there is none.
std::pair<std::string, fs::file_time_type> newest(const std::string& folder) {
  std::pair<std::string, fs::file_time_type> out;
  std::error_code failed;
  for (const auto& one : fs::directory_iterator(folder, failed)) {
    if (one.path().extension() != ".png") continue;
    const auto made = one.last_write_time(failed);
    if (!failed && (out.first.empty() || made > out.second)) out = {one.path().string(), made};
  }
  return out;
}

}  // namespace

record::Result<void> show_receipts(const std::string& folder) {
  auto window = ui::Window::open({.title = "Struk", .width = k_width, .height = k_height, .left = 0, .on_wait = {}});
  if (!window) return tl::unexpected(window.error());
  ui::Canvas canvas(k_width, k_height);
  for (int y = 0; y < k_height; y++) std::fill_n(canvas.row(y), k_width, 0xffe7e9e6U);
  std::pair<std::string, fs::file_time_type> shown;
  std::vector<ui::Rect> changed = {canvas.whole()};
  for (;;) {
    SDL_Event event;
    while ((*window)->next(event)) {
      if (event.type == SDL_QUIT) return {};
    }
    if (const auto now = newest(folder); !now.first.empty() && now != shown) {
      // A picture that is not readable is looked at again: the printer puts it there whole.
      if (canvas.show_png(now.first)) {
        shown = now;
        changed = {canvas.whole()};
      }
    }
    if (auto done = (*window)->present(canvas, changed); !done) return done;
    changed.clear();
    (void)(*window)->wait(k_look_every_ms);
  }
}

}  // namespace anjungan::app
