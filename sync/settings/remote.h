// SPDX-License-Identifier: Apache-2.0
// Where a terminal keeps what an administrator at the centre has set: DATA/remote, written by the kiosk alone. It goes
// before the technician's own file; [remote] accept = false there shuts it out, and without DATA/remote everything is
// as the technician has it.
#pragma once

#include <string>

#include "sync/settings/settings.h"

namespace anjungan::settings {

/// TOML; absent when nothing is set.
[[nodiscard]] inline std::string remote_settings(const std::string& data) { return data + "/remote/settings.toml"; }
/// Holds the name of the catalogue in force; absent when that is the technician's own.
[[nodiscard]] inline std::string remote_catalogue(const std::string& data) { return data + "/remote/catalogue"; }
/// The folder of the catalogue with that name (record::catalogue_name).
[[nodiscard]] inline std::string remote_catalogue_folder(const std::string& data, const std::string& name) {
  return data + "/remote/catalogue-" + name;
}

/// Names a text by its content: 32 hexadecimal digits; empty for an empty one.
[[nodiscard]] std::string settings_name(std::string_view text);

/// Puts what is in force over `terminal`, and says in its `remote` what that is and what is not.
void take_remote(Terminal& terminal);

}  // namespace anjungan::settings
