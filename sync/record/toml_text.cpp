// SPDX-License-Identifier: Apache-2.0
#include "sync/record/toml_text.h"

#include <algorithm>
#include <string>

namespace anjungan::record {
namespace {

/// Behind the text that begins at `at` with a quote. One that does not end ends with its line: what comes after it is
/// not read by anyone, for it is refused there.
std::size_t behind_text(std::string_view source, std::size_t at) {
  const char quote = source[at];
  const bool lines = source.substr(at, 3) == std::string(3, quote);
  const std::size_t width = lines ? 3 : 1;
  for (at += width; at < source.size(); at++) {
    if (source[at] == '\n' && !lines) return at;
    if (source[at] == '\\' && quote == '"') {
      at++;
    } else if (source.substr(at, width) == std::string(width, quote)) {
      at += width;
      // Up to two quotes before the three that end it are its own.
      for (int own = 0; lines && own < 2 && at < source.size() && source[at] == quote; own++) at++;
      return at;
    }
  }
  return source.size();
}

}  // namespace

std::optional<int> toml_stray_line(std::string_view source) {
  constexpr std::string_view k_mark = "\xef\xbb\xbf";
  std::size_t at = source.substr(0, k_mark.size()) == k_mark ? k_mark.size() : 0;
  while (at < source.size()) {
    const char here = source[at];
    if (here == '"' || here == '\'') {
      at = behind_text(source, at);
    } else if (here == '#') {
      at = std::min(source.find('\n', at), source.size());
    } else if (static_cast<unsigned char>(here) >= 0x80) {
      return 1 + static_cast<int>(std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    } else {
      at++;
    }
  }
  return std::nullopt;
}

}  // namespace anjungan::record
