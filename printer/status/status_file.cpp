// SPDX-License-Identifier: Apache-2.0
#include "printer/status/status_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <string_view>

#include "printer/status/boot_clock.h"

namespace anjungan::status {
namespace {

constexpr std::string_view k_head = "anjungan-struk 1";
constexpr std::size_t k_most_bytes = 1'024;
constexpr std::array<std::string_view, 8> k_words = {"ready", "low-paper", "media-empty", "cover-open",
                                                     "error", "offline",   "busy",        "unknown"};

bool known(std::string_view word) { return std::find(k_words.begin(), k_words.end(), word) != k_words.end(); }

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return {};
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

// The text of a small plain file; `there` even if it is no such file.
std::string text_of(const std::string& path, bool& there) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  there = file >= 0;
  if (!there) {
    struct stat found{};
    there = ::lstat(path.c_str(), &found) == 0;
    return {};
  }
  std::array<char, k_most_bytes + 1> bytes{};
  struct stat about{};
  ssize_t got = -1;
  if (::fstat(file, &about) == 0 && S_ISREG(about.st_mode)) got = ::read(file, bytes.data(), bytes.size());
  ::close(file);
  if (got < 0 || static_cast<std::size_t>(got) > k_most_bytes) return {};
  return {bytes.data(), static_cast<std::size_t>(got)};
}

}  // namespace

std::string path_of(const std::string& folder, const std::string& uri) {
  // Another name for each device; one that is too long for a file is not watched.
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string name;
  for (const char c : uri) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    if (plain) {
      name.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    name += {'_', k_digits[byte >> 4U], k_digits[byte & 15U]};
  }
  return folder + "/" + name;
}

Seen read(const std::string& folder, const std::string& uri) {
  bool there = false;
  const std::string text = text_of(path_of(folder, uri), there);
  if (!there) return {};
  std::string_view left = text;
  const std::string_view head = take_line(left);
  const std::string_view of = take_line(left);
  const std::string_view word = take_line(left);
  const std::string_view when = take_line(left);
  std::int64_t said_ms = 0;
  const auto number = std::from_chars(when.data(), when.data() + when.size(), said_ms);
  const bool whole = head == k_head && left.empty() && !when.empty() && number.ec == std::errc() &&
                     number.ptr == when.data() + when.size() && known(word);
  if (!whole) return {Sight::stale, ""};
  if (of != uri) return {};
  const std::int64_t age_ms = since_boot_ms() - said_ms;
  if (age_ms < 0 || age_ms > k_fresh_ms) return {Sight::stale, ""};
  return {Sight::seen, std::string(word)};
}

bool write(const std::string& folder, const std::string& uri, const std::string& word) {
  const std::string path = path_of(folder, uri);
  const std::string fresh = path + ".new";
  std::string text(k_head);
  text += "\n" + uri + "\n" + word + "\n" + std::to_string(since_boot_ms()) + "\n";
  if (text.size() > k_most_bytes || !known(word)) return false;
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (file < 0) return false;
  const bool done = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                    ::fchmod(file, 0644) == 0;  // whatever the umask
  ::close(file);
  if (done && std::rename(fresh.c_str(), path.c_str()) == 0) return true;
  ::unlink(fresh.c_str());
  return false;
}

void remove(const std::string& folder, const std::string& uri) { ::unlink(path_of(folder, uri).c_str()); }

}  // namespace anjungan::status
