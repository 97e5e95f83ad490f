// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/fill.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace anjungan::ui::fill {
namespace {

constexpr std::uint32_t k_opaque = 0xff000000U;

std::uint32_t alpha_of(std::uint32_t colour) { return colour >> 24; }

/// a * b / 255 to the nearest, of bytes.
std::uint32_t scaled(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t product = a * b + 128;
  return (product + (product >> 8)) >> 8;
}

/// `colour` over an opaque pixel, each channel to the nearest; red and blue at once.
std::uint32_t over(std::uint32_t below, std::uint32_t colour, std::uint32_t alpha) {
  const std::uint32_t rest = 255 - alpha;
  std::uint32_t two = (colour & 0xff00ffU) * alpha + (below & 0xff00ffU) * rest + 0x800080U;
  two = ((two + ((two >> 8) & 0xff00ffU)) >> 8) & 0xff00ffU;
  const std::uint32_t green = (colour >> 8 & 255U) * alpha + (below >> 8 & 255U) * rest + 128;
  return k_opaque | two | ((green + (green >> 8)) & 0xff00U);
}

void put(std::uint32_t& pixel, std::uint32_t colour, std::uint32_t alpha) {
  if (alpha == 255) {
    pixel = k_opaque | colour;
  } else if (alpha != 0) {
    pixel = over(pixel, colour, alpha);
  }
}

std::int64_t floor_quotient(std::int64_t number, std::int64_t divisor) {
  if (number == 0) return 0;  // upright edges and even colours, which are most: dividing is slow
  return number / divisor - (number % divisor < 0 ? 1 : 0);
}

/// floor((start + n * step) / divisor) for n = 0, 1, 2...: exact, and one division for the whole walk.
class Stair {
 public:
  Stair(std::int64_t start, std::int64_t step, std::int64_t divisor)
      : m_whole_step(floor_quotient(step, divisor)), m_part_step(step - m_whole_step * divisor), m_divisor(divisor) {
    restart(start);
  }

  void restart(std::int64_t start) {
    m_value = floor_quotient(start, m_divisor);
    m_part = start - m_value * m_divisor;
  }
  [[nodiscard]] std::int64_t value() const { return m_value; }
  void next() {
    m_value += m_whole_step;
    m_part += m_part_step;
    if (m_part >= m_divisor) {
      m_part -= m_divisor;
      m_value++;
    }
  }

 private:
  std::int64_t m_whole_step;
  std::int64_t m_part_step;
  std::int64_t m_divisor;
  std::int64_t m_value = 0;
  std::int64_t m_part = 0;
};

/// What the texture shows at a point between its pixels; beyond its edge the edge goes on.
std::uint32_t sample(const Texture& texture, std::int64_t u, std::int64_t v) {
  const std::int64_t left = (u - k_one / 2) >> 8;
  const std::int64_t top = (v - k_one / 2) >> 8;
  const auto across = static_cast<std::uint32_t>((u - k_one / 2) & 255);
  const auto along = static_cast<std::uint32_t>((v - k_one / 2) & 255);
  const auto column = [&](std::int64_t x) { return std::clamp<std::int64_t>(x, 0, texture.width - 1); };
  const auto line = [&](std::int64_t y) {
    return texture.alpha + std::clamp<std::int64_t>(y, 0, texture.height - 1) * texture.width;
  };
  const std::uint8_t* upper = line(top);
  const std::uint8_t* lower = line(top + 1);
  const std::int64_t x0 = column(left);
  const std::int64_t x1 = column(left + 1);
  const std::uint32_t above = upper[x0] * (256U - across) + upper[x1] * across;
  const std::uint32_t under = lower[x0] * (256U - across) + lower[x1] * across;
  return (above * (256U - along) + under * along + 0x8000U) >> 16;
}

/// From edge to edge of a triangle, row by row: the first pixel whose centre is at or right of the edge.
class Edge {
 public:
  Edge(const Corner& upper, const Corner& lower, int row)
      : m_stair(start(upper, lower, row), std::int64_t{k_one} * (lower.x - upper.x), divisor(upper, lower)) {}

