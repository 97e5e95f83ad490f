// SPDX-License-Identifier: Apache-2.0
// PWG 5102.4 (PWG Raster Format), one page of black_1: what driverless printers take as it is.
#include <algorithm>
#include <string_view>

#include "printer/render/render.h"

namespace anjungan::render {
namespace {

constexpr std::size_t k_header_bytes = 1796;
constexpr std::uint32_t k_device_black = 3;
constexpr int k_most_lines = 256;             // of one repeat count
constexpr std::ptrdiff_t k_most_bytes = 128;  // of one run

// Where the header has its fields; all others are zero.
enum Field : std::size_t {
  k_media_class = 0,
  k_resolution = 276,  // two
  k_copies = 340,
  k_page_size = 352,  // two, in points
  k_width = 372,
  k_height = 376,
  k_bits_per_color = 384,
  k_bits_per_pixel = 388,
  k_bytes_per_line = 392,
  k_color_space = 400,
  k_colors = 420,
  k_total_pages = 452,
  k_cross_feed = 456,
  k_feed = 460,
};

void set(Bytes& header, std::size_t at, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) header[at++] = static_cast<std::uint8_t>(value >> shift);
}

Bytes header_of(const Bitmap& bitmap, int dpi) {
  Bytes out(k_header_bytes, 0);
  constexpr std::string_view k_class = "PwgRaster";
  std::copy(k_class.begin(), k_class.end(), out.begin() + k_media_class);
  const auto number = [&](std::size_t at, int value) { set(out, at, static_cast<std::uint32_t>(value)); };
  const auto points = [dpi](int dots) { return (dots * 72 + dpi / 2) / dpi; };
  number(k_resolution, dpi);
  number(k_resolution + 4, dpi);
  number(k_copies, 1);
  number(k_page_size, points(bitmap.width));
  number(k_page_size + 4, points(bitmap.height));
  number(k_width, bitmap.width);
  number(k_height, bitmap.height);
  number(k_bits_per_color, 1);
  number(k_bits_per_pixel, 1);
  number(k_bytes_per_line, bitmap.stride);
  set(out, k_color_space, k_device_black);
  number(k_colors, 1);
  number(k_total_pages, 1);
  number(k_cross_feed, 1);
  number(k_feed, 1);
  return out;
}

using At = const std::uint8_t*;

std::ptrdiff_t same_from(At from, At end) {
  const At stop = from + std::min(k_most_bytes, end - from);
  return std::find_if(from, stop, [&](std::uint8_t one) { return one != *from; }) - from;
}

/// Runs of equal bytes and of others.
void put_line(Bytes& out, At from, At end) {
  while (from < end) {
    const std::ptrdiff_t same = same_from(from, end);
    if (same > 1 || from + 1 == end) {
      out.push_back(static_cast<std::uint8_t>(same - 1));
      out.push_back(*from);
      from += same;
      continue;
    }
    At stop = from + 1;
    while (stop < end && stop - from < k_most_bytes && same_from(stop, end) == 1) stop++;
    if (stop - from == 1) {
      out.push_back(0);
    } else {
      out.push_back(static_cast<std::uint8_t>(257 - (stop - from)));
    }
    out.insert(out.end(), from, stop);
    from = stop;
  }
}

}  // namespace

Bytes to_pwg(const Bitmap& bitmap, int dpi) {
  constexpr std::string_view k_sync = "RaS2";
  Bytes out(k_sync.begin(), k_sync.end());
  const Bytes header = header_of(bitmap, dpi);
  out.insert(out.end(), header.begin(), header.end());
  const auto row = [&](int y) { return bitmap.bits.data() + static_cast<std::ptrdiff_t>(y) * bitmap.stride; };
  for (int y = 0; y < bitmap.height;) {
    int next = y + 1;
    while (next < bitmap.height && next - y < k_most_lines && std::equal(row(y), row(y) + bitmap.stride, row(next))) {
      next++;
    }
    out.push_back(static_cast<std::uint8_t>(next - y - 1));
    put_line(out, row(y), row(y) + bitmap.stride);
    y = next;
  }
  return out;
}

}  // namespace anjungan::render
