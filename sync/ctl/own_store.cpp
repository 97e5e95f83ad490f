// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/own_store.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sync/store/sync_store.h"

namespace anjungan::ctl {
namespace {

record::Result<void> become_owner_of(const std::string& folder) {
  struct stat found{};
  if (::geteuid() != 0 || ::stat(folder.c_str(), &found) != 0 || found.st_uid == 0) return {};
  if (::setegid(found.st_gid) == 0 && ::seteuid(found.st_uid) == 0) return {};
  return record::fail(record::ErrorKind::io,
                      fmt::format("{}: cannot act as its owner: {}", folder, std::strerror(errno)));
}

}  // namespace

record::Result<std::unique_ptr<store::IntakeStore>> own_store(const settings::Terminal& terminal,
                                                              const store::Identity& identity) {
  if (auto became = become_owner_of(terminal.data); !became) return tl::unexpected(became.error());
  auto key = store::load_key(terminal.data, store::KeyUse::receipt);
  if (!key) return tl::unexpected(key.error());
  store::IntakeOptions options;
  options.ballast_bytes = terminal.ballast_mib << 20;
  options.low_water_bytes = terminal.low_water_mib << 20;
  options.photo_low_water_bytes = terminal.photo_low_water_mib << 20;
  if (auto sync = store::SyncReader::open(terminal.data)) {
    const auto state = sync->state();
    if (!state) return tl::unexpected(state.error());
    options.acked_seq = state->acked_seq;
  }
  return store::IntakeStore::open(terminal.data, terminal.runtime, identity, *std::move(key), options);
}

}  // namespace anjungan::ctl
