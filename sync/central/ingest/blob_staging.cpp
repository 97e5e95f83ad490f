// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/blob_staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "sync/store/files.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_piece = 256 * 1024;
constexpr auto k_abandoned = std::chrono::hours(24 * 60);

struct File {
  int number = -1;
  ~File() {
    if (number >= 0) ::close(number);
  }
};

tl::unexpected<record::Error> failed(const std::string& path, int number) {
  const ErrorKind kind = number == ENOSPC || number == EDQUOT ? ErrorKind::full : ErrorKind::io;
  return fail(kind, fmt::format("{}: {}", path, std::strerror(number)));
}

}  // namespace

Result<std::unique_ptr<BlobStaging>> BlobStaging::open(const std::string& folder) {
  if (auto made = store::make_folder(folder); !made) return tl::unexpected(made.error());
  std::error_code ignored;
  const auto now = std::filesystem::file_time_type::clock::now();
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (now - entry.last_write_time(ignored) > k_abandoned) std::filesystem::remove(entry.path(), ignored);
  }
  return std::unique_ptr<BlobStaging>(new BlobStaging(folder));
}

BlobStaging::Turn BlobStaging::turn(const record::Hash& hash) { return {m_turns[hash[0] % m_turns.size()], hash}; }

std::string BlobStaging::path(const Turn& turn) const { return m_folder + "/" + record::to_hex(turn.m_hash); }

BlobStaging::Coming* BlobStaging::coming(const Turn& turn) {
  const std::lock_guard guard(m_mutex);
  const auto found = m_coming.find(turn.m_hash);
  return found == m_coming.end() ? nullptr : &found->second;
}

Result<std::uint64_t> BlobStaging::offset(const Turn& turn) {
  if (const Coming* known = coming(turn)) return known->size;
  const std::string name = path(turn);
  const File file{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
  std::uint64_t size = 0;
  if (file.number < 0 && errno != ENOENT) return failed(name, errno);
  if (file.number >= 0) {
    struct stat info{};
    // A process that was killed may have written without syncing; a power cut could still take that away.
    if (::fsync(file.number) != 0 || ::fstat(file.number, &info) != 0) return failed(name, errno);
    if (auto synced = store::sync_folder(m_folder); !synced) return tl::unexpected(synced.error());
    size = static_cast<std::uint64_t>(info.st_size);
  }
  if (size == 0) return size;
  const std::lock_guard guard(m_mutex);
  m_coming[turn.m_hash].size = size;
  return size;
}

Result<void> BlobStaging::append(const Turn& turn, record::ByteView piece, bool last) {
  auto at = offset(turn);
  if (!at) return tl::unexpected(at.error());
  const std::string name = path(turn);
  const File file{::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)};
  if (file.number < 0) return failed(name, errno);
  int error = 0;
  for (std::size_t done = 0; done < piece.size() && error == 0;) {
    const ssize_t wrote =
        ::pwrite(file.number, piece.data() + done, piece.size() - done, static_cast<off_t>(*at + done));
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
    if (wrote < 0 && errno != EINTR) error = errno;
  }
  if (error != 0) {
    if (::ftruncate(file.number, static_cast<off_t>(*at)) != 0) drop(turn);
    return failed(name, error);
  }
  if (::fsync(file.number) != 0) {
    // The kernel may have dropped the pages and call the next sync a success: none of it can be believed any more.
    error = errno;
    drop(turn);
    return failed(name, error);
  }
  if (*at == 0 && !last) {
    if (auto synced = store::sync_folder(m_folder); !synced) return synced;
  }
  Coming* known = coming(turn);
  if (known == nullptr) {
    const std::lock_guard guard(m_mutex);
    known = &m_coming[turn.m_hash];
    known->hasher.emplace();  // its first bytes
  }
  known->size += piece.size();
  if (known->hasher) known->hasher->add(piece);
  return {};
}

Result<bool> BlobStaging::sound(const Turn& turn) {
  if (Coming* known = coming(turn); known != nullptr && known->hasher) {
    const bool same = known->hasher->finish() == turn.m_hash;
    known->hasher.reset();  // used up
    return same;
  }
  record::Hasher hasher;
  for (std::uint64_t at = 0;; at += k_piece) {
    auto piece = store::read_part(path(turn), at, k_piece);
    if (!piece) return tl::unexpected(piece.error());
    hasher.add(*piece);
    if (piece->size() < k_piece) return hasher.finish() == turn.m_hash;
  }
}

void BlobStaging::drop(const Turn& turn) {
  ::unlink(path(turn).c_str());
  const std::lock_guard guard(m_mutex);
  m_coming.erase(turn.m_hash);
}

}  // namespace anjungan::central
