// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/screens/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace anjungan::screens {
namespace {

using ui::Area;
using ui::Node;

/// Pixels of a control's edge, the chosen one's in the high contrast at the most.
constexpr float k_edge = 8;

std::string said(const Node& node) { return fmt::format("{} \"{}\"", node.key, node.label); }

bool has_words(const Node& node) { return !node.label.empty() && node.role != ui::Role::picture; }

void fits(const Node& node, const ui::Metrics& metrics, std::vector<std::string>& out) {
  if (node.cut) out.push_back(said(node) + " does not fit its room");
  const Area& area = node.area;
  if (area.x < -0.5F || area.y < -0.5F || area.right() > metrics.width() + 0.5F ||
      area.bottom() > metrics.height() + 0.5F) {
    out.push_back(fmt::format("{} leaves the screen: {:.0f},{:.0f} {:.0f}x{:.0f}", said(node), area.x, area.y,
                              area.width, area.height));
    return;
  }
  const float beside = metrics.mm(2.54F) - 0.5F;
  const float above = metrics.mm(1) - 0.5F;
  if (has_words(node) && node.role != ui::Role::key &&
      (area.x < beside || area.right() > metrics.width() - beside || area.y < above ||
       area.bottom() > metrics.height() - above)) {
    out.push_back(said(node) + " stands at the screen's edge");
  }
}

void large_enough(const Node& node, const ui::Metrics& metrics, std::vector<std::string>& out) {
  const float least = metrics.mm(12.7F) - 0.5F;
  if (node.area.width < least || node.area.height < least) {
    out.push_back(
        fmt::format("{} is {:.0f}x{:.0f} px, less than {:.0f}", said(node), node.area.width, node.area.height, least));
  }
}

/// Pixels between two areas; negative when they overlap.
float apart(const Area& a, const Area& b) {
  const float dx = std::max(a.x, b.x) - std::min(a.right(), b.right());
  const float dy = std::max(a.y, b.y) - std::min(a.bottom(), b.bottom());
  return std::max(dx, dy);
}

bool intersect(const Area& a, const Area& b, float slack) {
  return std::min(a.right(), b.right()) - std::max(a.x, b.x) > slack &&
         std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y) > slack;
}

ui::Colour unpacked(std::uint32_t pixel) {
  return {static_cast<std::uint8_t>(pixel >> 16), static_cast<std::uint8_t>(pixel >> 8),
          static_cast<std::uint8_t>(pixel)};
}

/// How often each colour stands in an area.
std::map<std::uint32_t, int> colours(const Area& area, const ui::Canvas& picture) {
  std::map<std::uint32_t, int> out;
  const int left = std::max(0, static_cast<int>(area.x));
  const int top = std::max(0, static_cast<int>(area.y));
  const int right = std::min(picture.width(), static_cast<int>(std::ceil(area.right())));
  const int bottom = std::min(picture.height(), static_cast<int>(std::ceil(area.bottom())));
  for (int y = top; y < bottom; y++) {
    const std::uint32_t* row = picture.row(y);
    for (int x = left; x < right;) {
      const int from = x;
      while (x < right && row[x] == row[from]) x++;
      out[row[from]] += x - from;
    }
  }
  return out;
}

/// The commonest colour is the ground; the words' colour is the one that stands out most and is more than a fringe.
void readable(const Node& node, const ui::Canvas& picture, bool high_contrast, std::vector<std::string>& out) {
  // A control's edge says nothing about its words.
  const auto count = colours(node.target ? node.area.inset(k_edge) : node.area, picture);
  if (count.empty()) return;
  const auto ground =
      std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  // A full stop is a few pixels large.
  const int fringe = node.label.size() == 1 ? 2 : 12;
  double best = 1;
  for (const auto& [pixel, times] : count) {
    if (times >= fringe) best = std::max(best, ui::contrast(unpacked(pixel), unpacked(ground->first)));
  }
  const double wanted = !node.enabled ? 1.5 : high_contrast ? 20 : node.large ? 4.5 : 7;
  if (best < wanted) {
    out.push_back(fmt::format("{} has a contrast of {:.1f}, less than {}", said(node), best, wanted));
  }
}

bool inside(const Area& inner, const Area& outer) {
  return inner.x > outer.x - 2 && inner.y > outer.y - 2 && inner.right() < outer.right() + 2 &&
         inner.bottom() < outer.bottom() + 2;
}

bool is_text(const Node& node) { return node.role == ui::Role::text || node.role == ui::Role::title; }

void apart_from(const Node& node, const Node& other, float gap, std::vector<std::string>& out) {
  if (node.target && other.target && apart(node.area, other.area) < gap) {
    out.push_back(fmt::format("{} and {} are {:.0f} px apart, less than {:.0f}", said(node), said(other),
                              apart(node.area, other.area), gap));
    return;
  }
  if (!intersect(node.area, other.area, 2)) return;
  const auto part_of = [](const Node& one, const Node& whole) { return one.key.starts_with(whole.key + "."); };
  if (part_of(node, other) || part_of(other, node)) return;
  const bool on_control = (is_text(node) && other.target) || (is_text(other) && node.target);
  const bool both_text = is_text(node) && is_text(other);
  // A card holds what is in it; nothing sticks out of it.
  const bool crossing = !inside(node.area, other.area) && !inside(other.area, node.area);
  if (on_control || both_text || crossing) out.push_back(said(node) + " lies on " + said(other));
}

}  // namespace

std::vector<std::string> audit(const ui::Tree& tree, const ui::Canvas& picture, const ui::Metrics& metrics,
                               bool high_contrast) {
  std::vector<std::string> out;
  const float gap = metrics.mm(2.54F) - 0.5F;
  std::map<std::string, int> keys;
  for (const Node& node : tree) {
    if (node.below_dialog) continue;
    if (++keys[node.key] == 2) out.push_back(said(node) + ": the key stands twice");
    fits(node, metrics, out);
    if (node.target) large_enough(node, metrics, out);
    if (has_words(node) && node.role != ui::Role::field) readable(node, picture, high_contrast, out);
    for (const Node& other : tree) {
      if (&node < &other && !other.below_dialog) apart_from(node, other, gap, out);
    }
  }
  return out;
}

}  // namespace anjungan::screens