  [[nodiscard]] int pixel() const { return static_cast<int>(m_stair.value()); }
  void next() { m_stair.next(); }

 private:
  static std::int64_t divisor(const Corner& upper, const Corner& lower) {
    return std::int64_t{k_one} * std::max(1, lower.y - upper.y);
  }
  static std::int64_t start(const Corner& upper, const Corner& lower, int row) {
    const std::int64_t height = std::max(1, lower.y - upper.y);
    const std::int64_t down = std::int64_t{row} * k_one + k_one / 2 - upper.y;
    const std::int64_t crossing = (upper.x - k_one / 2) * height + down * (lower.x - upper.x);
    return crossing + divisor(upper, lower) - 1;  // rounded up
  }

  Stair m_stair;
};

/// A property that is given at three corners and is linear between them.
class Plane {
 public:
  Plane(const Corner& a, const Corner& b, const Corner& c, std::int64_t area, std::int64_t of_a, std::int64_t of_b,
        std::int64_t of_c)
      : m_x(a.x),
        m_y(a.y),
        m_across((of_b - of_a) * (c.y - a.y) - (of_c - of_a) * (b.y - a.y)),
        m_along((of_c - of_a) * (b.x - a.x) - (of_b - of_a) * (c.x - a.x)),
        m_base(area / 2),
        m_first(of_a),
        m_even(of_a == of_b && of_a == of_c),
        m_stair(0, m_across * k_one, area) {}

  void start(int x, int y) {
    if (m_even) return;
    const std::int64_t right = std::int64_t{x} * k_one + k_one / 2 - m_x;
    const std::int64_t down = std::int64_t{y} * k_one + k_one / 2 - m_y;
    m_stair.restart(m_base + m_across * right + m_along * down);
  }
  [[nodiscard]] std::int64_t value() const { return m_first + m_stair.value(); }
  [[nodiscard]] std::uint32_t byte() const { return static_cast<std::uint32_t>(value()) & 255U; }
  void next() {
    if (!m_even) m_stair.next();
  }

 private:
  std::int64_t m_x;
  std::int64_t m_y;
  std::int64_t m_across;
  std::int64_t m_along;
  std::int64_t m_base;
  std::int64_t m_first;
  bool m_even;
  Stair m_stair;  ///< what is added to the first corner's
};

/// The rows and spans of a triangle, inside the clip.
template <class Span>
void walk(const Rect& clip, const Corner& a, const Corner& b, const Corner& c, const Span& span) {
  const Corner* upper = &a;
  const Corner* middle = &b;
  const Corner* lower = &c;
  if (middle->y < upper->y) std::swap(upper, middle);
  if (lower->y < upper->y) std::swap(upper, lower);
  if (lower->y < middle->y) std::swap(middle, lower);
  const std::int64_t turn = std::int64_t{middle->x - upper->x} * (lower->y - upper->y) -
                            std::int64_t{middle->y - upper->y} * (lower->x - upper->x);
  const bool middle_is_right = turn > 0;
  const int from = std::max(clip.y, first_pixel(upper->y));
  const int to = std::min(clip.bottom(), first_pixel(lower->y));
  if (from >= to) return;
  const int bend = first_pixel(middle->y);
  Edge straight(*upper, *lower, from);
  Edge bent = from < bend ? Edge(*upper, *middle, from) : Edge(*middle, *lower, from);
  for (int y = from; y < to; y++) {
    if (y == bend) bent = Edge(*middle, *lower, y);
    const int left = std::max(clip.x, middle_is_right ? straight.pixel() : bent.pixel());
    const int right = std::min(clip.right(), middle_is_right ? bent.pixel() : straight.pixel());
    if (left < right) span(y, left, right);
    straight.next();
    bent.next();
  }
}

void blend_row(std::uint32_t* row, int left, int right, std::uint32_t colour) {
  const std::uint32_t alpha = alpha_of(colour);
  if (alpha == 255) {
    std::fill(row + left, row + right, colour);
  } else {
    for (int x = left; x < right; x++) row[x] = over(row[x], colour, alpha);
  }
}

std::int64_t twice_area(const Corner& a, const Corner& b, const Corner& c) {
  return std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{b.y - a.y} * (c.x - a.x);
}

/// Red, green, blue and alpha between three corners.
class Shade {
 public:
  Shade(const Corner& a, const Corner& b, const Corner& c, std::int64_t area)
      : m_red(plane(a, b, c, area, 16)),
        m_green(plane(a, b, c, area, 8)),
        m_blue(plane(a, b, c, area, 0)),
        m_alpha(plane(a, b, c, area, 24)) {}

