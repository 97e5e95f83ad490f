// SPDX-License-Identifier: Apache-2.0
// PNG and PDF by Cairo.
#include <cairo-pdf.h>
#include <cairo.h>

#include "printer/render/draw.h"
#include "printer/render/render.h"

namespace anjungan::render {
namespace {

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  auto* out = static_cast<Bytes*>(closure);
  out->insert(out->end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

constexpr double k_points_per_inch = 72;

}  // namespace

namespace {

/// The caller destroys it.
cairo_surface_t* picture_of(const Bitmap& bitmap, int border) {
  cairo_surface_t* surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, bitmap.width + 2 * border, bitmap.height + 2 * border);
  auto* pixels = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < bitmap.height + 2 * border; y++) {
    auto* row = reinterpret_cast<std::uint32_t*>(pixels + static_cast<std::ptrdiff_t>(y) * stride);
    const bool inside = y >= border && y < border + bitmap.height;
    for (int x = 0; x < bitmap.width + 2 * border; x++) {
      const bool ink = inside && x >= border && x < border + bitmap.width && bitmap.black(x - border, y - border);
      row[x] = ink ? 0x000000U : 0xffffffU;
    }
  }
  cairo_surface_mark_dirty(surface);
  return surface;
}

}  // namespace

Bytes to_png(const Bitmap& bitmap, int border) {
  cairo_surface_t* surface = picture_of(bitmap, border);
  Bytes out;
  cairo_surface_write_to_png_stream(surface, append, &out);
  cairo_surface_destroy(surface);
  return out;
}

Bytes to_pdf(const Bitmap& bitmap, int dpi) {
  Bytes out;
  const double points = k_points_per_inch / dpi;
  cairo_surface_t* picture = picture_of(bitmap, 0);
  cairo_surface_t* surface =
      cairo_pdf_surface_create_for_stream(append, &out, bitmap.width * points, bitmap.height * points);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Anjungan");
  cairo_t* cairo = cairo_create(surface);
  cairo_scale(cairo, points, points);
  cairo_set_source_surface(cairo, picture, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST);
  cairo_paint(cairo);
  cairo_show_page(cairo);
  cairo_destroy(cairo);
  cairo_surface_destroy(picture);
  cairo_surface_finish(surface);
  cairo_surface_destroy(surface);
  return out;
}

Bytes to_pdf(const receipt::Page& page) {
  // The printer's own characters are dots.
  if (page.medium.columns > 0) return to_pdf(to_bitmap(page), page.medium.dpi);
  Bytes out;
  const double points = k_points_per_inch / page.medium.dpi;
  cairo_surface_t* surface =
      cairo_pdf_surface_create_for_stream(append, &out, page.width * points, page.height * points);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Anjungan");
  cairo_t* cairo = cairo_create(surface);
  cairo_scale(cairo, points, points);
  draw_shapes(cairo, page);
  draw_qr(cairo, page);
  draw_text(cairo, page);
  cairo_show_page(cairo);
  cairo_destroy(cairo);
  cairo_surface_finish(surface);
  cairo_surface_destroy(surface);
  return out;
}

}  // namespace anjungan::render
