// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <libexif/exif-data.h>
#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <memory>

#include "sync/media/media.h"

namespace anjungan::media {

using record::Bytes;
using record::ByteView;
using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::int64_t k_most_jpeg_pixels = 64'000'000;
constexpr std::int64_t k_most_png_pixels = 16'000'000;
constexpr int k_quality = 82;
constexpr int k_between_quality = 95;  ///< of a PNG on its way to the common path
constexpr std::size_t k_channels = 3;

struct EndTurbo {
  void operator()(void* handle) const { tjDestroy(handle); }
};
struct FreeTurbo {
  void operator()(unsigned char* bytes) const { tjFree(bytes); }
};
struct FreeExif {
  void operator()(ExifData* data) const { exif_data_unref(data); }
};
using Turbo = std::unique_ptr<void, EndTurbo>;

struct Picture {
  Bytes pixels;  ///< three bytes each
  int width = 0;
  int height = 0;
};

tl::unexpected<record::Error> damaged(std::string_view why) {
  return fail(ErrorKind::invalid, fmt::format("photo: damaged or cut off ({}); take it again", why));
}

Result<Bytes> encode(ByteView pixels, int width, int height, int quality) {
  const Turbo turbo(tjInitCompress());
  if (!turbo) return fail(ErrorKind::io, "photo: out of memory");
  unsigned char* out = nullptr;
  unsigned long size = 0;
  const int failed =
      tjCompress2(turbo.get(), pixels.data(), width, 0, height, TJPF_RGB, &out, &size, TJSAMP_420, quality, 0);
  const std::unique_ptr<unsigned char, FreeTurbo> owner(out);
  if (failed != 0) return fail(ErrorKind::invalid, "photo: cannot be written as JPEG");
  return Bytes(out, out + size);
}

/// As a fraction of eighths, the largest that keeps the longest side within bounds.
tjscalingfactor fitting(int longest) {
  for (int eighths = 8; eighths > 1; eighths--) {
    const tjscalingfactor factor{eighths, 8};
    if (TJSCALED(longest, factor) <= k_longest_side) return factor;
  }
  return {1, 8};
}

Result<Picture> decode_jpeg(ByteView original) {
  const Turbo turbo(tjInitDecompress());
  if (!turbo) return fail(ErrorKind::io, "photo: out of memory");
  int width = 0;
  int height = 0;
  int sampling = 0;
  int colours = 0;
  if (tjDecompressHeader3(turbo.get(), original.data(), original.size(), &width, &height, &sampling, &colours) != 0) {
    return damaged("its header");
  }
  if (std::int64_t{width} * height > k_most_jpeg_pixels || width < 1 || height < 1) {
    return fail(ErrorKind::invalid, fmt::format("photo: {} x {} pixels are too many", width, height));
  }
  const tjscalingfactor factor = fitting(std::max(width, height));
  Picture out{{}, TJSCALED(width, factor), TJSCALED(height, factor)};
  if (std::max(out.width, out.height) > k_longest_side) {
    return fail(ErrorKind::invalid, fmt::format("photo: {} x {} pixels are too long a strip", width, height));
  }
  out.pixels.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * k_channels);
  // The decoder fills what is missing with grey and calls that a warning; half a photo is no evidence. A small file
  // with hundreds of scans over many pixels is made to cost time.
  if (tjDecompress2(turbo.get(), original.data(), original.size(), out.pixels.data(), out.width, 0, out.height,
                    TJPF_RGB, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0) {
    return damaged("its picture");
  }
  return out;
}

Result<Bytes> png_to_jpeg(ByteView original) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, original.data(), original.size()) == 0) return damaged("its header");
  const std::unique_ptr<png_image, void (*)(png_image*)> owner(&image, &png_image_free);
  if (std::int64_t{image.width} * image.height > k_most_png_pixels) {
    return fail(ErrorKind::invalid, fmt::format("photo: {} x {} pixels are too many", image.width, image.height));
  }
  image.format = PNG_FORMAT_RGB;
  Bytes pixels(PNG_IMAGE_SIZE(image));
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&image, &white, pixels.data(), 0, nullptr) == 0) return damaged("its picture");
  if (image.warning_or_error != 0) return damaged("its picture");
  return encode(pixels, static_cast<int>(image.width), static_cast<int>(image.height), k_between_quality);
}

/// Which way up the photo was held (Exif 2.32, tag 0x0112): 1 upright to 8. The note goes with the rest of the data.
int orientation(ByteView jpeg) {
  const std::unique_ptr<ExifData, FreeExif> data(
      exif_data_new_from_data(jpeg.data(), static_cast<unsigned>(jpeg.size())));
  if (!data) return 1;
  ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (entry == nullptr || entry->format != EXIF_FORMAT_SHORT || entry->size < 2) return 1;
  const int value = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
  return value >= 1 && value <= 8 ? value : 1;
}

Picture upright(Picture from, int orientation) {
  if (orientation == 1) return from;
  const bool turned = orientation >= 5;
  Picture out{Bytes(from.pixels.size()), turned ? from.height : from.width, turned ? from.width : from.height};
  const int last_x = from.width - 1;
  const int last_y = from.height - 1;
  std::size_t to = 0;
  for (int y = 0; y < out.height; y++) {
    for (int x = 0; x < out.width; x++, to += k_channels) {
      // Where this pixel stands in the photo as it was stored.
      int from_x = turned ? y : x;
      int from_y = turned ? x : y;
      if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) from_x = last_x - from_x;
      if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) from_y = last_y - from_y;
      const std::size_t at =
          (static_cast<std::size_t>(from_y) * static_cast<std::size_t>(from.width) + static_cast<std::size_t>(from_x)) *
          k_channels;
      std::copy_n(from.pixels.begin() + static_cast<std::ptrdiff_t>(at), k_channels,
                  out.pixels.begin() + static_cast<std::ptrdiff_t>(to));
    }
  }
  return out;
}

}  // namespace

Result<Bytes> encode_photo(ByteView pixels, int width, int height) {
  const bool fits = width > 0 && height > 0 && std::int64_t{width} * height <= k_most_jpeg_pixels &&
                    pixels.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * k_channels;
  if (!fits) return fail(ErrorKind::invalid, "photo: as many pixels as its sides say are needed");
  return encode(pixels, width, height, k_between_quality);
}

Result<Bytes> remake_photo(ByteView original) {
  const auto type = sniff(original);
  if (!type) return tl::unexpected(type.error());
  if (*type != Type::jpeg && *type != Type::png) return fail(ErrorKind::invalid, "photo: neither JPEG nor PNG");
  Bytes between;
  if (*type == Type::png) {
    auto jpeg = png_to_jpeg(original);
    if (!jpeg) return tl::unexpected(jpeg.error());
    between = std::move(*jpeg);
    original = between;
  }
  auto picture = decode_jpeg(original);
  if (!picture) return tl::unexpected(picture.error());
  const Picture done = upright(std::move(*picture), orientation(original));
  return encode(done.pixels, done.width, done.height, k_quality);
}

}  // namespace anjungan::media
