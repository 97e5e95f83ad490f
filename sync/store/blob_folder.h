// SPDX-License-Identifier: Apache-2.0
// <data>/blobs: the sealed attachments of a terminal, a file each, named by its hash. Whole or absent: what is being
// written ends in ".new". Only IntakeStore writes here; the agent reads.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "sync/record/blob.h"

namespace anjungan::store {

class BlobFolder {
 public:
  /// Names the folder, touches nothing.
  explicit BlobFolder(const std::string& data_folder) : m_folder(data_folder + "/blobs") {}

  /// Seals `plain` into a file that survives a power cut when this returns: temporary file, fsync, rename, fsync of the
  /// folder. Never holds the sealed bytes whole.
  [[nodiscard]] record::Result<record::BlobName> keep(record::ByteView plain,
                                                      const std::vector<record::PublicKey>& recipients);
  [[nodiscard]] std::string path(const record::Hash& hash) const;
  [[nodiscard]] bool has(const record::Hash& hash) const;
  void remove(const record::Hash& hash);
  /// Where the sweep puts files instead of removing them for good, and which.
  struct Aside {
    std::string folder;                           ///< made when there is anything to put there
    std::filesystem::file_time_type newest = {};  ///< only files that were written at this moment or before
  };
  /// Removes what was half written and every file that `is_named` does not know, or puts it aside.
  [[nodiscard]] record::Result<void> sweep(const std::function<record::Result<bool>(const record::Hash&)>& is_named,
                                           const std::optional<Aside>& aside);

  /// `most` bytes (fewer at the end) from `offset` on. `not_found` when there is no such file.
  [[nodiscard]] record::Result<record::Bytes> read(const record::Hash& hash, std::uint64_t offset,
                                                   std::size_t most) const;
  /// Whether the bytes are still those of the name; reads the whole file, a piece at a time.
  [[nodiscard]] record::Result<bool> sound(const record::Hash& hash) const;

 private:
  std::string m_folder;
};

}  // namespace anjungan::store
