// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/window.h"

#include <SDL.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "kiosk/ui/turn.h"

namespace anjungan::ui {
namespace {

constexpr int k_try_again_ms = 100;
constexpr int k_ask_again_ms = 10;
constexpr Uint32 k_fullscreen = SDL_WINDOW_FULLSCREEN_DESKTOP;

void set_hints() {
  // Each touch once, as a finger; each click once, as a mouse.
  SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
  SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
  // Whether the screen goes dark is the system's business.
  SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
  SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
}

record::Error unavailable(const char* what) {
  return {record::ErrorKind::unavailable, fmt::format("{}: {}", what, SDL_GetError())};
}

bool is_shown_anew(const SDL_Event& event) {
  if (event.type == SDL_RENDER_TARGETS_RESET || event.type == SDL_RENDER_DEVICE_RESET) return true;
  if (event.type != SDL_WINDOWEVENT) return false;
  switch (event.window.event) {
    case SDL_WINDOWEVENT_SHOWN:
    case SDL_WINDOWEVENT_EXPOSED:
    case SDL_WINDOWEVENT_SIZE_CHANGED:
    case SDL_WINDOWEVENT_RESTORED:
      return true;
    default:
      return false;
  }
}

record::Result<void> check(const WindowOptions& options) {
  const auto is_wrong = [](int size) { return size < 0 || size > Canvas::k_most; };
  if (is_wrong(options.width) || is_wrong(options.height) || (options.width == 0) != (options.height == 0)) {
    return record::fail(record::ErrorKind::invalid,
                        fmt::format("a screen of {} x {} is not possible: 1 to {} each, or 0 for both", options.width,
                                    options.height, Canvas::k_most));
  }
  if (options.rotation != 0 && options.rotation != 90 && options.rotation != 180 && options.rotation != 270) {
    return record::fail(record::ErrorKind::invalid,
                        fmt::format("a rotation of {} degrees is not possible: 0, 90, 180 or 270", options.rotation));
  }
  return {};
}

/// `place` of the panel into its surface; `turned` is room for the pixels of another format.
void copy(const Canvas& canvas, const Placement& placement, const Rect& place, SDL_Surface& surface,
          std::vector<std::uint32_t>& turned) {
  const Uint32 format = surface.format->format;
  auto* first = static_cast<Uint8*>(surface.pixels) + std::ptrdiff_t{place.y} * surface.pitch +
                std::ptrdiff_t{place.x} * surface.format->BytesPerPixel;
  if (format == SDL_PIXELFORMAT_RGB888 || format == SDL_PIXELFORMAT_ARGB8888) {
    turn(canvas, placement, place, reinterpret_cast<std::uint32_t*>(first), surface.pitch / 4);
    return;
  }
  turned.resize(static_cast<std::size_t>(place.width) * static_cast<std::size_t>(place.height));
  turn(canvas, placement, place, turned.data(), place.width);
  SDL_ConvertPixels(place.width, place.height, SDL_PIXELFORMAT_ARGB8888, turned.data(), place.width * 4, format, first,
                    surface.pitch);
}

}  // namespace

record::Result<std::unique_ptr<Window>> Window::open(const WindowOptions& options) {
  if (auto good = check(options); !good) return tl::unexpected(good.error());
  std::unique_ptr<Window> window(new Window);
  set_hints();
  const std::int64_t start = now_ms();
  for (int tries = 1;; tries++) {
    auto opened = window->try_to_open(options);
    if (opened) return window;
    window->close();
    if (opened.error().kind != record::ErrorKind::unavailable) return tl::unexpected(opened.error());
    const std::int64_t left = start + options.patience_ms - now_ms();
    if (left <= 0) {
      return record::fail(record::ErrorKind::unavailable,
                          fmt::format("{} ({} tries in {} ms)", opened.error().text, tries, now_ms() - start));
    }
    if (options.on_wait) options.on_wait(opened.error().text);
    SDL_Delay(static_cast<Uint32>(std::min<std::int64_t>(left, k_try_again_ms)));
  }
}

record::Result<void> Window::try_to_open(const WindowOptions& options) {
  if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return tl::unexpected(unavailable("no screen"));
  m_video = true;
  m_driver = SDL_GetCurrentVideoDriver();
  m_sleeps = m_driver == "x11" || m_driver == "wayland";
  // On X11 plain shared memory is faster and smaller than an OpenGL in software; Wayland and KMSDRM know no other way
  // than textures. On the bare screen SDL would take desktop OpenGL, find half of it in the library of OpenGL ES, and
  // show a black picture without an error.
  if (m_driver == "x11") {
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
  } else if (m_driver == "KMSDRM") {
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "opengles2");
  } else {
    SDL_ResetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION);
  }
  SDL_DisplayMode display;
  if (SDL_GetDesktopDisplayMode(0, &display) != 0) return tl::unexpected(unavailable("no display"));
  int width = options.width;
  int height = options.height;
  if (width == 0) {
    width = display.w;
    height = display.h;
    if (width < 1 || width > Canvas::k_most || height < 1 || height > Canvas::k_most) {
      return record::fail(record::ErrorKind::unavailable, fmt::format("a display of {} x {}", width, height));
    }
    if (options.rotation % 180 != 0) std::swap(width, height);
  }
  m_placement = Placement(width, height, options.rotation);
  // Of the display's size from the start: an X server without a window manager makes nothing larger afterwards.
  const bool all = options.fullscreen;
  m_window = SDL_CreateWindow(options.title.c_str(),
                              options.left < 0 ? static_cast<int>(SDL_WINDOWPOS_UNDEFINED) : options.left,
                              SDL_WINDOWPOS_UNDEFINED, all ? display.w : m_placement.turned_width(),
                              all ? display.h : m_placement.turned_height(), all ? k_fullscreen : 0);
  if (m_window == nullptr) return tl::unexpected(unavailable("no window"));
  const SDL_Surface* surface = SDL_GetWindowSurface(m_window);
  if (surface == nullptr) return tl::unexpected(unavailable("the window takes no picture"));
  m_placement.set_panel(surface->w, surface->h);
  if (m_wake_type == 0) m_wake_type = SDL_RegisterEvents(1);
  SDL_ShowCursor(options.fullscreen ? SDL_DISABLE : SDL_ENABLE);
  m_whole = true;
  return {};
}

