// SPDX-License-Identifier: Apache-2.0
// A screen shows what it was given: its pixels, its mouse, its window manager's wishes. Read from X11, which lies below
// the Wayland compositor too.
#include <SDL.h>
#include <gtest/gtest.h>

#include <fstream>

#include "kiosk/ui/pointer.h"
#include "kiosk/ui/window.h"
#include "tests/contract/window/display_server.h"

// Last: it makes macros of everyday words.
#include <X11/Xlib.h>
#include <X11/Xutil.h>

namespace anjungan::ui {
namespace {

constexpr int k_width = 200;
constexpr int k_height = 320;

std::uint32_t colour_at(int x, int y) {
  return static_cast<std::uint32_t>(x) << 16 | static_cast<std::uint32_t>(y * 255 / k_height) << 8 | 0x40U;
}

class WindowOnScreen : public testing::Test {
 protected:
  void SetUp() override {
    if (!is_installed("Xvfb")) GTEST_SKIP() << "Xvfb is not installed: ./dev test installs it";
    for (int y = 0; y < k_height; y++) {
      for (int x = 0; x < k_width; x++) canvas.row(y)[x] = 0xff000000U | colour_at(x, y);
    }
  }
  ~WindowOnScreen() override {
    if (display != nullptr) XCloseDisplay(display);
    window.reset();
  }
  void open_x11(int depth) {
    x_server = std::make_unique<XServer>(400, 240, depth);
    open();
  }
  void open_wayland() {
    if (!is_installed("weston")) GTEST_SKIP() << "weston is not installed: ./dev test installs it";
    wayland_server = std::make_unique<WaylandServer>(400, 240);
    open();
  }
  /// A turned fullscreen window on a screen that is larger than it.
  void open() {
    display = XOpenDisplay(nullptr);
    ASSERT_NE(display, nullptr);
    auto opened = Window::open({.title = "test",
                                .width = k_width,
                                .height = k_height,
                                .rotation = 270,
                                .fullscreen = true,
                                .patience_ms = 60'000,
                                .on_wait = {}});
    ASSERT_TRUE(opened) << opened.error().text;
    window = std::move(*opened);
    pointer.set_panel(window->panel_width(), window->panel_height());
  }
  void expect_the_picture() {
    ASSERT_NE(window, nullptr);
    ASSERT_TRUE(until([&] { return screen() == expected(); }));
    for (int y = 100; y < 140; y++) std::fill_n(canvas.row(y) + 20, 60, 0xffffffffU);
    const Rect changed{20, 100, 60, 40};
    ASSERT_TRUE(window->present(canvas, {&changed, 1}));
    EXPECT_TRUE(until([&] { return screen() == expected(); }));
  }
  void expect_the_mouse() {
    ASSERT_NE(window, nullptr);
    ASSERT_TRUE(until([&] { return screen() == expected(); }));
    // The canvas's (30, 50), turned by 270 degrees and moved to the middle.
    XWarpPointer(display, None, DefaultRootWindow(display), 0, 0, 0, 0, 40 + 50, 20 + k_width - 1 - 30);
    XSync(display, False);
    ASSERT_TRUE(until([&] { return last.type == SDL_MOUSEMOTION && last.motion.x == 90; }));
    pointer.offer({{"here", {30, 50, 1, 1}, true, false}});
    SDL_Event press{};
    press.type = SDL_MOUSEBUTTONDOWN;
    press.button.button = SDL_BUTTON_LEFT;
    press.button.x = last.motion.x;
    press.button.y = last.motion.y;
    pointer.handle(press, Window::now_ms());
    EXPECT_EQ(pointer.pressed(), "here");
  }
  /// Takes events and presents until `done`, or the time is up.
  template <class Done>
  [[nodiscard]] bool until(const Done& done) {
    const std::int64_t end = Window::now_ms() + 30'000;
    while (Window::now_ms() < end) {
      SDL_Event event;
      while (window->next(event)) {
        pointer.handle(event, Window::time_ms(event));
        last = event;
        if (done()) return true;
      }
      if (const auto presented = window->present(canvas, {}); !presented) return false;
      last = {};
      if (done()) return true;
      (void)window->wait(20);
    }
    return false;
  }
  /// What the screen shows, the pixel masks' bits in eight each.
  [[nodiscard]] std::vector<std::uint32_t> screen() const {
    XImage* image = XGetImage(display, DefaultRootWindow(display), 0, 0, 400, 240, AllPlanes, ZPixmap);
    const auto channel = [](unsigned long pixel, unsigned long mask) {
      const unsigned long most = mask >> __builtin_ctzl(mask);
      return static_cast<std::uint32_t>(((pixel & mask) >> __builtin_ctzl(mask)) * 255 / most);
    };
    std::vector<std::uint32_t> pixels;
    for (int y = 0; y < 240; y++) {
      for (int x = 0; x < 400; x++) {
        const unsigned long pixel = XGetPixel(image, x, y);
        pixels.push_back(channel(pixel, image->red_mask) << 16 | channel(pixel, image->green_mask) << 8 |
                         channel(pixel, image->blue_mask));
      }
    }
    XDestroyImage(image);
    return pixels;
  }
  /// What it should: the turned picture in the middle of black.
  [[nodiscard]] std::vector<std::uint32_t> expected() const {
    std::vector<std::uint32_t> pixels(400 * 240);
    for (int y = 0; y < k_height; y++) {
      for (int x = 0; x < k_width; x++) {
        const int column = 40 + y;
        const int row = 20 + k_width - 1 - x;
        pixels[static_cast<std::size_t>(row) * 400 + static_cast<std::size_t>(column)] = canvas.at(x, y) & 0xffffffU;
      }
    }
    return pixels;
  }

