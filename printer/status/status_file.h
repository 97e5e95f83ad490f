// SPDX-License-Identifier: Apache-2.0
// What an idle printer last said of itself (README.md tells the file's form). Any process may read; one writes.
#pragma once

#include <cstdint>
#include <string>

namespace anjungan::status {

/// Where an installed terminal keeps the files.
inline constexpr const char* k_folder = "/run/anjungan-struk";
/// An older word is nobody's any more; its writer renews it at least once a second.
inline constexpr std::int64_t k_fresh_ms = 6'000;

enum class Sight {
  unwatched,  ///< there is no file of this device
  stale,      ///< there is one, and it is too old or cannot be understood: its writer hangs or was killed
  seen,
};

struct Seen {
  Sight sight = Sight::unwatched;
  /// Only if `seen`: "ready", "low-paper", "media-empty", "cover-open", "error", "offline", "busy" (a job is there) or
  /// "unknown" (it does not answer).
  std::string word;

  bool operator==(const Seen&) const = default;
};

[[nodiscard]] Seen read(const std::string& folder, const std::string& uri);
/// Whole or not at all; false when the folder is not there or takes nothing. `word` is one of those above.
[[nodiscard]] bool write(const std::string& folder, const std::string& uri, const std::string& word);
/// The device is not watched any more.
void remove(const std::string& folder, const std::string& uri);
/// The file's path, for tests and people.
[[nodiscard]] std::string path_of(const std::string& folder, const std::string& uri);

}  // namespace anjungan::status
