// SPDX-License-Identifier: Apache-2.0
// A citizen made of lines: drives the kiosk by real finger events on what the semantic tree says is there. For
// demonstrations without a screen, for tests, and for measuring.
//
//   tap KEY          touches a widget; looks for it on the next pages of a list
//   tap corner       five taps on the hidden corner
//   type TEXT        touches the keys of the keyboard or keypad on the screen
//   until SCREEN     waits for a screen (session/screen.h's names)
//   until printed    waits for the receipt: printed or sent
//   until not-printed
//   until answered   waits for the centre's answer to an access code
//   see TEXT         waits until a text on the screen holds TEXT
//   shot NAME        writes the picture as NN-NAME.png
//   # ...            a comment
//
// On standard output it says what it sees, a line each: "screen NAME", "number 3273-0012-000427-3".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/session/state.h"
#include "kiosk/ui/canvas.h"
#include "kiosk/ui/placement.h"
#include "kiosk/ui/semantics.h"
#include "sync/record/result.h"

namespace anjungan::app {

struct RobotOptions {
  std::string script;  ///< file
  std::string shots;   ///< folder of pictures; none are written when empty
  std::string report;  ///< file for what was seen; none when empty
};

/// What the robot can see and touch in one turn of the loop.
struct RobotView {
  const ui::Tree& tree;
  const session::State& state;
  const ui::Canvas& canvas;
  const ui::Placement& placement;
  std::int64_t changed_ms = 0;  ///< when the screen changed last
  double worst_frame_ms = 0;
  double median_frame_ms = 0;
};

class Robot {
 public:
  /// Fails with `invalid` and the line of a command that does not exist.
  [[nodiscard]] static record::Result<Robot> load(const RobotOptions& options);

  /// One turn, after the frame that shows what the last one did; true when the last line is done. `unavailable` when a
  /// line could not be done in time: the text says which, and what was on the screen. The report is written either way.
  [[nodiscard]] record::Result<bool> step(const RobotView& view, std::int64_t now_ms);

 private:
  struct Line {
    int number = 0;
    std::string command;
    std::string argument;
  };
  struct Finger {
    std::string key;
    ui::Point at;
    std::int64_t since_ms = 0;
  };

  explicit Robot(RobotOptions options) : m_options(std::move(options)) {}
  void look(const RobotView& view);
  [[nodiscard]] bool lift(const RobotView& view, std::int64_t now_ms);
  [[nodiscard]] record::Error trouble(const Line& line, const RobotView& view) const;
  bool done(const Line& line, const RobotView& view, std::int64_t now_ms);
  bool tap(const std::string& key, const RobotView& view, std::int64_t now_ms);
  bool tap_corner(const RobotView& view, std::int64_t now_ms);
  bool type(const std::string& text, const RobotView& view, std::int64_t now_ms);
  [[nodiscard]] bool reached(const std::string& what, const session::State& state) const;
  bool shoot(const std::string& name, const RobotView& view);
  record::Result<void> write_report(const RobotView& view, const std::string& failed) const;

  RobotOptions m_options;
  std::vector<Line> m_lines;
  std::size_t m_at = 0;
  std::int64_t m_line_since_ms = -1;
  std::optional<Finger> m_finger;
  std::string m_last_key;
  std::int64_t m_last_up_ms = -1'000'000;
  int m_corner_taps = 0;
  std::size_t m_typed = 0;  ///< bytes of the line's text
  bool m_shifted = false;   ///< the shift key was touched for the next letter
  std::vector<std::string> m_screens;
  std::vector<std::string> m_shots;
  std::string m_number;
  std::string m_code;
  std::string m_url;
  std::string m_tracked;  ///< status of the case that was shown
  std::string m_error;
};

}  // namespace anjungan::app
