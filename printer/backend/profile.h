// SPDX-License-Identifier: Apache-2.0
// What a printer's model can do, from a data file NAME.profile ("key = value" lines). Looked for in
// $CUPS_SERVERROOT/struk (an administrator's own), then among the installed ones.
#pragma once

#include <optional>
#include <string>

namespace anjungan::backend {

enum class Confirm {
  automatic,  ///< process id; where it does not answer, the paper status in order
  process,    ///< GS ( H
  order,      ///< GS r
  none,
};

struct Profile {
  int dots = 576;
  int dpi = 203;
  bool cutter = true;
  int feed = 24;       ///< dots from the last line to the knife
  bool status = true;  ///< it answers DLE EOT
  Confirm confirm = Confirm::automatic;
  bool native_qr = false;
};

/// Nothing for a name without a file, or a file with a line that is not understood; `error` names it.
[[nodiscard]] std::optional<Profile> load_profile(const std::string& name, std::string& error);
[[nodiscard]] std::optional<Profile> parse_profile(const std::string& text, std::string& error);

}  // namespace anjungan::backend
