// SPDX-License-Identifier: Apache-2.0
// Smooth outlines as triangles in a Dear ImGui list: the shape itself and a fringe of one pixel in which it fades out.
// Dear ImGui's own shapes are not used: they ask the processor for a reciprocal square root, which is an estimate that
// differs between makers, and with it some pixels of every edge.
#pragma once

#include <span>
#include <vector>

#include "kiosk/ui/area.h"

struct ImDrawList;

namespace anjungan::ui::shape {

/// Corners in the order of a clock's hand as seen on the screen; pixels.
using Outline = std::vector<Point>;

/// `radius` 0 leaves the corners sharp; it is at most half of the shorter side.
[[nodiscard]] Outline rectangle(const Area& area, float radius);
/// `degrees`: the ellipse turned by them.
[[nodiscard]] Outline ellipse(Point centre, float along, float across, double degrees = 0);
/// From the top, clockwise; `share` of a whole turn.
[[nodiscard]] Outline arc(Point centre, float radius, float share);

/// A convex outline, filled. `colour` is ImGui's packed one.
void fill(ImDrawList& list, std::span<const Point> outline, unsigned colour);
/// A line of at least one pixel along the outline; `closed` joins its end to its beginning.
void stroke(ImDrawList& list, std::span<const Point> outline, bool closed, float width, unsigned colour);

}  // namespace anjungan::ui::shape
