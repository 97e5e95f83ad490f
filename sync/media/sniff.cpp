// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string_view>

#include "sync/media/media.h"

namespace anjungan::media {

using record::ErrorKind;
using record::fail;

record::Result<Type> sniff(record::ByteView original) {
  if (original.size() > k_most_original_bytes) {
    return fail(ErrorKind::invalid, fmt::format("attachment: larger than {} MiB", k_most_original_bytes >> 20U));
  }
  using namespace std::string_view_literals;
  const std::string_view start(reinterpret_cast<const char*>(original.data()),
                               std::min<std::size_t>(original.size(), 12));
  if (start.starts_with("\xff\xd8\xff"sv)) return Type::jpeg;
  if (start.starts_with("\x89PNG\r\n\x1a\n"sv)) return Type::png;
  if (start.starts_with("OggS\0"sv)) return Type::ogg;
  if (start.starts_with("RIFF"sv) && start.substr(std::min<std::size_t>(start.size(), 8)) == "WAVE"sv) return Type::wav;
  return fail(ErrorKind::invalid, "attachment: neither JPEG, PNG, WAV nor Ogg");
}

}  // namespace anjungan::media
