// SPDX-License-Identifier: Apache-2.0
// What a window must do on every kind of display.
#include "kiosk/ui/window.h"

#include <SDL.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/contract/window/display_server.h"

namespace anjungan::ui {
namespace {

class WindowContract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string kind = GetParam();
    if (kind == "dummy") {
      setenv("SDL_VIDEODRIVER", "dummy", 1);
    } else if (kind == "x11") {
      if (!is_installed("Xvfb")) GTEST_SKIP() << "Xvfb is not installed: ./dev test installs it";
      x_server = std::make_unique<XServer>(640, 480, 24);
    } else {
      if (!is_installed("weston")) GTEST_SKIP() << "weston is not installed: ./dev test installs it";
      wayland_server = std::make_unique<WaylandServer>(640, 480);
    }
    auto opened = Window::open(
        {.title = "test", .width = 480, .height = 640, .rotation = 90, .patience_ms = 60'000, .on_wait = {}});
    ASSERT_TRUE(opened) << opened.error().text;
    window = std::move(*opened);
    ASSERT_EQ(window->driver(), kind);
  }
  /// Presents and takes what happens, until the display has nothing more to say for a while.
  void settle() {
    SDL_Event event;
    while (window->wait(200)) {
      while (window->next(event)) events.push_back(event.type);
      const auto presented = window->present(canvas, {});
      ASSERT_TRUE(presented) << presented.error().text;
    }
  }

  std::unique_ptr<XServer> x_server;
  std::unique_ptr<WaylandServer> wayland_server;
  std::unique_ptr<Window> window;
  Canvas canvas{480, 640};
  std::vector<std::uint32_t> events;
};

TEST_P(WindowContract, OpensAndTakesPictures) {
  settle();
  EXPECT_EQ(window->width(), 480);
  EXPECT_EQ(window->panel_width(), 640);
  EXPECT_EQ(window->panel_height(), 480);
  for (int i = 0; i < 20; i++) {
    std::fill_n(canvas.row(i), 480, 0xffffffffU);
    const Rect row{0, i, 480, 1};
    const auto presented = window->present(canvas, {&row, 1});
    ASSERT_TRUE(presented) << presented.error().text;
  }
}

TEST_P(WindowContract, SleepsAndIsWokenByAnotherThread) {
  settle();
  const std::int64_t start = Window::now_ms();
  EXPECT_FALSE(window->wait(100));
  EXPECT_GE(Window::now_ms() - start, 100);
  for (int i = 0; i < 20; i++) {
    std::thread other([this] { window->wake(); });
    EXPECT_TRUE(window->wait(60'000));
    other.join();
    SDL_Event event;
    EXPECT_FALSE(window->next(event));
  }
  EXPECT_LT(Window::now_ms() - start, 30'000) << "a wake-up was lost";
}

TEST_P(WindowContract, TheEndIsAnEvent) {
  settle();
  if (wayland_server) {
    wayland_server->stop();  // the compositor goes away
  } else {
    SDL_Event event{};
    event.type = SDL_QUIT;
    SDL_PushEvent(&event);
  }
  const std::int64_t start = Window::now_ms();
  bool ended = false;
  while (!ended && Window::now_ms() - start < 30'000) {
    SDL_Event event;
    if (!window->wait(1'000)) continue;
    while (window->next(event)) ended = ended || event.type == SDL_QUIT;
  }
  EXPECT_TRUE(ended);
}

INSTANTIATE_TEST_SUITE_P(Displays, WindowContract, testing::Values("dummy", "x11", "wayland"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace anjungan::ui
