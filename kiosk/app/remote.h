// SPDX-License-Identifier: Apache-2.0
// Writes what an administrator at the centre has set into DATA/remote (sync/settings/remote.h). Each is whole or
// absent, and what is in force changes with one rename.
#pragma once

#include <array>
#include <string>

#include "sync/record/command.h"

namespace anjungan::app {

/// Empty: none any more.
[[nodiscard]] record::Result<void> keep_settings(const std::string& data, const std::string& text);

/// Lays the files down in a folder of their own; nothing is in force yet. Again: the same.
[[nodiscard]] record::Result<void> lay_down_catalogue(const std::string& data, const std::string& name,
                                                      const std::array<std::string, 4>& files);
/// From the next start on; empty: the technician's own.
[[nodiscard]] record::Result<void> use_catalogue(const std::string& data, const std::string& name);
/// Removes every catalogue from afar but this one.
void forget_catalogues(const std::string& data, const std::string& but);

}  // namespace anjungan::app
