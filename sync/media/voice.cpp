// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "sync/media/media.h"

namespace anjungan::media {

using record::Bytes;
using record::ByteView;
using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr int k_rate = 16'000;
constexpr int k_most_channels = 2;
constexpr sf_count_t k_block = 4'096;
/// Rates that a whole step brings down to k_rate; what microphones give.
constexpr std::array<int, 3> k_rates{16'000, 32'000, 48'000};
constexpr std::size_t k_most_made_bytes = 8U << 20U;

/// A file in memory, as libsndfile sees it.
struct Memory {
  ByteView in;
  Bytes out;
  bool writing = false;
  bool refused = false;  ///< a write
  std::size_t at = 0;

  [[nodiscard]] std::size_t size() const { return writing ? out.size() : in.size(); }
};

Memory& memory(void* self) { return *static_cast<Memory*>(self); }

sf_count_t length(void* self) { return static_cast<sf_count_t>(memory(self).size()); }

sf_count_t tell(void* self) { return static_cast<sf_count_t>(memory(self).at); }

sf_count_t seek(sf_count_t offset, int whence, void* self) {
  Memory& file = memory(self);
  const auto base = static_cast<sf_count_t>(whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file.at : file.size());
  const sf_count_t to = base + offset;
  if (to < 0 || to > static_cast<sf_count_t>(file.size())) return -1;
  file.at = static_cast<std::size_t>(to);
  return to;
}

sf_count_t read_some(void* to, sf_count_t count, void* self) {
  Memory& file = memory(self);
  if (count <= 0) return 0;
  const std::size_t size = std::min(static_cast<std::size_t>(count), file.in.size() - file.at);
  std::copy_n(file.in.begin() + static_cast<std::ptrdiff_t>(file.at), size, static_cast<std::uint8_t*>(to));
  file.at += size;
  return static_cast<sf_count_t>(size);
}

sf_count_t write_some(const void* from, sf_count_t count, void* self) {
  Memory& file = memory(self);
  if (count <= 0 || file.at + static_cast<std::size_t>(count) > k_most_made_bytes) {
    file.refused = true;
    return 0;
  }
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  file.out.resize(std::max(file.out.size(), file.at + static_cast<std::size_t>(count)));
  std::copy_n(bytes, count, file.out.begin() + static_cast<std::ptrdiff_t>(file.at));
  file.at += static_cast<std::size_t>(count);
  return count;
}

struct CloseSound {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using Sound = std::unique_ptr<SNDFILE, CloseSound>;

Sound open_sound(Memory& file, int mode, SF_INFO& info) {
  SF_VIRTUAL_IO io{length, seek, read_some, write_some, tell};
  return Sound(sf_open_virtual(&io, mode, &info, &file));
}

}  // namespace

Result<Bytes> remake_voice(ByteView original) {
  const auto type = sniff(original);
  if (!type) return tl::unexpected(type.error());
  if (*type != Type::wav && *type != Type::ogg) return fail(ErrorKind::invalid, "recording: neither WAV nor Ogg");
  Memory from;
  from.in = original;
  SF_INFO info{};
  const Sound in = open_sound(from, SFM_READ, info);
  if (!in) return fail(ErrorKind::invalid, "recording: damaged; record it again");
  if (std::find(k_rates.begin(), k_rates.end(), info.samplerate) == k_rates.end() || info.channels < 1 ||
      info.channels > k_most_channels) {
    return fail(ErrorKind::invalid, fmt::format("recording: {} channels at {} Hz; give one or two at 16, 32 or 48 kHz",
                                                info.channels, info.samplerate));
  }
  const auto step = static_cast<std::size_t>(info.samplerate / k_rate);
  const auto channels = static_cast<std::size_t>(info.channels);

  Memory to;
  to.writing = true;
  SF_INFO made{};
  made.samplerate = k_rate;
  made.channels = 1;
  made.format = SF_FORMAT_OGG | SF_FORMAT_OPUS;
  Sound out = open_sound(to, SFM_WRITE, made);
  if (!out) return fail(ErrorKind::io, "recording: cannot be written as Ogg Opus");
  std::vector<float> samples(static_cast<std::size_t>(k_block) * channels);
  std::vector<float> mono;
  float sum = 0;
  std::size_t summed = 0;
  std::int64_t total = 0;
  for (;;) {
    const sf_count_t frames = sf_readf_float(in.get(), samples.data(), k_block);
    if (frames <= 0) break;
    mono.clear();
    for (std::size_t at = 0; at < static_cast<std::size_t>(frames) * channels; at += channels) {
      for (std::size_t c = 0; c < channels; c++) sum += samples[at + c];
      if (++summed < step) continue;
      mono.push_back(sum / static_cast<float>(step * channels));
      sum = 0;
      summed = 0;
    }
    total += static_cast<std::int64_t>(mono.size());
    if (total > std::int64_t{k_longest_voice_s} * k_rate) {
      return fail(ErrorKind::invalid, fmt::format("recording: longer than {} s", k_longest_voice_s));
    }
    const auto count = static_cast<sf_count_t>(mono.size());
    if (sf_writef_float(out.get(), mono.data(), count) != count) {
      return fail(ErrorKind::io, "recording: cannot be written as Ogg Opus");
    }
  }
  if (sf_error(in.get()) != SF_ERR_NO_ERROR) return fail(ErrorKind::invalid, "recording: damaged; record it again");
  if (total == 0) return fail(ErrorKind::invalid, "recording: there is no sound in it");
  out.reset();  // writes the end
  if (to.refused) return fail(ErrorKind::io, "recording: cannot be written as Ogg Opus");
  return std::move(to.out);
}

}  // namespace anjungan::media
