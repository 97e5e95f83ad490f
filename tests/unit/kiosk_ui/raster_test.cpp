// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/raster.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/unit/kiosk_ui/picture.h"

namespace anjungan::ui {
namespace {

constexpr std::uint32_t k_white = 0xffffffffU;
constexpr std::uint32_t k_black = 0xff000000U;
constexpr ImU32 k_ink = IM_COL32(255, 255, 255, 255);

int red(std::uint32_t pixel) { return static_cast<int>(pixel >> 16 & 255U); }

class RasterTest : public testing::Test {
 protected:
  static constexpr int k_width = 16;
  static constexpr int k_height = 12;

  template <class Drawing>
  void show(const Drawing& drawing, std::uint32_t clear = k_black) {
    raster.draw(picture.draw(drawing), picture.atlas, clear);
  }
  /// One character a pixel: '.' black, '#' white, '+' between.
  [[nodiscard]] std::vector<std::string> rows() const {
    std::vector<std::string> rows;
    for (int y = 0; y < k_height; y++) {
      rows.emplace_back();
      for (int x = 0; x < k_width; x++) {
        const std::uint32_t pixel = canvas.at(x, y);
        rows.back() += pixel == k_black ? '.' : pixel == k_white ? '#' : '+';
      }
    }
    return rows;
  }
  /// The white pixels' smallest rectangle, each of which is white.
  void expect_white(const Rect& expected) const {
    for (int y = 0; y < k_height; y++) {
      for (int x = 0; x < k_width; x++) {
        const bool inside = x >= expected.x && x < expected.right() && y >= expected.y && y < expected.bottom();
        ASSERT_EQ(canvas.at(x, y), inside ? k_white : k_black) << x << ", " << y;
      }
    }
  }

