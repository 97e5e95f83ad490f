// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "sync/media/media.h"

namespace anjungan::media {
namespace {

using record::Bytes;

/// A tone as WAV, 16 bits a sample, with a note in a chunk of its own.
Bytes wav(unsigned rate, unsigned channels, double seconds, std::string_view note = "Rekaman Sumiati Namasaja") {
  const auto frames = static_cast<unsigned>(rate * seconds);
  const unsigned data = frames * channels * 2;
  Bytes out;
  const auto text = [&](std::string_view s) { out.insert(out.end(), s.begin(), s.end()); };
  const auto number = [&](unsigned value, int bytes) {
    for (int i = 0; i < bytes; i++) out.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 255U));
  };
  const auto padded = static_cast<unsigned>(note.size() + note.size() % 2);
  text("RIFF");
  number(4 + 24 + 8 + padded + 8 + data, 4);
  text("WAVEfmt ");
  number(16, 4);
  number(1, 2);
  number(channels, 2);
  number(rate, 4);
  number(rate * channels * 2, 4);
  number(channels * 2, 2);
  number(16, 2);
  text("note");
  number(static_cast<unsigned>(note.size()), 4);
  text(note);
  out.resize(out.size() + note.size() % 2);
  text("data");
  number(data, 4);
  for (unsigned i = 0; i < frames; i++) {
    const auto sample = static_cast<int>(8'000 * std::sin(i * 440.0 * 6.28318 / rate));
    for (unsigned c = 0; c < channels; c++) number(static_cast<unsigned>(sample) & 0xffffU, 2);
  }
  return out;
}

bool holds(const Bytes& bytes, std::string_view text) {
  return std::search(bytes.begin(), bytes.end(), text.begin(), text.end()) != bytes.end();
}

TEST(Voice, EveryMicrophoneBecomesOneFormat) {
  for (const unsigned rate : {16'000U, 32'000U, 48'000U}) {
    for (const unsigned channels : {1U, 2U}) {
      auto made = remake_voice(wav(rate, channels, 1.5));
      ASSERT_TRUE(made) << made.error().text;
      EXPECT_EQ(*sniff(*made), Type::ogg);
      EXPECT_TRUE(holds(*made, "OpusHead"));
      EXPECT_LT(made->size(), 30'000U);
      EXPECT_TRUE(remake_voice(*made)) << "what comes out can be read";
    }
  }
}

TEST(Threat20, NothingButTheSoundLeaves) {
  const Bytes original = wav(16'000, 1, 0.5);
  ASSERT_TRUE(holds(original, "Namasaja"));
  auto made = remake_voice(original);
  ASSERT_TRUE(made);
  EXPECT_FALSE(holds(*made, "Namasaja"));
}

TEST(Voice, CutOffGivesWhatIsThere) {
  const Bytes whole = wav(16'000, 1, 2);
  const auto half = remake_voice(record::ByteView(whole).first(whole.size() / 2));
  ASSERT_TRUE(half) << half.error().text;
  const auto all = remake_voice(whole);
  ASSERT_TRUE(all);
  EXPECT_LT(half->size(), all->size());
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 53) {
    static_cast<void>(remake_voice(record::ByteView(whole).first(size)));  // no crash anywhere
  }
}

TEST(Voice, IsNeitherEmptyNorEndlessNorStrange) {
  EXPECT_FALSE(remake_voice(wav(16'000, 1, 0)));
  EXPECT_FALSE(remake_voice(wav(16'000, 1, k_longest_voice_s + 1)));
  EXPECT_FALSE(remake_voice(wav(8'000, 1, 1)));
  EXPECT_FALSE(remake_voice(wav(16'000, 3, 1)));
}

}  // namespace
}  // namespace anjungan::media
