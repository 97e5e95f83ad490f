// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/text_lines.h"

#include <algorithm>

#include "kiosk/ui/text_buffer.h"

namespace anjungan::ui {
namespace {

std::string_view without_end_spaces(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The end of the longest start of `text` that fits, at least one code point.
std::size_t fitting(std::string_view text, float width, const WidthOf& width_of) {
  std::size_t end = code_point_bytes(text, 0);
  while (end < text.size()) {
    const std::size_t next = end + code_point_bytes(text, end);
    if (width_of(text.substr(0, next)) > width) break;
    end = next;
  }
  return end;
}

/// Where the word ends that begins at `from`: at a space, or behind a hyphen between two of its parts.
std::size_t word_end(std::string_view text, std::size_t from) {
  for (std::size_t i = from; i < text.size(); i++) {
    if (text[i] == ' ') return i;
    if (text[i] == '-' && i > from && i + 1 < text.size() && text[i + 1] != ' ') return i + 1;
  }
  return text.size();
}

void break_paragraph(std::string_view text, float width, const WidthOf& width_of, std::vector<std::string_view>& out) {
  std::size_t start = 0;
  std::size_t end = 0;  // of the words that fit so far, with the spaces behind them
  while (end < text.size()) {
    const std::size_t word = word_end(text, end);
    if (width_of(without_end_spaces(text.substr(start, word - start))) <= width) {
      end = std::min(text.find_first_not_of(' ', word), text.size());
      continue;
    }
    if (end == start) end = start + fitting(text.substr(start, word - start), width, width_of);
    out.push_back(text.substr(start, end - start));
    start = end;
    if (start == text.size()) return;  // a last letter that alone is too wide
  }
  out.push_back(text.substr(start));
}

}  // namespace

std::vector<std::string_view> break_lines(std::string_view text, float width, const WidthOf& width_of) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t line = text.find('\n');
    break_paragraph(text.substr(0, line), width, width_of, out);
    if (line == std::string_view::npos) return out;
    text.remove_prefix(line + 1);
  }
}

}  // namespace anjungan::ui
