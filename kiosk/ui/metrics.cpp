// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/metrics.h"

#include <algorithm>
#include <cmath>

namespace anjungan::ui {
namespace {

constexpr float k_long_side = 1920;
constexpr float k_short_side = 1080;
/// Noto Sans: height of a capital letter as a share of the em.
constexpr float k_capital = 0.714F;
constexpr float k_steps[] = {1.0F, 1.2F, 1.42F, 1.8F};
/// Capitals of body text in millimetres, at least, by text step.
constexpr float k_body_floor_mm[] = {4.8F, 5.8F, 6.8F, 8.5F};
constexpr float k_floor_mm = 4.8F;
constexpr float k_target_mm = 12.7F;
constexpr float k_gap_mm = 2.54F;

struct FaceSize {
  float em;
  bool grows;  ///< with the text step
};

FaceSize size_of(Face face) {
  switch (face) {
    case Face::label:
      return {28, false};
    case Face::button:
      return {34, false};
    case Face::key:
      return {42, false};
    case Face::caption:
      return {28, true};
    case Face::body:
    case Face::strong:
      return {36, true};
    case Face::choice:
      return {50, true};
    case Face::title:
      return {58, true};
    case Face::field:
      return {42, true};
    case Face::number:
      return {92, false};
    case Face::headline:
      return {112, false};
  }
  return {36, true};
}

}  // namespace

Metrics::Metrics(const Panel& panel, int text_step) : m_panel(panel), m_text_step(std::clamp(text_step, 0, 3)) {
  const auto longer = static_cast<float>(std::max(panel.width, panel.height));
  const auto shorter = static_cast<float>(std::min(panel.width, panel.height));
  m_scale = std::min(longer / k_long_side, shorter / k_short_side);
}

float Metrics::px(float design) const { return std::max(1.0F, std::round(design * m_scale)); }

float Metrics::mm(float millimetres) const {
  return std::ceil(millimetres * static_cast<float>(m_panel.px_per_mm) - 0.01F);
}

float Metrics::target(float design) const { return std::max(px(design), mm(k_target_mm)); }

float Metrics::gap(float design) const { return std::max(px(design), mm(k_gap_mm)); }

float Metrics::em(Face face) const {
  const FaceSize size = size_of(face);
  const auto step = static_cast<std::size_t>(m_text_step);
  const bool body = face == Face::body || face == Face::strong || face == Face::field;
  const float floor_mm = body ? k_body_floor_mm[step] : k_floor_mm;
  const float floor = floor_mm * static_cast<float>(m_panel.px_per_mm) / k_capital;
  return std::round(std::max(size.em * m_scale * (size.grows ? k_steps[step] : 1.0F), floor) + 0.49F);
}

float Metrics::icon(IconSize size) const {
  switch (size) {
    case IconSize::small:
      return px(44);
    case IconSize::medium:
      return px(64);
    case IconSize::large:
      return px(96);
  }
  return px(44);
}

}  // namespace anjungan::ui