  Canvas canvas{k_width, k_height};
  Raster raster{canvas};
  Picture picture{k_width, k_height};
};

TEST_F(RasterTest, NothingIsTheBackground) {
  show([](ImDrawList&) {}, 0x123456);
  for (int y = 0; y < k_height; y++) {
    for (int x = 0; x < k_width; x++) ASSERT_EQ(canvas.at(x, y), 0xff123456U);
  }
}

TEST_F(RasterTest, ARectangleCoversThePixelsInsideItsEdges) {
  show([](ImDrawList& list) { list.AddRectFilled({2, 1}, {5, 4}, k_ink); });
  expect_white({2, 1, 3, 3});
}

TEST_F(RasterTest, TheChannelsAreWhereTheyBelong) {
  show([](ImDrawList& list) { list.AddRectFilled({0, 0}, {1, 1}, IM_COL32(0x12, 0x34, 0x56, 255)); });
  EXPECT_EQ(canvas.at(0, 0), 0xff123456U);
}

TEST_F(RasterTest, APixelBelongsToTheShapeThatHasItsCentre) {
  show([](ImDrawList& list) { list.AddRectFilled({2.5F, 1.5F}, {5.5F, 4.5F}, k_ink); });
  expect_white({2, 1, 3, 3});  // the left and the upper edge count, the right and the lower one do not
  show([](ImDrawList& list) { list.AddRectFilled({2.51F, 1.51F}, {5.51F, 4.51F}, k_ink); });
  expect_white({3, 2, 3, 3});
  show([](ImDrawList& list) { list.AddRectFilled({2.49F, 1.49F}, {5.49F, 4.49F}, k_ink); });
  expect_white({2, 1, 3, 3});
}

TEST_F(RasterTest, ATriangleFollowsTheSameRule) {
  show([](ImDrawList& list) {
    list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
    list.AddTriangleFilled({1, 1}, {7, 1}, {1, 7}, k_ink);
  });
  EXPECT_EQ(rows(),
            (std::vector<std::string>{"................", ".#####..........", ".####...........", ".###............",
                                      ".##.............", ".#..............", "................", "................",
                                      "................", "................", "................", "................"}));
}

TEST_F(RasterTest, TheWindingDoesNotMatter) {
  show([](ImDrawList& list) {
    list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
    list.AddTriangleFilled({1.3F, 1.2F}, {11.7F, 3.1F}, {4.4F, 10.6F}, k_ink);
  });
  const std::vector<std::string> one = rows();
  show([](ImDrawList& list) {
    list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
    list.AddTriangleFilled({4.4F, 10.6F}, {11.7F, 3.1F}, {1.3F, 1.2F}, k_ink);
  });
  EXPECT_EQ(rows(), one);
  EXPECT_NE(one[5].find('#'), std::string::npos);
}

TEST_F(RasterTest, NeighboursLeaveNoGapAndOverlapNowhere) {
  // A translucent fan around an odd point: a pixel that two triangles took would be lighter, a gap darker.
  show([](ImDrawList& list) {
    list.Flags &= ~ImDrawListFlags_AntiAliasedFill;
    const ImVec2 rim[] = {{0, 0}, {5.5F, 0}, {11.5F, 0}, {16, 0}, {16, 4.5F}, {16, 12}, {8.5F, 12}, {0, 12}, {0, 6.5F}};
    const ImVec2 middle(7.5F, 5.5F);
    for (std::size_t i = 0; i < std::size(rim); i++) {
      list.AddTriangleFilled(middle, rim[i], rim[(i + 1) % std::size(rim)], IM_COL32(255, 255, 255, 100));
    }
  });
  for (int y = 0; y < k_height; y++) {
    for (int x = 0; x < k_width; x++) ASSERT_EQ(canvas.at(x, y), 0xff646464U) << x << ", " << y;
  }
}

TEST_F(RasterTest, TheClipCuts) {
  const auto clipped = [](ImVec2 from, ImVec2 to) {
    return [from, to](ImDrawList& list) {
      list.PushClipRect(from, to);
      list.AddRectFilled({0, 0}, {16, 12}, k_ink);
      list.PopClipRect();
    };
  };
  show(clipped({3, 2}, {6, 4}));
  expect_white({3, 2, 3, 2});
  show(clipped({-5, -5}, {600, 1}));
  expect_white({0, 0, 16, 1});
  show(clipped({6, 4}, {3, 2}));
  expect_white({});
  show(clipped({17, 0}, {20, 12}));
  expect_white({});
}

TEST_F(RasterTest, EveryAlphaIsBlendedToTheNearest) {
  const int below[] = {0, 31, 200, 255};
  for (const int level : below) {
    for (int alpha = 0; alpha < 256; alpha++) {
      const auto byte = static_cast<std::uint32_t>(level);
      show([&](ImDrawList& list) { list.AddRectFilled({0, 0}, {1, 1}, IM_COL32(180, 180, 180, alpha)); },
           byte << 16 | byte << 8 | byte);
      const auto expected = static_cast<std::uint32_t>(std::lround((180 * alpha + level * (255 - alpha)) / 255.0));
      ASSERT_EQ(canvas.at(0, 0), 0xff000000U | expected << 16 | expected << 8 | expected) << level << " " << alpha;
    }
  }
}

TEST_F(RasterTest, ColoursRunEvenlyFromCornerToCorner) {
  show([](ImDrawList& list) {
    list.AddRectFilledMultiColor({0, 0}, {16, 12}, IM_COL32(0, 0, 0, 255), IM_COL32(255, 0, 0, 255),
                                 IM_COL32(255, 0, 0, 255), IM_COL32(0, 0, 0, 255));
  });
  for (int x = 0; x < k_width; x++) {
    for (int y = 0; y < k_height; y++)
      ASSERT_NEAR(red(canvas.at(x, y)), 255 * (x + 0.5) / k_width, 0.51) << x << ", " << y;
  }
}

TEST_F(RasterTest, ALineOfOnePixelIsSharpOnItsRowAndSoftBetweenTwo) {
  const auto line_at = [](float y) { return [y](ImDrawList& list) { list.AddLine({2, y}, {14, y}, k_ink); }; };
  // ImGui moves a line by half a pixel: whole coordinates are pixels.
  show(line_at(5));
  EXPECT_EQ(canvas.at(8, 4), k_black);
  EXPECT_EQ(canvas.at(8, 5), k_white);
  EXPECT_EQ(canvas.at(8, 6), k_black);
  show(line_at(5.5F));
  EXPECT_NEAR(red(canvas.at(8, 5)), 128, 2);
  EXPECT_NEAR(red(canvas.at(8, 6)), 128, 2);
}

/// How much of a pixel a rectangle with round corners covers, from 16 x 16 points.
double coverage(int x, int y, const Rect& box, double radius) {
  int inside = 0;
  for (int i = 0; i < 256; i++) {
    const int column = i % 16;
    const int line = i / 16;
    const double px = x + (column + 0.5) / 16;
    const double py = y + (line + 0.5) / 16;
    const double dx = std::max({box.x + radius - px, px - (box.right() - radius), 0.0});
    const double dy = std::max({box.y + radius - py, py - (box.bottom() - radius), 0.0});
    inside += dx * dx + dy * dy <= radius * radius ? 1 : 0;
  }
  return inside / 256.0;
}

TEST(RasterRounding, ARoundCornerIsSmoothAndTheSameOnAllSides) {
  constexpr int k_size = 96;
  const Rect box{8, 8, 80, 80};
  for (const float radius : {4.0F, 12.0F, 28.0F, 36.0F}) {
    Canvas canvas(k_size, k_size);
    Raster raster(canvas);
    Picture picture(k_size, k_size);
    ImGui::GetStyle().CircleTessellationMaxError = 0.1F;  // its 0.3 by default can be seen
    raster.draw(picture.draw([&](ImDrawList& list) { list.AddRectFilled({8, 8}, {88, 88}, k_ink, radius); }),
                picture.atlas, k_black);
    double worst = 0;
    int soft = 0;
    for (int y = 0; y < k_size; y++) {
      for (int x = 0; x < k_size; x++) {
        const int here = red(canvas.at(x, y));
        ASSERT_NEAR(here, red(canvas.at(k_size - 1 - x, y)), 3) << x << ", " << y << " radius " << radius;
        ASSERT_NEAR(here, red(canvas.at(x, k_size - 1 - y)), 3) << x << ", " << y << " radius " << radius;
        ASSERT_NEAR(here, red(canvas.at(y, x)), 3) << x << ", " << y << " radius " << radius;
        worst = std::max(worst, std::abs(here / 255.0 - coverage(x, y, box, radius)));
        soft += here > 0 && here < 255 ? 1 : 0;
      }
    }
    EXPECT_LT(worst, 0.2) << "radius " << radius;
    EXPECT_GT(soft, 4 * radius) << "radius " << radius;
  }
}

}  // namespace
}  // namespace anjungan::ui
