// SPDX-License-Identifier: Apache-2.0
// SqliteAccess: keys in use, and those that terminals have put away.
#include <algorithm>

#include "sync/central/store/sqlite_access.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;

namespace {

record::Hash bytes_32(const record::Bytes& bytes) {
  record::Hash out{};
  if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

}  // namespace

record::Result<std::vector<FormerKeys>> SqliteAccess::former_keys(std::string_view device) {
  auto statement =
      use("SELECT serial, receipt_key, device_key, from_ms, until_ms, told_seq, receipt_end, request FROM former_keys "
          "WHERE device = ? ORDER BY serial");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)->bind(device);
  std::vector<FormerKeys> out;
  for (;;) {
    auto row = (*statement)->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    const store::Statement& is = **statement;
    out.push_back({std::string(device), static_cast<std::uint64_t>(is.integer(0)), bytes_32(is.bytes(1)),
                   bytes_32(is.bytes(2)), is.integer(3), is.integer(4), static_cast<std::uint64_t>(is.integer(5)),
                   static_cast<std::uint64_t>(is.integer(6)), bytes_32(is.bytes(7))});
  }
}

record::Result<void> SqliteAccess::put_keys(const wire::DeviceId& id, const record::PublicKey& receipt_key,
                                            const record::PublicKey& device_key) {
  auto statement = use("UPDATE device SET receipt_key = ?, device_key = ? WHERE id = ?");
  if (!statement) return tl::unexpected(statement.error());
  const std::string name = id.str();
  (*statement)->bind(record::ByteView(receipt_key)).bind(record::ByteView(device_key)).bind(std::string_view(name));
  auto done = did(**statement);
  if (!done) return tl::unexpected(done.error());
  if (!*done) return fail(ErrorKind::not_found, "device: there is no such terminal");
  return {};
}

record::Result<void> SqliteAccess::add_former_keys(const FormerKeys& keys) {
  auto statement =
      use("INSERT INTO former_keys(device, serial, receipt_key, device_key, from_ms, until_ms, told_seq, receipt_end, "
          "request) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  if (!statement) return tl::unexpected(statement.error());
  (*statement)
      ->bind(std::string_view(keys.device))
      .bind(static_cast<std::int64_t>(keys.serial))
      .bind(record::ByteView(keys.receipt_key))
      .bind(record::ByteView(keys.device_key))
      .bind(keys.from_ms)
      .bind(keys.until_ms)
      .bind(static_cast<std::int64_t>(keys.told_seq))
      .bind(static_cast<std::int64_t>(keys.receipt_end))
      .bind(record::ByteView(keys.request));
  auto done = did(**statement);
  if (!done) return tl::unexpected(done.error());
  if (!*done) return fail(ErrorKind::conflict, "keys: this change is there already");
  return {};
}

record::Result<void> SqliteAccess::end_receipt_key(std::string_view device, std::uint64_t serial, std::uint64_t seq) {
  auto statement = use("UPDATE former_keys SET receipt_end = ? WHERE device = ? AND serial = ?");
  if (!statement) return tl::unexpected(statement.error());
  return (*statement)->bind(static_cast<std::int64_t>(seq)).bind(device).bind(static_cast<std::int64_t>(serial)).run();
}

}  // namespace anjungan::central
