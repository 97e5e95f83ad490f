// SPDX-License-Identifier: Apache-2.0
#include "printer/receipt/cells.h"

#include <glib.h>

#include <algorithm>
#include <memory>

namespace anjungan::receipt {
namespace {

struct Free {
  void operator()(char* text) const { g_free(text); }
};
using Text = std::unique_ptr<char, Free>;

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

/// Nothing for a letter that ASCII has no likeness of.
std::optional<std::string> likeness(std::string_view letter) {
  if (letter == "\u00b7") return "-";  // between two parts of a line
  const Text out(g_str_to_ascii(std::string(letter).c_str(), "C"));
  const std::string_view found = out.get();
  if (found == "?" || !printable(found)) return std::nullopt;
  return std::string(found);
}

}  // namespace

std::optional<std::string> in_ascii(std::string_view clean) {
  if (printable(clean)) return std::string(clean);
  const Text composed(g_utf8_normalize(clean.data(), static_cast<gssize>(clean.size()), G_NORMALIZE_DEFAULT_COMPOSE));
  if (!composed) return std::nullopt;
  std::string out;
  for (const char* at = composed.get(); *at != '\0'; at = g_utf8_next_char(at)) {
    const std::string_view letter(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
    if (printable(letter)) {
      out.append(letter);
      continue;
    }
    const auto like = likeness(letter);
    if (!like) return std::nullopt;
    out.append(*like);
  }
  return out;
}

std::vector<std::string> wrapped(std::string_view ascii, int columns) {
  const auto most = static_cast<std::size_t>(std::max(1, columns));
  std::vector<std::string> out;
  while (ascii.size() > most) {
    // A space right behind the last column is a good place too.
    std::size_t end = ascii.rfind(' ', most);
    if (end == std::string_view::npos || end == 0) end = most;
    std::string_view line = ascii.substr(0, end);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    out.emplace_back(line);
    ascii.remove_prefix(end);
    while (!ascii.empty() && ascii.front() == ' ') ascii.remove_prefix(1);
  }
  if (!ascii.empty() || out.empty()) out.emplace_back(ascii);
  return out;
}

}  // namespace anjungan::receipt
