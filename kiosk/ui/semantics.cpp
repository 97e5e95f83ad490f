// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/semantics.h"

#include <cmath>
#include <limits>

namespace anjungan::ui {
namespace {

bool reachable(const Node& node) { return node.target && node.enabled && !node.below_dialog; }

/// How far `to` lies in the direction, and how far aside; infinite behind.
float cost(const Area& from, const Area& to, Direction direction) {
  const Point a = from.centre();
  const Point b = to.centre();
  float ahead = 0;
  float aside = 0;
  switch (direction) {
    case Direction::up:
      ahead = a.y - b.y;
      aside = std::abs(a.x - b.x);
      break;
    case Direction::down:
      ahead = b.y - a.y;
      aside = std::abs(a.x - b.x);
      break;
    case Direction::left:
      ahead = a.x - b.x;
      aside = std::abs(a.y - b.y);
      break;
    case Direction::right:
      ahead = b.x - a.x;
      aside = std::abs(a.y - b.y);
      break;
  }
  if (ahead < 1) return std::numeric_limits<float>::infinity();
  return ahead + 3 * aside;
}

}  // namespace

const char* role_name(Role role) {
  switch (role) {
    case Role::title:
      return "title";
    case Role::text:
      return "text";
    case Role::button:
      return "button";
    case Role::choice:
      return "choice";
    case Role::field:
      return "field";
    case Role::key:
      return "key";
    case Role::picture:
      return "picture";
    case Role::progress:
      return "progress";
    case Role::status:
      return "status";
  }
  return "text";
}

const Node* find(const Tree& tree, std::string_view key) {
  for (const Node& node : tree) {
    if (node.key == key && !node.below_dialog) return &node;
  }
  return nullptr;
}

std::string move_focus(const Tree& tree, const std::string& current, Direction direction) {
  const Node* from = current.empty() ? nullptr : find(tree, current);
  if (from == nullptr || !reachable(*from)) {
    for (const Node& node : tree) {
      if (reachable(node)) return node.key;
    }
    return {};
  }
  const Node* best = from;
  float least = std::numeric_limits<float>::infinity();
  for (const Node& node : tree) {
    if (!reachable(node) || &node == from) continue;
    const float one = cost(from->area, node.area, direction);
    if (one < least) {
      least = one;
      best = &node;
    }
  }
  return best->key;
}

}  // namespace anjungan::ui