  void start(int x, int y) {
    m_red.start(x, y);
    m_green.start(x, y);
    m_blue.start(x, y);
    m_alpha.start(x, y);
  }
  [[nodiscard]] std::uint32_t colour() const { return m_red.byte() << 16 | m_green.byte() << 8 | m_blue.byte(); }
  [[nodiscard]] std::uint32_t alpha() const { return m_alpha.byte(); }
  void next() {
    m_red.next();
    m_green.next();
    m_blue.next();
    m_alpha.next();
  }

 private:
  static Plane plane(const Corner& a, const Corner& b, const Corner& c, std::int64_t area, int shift) {
    const auto byte = [shift](const Corner& corner) { return std::int64_t{corner.colour >> shift & 255U}; };
    return {a, b, c, area, byte(a), byte(b), byte(c)};
  }

  Plane m_red;
  Plane m_green;
  Plane m_blue;
  Plane m_alpha;
};

void textured(Canvas& canvas, const Rect& clip, const Corner& a, const Corner& b, const Corner& c, std::int64_t area,
              const Texture& texture) {
  const auto [least_u, most_u] = std::minmax({a.u, b.u, c.u});
  const auto [least_v, most_v] = std::minmax({a.v, b.v, c.v});
  const auto [left_x, right_x] = std::minmax({a.x, b.x, c.x});
  const auto [top_y, bottom_y] = std::minmax({a.y, b.y, c.y});
  const std::int64_t range = std::max(most_u - least_u, most_v - least_v) + 1;
  // Far larger than any screen, with a large part of the texture: no glyph and no line, and too much for the planes.
  if (std::int64_t{right_x - left_x} * (bottom_y - top_y) > std::numeric_limits<std::int64_t>::max() / 8 / range)
    return;
  Plane u(a, b, c, area, a.u - least_u, b.u - least_u, c.u - least_u);
  Plane v(a, b, c, area, a.v - least_v, b.v - least_v, c.v - least_v);
  Shade shade(a, b, c, area);
  walk(clip, a, b, c, [&, u0 = least_u, v0 = least_v](int y, int left, int right) {
    std::uint32_t* row = canvas.row(y);
    u.start(left, y);
    v.start(left, y);
    shade.start(left, y);
    for (int x = left; x < right; x++) {
      put(row[x], shade.colour(), scaled(sample(texture, u0 + u.value(), v0 + v.value()), shade.alpha()));
      u.next();
      v.next();
      shade.next();
    }
  });
}

}  // namespace

void rectangle(Canvas& canvas, const Rect& clip, const Corner& from, const Corner& to) {
  const int left = std::max(clip.x, first_pixel(from.x));
  const int right = std::min(clip.right(), first_pixel(to.x));
  const int top = std::max(clip.y, first_pixel(from.y));
  const int bottom = std::min(clip.bottom(), first_pixel(to.y));
  if (left >= right || top >= bottom || alpha_of(from.colour) == 0) return;
  if (alpha_of(from.colour) < 255) {
    for (int y = top; y < bottom; y++) blend_row(canvas.row(y), left, right, from.colour);
    return;
  }
  const std::uint32_t* first = canvas.row(top) + left;
  blend_row(canvas.row(top), left, right, from.colour);
  const std::size_t bytes = static_cast<std::size_t>(right - left) * sizeof(std::uint32_t);
  for (int y = top + 1; y < bottom; y++) std::memcpy(canvas.row(y) + left, first, bytes);
}

