// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/remote.h"

#include <filesystem>

#include "sync/settings/remote.h"
#include "sync/store/files.h"

namespace anjungan::app {
namespace {

namespace fs = std::filesystem;

constexpr unsigned k_mode = 0640;

record::Result<void> keep(const std::string& path, std::string_view text) {
  const std::string folder = fs::path(path).parent_path();
  if (text.empty()) {
    std::error_code failed;
    if (!fs::remove(path, failed) && failed) return record::fail(record::ErrorKind::io, path + ": " + failed.message());
    return fs::exists(folder, failed) ? store::sync_folder(folder) : record::Result<void>();
  }
  if (auto made = store::make_folder(folder); !made) return made;
  return store::write_file(path, record::view_of(text), k_mode);
}

}  // namespace

record::Result<void> keep_settings(const std::string& data, const std::string& text) {
  return keep(settings::remote_settings(data), text);
}

record::Result<void> lay_down_catalogue(const std::string& data, const std::string& name,
                                        const std::array<std::string, 4>& files) {
  const std::string folder = settings::remote_catalogue_folder(data, name);
  for (std::size_t i = 0; i < files.size(); i++) {
    if (auto kept = keep(folder + "/" + std::string(record::k_catalogue_files[i]), files[i]); !kept) return kept;
  }
  return {};
}

record::Result<void> use_catalogue(const std::string& data, const std::string& name) {
  return keep(settings::remote_catalogue(data), name);
}

void forget_catalogues(const std::string& data, const std::string& but) {
  const fs::path kept = settings::remote_catalogue_folder(data, but);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(data + "/remote", ignored)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("catalogue-") && entry.path() != kept) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace anjungan::app
