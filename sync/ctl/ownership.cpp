// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/ownership.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <utility>

namespace anjungan::ctl {

record::Result<void> give_to_services(const std::string& data_folder) {
  if (::geteuid() != 0) return {};
  // The results point into one buffer each that the next call reuses: copy the numbers out at once.
  const passwd* user = ::getpwnam("anjungan");
  if (user == nullptr) return {};
  const uid_t app = user->pw_uid;
  user = ::getpwnam("anjungan-sync");
  if (user == nullptr) return {};
  const uid_t agent = user->pw_uid;
  const group* shared = ::getgrnam("anjungan");
  if (shared == nullptr) return {};
  const gid_t both = shared->gr_gid;

  for (const auto& [name, owner] :
       std::initializer_list<std::pair<const char*, uid_t>>{{"", app},
                                                            {"/keys", app},
                                                            {"/keys/receipt.key", app},
                                                            {"/keys/staff.pin", app},
                                                            {"/keys/identity.json", agent},
                                                            {"/keys/device.key", agent},
                                                            {"/keys/device.next", agent},
                                                            {"/keys/rotation.order", agent},
                                                            {"/keys/rotation.request", agent},
                                                            {"/sync.lock", agent},
                                                            {"/sync.db", agent},
                                                            {"/sync.db-wal", agent},
                                                            {"/sync.db-shm", agent}}) {
    const std::string path = data_folder + name;
    if (::lchown(path.c_str(), owner, both) == 0 || errno == ENOENT) continue;
    return record::fail(record::ErrorKind::io,
                        fmt::format("{}: cannot be handed to its service: {}", path, std::strerror(errno)));
  }
  return {};
}

}  // namespace anjungan::ctl