  std::unique_ptr<XServer> x_server;
  std::unique_ptr<WaylandServer> wayland_server;
  Display* display = nullptr;
  std::unique_ptr<Window> window;
  Canvas canvas{k_width, k_height};
  Pointer pointer{k_width, k_height, 270};
  SDL_Event last{};
};

TEST_F(WindowOnScreen, X11ShowsThePictureTurnedInItsMiddle) {
  open_x11(24);
  expect_the_picture();
}

TEST_F(WindowOnScreen, WaylandShowsThePictureTurnedInItsMiddle) {
  open_wayland();
  if (!IsSkipped()) expect_the_picture();
}

TEST_F(WindowOnScreen, X11sMouseIsWhereItPoints) {
  open_x11(24);
  expect_the_mouse();
}

TEST_F(WindowOnScreen, WaylandsMouseIsWhereItPoints) {
  open_wayland();
  if (!IsSkipped()) expect_the_mouse();
}

TEST_F(WindowOnScreen, AScreenOfSixteenBitsShowsTheNearestColours) {
  ASSERT_NO_FATAL_FAILURE(open_x11(16));
  const auto is_near = [&] {
    const std::vector<std::uint32_t> shown = screen();
    const std::vector<std::uint32_t> meant = expected();
    for (std::size_t i = 0; i < shown.size(); i++) {
      for (const int shift : {0, 8, 16}) {
        const int one = static_cast<int>(shown[i] >> shift & 255U);
        const int other = static_cast<int>(meant[i] >> shift & 255U);
        if (std::abs(one - other) > 8) return false;
      }
    }
    return true;
  };
  EXPECT_TRUE(until(is_near));
}

TEST_F(WindowOnScreen, NoOpenGlIsLoaded) {
  ASSERT_NO_FATAL_FAILURE(open_x11(24));
  ASSERT_TRUE(until([&] { return screen() == expected(); }));
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) EXPECT_EQ(line.find("libGL"), std::string::npos) << line;
}

TEST_F(WindowOnScreen, TheWindowManagersCloseIsTheEnd) {
  ASSERT_NO_FATAL_FAILURE(open_x11(24));
  ASSERT_TRUE(until([&] { return screen() == expected(); }));
  ::Window root = 0;
  ::Window parent = 0;
  ::Window* children = nullptr;
  unsigned count = 0;
  ASSERT_NE(XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &count), 0);
  for (unsigned i = 0; i < count; i++) {
    XEvent close{};
    close.xclient.type = ClientMessage;
    close.xclient.window = children[i];
    close.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", False);
    close.xclient.format = 32;
    close.xclient.data.l[0] = static_cast<long>(XInternAtom(display, "WM_DELETE_WINDOW", False));
    XSendEvent(display, children[i], False, NoEventMask, &close);
  }
  XFree(children);
  XSync(display, False);
  EXPECT_TRUE(until([&] { return last.type == SDL_QUIT; }));
}

}  // namespace
}  // namespace anjungan::ui