void glyph(Canvas& canvas, const Rect& clip, const Corner& from, const Corner& to, const Texture& texture) {
  const int left = std::max(clip.x, first_pixel(from.x));
  const int right = std::min(clip.right(), first_pixel(to.x));
  const int top = std::max(clip.y, first_pixel(from.y));
  const int bottom = std::min(clip.bottom(), first_pixel(to.y));
  const std::uint32_t alpha = alpha_of(from.colour);
  const std::uint32_t colour = from.colour & 0xffffffU;
  if (left >= right || top >= bottom || alpha == 0) return;

  const std::int64_t width = to.x - from.x;
  const std::int64_t height = to.y - from.y;
  const auto walk_from = [](int pixel, std::int32_t at, std::int32_t begin, std::int32_t end, std::int64_t length) {
    const std::int64_t in = std::int64_t{pixel} * k_one + k_one / 2 - at;
    return Stair(begin * length + in * (end - begin) + length / 2, std::int64_t{k_one} * (end - begin), length);
  };
  Stair u = walk_from(left, from.x, from.u, to.u, width);
  Stair v = walk_from(top, from.y, from.v, to.v, height);
  // The usual text: pixel on pixel, and all of it in the texture.
  const bool same_size = to.u - from.u == width && to.v - from.v == height;
  const std::int64_t first_u = u.value() >> 8;
  const std::int64_t first_v = v.value() >> 8;
  const bool aligned = (u.value() - k_one / 2) % k_one == 0 && (v.value() - k_one / 2) % k_one == 0;
  const bool inside = first_u >= 0 && first_v >= 0 && first_u + right - left <= texture.width &&
                      first_v + bottom - top <= texture.height;
  if (same_size && aligned && inside) {
    for (int y = top; y < bottom; y++) {
      std::uint32_t* row = canvas.row(y) + left;
      const std::uint8_t* texel = texture.alpha + (first_v + y - top) * texture.width + first_u;
      for (int x = 0; x < right - left; x++) {
        if (texel[x] != 0) put(row[x], colour, scaled(texel[x], alpha));
      }
    }
    return;
  }
  const Stair start = u;
  for (int y = top; y < bottom; y++) {
    std::uint32_t* row = canvas.row(y);
    u = start;
    for (int x = left; x < right; x++) {
      put(row[x], colour, scaled(sample(texture, u.value(), v.value()), alpha));
      u.next();
    }
    v.next();
  }
}

void triangle(Canvas& canvas, const Rect& clip, const Corner& a, const Corner& b, const Corner& c,
              const Texture* texture) {
  const std::int64_t area = twice_area(a, b, c);
  if (area == 0) return;
  if (area < 0) {
    triangle(canvas, clip, a, c, b, texture);
    return;
  }
  if (texture != nullptr) {
    textured(canvas, clip, a, b, c, area, *texture);
  } else if (a.colour == b.colour && b.colour == c.colour) {
    if (alpha_of(a.colour) == 0) return;
    walk(clip, a, b, c, [&](int y, int left, int right) { blend_row(canvas.row(y), left, right, a.colour); });
  } else if (((a.colour ^ b.colour) & 0xffffffU) == 0 && ((a.colour ^ c.colour) & 0xffffffU) == 0) {
    // The soft edge that ImGui puts around its shapes.
    Plane alpha(a, b, c, area, alpha_of(a.colour), alpha_of(b.colour), alpha_of(c.colour));
    walk(clip, a, b, c, [&](int y, int left, int right) {
      std::uint32_t* row = canvas.row(y);
      alpha.start(left, y);
      for (int x = left; x < right; x++, alpha.next()) put(row[x], a.colour, alpha.byte());
    });
  } else {
    Shade shade(a, b, c, area);
    walk(clip, a, b, c, [&](int y, int left, int right) {
      std::uint32_t* row = canvas.row(y);
      shade.start(left, y);
      for (int x = left; x < right; x++, shade.next()) put(row[x], shade.colour(), shade.alpha());
    });
  }
}

}  // namespace anjungan::ui::fill
