// SPDX-License-Identifier: Apache-2.0
// A small disk for a test that fills one.
#pragma once

#include <sched.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace anjungan::store {

/// A tmpfs of `size` ("4m") at the folder `at`, which is made when it is missing: seen by this process alone, in a
/// mount namespace that ends with it, for as long as this lives. Not mounted() where the user may not do that.
class SmallDisk {
 public:
  SmallDisk(std::string at, const std::string& size) : m_at(std::move(at)) {
    std::filesystem::create_directories(m_at);
    m_mounted = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                ::mount("tmpfs", m_at.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (m_mounted) ::umount2(m_at.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool mounted() const { return m_mounted; }
  /// Another size, or with MS_RDONLY another mood; false where that is refused.
  [[nodiscard]] bool remount(unsigned long flags, const std::string& size) const {
    return ::mount("tmpfs", m_at.c_str(), "tmpfs", MS_REMOUNT | flags, ("size=" + size).c_str()) == 0;
  }
  /// Another program takes every byte that is left, in the file `path()`.
  void fill() const {
    std::ofstream other(path(), std::ios::binary);
    const std::string block(4'096, 'x');
    while (other.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  [[nodiscard]] std::string path() const { return m_at + "/other"; }

 private:
  std::string m_at;
  bool m_mounted = false;
};

}  // namespace anjungan::store
