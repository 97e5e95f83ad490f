// SPDX-License-Identifier: Apache-2.0
#include "sync/store/blob_folder.h"

#include <dirent.h>
#include <unistd.h>

#include <memory>

#include "sync/store/files.h"

namespace anjungan::store {

using record::ErrorKind;
using record::Result;

namespace {

constexpr std::string_view k_half_written = ".new";
constexpr std::size_t k_piece = 256 * 1024;

}  // namespace

std::string BlobFolder::path(const record::Hash& hash) const { return m_folder + "/" + record::to_hex(hash); }

bool BlobFolder::has(const record::Hash& hash) const { return ::access(path(hash).c_str(), F_OK) == 0; }

Result<record::BlobName> BlobFolder::keep(record::ByteView plain, const std::vector<record::PublicKey>& recipients) {
  if (::access(m_folder.c_str(), F_OK) != 0) {
    if (auto made = make_folder(m_folder); !made) return tl::unexpected(made.error());
    // Its own name must survive a power cut like the names in it.
    if (auto synced = sync_folder(m_folder + "/.."); !synced) return tl::unexpected(synced.error());
  }
  auto file = NewFile::make(m_folder + "/attachment" + std::string(k_half_written), 0660);
  if (!file) return tl::unexpected(file.error());
  auto name = record::seal_blob(plain, recipients, [&](record::ByteView bytes) { return file->write(bytes); });
  if (!name) return tl::unexpected(name.error());
  if (auto kept = file->keep_as(path(name->hash)); !kept) return tl::unexpected(kept.error());
  return name;
}

void BlobFolder::remove(const record::Hash& hash) { ::unlink(path(hash).c_str()); }

Result<void> BlobFolder::sweep(const std::function<Result<bool>(const record::Hash&)>& is_named,
                               const std::optional<Aside>& aside) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(m_folder.c_str()), &::closedir);
  if (!folder) return {};  // no attachment yet
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    const auto hash = record::blob_of_name(name);
    if (!hash && !name.ends_with(k_half_written)) continue;
    if (hash) {
      auto named = is_named(*hash);
      if (!named) return tl::unexpected(named.error());
      if (*named) continue;
    }
    const std::string path = m_folder + "/" + std::string(name);
    std::error_code unreadable;
    const auto written = std::filesystem::last_write_time(path, unreadable);
    if (!hash || !aside || (!unreadable && written > aside->newest)) {
      ::unlink(path.c_str());
      continue;
    }
    if (auto made = make_folder(aside->folder); !made) return made;
    if (::rename(path.c_str(), (aside->folder + "/" + std::string(name)).c_str()) != 0) {
      return record::fail(ErrorKind::io, path + ": cannot be moved to " + aside->folder);
    }
  }
  return {};
}

Result<record::Bytes> BlobFolder::read(const record::Hash& hash, std::uint64_t offset, std::size_t most) const {
  return read_part(path(hash), offset, most);
}

Result<bool> BlobFolder::sound(const record::Hash& hash) const {
  record::Hasher hasher;
  for (std::uint64_t at = 0;; at += k_piece) {
    auto piece = read(hash, at, k_piece);
    if (!piece && piece.error().kind == ErrorKind::not_found) return false;
    if (!piece) return tl::unexpected(piece.error());
    hasher.add(*piece);
    if (piece->size() < k_piece) return hasher.finish() == hash;
  }
}

}  // namespace anjungan::store
