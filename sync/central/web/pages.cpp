// SPDX-License-Identifier: Apache-2.0
#include "sync/central/web/pages.h"

#include "sync/central/web_assets.h"  // made at build time from the files beside this one

namespace anjungan::central {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.push_back(c);
    }
  }
  return out;
}

std::string tracking_page(std::string_view government, std::string_view phone, std::string_view help) {
  std::string page(k_track_html);
  replace_all(page, "@GOVERNMENT@", escape_html(government));
  replace_all(page, "@PHONE@", escape_html(phone));
  replace_all(page, "@HELP@", escape_html(help));
  return page;
}

std::optional<Asset> static_asset(std::string_view path) {
  if (path == "/s/track.css") return Asset{"text/css; charset=utf-8", k_track_css};
  if (path == "/s/track.js") return Asset{"text/javascript; charset=utf-8", k_track_js};
  if (path == "/s/kawung.svg") return Asset{"image/svg+xml", k_kawung_svg};
  return std::nullopt;
}

}  // namespace anjungan::central
