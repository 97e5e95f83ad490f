// SPDX-License-Identifier: Apache-2.0
// The window on SDL's driver without a screen; tests/contract/window has real ones.
#include "kiosk/ui/window.h"

#include <SDL.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "kiosk/ui/pointer.h"

namespace anjungan::ui {
namespace {

constexpr int k_width = 30;
constexpr int k_height = 20;

std::uint32_t colour_at(int x, int y) {
  return 0xff000000U | static_cast<std::uint32_t>((x + 1) << 16 | (y + 1) << 8 | 5);
}

class WindowTest : public testing::Test {
 protected:
  WindowTest() {
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    for (int y = 0; y < k_height; y++) {
      for (int x = 0; x < k_width; x++) canvas.row(y)[x] = colour_at(x, y);
    }
  }
  void open(int rotation) {
    auto opened =
        Window::open({.title = "test", .width = k_width, .height = k_height, .rotation = rotation, .on_wait = {}});
    ASSERT_TRUE(opened) << opened.error().text;
    window = std::move(*opened);
  }
  /// The window's own events; its identity comes with them.
  void drain() {
    SDL_Event event;
    while (window->next(event)) {
      if (event.type == SDL_WINDOWEVENT) sdl_window = SDL_GetWindowFromID(event.window.windowID);
    }
    ASSERT_NE(sdl_window, nullptr);
  }
  void present(std::span<const Rect> changed = {}) { ASSERT_TRUE(window->present(canvas, changed)); }
  [[nodiscard]] std::uint32_t& panel(int x, int y) const {
    const SDL_Surface* surface = SDL_GetWindowSurface(sdl_window);
    return *reinterpret_cast<std::uint32_t*>(static_cast<Uint8*>(surface->pixels) + std::ptrdiff_t{y} * surface->pitch +
                                             std::ptrdiff_t{x} * 4);
  }
  /// 0xRRGGBB
  [[nodiscard]] std::uint32_t shown(int x, int y) const { return panel(x, y) & 0xffffffU; }
  static std::uint32_t expected(int x, int y) { return colour_at(x, y) & 0xffffffU; }

