// SPDX-License-Identifier: Apache-2.0
// Only what changed is drawn, the result is that of a whole redraw, and no input is too strange.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <random>

#include "kiosk/ui/raster.h"
#include "tests/unit/kiosk_ui/picture.h"

namespace anjungan::ui {
namespace {

constexpr int k_width = 300;
constexpr int k_height = 200;
constexpr float k_nan = std::numeric_limits<float>::quiet_NaN();
constexpr float k_endless = std::numeric_limits<float>::infinity();

/// Something on the screen that can be drawn again, or changed.
struct Thing {
  int kind = 0;
  ImVec2 from;
  ImVec2 to;
  ImU32 colour = 0;
  int number = 0;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : m_source(seed) {}
  int below(int most) { return static_cast<int>(m_source() % static_cast<unsigned>(most)); }
  float number(int most) { return static_cast<float>(below(most * 8)) / 8; }
  std::uint32_t bits() { return static_cast<std::uint32_t>(m_source()); }
  Thing thing() {
    const ImVec2 from(number(k_width) - 20, number(k_height) - 20);
    const bool opaque = below(2) == 0;
    return {below(7),
            from,
            {from.x + number(120), from.y + number(90)},
            IM_COL32(below(256), below(256), below(256), opaque ? 255 : below(256)),
            below(1000)};
  }

 private:
  std::mt19937 m_source;
};

void draw(ImDrawList& list, const Thing& thing) {
  const ImVec2 middle((thing.from.x + thing.to.x) / 2, (thing.from.y + thing.to.y) / 2);
  switch (thing.kind) {
    case 0:
      list.AddRectFilled(thing.from, thing.to, thing.colour);
      break;
    case 1:
      list.AddRectFilled(thing.from, thing.to, thing.colour, static_cast<float>(thing.number % 20));
      break;
    case 2:
      list.AddRect(thing.from, thing.to, thing.colour, 9, 0, static_cast<float>(thing.number % 5 + 1));
      break;
    case 3:
      list.AddCircleFilled(middle, static_cast<float>(thing.number % 60), thing.colour);
      break;
    case 4:
      list.AddText(thing.from, thing.colour, "Nomor 0042");
      break;
    case 5:
      list.AddLine(thing.from, thing.to, thing.colour, static_cast<float>(thing.number % 7) / 2);
      break;
    default:
      list.PushClipRect(middle, thing.to);
      list.AddRectFilledMultiColor(thing.from, thing.to, thing.colour, IM_COL32_WHITE, thing.colour, IM_COL32_BLACK);
      list.PopClipRect();
      break;
  }
}

std::vector<std::uint32_t> pixels(const Canvas& canvas) {
  return {canvas.row(0), canvas.row(0) + std::ptrdiff_t{canvas.width()} * canvas.height()};
}

std::vector<std::uint32_t> whole_redraw(const ImDrawData& data, const Atlas& atlas, std::uint32_t clear) {
  Canvas canvas(k_width, k_height);
  Raster(canvas).draw(data, atlas, clear);
  return pixels(canvas);
}

/// Every pixel in at most one, all inside, and what changed is in one of them.
void expect_covered(const std::vector<std::uint32_t>& before, const Canvas& after, const std::vector<Rect>& rects) {
  std::vector<int> hits(before.size());
  for (const Rect& rect : rects) {
    ASSERT_FALSE(rect.empty());
    ASSERT_EQ(intersection(rect, after.whole()), rect);
    for (int y = rect.y; y < rect.bottom(); y++) {
      for (int x = rect.x; x < rect.right(); x++)
        hits[static_cast<std::size_t>(y) * k_width + static_cast<std::size_t>(x)]++;
    }
  }
  const std::vector<std::uint32_t> now = pixels(after);
  for (std::size_t i = 0; i < now.size(); i++) {
    ASSERT_LE(hits[i], 1);
    ASSERT_TRUE(hits[i] == 1 || now[i] == before[i]);
  }
}

class RasterChangeTest : public testing::Test {
 protected:
  std::vector<Rect> show(const std::vector<Thing>& things, std::uint32_t clear = 0xf6f4ef) {
    return raster.draw(picture.draw([&](ImDrawList& list) {
      for (const Thing& thing : things) draw(list, thing);
    }),
                       picture.atlas, clear);
  }

