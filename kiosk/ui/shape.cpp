// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/shape.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace anjungan::ui::shape {
namespace {

constexpr double k_turn = 2 * std::numbers::pi;
constexpr double k_flatness = 0.15;  ///< pixels that a circle's chord may lie inside of it
constexpr float k_fringe = 1.0F;
/// Where two edges meet in a point, the fringe does not reach farther than this many times its width.
constexpr float k_sharpest = 10.0F;

int corners_of_circle(float radius) {
  if (radius < 1) return 8;
  const double each = 2 * std::acos(1 - k_flatness / static_cast<double>(radius));
  return std::clamp(4 * static_cast<int>(std::ceil(k_turn / each / 4)), 8, 512);
}

// In double and then rounded: the C library's single-precision sines differ in their last bit between processors.
Point on_circle(Point centre, double along, double across, double turns) {
  return {static_cast<float>(static_cast<double>(centre.x) + along * std::cos(turns * k_turn)),
          static_cast<float>(static_cast<double>(centre.y) + across * std::sin(turns * k_turn))};
}

bool same(Point a, Point b) { return std::abs(a.x - b.x) < 0.01F && std::abs(a.y - b.y) < 0.01F; }

/// Of unit length, to the outside of the edge from `a` to `b`; zero for an edge without length.
ImVec2 normal(Point a, Point b) {
  const float x = b.x - a.x;
  const float y = b.y - a.y;
  const float length = std::sqrt(x * x + y * y);
  return length > 0 ? ImVec2{y / length, -x / length} : ImVec2{0, 0};
}

/// For each corner the way that a line one pixel outside of the outline is shifted there.
std::vector<ImVec2> shifts(std::span<const Point> outline, bool closed) {
  const std::size_t count = outline.size();
  std::vector<ImVec2> out(count);
  for (std::size_t i = 0; i < count; i++) {
    const bool first = i == 0 && !closed;
    const bool last = i + 1 == count && !closed;
    const ImVec2 after = last ? ImVec2{0, 0} : normal(outline[i], outline[(i + 1) % count]);
    const ImVec2 before = first ? after : normal(outline[(i + count - 1) % count], outline[i]);
    const ImVec2 next = last ? before : after;
    const float x = (before.x + next.x) / 2;
    const float y = (before.y + next.y) / 2;
    const float squared = std::max(x * x + y * y, 1 / (k_sharpest * k_sharpest));
    out[i] = {x / squared, y / squared};
  }
  return out;
}

/// A strip of triangles between two rows of vertices; `stride` vertices from one corner's to the next one's.
void strip(ImDrawList& list, unsigned base, std::size_t corners, bool closed, unsigned stride, unsigned row) {
  const auto count = static_cast<unsigned>(corners);
  for (unsigned i = 0; i + (closed ? 0U : 1U) < count; i++) {
    const unsigned here = base + i * stride + row;
    const unsigned there = base + (i + 1) % count * stride + row;
    for (const unsigned index : {there, here, here + 1, here + 1, there + 1, there})
      list.PrimWriteIdx(static_cast<ImDrawIdx>(index));
  }
}

}  // namespace

Outline rectangle(const Area& area, float radius) {
  const float round = std::min(radius, std::min(area.width, area.height) / 2);
  if (round < 0.5F) {
    return {{area.x, area.y}, {area.right(), area.y}, {area.right(), area.bottom()}, {area.x, area.bottom()}};
  }
  const int each = corners_of_circle(round) / 4;
  Outline out;
  out.reserve(static_cast<std::size_t>(4 * (each + 1)));
  const Point centres[] = {{area.x + round, area.y + round},
                           {area.right() - round, area.y + round},
                           {area.right() - round, area.bottom() - round},
                           {area.x + round, area.bottom() - round}};
  for (int corner = 0; corner < 4; corner++) {
    for (int i = 0; i <= each; i++) {
      const double turns = (2 + corner + static_cast<double>(i) / each) / 4;
      const Point next = on_circle(centres[corner], static_cast<double>(round), static_cast<double>(round), turns);
      if (!out.empty() && same(out.back(), next)) continue;  // no straight side between two corners
      out.push_back(next);
    }
  }
  if (same(out.front(), out.back())) out.pop_back();
  return out;
}

