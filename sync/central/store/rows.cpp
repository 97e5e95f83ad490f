// SPDX-License-Identifier: Apache-2.0
// What is the same whichever database holds it.
#include <fmt/format.h>

#include "sync/central/store/store.h"

namespace anjungan::central {

const char* device_state_name(DeviceState state) {
  switch (state) {
    case DeviceState::pending:
      return "waiting";
    case DeviceState::active:
      return "active";
    case DeviceState::locked:
      return "locked";
    case DeviceState::revoked:
      return "revoked";
  }
  return "waiting";
}

record::Hash audit_hash(const record::Hash& prev, const AuditRow& row) {
  const std::string line = fmt::format("{}\n{}\n{}\n{}", record::to_hex(prev), row.at_ms, row.who, row.what);
  return record::hash_in("anjungan/audit/1", record::view_of(line));
}

record::Result<std::unique_ptr<Store>> open_store(const std::string& url, const std::string& folder) {
  if (url.empty()) return open_sqlite_store(folder);
  if (url.starts_with("postgres://") || url.starts_with("postgresql://")) return open_postgres_store(url);
  return record::fail(record::ErrorKind::invalid, "store: must begin with postgres://, or be left out for SQLite");
}

}  // namespace anjungan::central
