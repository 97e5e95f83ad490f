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

std::string said(const Node& node) { return fmt::format("{} \"{}\"", node.key, node.label); }

bool has_words(const Node& node) { return !node.label.empty() && node.role != ui::Role::picture; }

void fits(const Node& node, const ui::Metrics& metrics, std::vector<std::string>& out) {
  if (node.cut) out.push_back(said(node) + " does not fit its room");
  const Area& area = node.area;
  if (area.x < -0.5F || area.y < -0.5F || area.right() > metrics.width() + 0.5F ||
      area.bottom() > metrics.height() + 0.5F) {
    out.push_back(fmt::format("{} leaves the screen: {:.0f},{:.0f} {:.0f}x{:.0f}", said(node), area.x, area.y,
                              area.width, area.height));
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

/// The commonest colour is the ground; the words' colour is the one that stands out most and is more than a fringe.
void readable(const Node& node, const ui::Canvas& picture, bool high_contrast, std::vector<std::string>& out) {
  std::map<std::uint32_t, int> count;
  const int left = std::max(0, static_cast<int>(node.area.x));
  const int top = std::max(0, static_cast<int>(node.area.y));
  const int right = std::min(picture.width(), static_cast<int>(std::ceil(node.area.right())));
  const int bottom = std::min(picture.height(), static_cast<int>(std::ceil(node.area.bottom())));
  for (int y = top; y < bottom; y++) {
    for (int x = left; x < right; x++) count[picture.at(x, y)]++;
  }
  if (count.empty()) return;
  const auto ground =
      std::max_element(count.begin(), count.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  double best = 1;
  for (const auto& [pixel, times] : count) {
    if (times >= 12) best = std::max(best, ui::contrast(unpacked(pixel), unpacked(ground->first)));
  }
  const double wanted = !node.enabled ? 1.5 : high_contrast ? 20 : node.large ? 4.5 : 7;
  if (best < wanted) {
    out.push_back(fmt::format("{} has a contrast of {:.1f}, less than {}", said(node), best, wanted));
  }
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
      if (&other == &node || other.below_dialog) continue;
      if (node.target && other.target && &node < &other && apart(node.area, other.area) < gap) {
        out.push_back(fmt::format("{} and {} are {:.0f} px apart, less than {:.0f}", said(node), said(other),
                                  apart(node.area, other.area), gap));
      }
      const bool text = node.role == ui::Role::text || node.role == ui::Role::title;
      const bool other_text = other.role == ui::Role::text || other.role == ui::Role::title;
      const bool part_of = node.key.starts_with(other.key + ".");
      if (text && !part_of && (other.target || (other_text && &node < &other)) && intersect(node.area, other.area, 2)) {
        out.push_back(said(node) + " lies on " + said(other));
      }
    }
  }
  return out;
}

}  // namespace anjungan::screens
