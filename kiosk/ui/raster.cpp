// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/raster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "kiosk/ui/fill.h"

namespace anjungan::ui {
namespace {

constexpr int k_cell = 64;
constexpr float k_farthest = static_cast<float>(fill::k_farthest) / fill::k_one;

std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 32);
}

/// `value` (a number) times `scale`, in 1/256, to the nearest. The sum is exact and positive, so that cutting rounds
/// it.
std::int32_t fixed(float value, float scale, float least, float most) {
  const double shifted =
      static_cast<double>(std::clamp(value * scale, least, most)) * fill::k_one + fill::k_farthest + 0.5;
  return static_cast<std::int32_t>(shifted) - fill::k_farthest;
}

std::int32_t fixed(float coordinate) { return fixed(coordinate, 1, -k_farthest, k_farthest); }

bool usable(const ImDrawVert& vertex) {
  return !std::isnan(vertex.pos.x) && !std::isnan(vertex.pos.y) && !std::isnan(vertex.uv.x) && !std::isnan(vertex.uv.y);
}

/// Both numbers' bits.
std::uint64_t word(const ImVec2& both) {
  static_assert(sizeof(both) == sizeof(std::uint64_t));
  std::uint64_t bits = 0;
  std::memcpy(&bits, &both, sizeof(bits));
  return bits;
}

bool same(const ImVec2& a, const ImVec2& b) { return a.x == b.x && a.y == b.y; }

std::uint32_t argb(ImU32 colour) {
  const auto byte = [colour](int shift) { return colour >> shift & 255U; };
  return byte(IM_COL32_A_SHIFT) << 24 | byte(IM_COL32_R_SHIFT) << 16 | byte(IM_COL32_G_SHIFT) << 8 |
         byte(IM_COL32_B_SHIFT);
}

fill::Corner corner(const ImDrawVert& vertex, const Atlas& atlas) {
  const auto width = static_cast<float>(atlas.width);
  const auto height = static_cast<float>(atlas.height);
  return {fixed(vertex.pos.x), fixed(vertex.pos.y), fixed(vertex.uv.x, width, 0, width),
          fixed(vertex.uv.y, height, 0, height), argb(vertex.col)};
}

Rect clip_of(const ImDrawCmd& command, const Rect& whole) {
  const ImVec4& clip = command.ClipRect;
  if (std::isnan(clip.x) || std::isnan(clip.y) || std::isnan(clip.z) || std::isnan(clip.w)) return {};
  const int left = fill::first_pixel(fixed(clip.x));
  const int top = fill::first_pixel(fixed(clip.y));
  return intersection(whole,
                      {left, top, fill::first_pixel(fixed(clip.z)) - left, fill::first_pixel(fixed(clip.w)) - top});
}

/// Two triangles of one colour that make up an upright rectangle: a and c are the upper left and the lower right.
bool is_upright(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c, const ImDrawVert& d) {
  return a.pos.y == b.pos.y && b.pos.x == c.pos.x && c.pos.y == d.pos.y && d.pos.x == a.pos.x && a.pos.x < c.pos.x &&
         a.pos.y < c.pos.y && a.col == b.col && a.col == c.col && a.col == d.col;
}

bool has_upright_glyph(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c, const ImDrawVert& d) {
  return a.uv.y == b.uv.y && b.uv.x == c.uv.x && c.uv.y == d.uv.y && d.uv.x == a.uv.x;
}

}  // namespace

Raster::Raster(Canvas& canvas)
    : m_canvas(canvas),
      m_columns((canvas.width() + k_cell - 1) / k_cell),
      m_rows((canvas.height() + k_cell - 1) / k_cell),
      m_cells(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows)),
      m_shown(m_cells.size()),
      m_in_row(static_cast<std::size_t>(m_rows)) {}

