// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/shape.h"

#include <gtest/gtest.h>

#include <cmath>

namespace anjungan::ui::shape {
namespace {

double doubled_area(const Outline& outline) {
  double out = 0;
  for (std::size_t i = 0; i < outline.size(); i++) {
    const Point a = outline[i];
    const Point b = outline[(i + 1) % outline.size()];
    out += static_cast<double>(a.x) * static_cast<double>(b.y) - static_cast<double>(b.x) * static_cast<double>(a.y);
  }
  return out;
}

/// An edge without length has no outside: the fringe beside it would be of the wrong width.
void expect_edges_with_length(const Outline& outline) {
  for (std::size_t i = 0; i < outline.size(); i++) {
    const Point a = outline[i];
    const Point b = outline[(i + 1) % outline.size()];
    EXPECT_GT(std::hypot(b.x - a.x, b.y - a.y), 0.01F) << "corner " << i;
  }
}

TEST(Shape, OutlinesGoClockwiseAndEveryEdgeHasALength) {
  for (const float radius : {0.0F, 0.4F, 3.0F, 10.0F, 20.0F, 500.0F}) {
    const Outline outline = rectangle({10, 20, 100, 40}, radius);
    EXPECT_GT(doubled_area(outline), 0) << radius;  // y points down
    expect_edges_with_length(outline);
  }
  for (const float radius : {0.5F, 2.0F, 30.0F, 400.0F}) {
    const Outline outline = ellipse({200, 200}, radius, radius / 2, 30);
    EXPECT_GT(doubled_area(outline), 0) << radius;
    expect_edges_with_length(outline);
  }
}

TEST(Shape, HoldsTheAreaItIsMeantToHold) {
  constexpr double pi = 3.14159265358979;
  EXPECT_NEAR(doubled_area(rectangle({0, 0, 100, 40}, 0)) / 2, 4'000, 0.01);
  EXPECT_NEAR(doubled_area(rectangle({0, 0, 100, 40}, 10)) / 2, 4'000 - 400 + 100 * pi, 6);
  EXPECT_NEAR(doubled_area(ellipse({0, 0}, 50, 20, 17)) / 2, pi * 50 * 20, 20);
}

TEST(Shape, AnArcBeginsAtTheTopAndGoesWithTheClock) {
  const Outline quarter = arc({100, 100}, 50, 0.25F);
  EXPECT_NEAR(quarter.front().x, 100, 0.001);
  EXPECT_NEAR(quarter.front().y, 50, 0.001);
  EXPECT_NEAR(quarter.back().x, 150, 0.001);
  EXPECT_NEAR(quarter.back().y, 100, 0.001);
}

}  // namespace
}  // namespace anjungan::ui::shape
