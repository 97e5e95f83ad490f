// SPDX-License-Identifier: Apache-2.0
// The one window of the terminal, on what SDL finds: X11, Wayland, the bare screen (KMSDRM), or no screen at all
// (dummy). It shows a canvas turned for the panel, needs no GPU, and is where the program sleeps.
//
// The canvas keeps its size. Where the window has another one than the turned canvas (a desktop's window manager, a
// panel of another size), the picture lies in its middle on black, or only its middle is seen. Touches then need the
// same arithmetic: give `Pointer::set_panel` the panel's size once after opening and `Pointer::handle` every event;
// both go by `Placement`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/placement.h"
#include "sync/record/result.h"

union SDL_Event;
struct SDL_Window;

namespace anjungan::ui {

struct WindowOptions {
  std::string title;
  int width = 0;  ///< of the logical screen, before it is turned; 0 (both): what fills the display
  int height = 0;
  int rotation = 0;          ///< how the picture is turned on the panel: 0, 90, 180 or 270 degrees clockwise
  int left = -1;             ///< where on the display; negative: where the system puts it
  bool fullscreen = false;   ///< covers the display; the mouse cursor is hidden
  int patience_ms = 10'000;  ///< a screen's device may appear after this program has started
  /// Called before each further try with what was in the way, for the log.
  std::function<void(const std::string& why)> on_wait;
};

/// All of it belongs to the thread that opened it, except `wake`. SDL knows one window's world: no second one at the
/// same time.
class Window {
 public:
  /// Fails with `invalid` for a wrong rotation or size (beyond Canvas::k_most), with `unavailable` when there is no
  /// screen within the patience.
  [[nodiscard]] static record::Result<std::unique_ptr<Window>> open(const WindowOptions& options);
  ~Window();
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  /// The logical screen: the canvas to present has this size.
  [[nodiscard]] int width() const { return m_placement.width(); }
  [[nodiscard]] int height() const { return m_placement.height(); }
  /// The window in its own pixels.
  [[nodiscard]] int panel_width() const { return m_placement.panel_width(); }
  [[nodiscard]] int panel_height() const { return m_placement.panel_height(); }
  /// SDL's name of what shows it: "x11", "wayland", "KMSDRM", "dummy"...
  [[nodiscard]] const std::string& driver() const { return m_driver; }

  /// Shows what changed; the whole canvas after opening, a new size or an uncovering (call it after every round of
  /// events, with nothing changed too: it then costs nothing). `changed` is Raster::draw's answer. `unavailable` when
  /// the screen does not take it: the next call shows everything.
  [[nodiscard]] record::Result<void> present(const Canvas& canvas, std::span<const Rect> changed);

  /// Sleeps until there is an event or a wake-up, at most `timeout_ms` (0 does not sleep). True when there is.
  /// X11 and Wayland wake at once; the other drivers have to be asked, and are, every 10 ms.
  [[nodiscard]] bool wait(int timeout_ms);
  /// The next event, without sleeping; wake-ups are taken out. False when there is none. The end of the window, SIGINT
  /// and SIGTERM come as SDL_QUIT.
  [[nodiscard]] bool next(SDL_Event& event);
  /// Ends a `wait`, now or the next. From any thread, while the window lives. What it announces is put in its place
  /// before, and looked for after `next` has returned false: many wake-ups may become one.
  void wake();

  /// Milliseconds on the clock of events; never runs backwards, no matter what happens to the time of day.
  [[nodiscard]] static std::int64_t now_ms();
  /// When an event happened, on the same clock (SDL's own stamp starts anew every 49 days).
  [[nodiscard]] static std::int64_t time_ms(const SDL_Event& event);

 private:
  Window() : m_placement(1, 1, 0) {}

  [[nodiscard]] record::Result<void> try_to_open(const WindowOptions& options);
  void close();

  Placement m_placement;
  SDL_Window* m_window = nullptr;
  bool m_video = false;
  std::string m_driver;
  bool m_sleeps = false;  ///< the driver can wait for an event
  bool m_whole = true;    ///< all of the window is to be shown
  std::uint32_t m_wake_type = 0;
  std::atomic<bool> m_woken = false;
  std::vector<std::uint32_t> m_turned;  ///< for surfaces of another pixel format
};

}  // namespace anjungan::ui
