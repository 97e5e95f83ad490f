// SPDX-License-Identifier: Apache-2.0
// What a printer's model can do, from a data file NAME.profile ("key = value" lines). Looked for in
// $CUPS_SERVERROOT/struk, or /etc/cups/struk where no scheduler says otherwise (an administrator's own), then among the
// installed ones.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace anjungan::profile {

enum class Confirm {
  automatic,  ///< process id; where it does not answer, the paper status in order
  process,    ///< GS ( H
  order,      ///< GS r
  none,
};

struct Profile {
  int dots = 576;  ///< of the head
  int dpi = 203;
  int steps = 1;  ///< vertical motion units a dot: what ESC 3, ESC J and GS V count (2 on Epson's 180 dpi heads)
  bool cutter = true;
  int feed = 24;       ///< dots fed behind the last line: to the knife's place, or to where a person tears
  bool status = true;  ///< it answers DLE EOT
  Confirm confirm = Confirm::automatic;
  bool native_qr = false;  ///< it draws QR codes by GS ( k
};

/// Letters, digits, dashes and underscores, at most 40: a part of a file's name and of a URI.
[[nodiscard]] bool is_profile_name(const std::string& name);
/// Nothing for a name without a file, or a file with a line that is not understood; `error` names it.
[[nodiscard]] std::optional<Profile> load_profile(const std::string& name, std::string& error);
[[nodiscard]] std::optional<Profile> parse_profile(const std::string& text, std::string& error);
/// Every name that load_profile knows, sorted.
[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace anjungan::profile
