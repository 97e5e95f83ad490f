// SPDX-License-Identifier: Apache-2.0
// The screen's loop: events and news in, the session's rules, a frame out. Draws only when something changed; an idle
// screen wakes once a second to look at the clock and draws nothing.
#pragma once

#include <optional>
#include <string>

#include "kiosk/app/corner.h"
#include "kiosk/app/desk.h"
#include "kiosk/app/frames.h"
#include "kiosk/app/robot.h"
#include "kiosk/app/terminal.h"
#include "kiosk/session/reduce.h"
#include "kiosk/ui/canvas.h"
#include "kiosk/ui/pointer.h"
#include "kiosk/ui/raster.h"
#include "kiosk/ui/window.h"

namespace anjungan::app {

struct KioskOptions {
  std::optional<RobotOptions> robot;
  std::string frames;  ///< file for frame times on SIGUSR1 and at the end; none when empty
};

struct KioskEnd {
  bool anew = false;     ///< it is to begin anew with what the configuration says now
  record::Uuid command;  ///< that asks for it
};

class Kiosk {
 public:
  Kiosk(const Terminal& terminal, KioskOptions options);

  /// Until it is told to end: SIGTERM, SIGINT, a command of the centre, the robot's last line, the closing of a window
  /// that does not fill the display. Fails with `unavailable` without a screen or when the robot could not do a line,
  /// `not_found` without fonts.
  [[nodiscard]] record::Result<KioskEnd> run();

 private:
  record::Result<void> open();
  bool take_events();
  bool take_event(const SDL_Event& event);
  bool take_key(int key);
  bool corner_tapped(const SDL_Event& event);
  [[nodiscard]] std::string way_back() const;
  bool take_news();
  bool tick();
  void apply(const session::Event& event);
  record::Result<void> draw();
  std::optional<screens::Intent> draw_once(std::string fired);
  record::Result<void> fit_fonts();
  [[nodiscard]] ui::Metrics metrics() const;
  [[nodiscard]] std::string shown_clock() const;
  [[nodiscard]] int patience_ms() const;
  [[nodiscard]] Leave leave_now() const;
  record::Result<bool> robot_turn();
  void write_frames() const;

  const Terminal& m_terminal;
  KioskOptions m_options;
  session::Rules m_rules;
  session::State m_state;
  screens::Local m_local;
  std::optional<screens::QrModules> m_qr;

  std::unique_ptr<ui::Window> m_window;
  std::optional<ui::Canvas> m_canvas;
  std::optional<ui::Raster> m_raster;
  std::optional<ui::Pointer> m_pointer;
  std::optional<Corner> m_corner;
  std::optional<ui::Ui> m_ui;
  ui::Words m_indonesian;
  ui::Words m_english;
  std::optional<ui::Metrics> m_fonts_for;
  std::unique_ptr<Desk> m_desk;
  std::optional<Robot> m_robot;
  Frames m_frames;

  std::string m_focused;  ///< a keypad's focus
  std::string m_fired;    ///< waits for the next frame
  bool m_lifted = false;  ///< a finger went up since the last frame
  bool m_ending = false;
  std::string m_shown;    ///< what the frame on the screen depends on beside touches
  std::string m_surface;  ///< screen and dialog, to tell the pointer of changes
  std::int64_t m_changed_ms = 0;
  std::int64_t m_cause_ms = 0;  ///< of the oldest event that is not drawn yet
};

}  // namespace anjungan::app