  Canvas canvas{k_width, k_height};
  std::unique_ptr<Window> window;
  SDL_Window* sdl_window = nullptr;
};

TEST_F(WindowTest, ShowsThePictureUpright) {
  open(0);
  drain();
  present();
  EXPECT_EQ(window->driver(), "dummy");
  EXPECT_EQ(window->panel_width(), k_width);
  for (int y = 0; y < k_height; y++) {
    for (int x = 0; x < k_width; x++) ASSERT_EQ(shown(x, y), expected(x, y)) << x << ", " << y;
  }
}

TEST_F(WindowTest, TurnsThePictureClockwise) {
  const struct {
    int rotation;
    Point (*place)(int x, int y);
  } cases[] = {
      {90, [](int x, int y) { return Point{static_cast<float>(k_height - 1 - y), static_cast<float>(x)}; }},
      {180,
       [](int x, int y) { return Point{static_cast<float>(k_width - 1 - x), static_cast<float>(k_height - 1 - y)}; }},
      {270, [](int x, int y) { return Point{static_cast<float>(y), static_cast<float>(k_width - 1 - x)}; }},
  };
  for (const auto& one : cases) {
    ASSERT_NO_FATAL_FAILURE(open(one.rotation));
    drain();
    present();
    EXPECT_EQ(window->width(), k_width);
    EXPECT_EQ(window->panel_width(), one.rotation == 180 ? k_width : k_height);
    for (int y = 0; y < k_height; y++) {
      for (int x = 0; x < k_width; x++) {
        const Point place = one.place(x, y);
        ASSERT_EQ(shown(static_cast<int>(place.x), static_cast<int>(place.y)), expected(x, y))
            << one.rotation << ": " << x << ", " << y;
      }
    }
    window.reset();
  }
}

TEST_F(WindowTest, OnlyWhatChangedIsCopied) {
  for (const int rotation : {0, 90, 180, 270}) {
    ASSERT_NO_FATAL_FAILURE(open(rotation));
    drain();
    present();
    const std::vector<std::uint32_t> before(canvas.row(0), canvas.row(0) + std::ptrdiff_t{k_width} * k_height);
    for (int y = 0; y < k_height; y++) std::fill_n(canvas.row(y), k_width, 0xffffffffU);
    present();
    for (int y = 0; y < window->panel_height(); y++) {
      for (int x = 0; x < window->panel_width(); x++) ASSERT_NE(shown(x, y), 0xffffffU) << "nothing was to be shown";
    }
    const Rect changed[] = {{3, 5, 7, 9}, {-4, 18, 10, 10}, {100, 100, 5, 5}};
    present(changed);
    int white = 0;
    for (int y = 0; y < window->panel_height(); y++) {
      for (int x = 0; x < window->panel_width(); x++) white += shown(x, y) == 0xffffffU ? 1 : 0;
    }
    EXPECT_EQ(white, 7 * 9 + 6 * 2) << rotation;
    std::copy(before.begin(), before.end(), canvas.row(0));
    window.reset();
  }
}

TEST_F(WindowTest, AnotherSizeShowsEverythingInItsMiddleAndTouchesFollow) {
  for (const int rotation : {0, 90, 180, 270}) {
    ASSERT_NO_FATAL_FAILURE(open(rotation));
    drain();
    present();
    Pointer pointer(k_width, k_height, rotation);
    pointer.set_panel(window->panel_width(), window->panel_height());
    const struct {
      int width, height;
    } sizes[] = {{51, 40}, {40, 51}, {11, 60}, {7, 9}, {window->panel_width(), window->panel_height()}};
    for (const auto& size : sizes) {
      SDL_SetWindowSize(sdl_window, size.width, size.height);
      ASSERT_TRUE(window->wait(5'000));
      SDL_Event event;
      while (window->next(event)) pointer.handle(event, 0);
      present();
      ASSERT_EQ(window->panel_width(), size.width);
      int seen = 0;
      for (int y = 0; y < size.height; y++) {
        for (int x = 0; x < size.width; x++) {
          const Point at = pointer.to_screen((static_cast<float>(x) + 0.5F) / static_cast<float>(size.width),
                                             (static_cast<float>(y) + 0.5F) / static_cast<float>(size.height));
          const bool inside = Area{0, 0, k_width, k_height}.holds(at);
          const std::uint32_t there = inside ? expected(static_cast<int>(at.x), static_cast<int>(at.y)) : 0;
          ASSERT_EQ(shown(x, y), there) << rotation << ": " << x << ", " << y;
          seen += inside ? 1 : 0;
        }
      }
      const bool quarter = rotation % 180 != 0;
      EXPECT_EQ(seen, std::min(size.width, quarter ? k_height : k_width) *
                          std::min(size.height, quarter ? k_width : k_height));
    }
    window.reset();
  }
}

TEST_F(WindowTest, AnUncoveredWindowIsShownWhole) {
  open(0);
  drain();
  present();
  panel(4, 4) = 0x123456;
  present();
  EXPECT_EQ(shown(4, 4), 0x123456U) << "nothing has happened";
  SDL_Event event{};
  event.type = SDL_WINDOWEVENT;
  event.window.windowID = SDL_GetWindowID(sdl_window);
  event.window.event = SDL_WINDOWEVENT_EXPOSED;
  SDL_PushEvent(&event);
  drain();
  present();
  EXPECT_EQ(shown(4, 4), expected(4, 4));
}

TEST_F(WindowTest, SleepsAsLongAsNothingHappens) {
  open(0);
  drain();
  const std::int64_t start = Window::now_ms();
  EXPECT_FALSE(window->wait(60));
  EXPECT_GE(Window::now_ms() - start, 60);
  EXPECT_FALSE(window->wait(0));
}

TEST_F(WindowTest, AnotherThreadWakesIt) {
  open(0);
  drain();
  SDL_Event event;
  for (int i = 0; i < 3; i++) {
    std::thread other([this] { window->wake(); });
    EXPECT_TRUE(window->wait(60'000));
    other.join();
    EXPECT_FALSE(window->next(event)) << "a wake-up is no event";
    EXPECT_FALSE(window->wait(0)) << "and is over when it has been taken";
  }
}

TEST_F(WindowTest, ManyWakeUpsBecomeOne) {
  open(0);
  drain();
  for (int i = 0; i < 200'000; i++) window->wake();  // more than SDL's queue holds
  SDL_Event event{};
  event.type = SDL_FINGERDOWN;
  EXPECT_EQ(SDL_PushEvent(&event), 1) << "there is room for events";
  EXPECT_TRUE(window->wait(0));
  EXPECT_TRUE(window->next(event));
  EXPECT_EQ(event.type, static_cast<Uint32>(SDL_FINGERDOWN));
  EXPECT_FALSE(window->next(event));
}

TEST_F(WindowTest, ATouchOnATurnedPanelPressesWhatIsUnderIt) {
  open(90);
  drain();
  Pointer pointer(k_width, k_height, 90);
  pointer.offer({{"button", {20, 2, 8, 6}, true, false}});
  const auto touch = [&](Uint32 type, std::uint32_t at_ms) {
    SDL_Event event{};
    event.type = type;
    // The canvas's (24, 5) is 15 pixels from the left and 24 from the top of a panel of 20 x 30.
    event.tfinger.x = 15.0F / 20;
    event.tfinger.y = 24.0F / 30;
    ASSERT_EQ(SDL_PushEvent(&event), 1);
    ASSERT_TRUE(window->wait(5'000));
    ASSERT_TRUE(window->next(event));
    event.common.timestamp = at_ms;
    pointer.handle(event, Window::time_ms(event));
  };
  const auto now = static_cast<std::uint32_t>(Window::now_ms());
  touch(SDL_FINGERDOWN, now - 80);
  EXPECT_EQ(pointer.pressed(), "button");
  touch(SDL_FINGERUP, now);
  EXPECT_EQ(pointer.take_fired(), "button");
}

TEST_F(WindowTest, AnEventsTimeIsOnTheWindowsClock) {
  open(0);
  SDL_Event event{};
  const std::int64_t now = Window::now_ms();
  event.common.timestamp = static_cast<std::uint32_t>(now) - 1'000;  // before the start: where SDL's stamp has wrapped
  EXPECT_EQ(Window::time_ms(event), now - 1'000);
  event.common.timestamp = static_cast<std::uint32_t>(now);
  EXPECT_EQ(Window::time_ms(event), now);
}

TEST_F(WindowTest, SigtermIsTheEnd) {
  open(0);
  drain();
  std::raise(SIGTERM);
  ASSERT_TRUE(window->wait(5'000));
  SDL_Event event;
  ASSERT_TRUE(window->next(event));
  EXPECT_EQ(event.type, static_cast<Uint32>(SDL_QUIT));
}

TEST_F(WindowTest, TouchesAndClicksComeOnce) {
  open(0);
  EXPECT_STREQ(SDL_GetHint(SDL_HINT_TOUCH_MOUSE_EVENTS), "0");
  EXPECT_STREQ(SDL_GetHint(SDL_HINT_MOUSE_TOUCH_EVENTS), "0");
}

TEST_F(WindowTest, WithoutASizeItFillsTheDisplay) {
  auto opened = Window::open({.title = "test", .rotation = 270, .fullscreen = true, .on_wait = {}});
  ASSERT_TRUE(opened);
  SDL_DisplayMode mode;
  ASSERT_EQ(SDL_GetDesktopDisplayMode(0, &mode), 0);
  EXPECT_EQ((*opened)->panel_width(), mode.w);
  EXPECT_EQ((*opened)->width(), mode.h);
  EXPECT_EQ((*opened)->height(), mode.w);
  EXPECT_EQ(SDL_ShowCursor(SDL_QUERY), SDL_DISABLE);
}

TEST_F(WindowTest, WrongNumbersAreRefusedAtOnce) {
  const WindowOptions wrong[] = {
      {.title = "t", .width = 100, .height = 100, .rotation = 45, .on_wait = {}},
      {.title = "t", .width = 100, .height = 100, .rotation = -90, .on_wait = {}},
      {.title = "t", .width = 8'193, .height = 100, .on_wait = {}},
      {.title = "t", .width = 100, .height = -1, .on_wait = {}},
      {.title = "t", .width = 100, .height = 0, .on_wait = {}},
  };
  for (const WindowOptions& options : wrong) {
    const auto opened = Window::open(options);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, record::ErrorKind::invalid);
  }
}

TEST_F(WindowTest, AScreenThatAppearsLateIsWaitedFor) {
  setenv("SDL_VIDEODRIVER", "nosuchdriver", 1);
  std::vector<std::string> reasons;
  const auto appears = [&](const std::string& why) {
    reasons.push_back(why);
    if (reasons.size() == 2) setenv("SDL_VIDEODRIVER", "dummy", 1);
  };
  const auto opened =
      Window::open({.title = "test", .width = 100, .height = 100, .patience_ms = 60'000, .on_wait = appears});
  ASSERT_TRUE(opened) << opened.error().text;
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_NE(reasons[0].find("nosuchdriver"), std::string::npos) << reasons[0];
}

TEST_F(WindowTest, WithoutAScreenItSaysSoInTheEnd) {
  setenv("SDL_VIDEODRIVER", "nosuchdriver", 1);
  const std::int64_t start = Window::now_ms();
  const auto opened = Window::open({.title = "test", .width = 100, .height = 100, .patience_ms = 150, .on_wait = {}});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, record::ErrorKind::unavailable);
  EXPECT_NE(opened.error().text.find("tries"), std::string::npos) << opened.error().text;
  EXPECT_GE(Window::now_ms() - start, 150);
}

}  // namespace
}  // namespace anjungan::ui
