// SPDX-License-Identifier: Apache-2.0
// Breaking a text into lines.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace anjungan::ui {

/// Pixels of a piece of text on one line.
using WidthOf = std::function<float(std::string_view)>;

/// The lines of `text` in `width` pixels: broken at line breaks, else after spaces, else inside a word that is wider
/// than a line. The views point into `text`; the spaces at a break belong to the line before it. At least one line.
[[nodiscard]] std::vector<std::string_view> break_lines(std::string_view text, float width, const WidthOf& width_of);

}  // namespace anjungan::ui
