// SPDX-License-Identifier: Apache-2.0
// The public pages: one shell whose script asks for the case, and its assets, built into the program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace anjungan::central {

struct Asset {
  std::string_view content_type;
  std::string_view content;
};

/// track.html with the hall's own words, escaped.
[[nodiscard]] std::string tracking_page(std::string_view government, std::string_view phone, std::string_view help);

/// /s/track.css, /s/track.js, /s/kawung.svg; nullopt for any other path.
[[nodiscard]] std::optional<Asset> static_asset(std::string_view path);

/// Text as it may stand in HTML text and quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace anjungan::central
