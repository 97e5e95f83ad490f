// SPDX-License-Identifier: Apache-2.0
// PostgresAccess: keys in use, and those that terminals have put away.
#include <algorithm>

#include "sync/central/store/postgres_access.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

record::Hash bytes_32(const record::Bytes& bytes) {
  record::Hash out{};
  if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

std::int64_t as_bigint(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

Result<std::vector<FormerKeys>> PostgresAccess::former_keys(std::string_view device) {
  auto rows = m_connection.query(
      "SELECT serial, receipt_key, device_key, from_ms, until_ms, told_seq, receipt_end, request FROM former_keys "
      "WHERE device = $1 ORDER BY serial",
      PostgresValues().add(device));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<FormerKeys> out;
  for (std::size_t row = 0; row < rows->size(); row++) {
    out.push_back({std::string(device), static_cast<std::uint64_t>(rows->integer(row, 0)),
                   bytes_32(rows->bytes(row, 1)), bytes_32(rows->bytes(row, 2)), rows->integer(row, 3),
                   rows->integer(row, 4), static_cast<std::uint64_t>(rows->integer(row, 5)),
                   static_cast<std::uint64_t>(rows->integer(row, 6)), bytes_32(rows->bytes(row, 7))});
  }
  return out;
}

Result<void> PostgresAccess::put_keys(const wire::DeviceId& id, const record::PublicKey& receipt_key,
                                      const record::PublicKey& device_key) {
  const std::string name = id.str();
  auto changed = m_connection.query("UPDATE device SET receipt_key = $2, device_key = $3 WHERE id = $1 RETURNING 1",
                                    PostgresValues()
                                        .add(std::string_view(name))
                                        .add(record::ByteView(receipt_key))
                                        .add(record::ByteView(device_key)));
  if (!changed) return tl::unexpected(changed.error());
  if (changed->size() == 0) return fail(ErrorKind::not_found, "device: there is no such terminal");
  return {};
}

Result<void> PostgresAccess::add_former_keys(const FormerKeys& keys) {
  auto added = m_connection.query(
      "INSERT INTO former_keys(device, serial, receipt_key, device_key, from_ms, until_ms, told_seq, receipt_end, "
      "request) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING RETURNING 1",
      PostgresValues()
          .add(std::string_view(keys.device))
          .add(as_bigint(keys.serial))
          .add(record::ByteView(keys.receipt_key))
          .add(record::ByteView(keys.device_key))
          .add(keys.from_ms)
          .add(keys.until_ms)
          .add(as_bigint(keys.told_seq))
          .add(as_bigint(keys.receipt_end))
          .add(record::ByteView(keys.request)));
  if (!added) return tl::unexpected(added.error());
  if (added->size() == 0) return fail(ErrorKind::conflict, "keys: this change is there already");
  return {};
}

Result<void> PostgresAccess::end_receipt_key(std::string_view device, std::uint64_t serial, std::uint64_t seq) {
  auto done = m_connection.query("UPDATE former_keys SET receipt_end = $3 WHERE device = $1 AND serial = $2",
                                 PostgresValues().add(device).add(as_bigint(serial)).add(as_bigint(seq)));
  if (!done) return tl::unexpected(done.error());
  return {};
}

}  // namespace anjungan::central
