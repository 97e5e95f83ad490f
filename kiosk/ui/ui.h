// SPDX-License-Identifier: Apache-2.0
// One frame of the screen: what screens draw with. Every widget draws itself, registers in the semantic tree, and
// answers whether it was pressed. The widgets are in widgets.h; this is what they are made of.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "kiosk/ui/area.h"
#include "kiosk/ui/fonts.h"
#include "kiosk/ui/metrics.h"
#include "kiosk/ui/pointer.h"
#include "kiosk/ui/semantics.h"
#include "kiosk/ui/text_lines.h"
#include "kiosk/ui/theme.h"
#include "kiosk/ui/words.h"

struct ImDrawData;
struct ImDrawList;
struct ImGuiContext;

namespace anjungan::ui {

struct Atlas;

enum class Align { left, centre, right };

/// What the frame is drawn for.
struct Frame {
  Metrics metrics{{}, 0};
  Theme theme;
  const Words* words = nullptr;
  std::string pressed;  ///< key under the finger
  std::string focused;  ///< key of the keypad's focus; empty while people touch
  std::string fired;    ///< key that was pressed and let go since the last frame
};

class Ui {
 public:
  /// Owns the one Dear ImGui context of the process.
  Ui();
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  [[nodiscard]] Fonts& fonts() { return m_fonts; }
  [[nodiscard]] const Fonts& fonts() const { return m_fonts; }

  void begin(Frame frame);
  /// Ends the frame; the data is valid until the next begin().
  const ImDrawData& end();
  /// The typefaces' pixels for Raster; valid until Fonts::build.
  [[nodiscard]] Atlas atlas() const;
  /// What the frame offered; valid until the next begin().
  [[nodiscard]] const Tree& tree() const { return m_tree; }
  [[nodiscard]] std::vector<Target> targets() const;

  [[nodiscard]] const Metrics& metrics() const { return m_frame.metrics; }
  [[nodiscard]] const Theme& theme() const { return m_frame.theme; }
  [[nodiscard]] float px(float design) const { return m_frame.metrics.px(design); }
  [[nodiscard]] float gap(float design) const { return m_frame.metrics.gap(design); }
  [[nodiscard]] float target(float design) const { return m_frame.metrics.target(design); }
  [[nodiscard]] Area screen() const { return {0, 0, m_frame.metrics.width(), m_frame.metrics.height()}; }
  [[nodiscard]] const char* tr(const char* indonesian) const { return m_frame.words->tr(indonesian); }
  [[nodiscard]] bool indonesian() const { return m_frame.words->language() == "id"; }

  // Shapes. Colours may be translucent; radius and width in pixels.
  void fill(const Area& area, Colour colour, float radius = 0);
  /// The stroke lies inside the area.
  void border(const Area& area, Colour colour, float width, float radius = 0);
  void disc(Point centre, float radius, Colour colour);
  /// A part of a circle's line, clockwise from the top; `share` 0..1.
  void arc(Point centre, float radius, float share, float width, Colour colour);
  /// A leaf of the kawung: an ellipse turned by `degrees`.
  void leaf(Point centre, float along, float across, float degrees, Colour colour);
  void leaf_outline(Point centre, float along, float across, float degrees, Colour colour, float width);
  void icon(Point centre, Icon icon, IconSize size, Colour colour);

  // Text. `ground` is what it stands on, for the audit of contrast.
  struct Ink {
    Face face = Face::body;
    Colour colour;
    Colour ground;
    Align align = Align::left;
    float line_height = 1.4F;  ///< of the em
  };
  [[nodiscard]] Ink ink(Face face, Align align = Align::left) const;    ///< on the background
  [[nodiscard]] Ink muted(Face face, Align align = Align::left) const;  ///< on the background
  [[nodiscard]] float line_height(const Ink& ink) const;
  [[nodiscard]] std::vector<std::string_view> lines(Face face, std::string_view text, float width) const;
  [[nodiscard]] float text_height(const Ink& ink, std::string_view text, float width) const;
  /// Draws from the area's top, wrapped to its width; returns the height used. A height of 0 means "as much as it
  /// takes"; else what does not fit is a defect that the audit finds. `key` names it in the tree.
  float text(const Area& area, const Ink& ink, std::string_view text, const char* key = nullptr);
  /// One line, centred in the area's height.
  void line(const Area& area, const Ink& ink, std::string_view text, const char* key = nullptr);
  /// Draws without registering: parts of a widget that registers itself.
  float draw_text(const Area& area, const Ink& ink, std::string_view text);

  // For widgets.
  Node& add(Node node);
  [[nodiscard]] bool pressed(std::string_view key) const { return m_frame.pressed == key; }
  [[nodiscard]] bool focused(std::string_view key) const { return m_frame.focused == key; }
  /// True once, in the frame after the press.
  [[nodiscard]] bool fired(std::string_view key) const { return m_frame.fired == key; }
  void focus_ring(const Area& area, float radius);
  /// A dialog opens: what was drawn before is covered and cannot be pressed.
  void veil();

 private:
  struct ContextEnd {
    void operator()(ImGuiContext* context) const;
  };
  std::unique_ptr<ImGuiContext, ContextEnd> m_context;
  Fonts m_fonts;
  Frame m_frame;
  Tree m_tree;
  ImDrawList* m_list = nullptr;
};

}  // namespace anjungan::ui