void Window::close() {
  if (m_window != nullptr) SDL_DestroyWindow(std::exchange(m_window, nullptr));
  if (std::exchange(m_video, false)) SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

Window::~Window() { close(); }

record::Result<void> Window::present(const Canvas& canvas, std::span<const Rect> changed) {
  ANJUNGAN_CHECK(canvas.width() == width() && canvas.height() == height());
  if (changed.empty() && !m_whole) return {};
  SDL_Surface* surface = SDL_GetWindowSurface(m_window);
  if (surface == nullptr) {
    m_whole = true;
    return tl::unexpected(unavailable("the window takes no picture"));
  }
  m_whole = m_whole || surface->w != panel_width() || surface->h != panel_height();
  m_placement.set_panel(surface->w, surface->h);
  const Rect panel{0, 0, surface->w, surface->h};
  const Rect everything = canvas.whole();
  if (m_whole) changed = {&everything, 1};

  if (m_whole) SDL_FillRect(surface, nullptr, SDL_MapRGB(surface->format, 0, 0, 0));
  std::vector<SDL_Rect> shown;
  for (const Rect& part : changed) {
    const Rect place = intersection(panel, m_placement.to_panel(intersection(canvas.whole(), part)));
    if (place.empty()) continue;
    copy(canvas, m_placement, place, *surface, m_turned);
    shown.push_back({place.x, place.y, place.width, place.height});
  }
  if (m_whole) shown.assign(1, {0, 0, surface->w, surface->h});
  if (shown.empty()) return {};
  m_whole = SDL_UpdateWindowSurfaceRects(m_window, shown.data(), static_cast<int>(shown.size())) != 0;
  if (m_whole) return tl::unexpected(unavailable("the window takes no picture"));
  return {};
}

bool Window::wait(int timeout_ms) {
  const std::int64_t end = now_ms() + timeout_ms;
  for (;;) {
    if (SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT) == SDL_TRUE) return true;
    SDL_PumpEvents();
    if (SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT) == SDL_TRUE) return true;
    const std::int64_t left = end - now_ms();
    if (left <= 0) return false;
    if (m_sleeps) return SDL_WaitEventTimeout(nullptr, static_cast<int>(left)) != 0;
    SDL_Delay(static_cast<Uint32>(std::min<std::int64_t>(left, k_ask_again_ms)));
  }
}

bool Window::next(SDL_Event& event) {
  // Not SDL_PollEvent: it leaves marks of its own in the queue, which `wait` would take for events.
  const auto take = [&event] { return SDL_PeepEvents(&event, 1, SDL_GETEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) > 0; };
  for (;;) {
    if (!take()) {
      SDL_PumpEvents();
      if (!take()) return false;
    }
    if (event.type == m_wake_type) {
      m_woken = false;
      continue;
    }
    m_whole = m_whole || is_shown_anew(event);
    return true;
  }
}

void Window::wake() {
  if (m_woken.exchange(true)) return;
  SDL_Event event{};
  event.type = m_wake_type;
  if (SDL_PushEvent(&event) != 1) m_woken = false;
}

std::int64_t Window::now_ms() { return static_cast<std::int64_t>(SDL_GetTicks64()); }

std::int64_t Window::time_ms(const SDL_Event& event) {
  const auto now = SDL_GetTicks64();
  const auto age = static_cast<std::int32_t>(static_cast<Uint32>(now) - event.common.timestamp);
  return static_cast<std::int64_t>(now) - age;
}

}  // namespace anjungan::ui
