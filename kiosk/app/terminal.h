// SPDX-License-Identifier: Apache-2.0
// Everything this terminal is, from its configuration and its enrolment, before the first thread starts.
#pragma once

#include <optional>
#include <string>

#include "kiosk/screens/screens.h"
#include "sync/catalogue/catalogue.h"
#include "sync/record/uuid.h"
#include "sync/settings/settings.h"
#include "sync/store/identity.h"

namespace anjungan::app {

struct Terminal {
  settings::Terminal settings;
  catalogue::Catalogue catalogue;
  screens::Brand brand;
  ui::Colour accent;
  /// The last command of the centre that had come when this process began; a later one finds it running.
  std::uint64_t commands_before = 0;
  std::string config;         ///< the technician's file; empty: none is read again
  bool brought_back = false;  ///< systemd starts this program again when it ends
  record::Uuid reloaded_for;  ///< the command that this process last began anew for
  bool sample = false;        ///< number 0000 in a data folder of its own: receipts are marked and never sent
};

/// Fails with `invalid` and file, line and key, or with what is missing.
[[nodiscard]] record::Result<Terminal> load_terminal(const std::string& config, bool sample);

/// The last command of the centre that is on this disk now; 0 when there is none.
[[nodiscard]] std::uint64_t last_command(const Terminal& terminal);

/// Who this terminal is. `not_found` while it is not enrolled. A sample terminal makes itself one.
[[nodiscard]] record::Result<store::Identity> identity_of(const Terminal& terminal);

/// Where the compiled catalogues of the screen's words are: beside the program, else where they were installed.
[[nodiscard]] std::string locale_folder();

}  // namespace anjungan::app
