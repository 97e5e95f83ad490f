// SPDX-License-Identifier: Apache-2.0
#include "sync/settings/paths.h"

#include <unistd.h>

#include <array>
#include <cstdlib>

namespace anjungan::settings {

std::string asset_folder() {
  if (const char* named = std::getenv("ANJUNGAN_ASSETS"); named != nullptr && *named != '\0') return named;
  // An installed program finds its own; one started from a build folder finds the source's.
  std::array<char, 4096> self{};
  const ssize_t length = ::readlink("/proc/self/exe", self.data(), self.size() - 1);
  const std::string program(self.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  const std::string installed = ANJUNGAN_INSTALL_ASSETS;
  const bool from_install = program.starts_with(installed.substr(0, installed.rfind("/share/")) + "/bin/");
  if (!from_install && ::access(ANJUNGAN_SOURCE_ASSETS "/catalogue", R_OK) == 0) return ANJUNGAN_SOURCE_ASSETS;
  return installed;
}

std::string default_catalogue() { return asset_folder() + "/catalogue/bandung"; }

}  // namespace anjungan::settings
