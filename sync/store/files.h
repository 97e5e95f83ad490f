// SPDX-License-Identifier: Apache-2.0
// Small files that are whole or absent, and a lock that says who writes.
#pragma once

#include <string>
#include <string_view>

#include "sync/record/bytes.h"

namespace anjungan::store {

/// Makes `folder` (and its parents) with mode 2770; an existing one is left as it is.
[[nodiscard]] record::Result<void> make_folder(const std::string& folder);

/// Temporary file, fsync, rename, fsync of the folder: after success the content survives a power cut.
[[nodiscard]] record::Result<void> write_file(const std::string& path, record::ByteView bytes, unsigned mode);

/// fsync of a folder: what was made, renamed or removed in it survives a power cut.
[[nodiscard]] record::Result<void> sync_folder(const std::string& folder);

/// Fails with `not_found`, `io`, or `invalid` when it is larger than `most` bytes.
[[nodiscard]] record::Result<record::Bytes> read_file(const std::string& path, std::size_t most);

/// `most` bytes (fewer at the end) of a file from `offset` on. `not_found`, `io`.
[[nodiscard]] record::Result<record::Bytes> read_part(const std::string& path, std::uint64_t offset, std::size_t most);

/// A file that comes piece by piece and gets its name only once it is whole; removed when it never does.
class NewFile {
 public:
  /// Replaces what a crash has left at `temporary`.
  [[nodiscard]] static record::Result<NewFile> make(const std::string& temporary, unsigned mode);
  NewFile(NewFile&& other) noexcept : m_file(other.m_file), m_path(std::move(other.m_path)) { other.m_file = -1; }
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  [[nodiscard]] record::Result<void> write(record::ByteView bytes);
  /// fsync, rename to `path` in the same folder, fsync of the folder.
  [[nodiscard]] record::Result<void> keep_as(const std::string& path);

 private:
  NewFile(int file, std::string path) : m_file(file), m_path(std::move(path)) {}
  int m_file;
  std::string m_path;
};

/// An flock on a file: at most one holder at a time on the machine, released with the process whatever its end.
class FolderLock {
 public:
  /// Fails with `conflict` when another process holds it.
  [[nodiscard]] static record::Result<FolderLock> take(const std::string& path);
  FolderLock(FolderLock&& other) noexcept : m_file(other.m_file) { other.m_file = -1; }
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : m_file(file) {}
  int m_file;
};

/// Free bytes for this user on the file system of `path`.
[[nodiscard]] record::Result<std::uint64_t> free_bytes(const std::string& path);

}  // namespace anjungan::store