Outline ellipse(Point centre, float along, float across, double degrees) {
  const int count = corners_of_circle(std::max(along, across));
  const double cosine = std::cos(degrees / 360 * k_turn);
  const double sine = std::sin(degrees / 360 * k_turn);
  Outline out;
  out.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; i++) {
    const double at = static_cast<double>(i) / count * k_turn;
    const double x = static_cast<double>(along) * std::cos(at);
    const double y = static_cast<double>(across) * std::sin(at);
    out.push_back({static_cast<float>(static_cast<double>(centre.x) + x * cosine - y * sine),
                   static_cast<float>(static_cast<double>(centre.y) + x * sine + y * cosine)});
  }
  return out;
}

Outline arc(Point centre, float radius, float share) {
  const double end = static_cast<double>(std::clamp(share, 0.0F, 1.0F));
  const int count = std::max(2, static_cast<int>(std::ceil(corners_of_circle(radius) * end)));
  Outline out;
  for (int i = 0; i <= count; i++) {
    out.push_back(on_circle(centre, static_cast<double>(radius), static_cast<double>(radius), end * i / count - 0.25));
  }
  return out;
}

void fill(ImDrawList& list, std::span<const Point> outline, unsigned colour) {
  const std::size_t count = outline.size();
  if (count < 3 || (colour & IM_COL32_A_MASK) == 0) return;
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  const unsigned clear = colour & ~static_cast<unsigned>(IM_COL32_A_MASK);
  const std::vector<ImVec2> shift = shifts(outline, true);
  list.PrimReserve(static_cast<int>((count - 2) * 3 + count * 6), static_cast<int>(count * 2));
  const unsigned base = list._VtxCurrentIdx;
  for (std::size_t i = 0; i < count; i++) {
    const ImVec2 half{shift[i].x * k_fringe / 2, shift[i].y * k_fringe / 2};
    list.PrimWriteVtx({outline[i].x - half.x, outline[i].y - half.y}, white, colour);
    list.PrimWriteVtx({outline[i].x + half.x, outline[i].y + half.y}, white, clear);
  }
  for (unsigned i = 2; i < count; i++) {
    for (const unsigned index : {base, base + 2 * (i - 1), base + 2 * i})
      list.PrimWriteIdx(static_cast<ImDrawIdx>(index));
  }
  strip(list, base, count, true, 2, 0);
}

void stroke(ImDrawList& list, std::span<const Point> outline, bool closed, float width, unsigned colour) {
  const std::size_t count = outline.size();
  if (count < 2 || (colour & IM_COL32_A_MASK) == 0) return;
  const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
  const unsigned clear = colour & ~static_cast<unsigned>(IM_COL32_A_MASK);
  const std::vector<ImVec2> shift = shifts(outline, closed);
  const float solid = std::max(width - k_fringe, 0.0F) / 2;
  const float faded = solid + k_fringe;
  const std::size_t edges = closed ? count : count - 1;
  list.PrimReserve(static_cast<int>(edges * 18), static_cast<int>(count * 4));
  const unsigned base = list._VtxCurrentIdx;
  for (std::size_t i = 0; i < count; i++) {
    const auto write = [&](float far, unsigned shade) {
      list.PrimWriteVtx({outline[i].x + shift[i].x * far, outline[i].y + shift[i].y * far}, white, shade);
    };
    write(faded, clear);
    write(solid, colour);
    write(-solid, colour);
    write(-faded, clear);
  }
  for (unsigned row = 0; row < 3; row++) strip(list, base, count, closed, 4, row);
}

}  // namespace anjungan::ui::shape
