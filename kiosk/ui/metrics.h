// SPDX-License-Identifier: Apache-2.0
// Sizes on the real panel. The design is drawn for 1080 x 1920 (or 1920 x 1080) at 4.03 pixels a millimetre; another
// panel scales it, and whatever must be read or touched keeps its millimetres.
#pragma once

#include <array>

namespace anjungan::ui {

/// Text by what it is for. `label`, `button` and `key` keep their size at every text step: they stand in bars of fixed
/// height.
enum class Face { label, button, key, caption, body, strong, choice, title, field, number, headline };
inline constexpr std::array<Face, 11> k_faces = {Face::label, Face::button, Face::key,     Face::caption,
                                                 Face::body,  Face::strong, Face::choice,  Face::title,
                                                 Face::field, Face::number, Face::headline};

enum class IconSize { small, medium, large };
inline constexpr std::array<IconSize, 3> k_icon_sizes = {IconSize::small, IconSize::medium, IconSize::large};

struct Panel {
  int width = 1080;
  int height = 1920;
  double px_per_mm = 4.03;

  bool operator==(const Panel&) const = default;
};

class Metrics {
 public:
  /// `text_step` 0..3: x1, x1.2, x1.42, x1.8.
  Metrics(const Panel& panel, int text_step);

  [[nodiscard]] float width() const { return static_cast<float>(m_panel.width); }
  [[nodiscard]] float height() const { return static_cast<float>(m_panel.height); }
  [[nodiscard]] bool portrait() const { return m_panel.height >= m_panel.width; }
  [[nodiscard]] int text_step() const { return m_text_step; }

  /// A length of the design on this panel, whole pixels.
  [[nodiscard]] float px(float design) const;
  [[nodiscard]] float mm(float millimetres) const;
  /// A touch target's side: the design's, never under 12.7 mm.
  [[nodiscard]] float target(float design) const;
  /// Between targets: the design's, never under 2.54 mm.
  [[nodiscard]] float gap(float design) const;

  /// Font size in CSS pixels (em). Capitals of what is read are never under 4.8 mm, body text at the largest step
  /// never under 8.5 mm.
  [[nodiscard]] float em(Face face) const;
  [[nodiscard]] float icon(IconSize size) const;

  bool operator==(const Metrics&) const = default;

 private:
  Panel m_panel;
  int m_text_step;
  float m_scale;
};

}  // namespace anjungan::ui
