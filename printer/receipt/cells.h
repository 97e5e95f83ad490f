// SPDX-License-Identifier: Apache-2.0
// A receipt in the printer's own characters, for lines too slow for a picture of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "printer/receipt/page.h"

namespace anjungan::receipt {

/// The same words in printable ASCII, Latin letters without their marks; nothing where another script or a sign would
/// be lost: such a text is drawn. `clean` comes from clean_text.
[[nodiscard]] std::optional<std::string> in_ascii(std::string_view clean);

/// Lines of at most `columns`, broken at spaces, words that are longer anywhere. At least one.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view ascii, int columns);

/// `layout` for a medium with columns.
[[nodiscard]] Page layout_cells(const Content& content, const Medium& medium);

}  // namespace anjungan::receipt
