// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

#include "sync/media/media.h"

namespace anjungan::media {
namespace {

using record::Bytes;
using record::view_of;

/// The left half dark, the right half bright; wider than high.
Bytes picture(int width, int height) {
  Bytes pixels(static_cast<std::size_t>(width * height) * 3);
  for (std::size_t i = 0; i < pixels.size(); i++)
    pixels[i] = (i / 3) % static_cast<std::size_t>(width) * 2 < static_cast<std::size_t>(width) ? 20 : 230;
  return *encode_photo(pixels, width, height);
}

/// What the frame header (SOF) says.
std::pair<int, int> sides(const Bytes& jpeg) {
  for (std::size_t at = 2; at + 9 < jpeg.size() && jpeg[at] == 0xff;) {
    const int marker = jpeg[at + 1];
    if (marker >= 0xc0 && marker <= 0xc2) return {jpeg[at + 7] * 256 + jpeg[at + 8], jpeg[at + 5] * 256 + jpeg[at + 6]};
    at += 2U + jpeg[at + 2] * 256U + jpeg[at + 3];
  }
  return {0, 0};
}

bool holds(const Bytes& bytes, std::string_view text) {
  return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

/// An Exif segment behind the start of a JPEG: which way up, a place, and a text that stands for all the rest.
Bytes with_exif(const Bytes& jpeg, std::uint8_t orientation) {
  Bytes tiff{'M',  'M',  0, 42, 0, 0, 0, 8, 0, 2,                                        // two entries
             0x01, 0x12, 0, 3,  0, 0, 0, 1, 0, orientation, 0,   0,                      // orientation
             0x88, 0x25, 0, 4,  0, 0, 0, 1, 0, 0,           0,   38, 0, 0, 0, 0,         // GPS at 38
             0,    1,    0, 1,  0, 2, 0, 0, 0, 2,           'S', 0,  0, 0, 0, 0, 0, 0};  // latitude: south
  const std::string_view note = "GPSLatitude 6.9147 Jalan Contohraya";
  tiff.insert(tiff.end(), note.begin(), note.end());
  Bytes segment{0xff, 0xe1};
  const std::size_t length = 2 + 6 + tiff.size();
  segment.push_back(static_cast<std::uint8_t>(length / 256));
  segment.push_back(static_cast<std::uint8_t>(length % 256));
  for (const char c : std::string_view("Exif\0\0", 6)) segment.push_back(static_cast<std::uint8_t>(c));
  segment.insert(segment.end(), tiff.begin(), tiff.end());
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  out.insert(out.end(), segment.begin(), segment.end());
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

// A JPEG with a place in it, a page behind it and a script in a comment comes out as the picture alone.
TEST(Threat20, NothingButThePictureLeaves) {
  Bytes evil = with_exif(picture(64, 32), 1);
  const std::string_view behind = "<html><script>alert(1)</script></html>PK\x03\x04";
  evil.insert(evil.end(), behind.begin(), behind.end());
  ASSERT_TRUE(holds(evil, "GPSLatitude"));
  auto made = remake_photo(evil);
  ASSERT_TRUE(made) << made.error().text;
  for (const char* trace : {"GPS", "Exif", "Contohraya", "script", "html", "PK\x03\x04"})
    EXPECT_FALSE(holds(*made, trace));
  EXPECT_EQ(sides(*made), std::pair(64, 32));
}

TEST(Threat20, WhatOnlySaysThatItIsAPhotoIsRefused) {
  for (const std::string_view text :
       {"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "<!doctype html><script>1</script>",
        "GIF89a\x01\x00\x01\x00", "%PDF-1.7", "\xff\xd8\xff<script>alert(1)</script>", "\x89PNG\r\n\x1a\nrubbish", "",
        "\xff", "RIFF", "OggS"}) {
    EXPECT_FALSE(remake_photo(view_of(text))) << text;
    EXPECT_FALSE(remake_voice(view_of(text))) << text;
  }
}

TEST(Photo, IsTurnedUpright) {
  const Bytes wide = picture(96, 32);
  for (std::uint8_t orientation = 1; orientation <= 8; orientation++) {
    auto made = remake_photo(with_exif(wide, orientation));
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_EQ(sides(*made), orientation < 5 ? std::pair(96, 32) : std::pair(32, 96)) << int{orientation};
  }
  EXPECT_NE(*remake_photo(with_exif(wide, 1)), *remake_photo(with_exif(wide, 3))) << "upside down";
}

TEST(Photo, IsMadeSmaller) {
  auto made = remake_photo(picture(4'000, 1'000));
  ASSERT_TRUE(made);
  EXPECT_EQ(sides(*made), std::pair(2'000, 500));
}

TEST(Photo, AStripThatStaysTooLongIsRefused) {
  auto made = remake_photo(picture(20'000, 100));
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().text.find("20000 x 100"), std::string::npos) << made.error().text;
  auto longest = remake_photo(picture(16'384, 100));
  ASSERT_TRUE(longest) << longest.error().text;
  EXPECT_EQ(sides(*longest).first, k_longest_side);
}

TEST(Photo, CutOffAnywhereIsRefused) {
  const Bytes whole = picture(200, 100);
  for (std::size_t size = 0; size + 8 < whole.size(); size += 1 + whole.size() / 97) {
    EXPECT_FALSE(remake_photo(record::ByteView(whole).first(size))) << size << " of " << whole.size();
  }
}

// The header alone asks for 64,000 x 64,000 pixels: refused before anything is unpacked.
TEST(Photo, ABombIsRefusedByItsHeader) {
  Bytes bomb = picture(64, 32);
  for (std::size_t at = 2; at + 9 < bomb.size(); at += 2U + bomb[at + 2] * 256U + bomb[at + 3]) {
    if (bomb[at + 1] < 0xc0 || bomb[at + 1] > 0xc2) continue;
    for (const std::size_t side : {at + 5, at + 7}) bomb[side] = 0xfa;
    break;
  }
  auto made = remake_photo(bomb);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().text.find("too many"), std::string::npos) << made.error().text;
}

}  // namespace
}  // namespace anjungan::media
