// SPDX-License-Identifier: Apache-2.0
#include "printer/render/ornament.h"

#include <map>
#include <memory>
#include <tuple>

#include "printer/render/draw.h"

namespace anjungan::render {

using receipt::Shape;
using receipt::ShapeBox;

namespace {

constexpr int k_border = 4;  // pens reach beyond the box
constexpr std::size_t k_most_masks = 16;

struct DestroySurface {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
using Mask = std::unique_ptr<cairo_surface_t, DestroySurface>;

Mask make_mask(const ShapeBox& box) {
  Mask out(cairo_image_surface_create(CAIRO_FORMAT_A8, box.width + 2 * k_border, box.height + 2 * k_border));
  cairo_t* cairo = cairo_create(out.get());
  receipt::Page page;
  page.boxes.emplace_back(ShapeBox{box.shape, k_border, k_border, box.width, box.height});
  draw_shapes(cairo, page);
  cairo_destroy(cairo);
  return out;
}

cairo_surface_t* mask_of(const ShapeBox& box) {
  thread_local std::map<std::tuple<Shape, int, int>, Mask> masks;
  const std::tuple key{box.shape, box.width, box.height};
  auto found = masks.find(key);
  if (found == masks.end()) {
    if (masks.size() >= k_most_masks) masks.clear();
    found = masks.emplace(key, make_mask(box)).first;
  }
  return found->second.get();
}

}  // namespace

void stamp_shapes(cairo_t* cairo, const receipt::Page& page) {
  receipt::Page plain;
  cairo_set_source_rgb(cairo, 0, 0, 0);
  for (const receipt::Box& any : page.boxes) {
    const auto* box = std::get_if<ShapeBox>(&any);
    if (box == nullptr) continue;
    if (box->shape == Shape::bar || box->shape == Shape::line || box->shape == Shape::dashes) {
      plain.boxes.emplace_back(*box);
    } else {
      cairo_mask_surface(cairo, mask_of(*box), box->x - k_border, box->y - k_border);
    }
  }
  draw_shapes(cairo, plain);
}

}  // namespace anjungan::render
