// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/metrics.h"

#include <gtest/gtest.h>

namespace anjungan::ui {
namespace {

constexpr Panel k_portrait{1080, 1920, 4.03};
constexpr Panel k_small{1366, 768, 4.0};
constexpr float k_capital = 0.714F;  // Noto Sans: of the em

float capital_mm(const Metrics& metrics, const Panel& panel, Face face) {
  return metrics.em(face) * k_capital / static_cast<float>(panel.px_per_mm);
}

TEST(Metrics, IsTheDesignOnItsOwnPanel) {
  const Metrics metrics(k_portrait, 0);
  EXPECT_EQ(metrics.px(48), 48);
  EXPECT_EQ(metrics.target(116), 116);
  EXPECT_EQ(metrics.gap(24), 24);
  EXPECT_EQ(metrics.em(Face::body), 36);
  EXPECT_EQ(metrics.icon(IconSize::large), 96);
  EXPECT_TRUE(metrics.portrait());
  const Metrics turned({1920, 1080, 4.03}, 0);
  EXPECT_EQ(turned.px(48), 48);
  EXPECT_FALSE(turned.portrait());
}

TEST(Metrics, KeepsMillimetresOnASmallPanel) {
  const Metrics metrics(k_small, 0);
  EXPECT_EQ(metrics.px(100), 71);
  EXPECT_EQ(metrics.px(1), 1);
  EXPECT_GE(metrics.target(0) / 4, 12.7F);
  EXPECT_LE(metrics.target(0) / 4, 13);
  EXPECT_EQ(metrics.target(116), 82);
  EXPECT_GE(metrics.gap(0) / 4, 2.54F);
  EXPECT_EQ(metrics.gap(24), 17);
  EXPECT_EQ(metrics.mm(20), 80);
}

TEST(Metrics, TextIsNeverTooSmall) {
  for (const Panel& panel : {k_portrait, k_small, Panel{1920, 1080, 4.03}, Panel{1080, 1920, 5.55}}) {
    for (int step = 0; step < 4; step++) {
      const Metrics metrics(panel, step);
      for (const Face face : k_faces) EXPECT_GE(capital_mm(metrics, panel, face), 4.8F);
    }
    const Metrics largest(panel, 3);
    for (const Face face : {Face::body, Face::strong, Face::field}) EXPECT_GE(capital_mm(largest, panel, face), 8.5F);
  }
}

TEST(Metrics, GrowsByTextSteps) {
  for (const Face face : {Face::caption, Face::body, Face::strong, Face::choice, Face::title, Face::field}) {
    for (int step = 1; step < 4; step++) {
      EXPECT_GT(Metrics(k_portrait, step).em(face), Metrics(k_portrait, step - 1).em(face));
    }
  }
  for (const Face face : {Face::label, Face::button, Face::key}) {
    EXPECT_EQ(Metrics(k_portrait, 3).em(face), Metrics(k_portrait, 0).em(face));
  }
  EXPECT_EQ(Metrics(k_portrait, 9).text_step(), 3);
  EXPECT_EQ(Metrics(k_portrait, -1).text_step(), 0);
}

}  // namespace
}  // namespace anjungan::ui
