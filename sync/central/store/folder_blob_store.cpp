// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>

#include "sync/central/store/blob_store.h"
#include "sync/store/files.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_piece = 256 * 1024;

class FolderBlobStore final : public BlobStore {
 public:
  explicit FolderBlobStore(std::string folder) : m_folder(std::move(folder)) {}

  Result<bool> has(const record::Hash& hash, std::uint64_t size) override {
    struct stat info{};
    if (::stat(path_of(hash).c_str(), &info) != 0) {
      if (errno == ENOENT) return false;
      return fail(ErrorKind::io, m_folder + ": " + std::strerror(errno));
    }
    if (static_cast<std::uint64_t>(info.st_size) != size) return false;
    // A process that was killed may have given it this name without syncing; a power cut could still take that away.
    if (auto synced = store::sync_folder(shard_of(hash)); !synced) return tl::unexpected(synced.error());
    if (auto synced = store::sync_folder(m_folder); !synced) return tl::unexpected(synced.error());
    return true;
  }

  Result<void> keep(const record::Hash& hash, std::uint64_t size, const std::string& path) override {
    auto there = has(hash, size);
    if (!there) return tl::unexpected(there.error());
    if (*there) return {};
    if (auto made = make_shard(hash); !made) return made;
    const std::string to = path_of(hash);
    if (::rename(path.c_str(), to.c_str()) == 0) return store::sync_folder(shard_of(hash));
    if (errno != EXDEV) return fail(ErrorKind::io, to + ": " + std::strerror(errno));
    return copy(path, to);
  }

  Result<record::Bytes> read(const record::Hash& hash) override {
    return store::read_file(path_of(hash), record::k_most_blob_bytes);
  }

 private:
  [[nodiscard]] std::string shard_of(const record::Hash& hash) const {
    return m_folder + "/" + record::to_hex(record::ByteView(hash).first(1));
  }
  [[nodiscard]] std::string path_of(const record::Hash& hash) const {
    return shard_of(hash) + "/" + record::to_hex(hash);
  }

  /// Its own name must be on disk too; once a process.
  Result<void> make_shard(const record::Hash& hash) {
    const std::lock_guard guard(m_mutex);
    if (m_shards.contains(hash[0])) return {};
    if (auto made = store::make_folder(shard_of(hash)); !made) return made;
    if (auto synced = store::sync_folder(m_folder); !synced) return synced;
    m_shards.insert(hash[0]);
    return {};
  }

  static Result<void> copy(const std::string& from, const std::string& to) {
    auto file = store::NewFile::make(to + ".new", 0600);
    if (!file) return tl::unexpected(file.error());
    for (std::uint64_t at = 0;; at += k_piece) {
      auto piece = store::read_part(from, at, k_piece);
      if (!piece) return tl::unexpected(piece.error());
      if (auto written = file->write(*piece); !written) return written;
      if (piece->size() < k_piece) break;
    }
    return file->keep_as(to);
  }

  std::string m_folder;
  std::mutex m_mutex;
  std::set<std::uint8_t> m_shards;
};

}  // namespace

Result<std::unique_ptr<BlobStore>> open_folder_blob_store(const std::string& folder) {
  if (auto made = store::make_folder(folder); !made) return tl::unexpected(made.error());
  return std::make_unique<FolderBlobStore>(folder);
}

}  // namespace anjungan::central
