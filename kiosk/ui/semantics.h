// SPDX-License-Identifier: Apache-2.0
// What stands on the screen, as one list a frame: for focus, for speech, for the robot that taps by key, and for the
// audits of size, gap, contrast, overflow and missing words.
#pragma once

#include <string>
#include <vector>

#include "kiosk/ui/area.h"
#include "kiosk/ui/theme.h"

namespace anjungan::ui {

enum class Role { title, text, button, choice, field, key, picture, progress, status };
[[nodiscard]] const char* role_name(Role role);

struct Node {
  std::string key;  ///< stable: the robot's and the tests' handle
  Role role = Role::text;
  std::string label;  ///< what is written on it
  std::string value;  ///< of a field or a progress; never a personal text in logs
  Area area;          ///< as drawn; of a text: its ink's box
  Area room;          ///< a text must lie inside; empty when it may grow
  Colour foreground;
  Colour background;
  bool target = false;  ///< can be pressed
  bool enabled = true;
  bool chosen = false;
  bool focused = false;
  bool large = false;         ///< text of 24 pixels or more in bold, or larger: WCAG's large text
  bool cut = false;           ///< the text did not fit its room
  bool below_dialog = false;  ///< covered by a dialog's veil
};

using Tree = std::vector<Node>;

/// Null when there is no such key, or it is below a dialog.
[[nodiscard]] const Node* find(const Tree& tree, std::string_view key);

enum class Direction { up, down, left, right };

/// The enabled target that a keypad's arrow leads to from `current` (the first one when there is none).
[[nodiscard]] std::string move_focus(const Tree& tree, const std::string& current, Direction direction);

}  // namespace anjungan::ui
