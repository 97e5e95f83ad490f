// SPDX-License-Identifier: Apache-2.0
// Everything this terminal is, from its configuration and its enrolment, before the first thread starts.
#pragma once

#include <optional>
#include <string>

#include "kiosk/screens/screens.h"
#include "sync/catalogue/catalogue.h"
#include "sync/settings/settings.h"
#include "sync/store/identity.h"

namespace anjungan::app {

struct Terminal {
  settings::Terminal settings;
  catalogue::Catalogue catalogue;
  screens::Brand brand;
  ui::Colour accent;
  bool sample = false;  ///< number 0000 in a data folder of its own: receipts are marked and never sent
};

/// Fails with `invalid` and file, line and key, or with what is missing.
[[nodiscard]] record::Result<Terminal> load_terminal(const std::string& config, bool sample);

/// Who this terminal is. `not_found` while it is not enrolled. A sample terminal makes itself one.
[[nodiscard]] record::Result<store::Identity> identity_of(const Terminal& terminal);

/// Where the compiled catalogues of the screen's words are: beside the program, else where they were installed.
[[nodiscard]] std::string locale_folder();

}  // namespace anjungan::app
