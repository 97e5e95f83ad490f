// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/carried_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

namespace anjungan::ctl {

record::Result<std::vector<std::string>> carried_names(const std::string& folder, std::string_view suffix) {
  std::vector<std::string> out;
  std::error_code failed;
  std::filesystem::directory_iterator entry(folder, failed);
  if (failed) {
    return record::fail(record::ErrorKind::not_found,
                        fmt::format("{}: {}; is the stick mounted?", folder, failed.message()));
  }
  for (; !failed && entry != std::filesystem::directory_iterator(); entry.increment(failed)) {
    std::error_code gone;
    std::string name = entry->path().filename().string();
    if (name.size() <= suffix.size() || !name.ends_with(suffix)) continue;
    if (entry->symlink_status(gone).type() == std::filesystem::file_type::regular) out.push_back(std::move(name));
  }
  if (failed) return record::fail(record::ErrorKind::io, fmt::format("{}: {}", folder, failed.message()));
  std::sort(out.begin(), out.end());
  return out;
}

void show_progress(std::size_t done, std::size_t total) {
  if (::isatty(STDERR_FILENO) == 0) return;
  fmt::print(stderr, "\r{} of {} files{}", done, total, done == total ? "\n" : "");
  std::fflush(stderr);
}

}  // namespace anjungan::ctl
