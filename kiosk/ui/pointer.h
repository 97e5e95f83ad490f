// SPDX-License-Identifier: Apache-2.0
// From finger and mouse events to presses, by rules learnt from people whose hands tremble:
//
// - the target darkens when the finger comes down; it fires when the finger lifts inside it, or not farther than 8 mm
// from
//   where it came down; there is no upper time limit and no long press;
// - a touch shorter than 40 ms is static electricity, not a finger;
// - the first finger wins, others are ignored until it has lifted;
// - the same target again within 0.3 s (keyboard keys 0.1 s) is a tremor;
// - for 0.3 s after a screen change nothing fires: the second tap of a double tap was meant for the screen before.
//
// Why not SDL's mouse events: under KMSDRM a touchscreen makes finger events only (SDL_evdev.c sends touches without a
// window).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "kiosk/ui/area.h"
#include "kiosk/ui/placement.h"

union SDL_Event;

namespace anjungan::ui {

/// What can be pressed in the frame that is on the screen.
struct Target {
  std::string key;
  Area area;
  bool enabled = true;
  bool keyboard = false;  ///< a key of the touch keyboard
};

struct PointerRules {
  float roll_px = 32;  ///< 8 mm
  std::int64_t shortest_ms = 40;
  std::int64_t again_ms = 300;
  std::int64_t again_key_ms = 100;
  std::int64_t settle_ms = 300;  ///< after a screen change
};

class Pointer {
 public:
  /// The logical screen (after rotation) and how the picture is turned on the panel: 0, 90, 180 or 270 degrees
  /// clockwise.
  Pointer(int width, int height, int rotation, const PointerRules& rules = {});

  /// The size of the window in its pixels, where it is not that of the turned picture. Later changes come by `handle`.
  void set_panel(int width, int height) { m_placement.set_panel(width, height); }

  /// Takes finger and left-button events and the window's new size, passes over all others and over mouse events that
  /// SDL makes of touches.
  /// `now_ms` is the event's own time. True when a redraw is wanted.
  bool handle(const SDL_Event& event, std::int64_t now_ms);

  /// What the last drawn frame offers. The press is decided by the targets that were on the screen when the finger came
  /// down.
  void offer(std::vector<Target> targets);
  /// Another screen has been drawn.
  void screen_changed(std::int64_t now_ms);

  /// The key of the target under the finger; empty when none is pressed.
  [[nodiscard]] const std::string& pressed() const { return m_pressed; }
  /// The key that fired; taken once.
  [[nodiscard]] std::optional<std::string> take_fired();

  /// A panel's point (0..1, as a finger's event has it) as a point of the logical screen.
  [[nodiscard]] Point to_screen(float x, float y) const;

 private:
  void down(std::int64_t finger, Point at, std::int64_t now_ms);
  bool moved(std::int64_t finger, Point at);
  bool up(std::int64_t finger, Point at, std::int64_t now_ms);
  [[nodiscard]] bool still_meant(Point at) const;
  [[nodiscard]] Point of_mouse(int x, int y) const;

  Placement m_placement;
  PointerRules m_rules;
  std::vector<Target> m_targets;

  bool m_touching = false;
  std::int64_t m_finger = 0;
  Point m_start;
  std::int64_t m_down_ms = 0;
  std::optional<Target> m_target;  ///< of the touch
  std::string m_pressed;

  std::optional<std::string> m_fired;
  std::string m_last_key;
  std::int64_t m_last_ms = -1'000'000;
  std::int64_t m_changed_ms = -1'000'000;
};

}  // namespace anjungan::ui
