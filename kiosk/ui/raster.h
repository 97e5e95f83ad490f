// SPDX-License-Identifier: Apache-2.0
// From Dear ImGui's draw lists to pixels, on the CPU. A pixel belongs to a shape when its centre does (the left and the
// upper edge count); colours and glyphs are interpolated at the centre, so edges are as smooth as ImGui's own geometry
// makes them. All arithmetic after the reading of a vertex is in whole numbers of 1/256 pixel: the same picture to the
// bit on every machine, compiler and run.
//
// Only what has changed is drawn: everything that touches a cell of 64 x 64 pixels is hashed, and a cell with the same
// hash as in the frame before keeps its pixels. The result is the same as that of a whole redraw.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "kiosk/ui/canvas.h"

namespace anjungan::ui {

/// The font atlas: one byte a pixel, how much of the colour shows; borrowed while a frame is drawn. Between its pixels
/// it is interpolated.
struct Atlas {
  const std::uint8_t* alpha = nullptr;
  int width = 0;
  int height = 0;
  ImVec2 white_uv;  ///< where shapes without a glyph point: ImFontAtlas::TexUvWhitePixel
};

/// One thread. Nothing can fail: what cannot be drawn (a vertex that is no number or does not exist, an area of zero)
/// is left out, a coordinate beyond 16384 pixels is moved there.
class Raster {
 public:
  /// The most triangles (a rectangle or a glyph is one) of a frame; what lies on top of them is left out.
  static constexpr std::size_t k_most_shapes = 65'536;

  /// Draws into `canvas`, which lives longer and is changed by nobody else.
  explicit Raster(Canvas& canvas);

  /// Draws what differs from the frame before and returns where that is: rectangles that do not overlap, none for the
  /// same frame. `clear` (0xRRGGBB) is what lies behind everything. The picture's origin is (0, 0); user callbacks and
  /// textures are not looked at: all glyphs are in the atlas.
  std::vector<Rect> draw(const ImDrawData& data, const Atlas& atlas, std::uint32_t clear);

  /// The next frame is drawn whole. To be called when the atlas has other pixels than before.
  void invalidate() { m_fresh = true; }

 private:
  enum class Kind : std::uint8_t { block, rectangle, glyph, triangle };
  struct Shape {
    const ImDrawVert* corners[3];           ///< of all but a triangle: upper left, lower right
    std::int16_t left, top, right, bottom;  ///< pixels that it may touch
    Kind kind;
  };

  void collect(const ImDrawList& list, const Atlas& atlas);
  void collect(const ImDrawList& list, const ImDrawCmd& command, const Atlas& atlas);
  void add(Kind kind, const ImDrawVert* a, const ImDrawVert* b, const ImDrawVert* c, const Rect& clip);
  void mark(std::uint32_t index);
  [[nodiscard]] std::vector<Rect> changed_bands() const;
  void paint(const Rect& band, const Atlas& atlas, std::uint32_t clear);
  void paint(const Shape& shape, const Rect& clip, const Atlas& atlas);

  Canvas& m_canvas;
  int m_columns;
  int m_rows;
  bool m_fresh = true;
  std::vector<Shape> m_shapes;
  std::vector<std::uint64_t> m_cells;                ///< hash of what touches each cell in this frame
  std::vector<std::uint64_t> m_shown;                ///< and in the picture
  std::vector<std::vector<std::uint32_t>> m_in_row;  ///< the shapes that touch a row of cells
};

}  // namespace anjungan::ui