std::vector<Rect> Raster::draw(const ImDrawData& data, const Atlas& atlas, std::uint32_t clear) {
  clear |= 0xff000000U;
  ANJUNGAN_CHECK(atlas.width >= 0 && atlas.width <= fill::k_largest_texture);
  ANJUNGAN_CHECK(atlas.height >= 0 && atlas.height <= fill::k_largest_texture);
  std::uint64_t background = mixed(clear, reinterpret_cast<std::uintptr_t>(atlas.alpha));
  background =
      mixed(background, static_cast<std::uint64_t>(atlas.width) << 32 | static_cast<std::uint32_t>(atlas.height));
  background = mixed(background, word(atlas.white_uv));
  std::fill(m_cells.begin(), m_cells.end(), background);
  m_shapes.clear();
  for (auto& row : m_in_row) row.clear();
  for (int i = 0; i < data.CmdListsCount; i++) collect(*data.CmdLists[i], atlas);

  // Bands of a cell's height stay in the processor's cache while layer comes upon layer.
  std::vector<Rect> redrawn;
  for (const Rect& band : changed_bands()) {
    paint(band, atlas, clear);
    const auto above = std::find_if(redrawn.begin(), redrawn.end(), [&](const Rect& rect) {
      return rect.x == band.x && rect.width == band.width && rect.bottom() == band.y;
    });
    if (above != redrawn.end()) {
      above->height += band.height;
    } else {
      redrawn.push_back(band);
    }
  }
  m_shown.swap(m_cells);
  m_fresh = false;
  return redrawn;
}

void Raster::collect(const ImDrawList& list, const Atlas& atlas) {
  for (const ImDrawCmd& command : list.CmdBuffer) {
    if (command.UserCallback == nullptr) collect(list, command, atlas);
  }
}

void Raster::collect(const ImDrawList& list, const ImDrawCmd& command, const Atlas& atlas) {
  const Rect clip = clip_of(command, m_canvas.whole());
  const auto vertices = static_cast<unsigned>(list.VtxBuffer.Size);
  const auto indices = static_cast<unsigned>(list.IdxBuffer.Size);
  if (clip.empty() || command.VtxOffset >= vertices || command.IdxOffset >= indices) return;
  const ImDrawVert* vertex = list.VtxBuffer.Data + command.VtxOffset;
  const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
  const unsigned most = vertices - command.VtxOffset;
  const unsigned count = std::min(command.ElemCount, indices - command.IdxOffset);
  const auto at = [&](unsigned i) { return index[i] < most && usable(vertex[index[i]]) ? vertex + index[i] : nullptr; };
  const auto white = [&](const ImDrawVert& one) { return same(one.uv, atlas.white_uv); };

  for (unsigned i = 0; i + 3 <= count && m_shapes.size() < k_most_shapes; i += 3) {
    const ImDrawVert* a = at(i);
    const ImDrawVert* b = at(i + 1);
    const ImDrawVert* c = at(i + 2);
    if (a == nullptr || b == nullptr || c == nullptr) continue;
    const bool pair = i + 6 <= count && index[i + 3] == index[i] && index[i + 4] == index[i + 2];
    const ImDrawVert* d = pair ? at(i + 5) : nullptr;
    if (d != nullptr && is_upright(*a, *b, *c, *d)) {
      const bool plain = white(*a) && white(*b) && white(*c) && white(*d);
      if (plain || has_upright_glyph(*a, *b, *c, *d)) {
        const bool opaque = argb(a->col) >> 24 == 255;
        add(!plain ? Kind::glyph : opaque ? Kind::block : Kind::rectangle, a, c, c, clip);
        i += 3;
        continue;
      }
    }
    add(Kind::triangle, a, b, c, clip);
  }
}

void Raster::add(Kind kind, const ImDrawVert* a, const ImDrawVert* b, const ImDrawVert* c, const Rect& clip) {
  const auto [left, right] = std::minmax({fixed(a->pos.x), fixed(b->pos.x), fixed(c->pos.x)});
  const auto [top, bottom] = std::minmax({fixed(a->pos.y), fixed(b->pos.y), fixed(c->pos.y)});
  const int x = fill::first_pixel(left);
  const int y = fill::first_pixel(top);
  const Rect box = intersection(clip, {x, y, fill::first_pixel(right) - x, fill::first_pixel(bottom) - y});
  if (box.empty()) return;
  m_shapes.push_back({{a, b, c},
                      static_cast<std::int16_t>(box.x),
                      static_cast<std::int16_t>(box.y),
                      static_cast<std::int16_t>(box.right()),
                      static_cast<std::int16_t>(box.bottom()),
                      kind});
  mark(static_cast<std::uint32_t>(m_shapes.size() - 1));
}

