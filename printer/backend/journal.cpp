// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace anjungan::backend {
namespace {

constexpr std::size_t k_record_bytes = 256;  // always the same, so that a write never changes the file's length

std::string file_of(const std::string& device) {
  const char* cache = std::getenv("CUPS_CACHEDIR");
  std::string name;
  for (const char c : device) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    name.push_back(plain ? c : '_');
  }
  return std::string(cache == nullptr ? "/var/cache/cups" : cache) + "/struk-" + name;
}

// A technician's probe, as root and with any umask, may be the first here; the backend must not be locked out by it.
void open_to_group(int file, const std::string& path) {
  struct stat folder{};
  const std::string above = path.substr(0, path.rfind('/'));
  if (::geteuid() == 0 && ::stat(above.c_str(), &folder) == 0) {
    static_cast<void>(!::fchown(file, static_cast<uid_t>(-1), folder.st_gid));
  }
  ::fchmod(file, 0660);
}

}  // namespace

Journal Journal::open(const std::string& device, std::string& error) {
  const std::string path = file_of(device);
  int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0 && errno == ENOENT) {
    file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (file >= 0) open_to_group(file, path);
  }
  if (file < 0) error = path + ": " + std::strerror(errno);
  return Journal(file);
}

Journal::~Journal() {
  if (m_file >= 0) ::close(m_file);
}

bool Journal::lock() const { return ::flock(m_file, LOCK_EX | LOCK_NB) == 0; }

Record Journal::read() const {
  std::array<char, k_record_bytes> bytes{};
  Record out;
  const ssize_t got = ::pread(m_file, bytes.data(), bytes.size(), 0);
  if (got <= 0) return out;
  std::istringstream text(std::string(bytes.data(), static_cast<std::size_t>(got)));
  std::string speaks;
  if (!(text >> out.job >> out.state >> speaks)) return {};
  out.speaks = speaks == "speaks";
  std::string confirms;
  out.confirms = (text >> confirms) && confirms == "confirms";
  if (text >> out.fault && out.fault == "-") out.fault.clear();
  return out;
}

bool Journal::write(const Record& record) const {
  std::string text = (record.job.empty() ? "-" : record.job.substr(0, 120)) + " " +
                     (record.state.empty() ? "-" : record.state) + (record.speaks ? " speaks" : " silent") +
                     (record.confirms ? " confirms " : " - ") + (record.fault.empty() ? "-" : record.fault);
  text.resize(k_record_bytes - 1, ' ');
  text.push_back('\n');
  return ::pwrite(m_file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) && ::fdatasync(m_file) == 0;
}

}  // namespace anjungan::backend
