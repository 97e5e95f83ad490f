// SPDX-License-Identifier: Apache-2.0
// Glyphs: parts of a texture of our own, on exact pixels.
#include <gtest/gtest.h>

#include <cmath>

#include "kiosk/ui/raster.h"
#include "tests/unit/kiosk_ui/picture.h"

namespace anjungan::ui {
namespace {

constexpr int k_texture_width = 8;
constexpr int k_texture_height = 6;

class RasterGlyphTest : public testing::Test {
 protected:
  RasterGlyphTest() : alpha(k_texture_width * k_texture_height) {
    for (int y = 0; y < k_texture_height; y++) {
      for (int x = 0; x < k_texture_width; x++) texel(x, y) = static_cast<std::uint8_t>(x == 0 ? 255 : 40 * y + 6 * x);
    }
    atlas = {alpha.data(), k_texture_width, k_texture_height, {0.5F / k_texture_width, 0.5F / k_texture_height}};
  }
  std::uint8_t& texel(int x, int y) {
    return alpha[static_cast<std::size_t>(y) * k_texture_width + static_cast<std::size_t>(x)];
  }
  static ImVec2 uv(float x, float y) { return {x / k_texture_width, y / k_texture_height}; }

  /// The texels from (u, v) to (u + 4, v + 3) at (x, y), `width` by `height` pixels.
  void show(ImVec2 from, ImVec2 to, ImVec2 u_from, ImVec2 u_to, ImU32 colour = IM_COL32_WHITE) {
    raster.draw(picture.draw([&](ImDrawList& list) {
      list.PrimReserve(6, 4);
      list.PrimRectUV(from, to, u_from, u_to, colour);
    }),
                atlas, 0);
  }
  [[nodiscard]] int level(int x, int y) const { return static_cast<int>(canvas.at(x, y) & 255U); }

  std::vector<std::uint8_t> alpha;
  Atlas atlas;
  Canvas canvas{16, 12};
  Raster raster{canvas};
  Picture picture{16, 12};
};

TEST_F(RasterGlyphTest, PixelOnPixelIsCopied) {
  show({5, 4}, {9, 7}, uv(2, 1), uv(6, 4));
  for (int y = 0; y < 12; y++) {
    for (int x = 0; x < 16; x++) {
      const bool inside = x >= 5 && x < 9 && y >= 4 && y < 7;
      ASSERT_EQ(level(x, y), inside ? texel(x - 3, y - 3) : 0) << x << ", " << y;
    }
  }
}

TEST_F(RasterGlyphTest, TheColourAndItsAlphaCount) {
  show({5, 4}, {9, 7}, uv(2, 1), uv(6, 4), IM_COL32(200, 100, 50, 128));
  const double covered = texel(3, 2) * 128 / 255.0;
  const std::uint32_t pixel = canvas.at(6, 5);
  EXPECT_NEAR(pixel >> 16 & 255U, 200 * covered / 255, 1);
  EXPECT_NEAR(pixel >> 8 & 255U, 100 * covered / 255, 1);
  EXPECT_NEAR(pixel & 255U, 50 * covered / 255, 1);
}

TEST_F(RasterGlyphTest, BetweenTwoPixelsItIsShared) {
  show({5.5F, 4}, {9.5F, 7}, uv(2, 1), uv(6, 4));
  for (int x = 5; x < 9; x++) {
    for (int y = 4; y < 7; y++) {
      // The pixel's centre lies half a texel left of the texel's own.
      ASSERT_NEAR(level(x, y), (texel(x - 4, y - 3) + texel(x - 3, y - 3)) / 2.0, 1) << x << ", " << y;
    }
  }
}

TEST_F(RasterGlyphTest, TwiceTheSizeIsInterpolated) {
  show({4, 4}, {12, 10}, uv(2, 1), uv(6, 4));
  for (int y = 4; y < 10; y++) {
    for (int x = 4; x < 12; x++) {
      const double u = 2 + (x + 0.5 - 4) / 2 - 0.5;
      const double v = 1 + (y + 0.5 - 4) / 2 - 0.5;
      // The texels are a plane: what is interpolated lies on it too.
      const double expected = u < 1 ? level(x, y) : 40 * v + 6 * u;
      ASSERT_NEAR(level(x, y), expected, 1) << x << ", " << y;
    }
  }
}

TEST_F(RasterGlyphTest, AMirroredGlyphIsMirrored) {
  show({5, 4}, {9, 7}, uv(6, 1), uv(2, 4));
  for (int x = 5; x < 9; x++) ASSERT_EQ(level(x, 5), texel(5 - (x - 5), 2)) << x;
}

TEST_F(RasterGlyphTest, BeyondTheTexturesEdgeItGoesOn) {
  show({5, 4}, {13, 10}, uv(6, 4), uv(10, 7));
  EXPECT_EQ(level(12, 9), texel(7, 5));
}

TEST_F(RasterGlyphTest, ATurnedGlyphIsTurned) {
  // Two triangles whose corners are a quarter turn round the texture: no upright rectangle.
  raster.draw(picture.draw([&](ImDrawList& list) {
    list.PrimReserve(6, 4);
    list.PrimQuadUV({8, 2}, {8, 6}, {5, 6}, {5, 2}, uv(2, 1), uv(6, 1), uv(6, 4), uv(2, 4), IM_COL32_WHITE);
  }),
              atlas, 0);
  for (int y = 2; y < 6; y++) {
    for (int x = 5; x < 8; x++) ASSERT_EQ(level(x, y), texel(2 + (y - 2), 1 + (7 - x))) << x << ", " << y;
  }
}

TEST_F(RasterGlyphTest, WithoutATextureOnlyGlyphsAreMissing) {
  atlas.alpha = nullptr;
  raster.draw(picture.draw([&](ImDrawList& list) {
    list.PrimReserve(12, 8);
    list.PrimRectUV({1, 1}, {3, 3}, uv(2, 1), uv(6, 4), IM_COL32_WHITE);
    list.PrimRectUV({5, 1}, {7, 3}, atlas.white_uv, atlas.white_uv, IM_COL32_WHITE);
  }),
              atlas, 0);
  EXPECT_EQ(level(1, 1), 0);
  EXPECT_EQ(level(5, 1), 255);
}

}  // namespace
}  // namespace anjungan::ui