void Raster::mark(std::uint32_t index) {
  const Shape& shape = m_shapes[index];
  auto hash = static_cast<std::uint64_t>(shape.kind);
  for (const std::int16_t edge : {shape.left, shape.top, shape.right, shape.bottom}) {
    hash = hash << 15 | static_cast<std::uint64_t>(edge);
  }
  for (const ImDrawVert* vertex : shape.corners) {
    hash = mixed(hash, word(vertex->pos) + word(vertex->uv) * 0xc2b2ae3d27d4eb4fU + vertex->col * 0x165667b19e3779f9U);
  }
  const int last_column = (shape.right - 1) / k_cell;
  const int last_row = (shape.bottom - 1) / k_cell;
  for (int row = shape.top / k_cell; row <= last_row; row++) {
    m_in_row[static_cast<std::size_t>(row)].push_back(index);
    std::uint64_t* cells = m_cells.data() + static_cast<std::ptrdiff_t>(row) * m_columns;
    for (int column = shape.left / k_cell; column <= last_column; column++) cells[column] = mixed(cells[column], hash);
  }
}

std::vector<Rect> Raster::changed_bands() const {
  std::vector<Rect> bands;
  for (int row = 0; row < m_rows; row++) {
    const std::size_t first = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_columns);
    const auto changed = [&](int column) {
      const std::size_t cell = first + static_cast<std::size_t>(column);
      return m_fresh || m_cells[cell] != m_shown[cell];
    };
    for (int column = 0; column < m_columns; column++) {
      if (!changed(column)) continue;
      const int from = column;
      while (column < m_columns && changed(column)) column++;
      bands.push_back(intersection(m_canvas.whole(), {from * k_cell, row * k_cell, (column - from) * k_cell, k_cell}));
    }
  }
  return bands;
}

void Raster::paint(const Rect& band, const Atlas& atlas, std::uint32_t clear) {
  const auto covers = [&](const Shape& shape) {
    return shape.kind == Kind::block && shape.left <= band.x && shape.top <= band.y && shape.right >= band.right() &&
           shape.bottom >= band.bottom();
  };
  // What lies under the last thing that hides the whole band need not be drawn.
  const std::vector<std::uint32_t>& here = m_in_row[static_cast<std::size_t>(band.y / k_cell)];
  auto next = here.end();
  while (next != here.begin() && !covers(m_shapes[*(next - 1)])) --next;
  if (next != here.begin()) {
    --next;
  } else {
    for (int y = band.y; y < band.bottom(); y++) {
      std::fill_n(m_canvas.row(y) + band.x, band.width, clear);
    }
  }

  for (; next != here.end(); ++next) {
    const Shape& shape = m_shapes[*next];
    const Rect clip = intersection(band, {shape.left, shape.top, shape.right - shape.left, shape.bottom - shape.top});
    if (!clip.empty()) paint(shape, clip, atlas);
  }
}

void Raster::paint(const Shape& shape, const Rect& clip, const Atlas& atlas) {
  const fill::Texture texture{atlas.alpha, atlas.width, atlas.height};
  const bool has_texture = atlas.alpha != nullptr && atlas.width > 0 && atlas.height > 0;
  const ImDrawVert& a = *shape.corners[0];
  const ImDrawVert& b = *shape.corners[1];
  const ImDrawVert& c = *shape.corners[2];
  switch (shape.kind) {
    case Kind::block:
    case Kind::rectangle:
      fill::rectangle(m_canvas, clip, corner(a, atlas), corner(c, atlas));
      break;
    case Kind::glyph:
      if (has_texture) fill::glyph(m_canvas, clip, corner(a, atlas), corner(c, atlas), texture);
      break;
    case Kind::triangle: {
      const bool plain = same(a.uv, atlas.white_uv) && same(b.uv, atlas.white_uv) && same(c.uv, atlas.white_uv);
      if (!plain && !has_texture) break;
      fill::triangle(m_canvas, clip, corner(a, atlas), corner(b, atlas), corner(c, atlas), plain ? nullptr : &texture);
      break;
    }
  }
}

}  // namespace anjungan::ui
