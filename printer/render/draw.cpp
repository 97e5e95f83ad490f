// SPDX-License-Identifier: Apache-2.0
#include "printer/render/draw.h"

#include <pango/pangocairo.h>

#include <cmath>
#include <numbers>

namespace anjungan::render {

using receipt::Shape;
using receipt::ShapeBox;

namespace {

/// A leaf: an ellipse with its long axis turned by `angle`.
void leaf(cairo_t* cairo, double x, double y, double half_length, double half_width, double angle) {
  cairo_save(cairo);
  cairo_translate(cairo, x, y);
  cairo_rotate(cairo, angle);
  cairo_scale(cairo, half_length, half_width);
  cairo_arc(cairo, 0, 0, 1, 0, 2 * std::numbers::pi);
  cairo_restore(cairo);
  cairo_stroke(cairo);
}

/// Four leaves around a centre.
void flower(cairo_t* cairo, double x, double y, double radius, double pen) {
  cairo_set_line_width(cairo, pen);
  const double reach = radius * 0.5;
  for (int turn = 0; turn < 4; turn++) {
    const double angle = std::numbers::pi / 4 + turn * std::numbers::pi / 2;
    leaf(cairo, x + std::cos(angle) * reach * 1.02, y + std::sin(angle) * reach * 1.02, reach * 1.02, reach * 0.55,
         angle);
  }
}

void dial(cairo_t* cairo, const ShapeBox& box) {
  const double radius = box.width / 2.0;
  const double pen = std::max(2.0, radius / 7);
  const double x = box.x + radius;
  const double y = box.y + radius;
  cairo_set_line_width(cairo, pen);
  cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_arc(cairo, x, y, radius - pen / 2, 0, 2 * std::numbers::pi);
  cairo_stroke(cairo);
  if (box.shape == Shape::clock) {
    cairo_move_to(cairo, x, y - radius * 0.5);
    cairo_line_to(cairo, x, y + radius * 0.08);
    cairo_line_to(cairo, x + radius * 0.38, y + radius * 0.08);
  } else {
    cairo_move_to(cairo, x - radius * 0.4, y + radius * 0.02);
    cairo_line_to(cairo, x - radius * 0.1, y + radius * 0.32);
    cairo_line_to(cairo, x + radius * 0.42, y - radius * 0.3);
  }
  cairo_stroke(cairo);
}

void strip(cairo_t* cairo, const ShapeBox& box) {
  const double side = box.height;
  const int count = static_cast<int>(box.width / side);
  const double step = static_cast<double>(box.width) / count;
  for (int i = 0; i < count; i++) flower(cairo, box.x + step * (i + 0.5), box.y + side / 2.0, side / 2.0 * 0.98, 2);
}

}  // namespace

void draw_shapes(cairo_t* cairo, const receipt::Page& page) {
  for (const receipt::Box& any : page.boxes) {
    const auto* box = std::get_if<ShapeBox>(&any);
    if (box == nullptr) continue;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    switch (box->shape) {
      case Shape::bar:
      case Shape::line:
        cairo_rectangle(cairo, box->x, box->y, box->width, box->height);
        cairo_fill(cairo);
        break;
      case Shape::dashes:
        for (int x = 0; x < box->width; x += 12)
          cairo_rectangle(cairo, box->x + x, box->y, std::min(7, box->width - x), box->height);
        cairo_fill(cairo);
        break;
      case Shape::kawung:
        strip(cairo, *box);
        break;
      case Shape::logo:
        flower(cairo, box->x + box->width / 2.0, box->y + box->height / 2.0, box->width / 2.0,
               std::max(3.0, box->width / 11.0));
        break;
      case Shape::clock:
      case Shape::check:
        dial(cairo, *box);
        break;
    }
  }
}

void draw_text(cairo_t* cairo, const receipt::Page& page) {
  for (const receipt::Box& any : page.boxes) {
    const auto* box = std::get_if<receipt::TextBox>(&any);
    if (box == nullptr) continue;
    const double ink = box->white ? 1 : 0;
    cairo_set_source_rgb(cairo, ink, ink, ink);
    cairo_move_to(cairo, box->x, box->y);
    pango_cairo_show_layout(cairo, box->text.get());
  }
}

void draw_qr(cairo_t* cairo, const receipt::Page& page) {
  cairo_set_source_rgb(cairo, 0, 0, 0);
  for (const receipt::Box& any : page.boxes) {
    const auto* box = std::get_if<receipt::QrBox>(&any);
    if (box == nullptr) continue;
    for (int y = 0; y < box->code.size; y++) {
      for (int x = 0; x < box->code.size; x++) {
        if (box->code.at(x, y))
          cairo_rectangle(cairo, box->x + x * box->module, box->y + y * box->module, box->module, box->module);
      }
    }
    cairo_fill(cairo);
  }
}

}  // namespace anjungan::render
