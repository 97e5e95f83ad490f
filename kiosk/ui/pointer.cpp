// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/pointer.h"

#include <SDL.h>

#include <ranges>
#include <utility>

namespace anjungan::ui {
namespace {

/// The mouse of a developer's desk counts as a finger of its own.
constexpr std::int64_t k_mouse = -1;

}  // namespace

Pointer::Pointer(int width, int height, int rotation, const PointerRules& rules)
    : m_placement(width, height, rotation), m_rules(rules) {}

Point Pointer::to_screen(float x, float y) const {
  return m_placement.to_screen(
      {x * static_cast<float>(m_placement.panel_width()), y * static_cast<float>(m_placement.panel_height())});
}

Point Pointer::of_mouse(int x, int y) const {
  // The pixel's middle: its corner would lie on another pixel once the picture is turned.
  return m_placement.to_screen({static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F});
}

bool Pointer::handle(const SDL_Event& event, std::int64_t now_ms) {
  switch (event.type) {
    case SDL_FINGERDOWN:
      down(event.tfinger.fingerId, to_screen(event.tfinger.x, event.tfinger.y), now_ms);
      return true;
    case SDL_FINGERMOTION:
      return moved(event.tfinger.fingerId, to_screen(event.tfinger.x, event.tfinger.y));
    case SDL_FINGERUP:
      return up(event.tfinger.fingerId, to_screen(event.tfinger.x, event.tfinger.y), now_ms);
    case SDL_MOUSEBUTTONDOWN:
      if (event.button.which == SDL_TOUCH_MOUSEID || event.button.button != SDL_BUTTON_LEFT) return false;
      down(k_mouse, of_mouse(event.button.x, event.button.y), now_ms);
      return true;
    case SDL_MOUSEMOTION:
      if (event.motion.which == SDL_TOUCH_MOUSEID) return false;
      return moved(k_mouse, of_mouse(event.motion.x, event.motion.y));
    case SDL_MOUSEBUTTONUP:
      if (event.button.which == SDL_TOUCH_MOUSEID || event.button.button != SDL_BUTTON_LEFT) return false;
      return up(k_mouse, of_mouse(event.button.x, event.button.y), now_ms);
    case SDL_WINDOWEVENT:
      if (event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED) set_panel(event.window.data1, event.window.data2);
      return false;
    default:
      return false;
  }
}

void Pointer::offer(std::vector<Target> targets) { m_targets = std::move(targets); }

void Pointer::screen_changed(std::int64_t now_ms) {
  m_changed_ms = now_ms;
  // A finger that is still down belongs to the screen before.
  m_target.reset();
  m_pressed.clear();
}

void Pointer::down(std::int64_t finger, Point at, std::int64_t now_ms) {
  if (m_touching) return;
  m_touching = true;
  m_finger = finger;
  m_start = at;
  m_down_ms = now_ms;
  m_target.reset();
  m_pressed.clear();
  if (now_ms - m_changed_ms < m_rules.settle_ms) return;
  // The one drawn last lies on top.
  for (const Target& target : m_targets | std::views::reverse) {
    if (!target.area.holds(at)) continue;
    m_target = target;
    if (target.enabled) m_pressed = target.key;
    return;
  }
}

bool Pointer::still_meant(Point at) const {
  const float dx = at.x - m_start.x;
  const float dy = at.y - m_start.y;
  return m_target->area.holds(at) || dx * dx + dy * dy <= m_rules.roll_px * m_rules.roll_px;
}

bool Pointer::moved(std::int64_t finger, Point at) {
  if (!m_touching || finger != m_finger || !m_target || !m_target->enabled) return false;
  const std::string now = still_meant(at) ? m_target->key : std::string();
  if (now == m_pressed) return false;
  m_pressed = now;
  return true;
}

bool Pointer::up(std::int64_t finger, Point at, std::int64_t now_ms) {
  if (!m_touching || finger != m_finger) return false;
  m_touching = false;
  m_pressed.clear();
  if (!m_target) return true;
  const bool meant = now_ms - m_down_ms >= m_rules.shortest_ms && still_meant(at);
  const Target target = *std::exchange(m_target, std::nullopt);
  if (!meant || !target.enabled) return true;
  const std::int64_t again = target.keyboard ? m_rules.again_key_ms : m_rules.again_ms;
  if (target.key == m_last_key && now_ms - m_last_ms < again) return true;
  m_last_key = target.key;
  m_last_ms = now_ms;
  m_fired = target.key;
  return true;
}

std::optional<std::string> Pointer::take_fired() { return std::exchange(m_fired, std::nullopt); }

}  // namespace anjungan::ui