  Canvas canvas{k_width, k_height};
  Raster raster{canvas};
  Picture picture{k_width, k_height};
};

TEST_F(RasterChangeTest, AnyRunOfFramesEndsInTheSamePixelsAsAWholeRedraw) {
  Dice dice(7);
  std::vector<Thing> things;
  std::size_t kept = 0;
  for (int frame = 0; frame < 300; frame++) {
    for (int changes = dice.below(3); changes >= 0; changes--) {
      const int what = things.size() < 4 ? 0 : dice.below(4);
      const auto which = [&] { return static_cast<std::size_t>(dice.below(static_cast<int>(things.size()))); };
      if (what == 0 && things.size() < 40) {
        things.push_back(dice.thing());
      } else if (what == 1) {
        things.erase(things.begin() + static_cast<std::ptrdiff_t>(which()));
      } else if (what == 2) {
        std::swap(things[which()], things[which()]);
      } else {
        things[which()].colour ^= IM_COL32(0, 1, 0, 0);
      }
    }
    const std::uint32_t clear = frame % 50 == 49 ? dice.bits() : 0xf6f4efU;
    const std::vector<std::uint32_t> before = pixels(canvas);
    const std::vector<Rect> rects = show(things, clear);
    ASSERT_EQ(pixels(canvas), whole_redraw(*ImGui::GetDrawData(), picture.atlas, clear)) << "frame " << frame;
    ASSERT_NO_FATAL_FAILURE(expect_covered(before, canvas, rects)) << "frame " << frame;
    if (rects != std::vector<Rect>{canvas.whole()}) kept++;
  }
  EXPECT_GT(kept, 150U) << "it redraws everything";
}

TEST_F(RasterChangeTest, TheSameFrameTouchesNothing) {
  Dice dice(3);
  std::vector<Thing> things(30);
  std::generate(things.begin(), things.end(), [&] { return dice.thing(); });
  EXPECT_EQ(show(things), std::vector<Rect>{canvas.whole()});
  canvas.row(100)[100] = 0xff010203U;
  EXPECT_TRUE(show(things).empty());
  EXPECT_EQ(canvas.at(100, 100), 0xff010203U) << "not one pixel is written";
  raster.invalidate();
  EXPECT_EQ(show(things), std::vector<Rect>{canvas.whole()});
  EXPECT_NE(canvas.at(100, 100), 0xff010203U);
}

TEST_F(RasterChangeTest, AButtonThatDarkensIsAllThatIsDrawn) {
  const auto button = [](ImU32 colour) { return std::vector<Thing>{{0, {70, 70}, {120, 120}, colour, 0}}; };
  show(button(IM_COL32_WHITE));
  EXPECT_EQ(show(button(IM_COL32_BLACK)), (std::vector<Rect>{{64, 64, 64, 64}}));
}

TEST_F(RasterChangeTest, ASmallerClipOrAnotherOrderIsAChange) {
  const Thing one{0, {10, 10}, {60, 60}, IM_COL32(255, 0, 0, 255), 0};
  const Thing other{0, {40, 40}, {90, 90}, IM_COL32(0, 0, 255, 255), 0};
  show({one, other});
  EXPECT_EQ(canvas.at(50, 50), 0xff0000ffU);
  EXPECT_FALSE(show({other, one}).empty());
  EXPECT_EQ(canvas.at(50, 50), 0xffff0000U);
}

TEST_F(RasterChangeTest, AnotherAtlasIsAChange) {
  const std::vector<Thing> text{{4, {10, 10}, {}, IM_COL32_WHITE, 0}};
  show(text);
  const std::vector<std::uint8_t> copy(
      picture.atlas.alpha, picture.atlas.alpha + std::ptrdiff_t{picture.atlas.width} * picture.atlas.height);
  const Atlas moved{copy.data(), picture.atlas.width, picture.atlas.height, picture.atlas.white_uv};
  EXPECT_FALSE(raster.draw(*ImGui::GetDrawData(), moved, 0xf6f4ef).empty());
  EXPECT_TRUE(raster.draw(*ImGui::GetDrawData(), moved, 0xf6f4ef).empty());
}

TEST_F(RasterChangeTest, AUserCallbackIsPassedOver) {
  bool called = false;
  const auto data = [&]() -> ImDrawData& {
    return picture.draw([&](ImDrawList& list) {
      list.AddCallback(
          [](const ImDrawList*, const ImDrawCmd* command) { *static_cast<bool*>(command->UserCallbackData) = true; },
          &called);
      list.AddRectFilled({0, 0}, {10, 10}, IM_COL32_WHITE);
    });
  };
  raster.draw(data(), picture.atlas, 0);
  EXPECT_FALSE(called);
  EXPECT_EQ(canvas.at(5, 5), 0xffffffffU);
}

TEST_F(RasterChangeTest, WhatIsNoNumberOrHasNoAreaIsLeftOut) {
  raster.draw(picture.draw([&](ImDrawList& list) {
    list.AddRectFilled({k_nan, 0}, {100, 100}, IM_COL32_WHITE);
    list.AddRectFilled({0, 0}, {100, k_nan}, IM_COL32_WHITE);
    list.AddRectFilled({0, 0}, {0, 100}, IM_COL32_WHITE);
    list.AddTriangleFilled({0, 0}, {50, 50}, {100, 100}, IM_COL32_WHITE);
    list.AddRectFilled({110, 110}, {120, 120}, IM_COL32_WHITE);
  }),
              picture.atlas, 0);
  EXPECT_EQ(canvas.at(50, 20), 0xff000000U);
  EXPECT_EQ(canvas.at(115, 115), 0xffffffffU) << "the others are drawn";
}

TEST_F(RasterChangeTest, HugeRectanglesReachToTheEdge) {
  for (const float far : {20'000.0F, 1e9F, 3e38F, k_endless}) {
    raster.draw(picture.draw([&](ImDrawList& list) {
      list.PushClipRect({-far, -far}, {far, far});
      list.AddRectFilled({-far, -far}, {far, 100}, IM_COL32_WHITE);
      list.PopClipRect();
    }),
                picture.atlas, 0);
    EXPECT_EQ(canvas.at(0, 0), 0xffffffffU) << far;
    EXPECT_EQ(canvas.at(k_width - 1, 99), 0xffffffffU) << far;
    EXPECT_EQ(canvas.at(0, 100), 0xff000000U) << far;
  }
}

TEST_F(RasterChangeTest, IndicesBeyondTheVerticesAreLeftOut) {
  ImDrawData& data = picture.draw([&](ImDrawList& list) {
    list.AddRectFilled({0, 0}, {50, 50}, IM_COL32_WHITE);
    list.AddRectFilled({100, 100}, {150, 150}, IM_COL32_WHITE);
  });
  ImDrawList& list = *data.CmdLists[0];
  list.IdxBuffer[1] = 9'999;
  list.CmdBuffer[0].ElemCount = 4'000'000'000U;
  raster.draw(data, picture.atlas, 0);
  EXPECT_EQ(canvas.at(40, 10), 0xff000000U) << "the triangle that misses a corner";
  EXPECT_EQ(canvas.at(125, 125), 0xffffffffU);
  list.CmdBuffer[0].IdxOffset = 4'000'000'000U;
  EXPECT_FALSE(raster.draw(data, picture.atlas, 0).empty());
  EXPECT_EQ(canvas.at(125, 125), 0xff000000U);
  list.CmdBuffer[0].IdxOffset = 0;
  list.CmdBuffer[0].VtxOffset = 4'000'000'000U;
  EXPECT_TRUE(raster.draw(data, picture.atlas, 0).empty());
  list.CmdBuffer[0].VtxOffset = 0;
  list.CmdBuffer[0].ClipRect = {0, k_nan, 300, 200};
  EXPECT_TRUE(raster.draw(data, picture.atlas, 0).empty());
}

TEST_F(RasterChangeTest, RandomBitsAreDrawnTheSameWayEachTime) {
  Dice dice(11);
  constexpr float k_odd[] = {0, -0.0F, 1e-40F, 16'384, -16'384, 16'383.99F, 3e38F, k_endless, k_nan, 150.5F};
  const auto anything = [&](float most) {
    switch (dice.below(4)) {
      case 0:
        return std::bit_cast<float>(dice.bits());
      case 1:
        return k_odd[dice.below(static_cast<int>(std::size(k_odd)))];
      default:
        return static_cast<float>(dice.below(10'000)) / 5'000 * most;
    }
  };
  for (int frame = 0; frame < 40; frame++) {
    ImDrawData& data = picture.draw([&](ImDrawList& list) {
      list.AddRectFilled({0, 0}, {300, 200}, dice.bits() | IM_COL32_BLACK);
      list.PrimReserve(60, 60);
      for (int i = 0; i < 60; i++) {
        list.PrimWriteIdx(static_cast<ImDrawIdx>(dice.below(70)));
        list.PrimWriteVtx({anything(k_width), anything(k_height)}, {anything(1), anything(1)}, dice.bits());
      }
    });
    raster.draw(data, picture.atlas, 0);
    ASSERT_EQ(pixels(canvas), whole_redraw(data, picture.atlas, 0)) << "frame " << frame;
  }
}

TEST_F(RasterChangeTest, TheSameBitsOnEveryMachine) {
  // Corners of our own, not ImGui's arcs: those differ from version to version.
  Dice dice(5);
  std::vector<std::uint8_t> alpha(64 * 64);
  std::generate(alpha.begin(), alpha.end(), [&] { return static_cast<std::uint8_t>(dice.bits()); });
  const Atlas atlas{alpha.data(), 64, 64, {0, 0}};
  raster.draw(picture.draw([&](ImDrawList& list) {
    list.PrimReserve(300, 300);
    for (unsigned i = 0; i < 300; i++) {
      list.PrimWriteIdx(static_cast<ImDrawIdx>(i));
      const bool plain = i / 3 % 2 == 0;
      const float x = dice.number(k_width) + 1.0F / 3;
      const float y = dice.number(k_height) + 1.0F / 7;
      const float u = dice.number(10) / 10;
      const float v = dice.number(10) / 10;
      list.PrimWriteVtx({x, y}, plain ? ImVec2{} : ImVec2(u, v), dice.bits());
    }
  }),
              atlas, 0xf6f4ef);
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const std::uint32_t pixel : pixels(canvas)) hash = (hash ^ pixel) * 0x100000001b3U;
  EXPECT_EQ(hash, 8970385765663774234U);
}

TEST_F(RasterChangeTest, TooManyShapesAreCutOff) {
  ImDrawData& data = picture.draw([&](ImDrawList& list) {
    list.AddRectFilled({0, 0}, {1, 1}, IM_COL32_WHITE);
    list.AddRectFilled({10, 10}, {11, 11}, IM_COL32_WHITE);
  });
  ImDrawList& list = *data.CmdLists[0];
  ImDrawCmd under = list.CmdBuffer[0];
  ImDrawCmd top = under;
  under.ElemCount = 6;
  top.IdxOffset = 6;
  list.CmdBuffer.resize(0);
  for (std::size_t i = 0; i < Raster::k_most_shapes; i++) list.CmdBuffer.push_back(under);
  list.CmdBuffer.push_back(top);
  raster.draw(data, picture.atlas, 0);
  EXPECT_EQ(canvas.at(0, 0), 0xffffffffU);
  EXPECT_EQ(canvas.at(10, 10), 0xff000000U);
}

}  // namespace
}  // namespace anjungan::ui
