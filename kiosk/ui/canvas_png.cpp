// SPDX-License-Identifier: Apache-2.0
#include <cairo.h>

#include <fmt/format.h>
#include <algorithm>

#include "kiosk/ui/canvas.h"

namespace anjungan::ui {

record::Result<void> Canvas::write_png(const std::string& path) const {
  // Cairo wants to be able to write, and does not while it saves a picture.
  auto* pixels = reinterpret_cast<unsigned char*>(const_cast<std::uint32_t*>(row(0)));
  cairo_surface_t* surface =
      cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24, m_width, m_height, m_width * 4);
  const cairo_status_t status = cairo_surface_write_to_png(surface, path.c_str());
  cairo_surface_destroy(surface);
  if (status == CAIRO_STATUS_SUCCESS) return {};
  return record::fail(record::ErrorKind::io,
                      fmt::format("the picture {} cannot be written: {}", path, cairo_status_to_string(status)));
}

record::Result<void> Canvas::show_png(const std::string& path) {
  cairo_surface_t* picture = cairo_image_surface_create_from_png(path.c_str());
  const int width = cairo_image_surface_get_width(picture);
  const int height = cairo_image_surface_get_height(picture);
  if (cairo_surface_status(picture) != CAIRO_STATUS_SUCCESS || width <= 0 || height <= 0) {
    cairo_surface_destroy(picture);
    return record::fail(record::ErrorKind::corrupt, path + ": is no PNG picture");
  }
  cairo_surface_t* own = cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(row(0)),
                                                             CAIRO_FORMAT_RGB24, m_width, m_height, m_width * 4);
  cairo_t* context = cairo_create(own);
  cairo_set_source_rgb(context, 1, 1, 1);
  cairo_paint(context);
  const double scale = std::min(static_cast<double>(m_width) / width, static_cast<double>(m_height) / height);
  cairo_translate(context, (m_width - width * scale) / 2, 0);
  cairo_scale(context, scale, scale);
  cairo_set_source_surface(context, picture, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BEST);
  cairo_paint(context);
  cairo_destroy(context);
  cairo_surface_destroy(own);
  cairo_surface_destroy(picture);
  return {};
}

}  // namespace anjungan::ui
