// SPDX-License-Identifier: Apache-2.0
#include "sync/store/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

ErrorKind kind_of(int number) {
  switch (number) {
    case ENOENT:
      return ErrorKind::not_found;
    case ENOSPC:
    case EDQUOT:
      return ErrorKind::full;
    case EROFS:
    case EACCES:
    case EPERM:
      return ErrorKind::read_only;
    default:
      return ErrorKind::io;
  }
}

tl::unexpected<record::Error> failed(const std::string& path, const char* doing) {
  const int number = errno;
  return fail(kind_of(number), fmt::format("{}: {}: {}", path, doing, std::strerror(number)));
}

struct File {
  int number = -1;
  ~File() {
    if (number >= 0) ::close(number);
  }
};

bool write_all(int file, record::ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

Result<void> make_folder(const std::string& folder) {
  for (std::size_t at = 1; at <= folder.size(); at++) {
    if (at != folder.size() && folder[at] != '/') continue;
    const std::string part = folder.substr(0, at);
    if (::mkdir(part.c_str(), 0770) == 0) {
      // The umask took bits away. A service that may not set the group's bit has it from the folder above.
      if (::chmod(part.c_str(), 02770) != 0) ::chmod(part.c_str(), 0770);
    } else if (errno != EEXIST) {
      return failed(part, "cannot be made");
    }
  }
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) return failed(folder, "cannot be opened");
  if (!S_ISDIR(info.st_mode)) return fail(ErrorKind::invalid, folder + ": is not a folder");
  return {};
}

Result<void> write_file(const std::string& path, record::ByteView bytes, unsigned mode) {
  auto file = NewFile::make(path + ".new", mode);
  if (!file) return tl::unexpected(file.error());
  if (auto written = file->write(bytes); !written) return written;
  return file->keep_as(path);
}

Result<NewFile> NewFile::make(const std::string& temporary, unsigned mode) {
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return failed(temporary, "cannot be made");
  ::fchmod(file, mode);
  return NewFile(file, temporary);
}

NewFile::~NewFile() {
  if (m_file < 0) return;
  ::close(m_file);
  ::unlink(m_path.c_str());
}

Result<void> NewFile::write(record::ByteView bytes) {
  if (!write_all(m_file, bytes)) return failed(m_path, "cannot be written");
  return {};
}

Result<void> NewFile::keep_as(const std::string& path) {
  if (::fsync(m_file) != 0) return failed(m_path, "cannot be written");
  if (::rename(m_path.c_str(), path.c_str()) != 0) return failed(path, "cannot be replaced");
  ::close(m_file);
  m_file = -1;
  const std::size_t slash = path.rfind('/');
  return sync_folder(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

Result<void> sync_folder(const std::string& folder) {
  const File file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (file.number < 0 || ::fsync(file.number) != 0) return failed(folder, "cannot be synced");
  return {};
}

Result<record::Bytes> read_file(const std::string& path, std::size_t most) {
  File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) return failed(path, "cannot be opened");
  record::Bytes out(most + 1);
  std::size_t size = 0;
  while (size < out.size()) {
    const ssize_t got = ::read(file.number, out.data() + size, out.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "cannot be read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > most) return fail(ErrorKind::invalid, fmt::format("{}: larger than {} bytes", path, most));
  out.resize(size);
  return out;
}

Result<record::Bytes> read_part(const std::string& path, std::uint64_t offset, std::size_t most) {
  const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) return failed(path, "cannot be opened");
  record::Bytes out(most);
  std::size_t size = 0;
  while (size < most) {
    const ssize_t got = ::pread(file.number, out.data() + size, most - size, static_cast<off_t>(offset + size));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "cannot be read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  out.resize(size);
  return out;
}

Result<FolderLock> FolderLock::take(const std::string& path) {
  File file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0660)};
  if (file.number < 0) return failed(path, "cannot be made");
  if (::flock(file.number, LOCK_EX | LOCK_NB) != 0) {
    return fail(ErrorKind::conflict, path + ": another program writes this folder; stop it first");
  }
  const int held = file.number;
  file.number = -1;
  return FolderLock(held);
}

FolderLock::~FolderLock() {
  if (m_file >= 0) ::close(m_file);
}

Result<std::uint64_t> free_bytes(const std::string& path) {
  struct statvfs info{};
  if (::statvfs(path.c_str(), &info) != 0) return failed(path, "its file system cannot be asked");
  return std::uint64_t{info.f_bavail} * info.f_frsize;
}

}  // namespace anjungan::store
