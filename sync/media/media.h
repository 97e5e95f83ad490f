// SPDX-License-Identifier: Apache-2.0
// Photos and recordings from outside, made anew (README.md).
#pragma once

#include <cstdint>

#include "sync/record/bytes.h"

namespace anjungan::media {

/// What the content is, whatever its name says.
enum class Type { jpeg, png, wav, ogg };

inline constexpr std::size_t k_most_original_bytes = 32U << 20U;
inline constexpr int k_longest_side = 2048;
inline constexpr int k_longest_voice_s = 300;

/// `invalid` when it is none of them, or too large.
[[nodiscard]] record::Result<Type> sniff(record::ByteView original);

/// A JPEG of at most k_longest_side pixels a side, upright, with nothing but the picture. About 60 ms for 12
/// megapixels. `invalid` when the original is no JPEG or PNG, is damaged or cut off, or is too large.
[[nodiscard]] record::Result<record::Bytes> remake_photo(record::ByteView original);

/// An Ogg Opus, one channel, 16 kHz. `invalid` when the original is no WAV or Ogg, is damaged, silent for want of
/// samples, or too long. Of one that was cut off: what is there of it; half a statement is a statement.
[[nodiscard]] record::Result<record::Bytes> remake_voice(record::ByteView original);

/// A JPEG of raw pixels, three bytes each (red, green, blue), row by row: what a camera gives.
[[nodiscard]] record::Result<record::Bytes> encode_photo(record::ByteView pixels, int width, int height);

}  // namespace anjungan::media
