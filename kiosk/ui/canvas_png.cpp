// SPDX-License-Identifier: Apache-2.0
#include <cairo.h>
#include <fmt/format.h>

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

}  // namespace anjungan::ui
