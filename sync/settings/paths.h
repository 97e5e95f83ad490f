// SPDX-License-Identifier: Apache-2.0
// Where the data files that come with the programs are.
#pragma once

#include <string>

namespace anjungan::settings {

/// The folder `assets` beside a build, or where it was installed; ANJUNGAN_ASSETS overrides both.
[[nodiscard]] std::string asset_folder();

/// Kota Bandung's catalogue, the one that comes with the programs.
[[nodiscard]] std::string default_catalogue();

}  // namespace anjungan::settings
