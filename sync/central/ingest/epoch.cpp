// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/epoch.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>

namespace anjungan::central {

using record::Result;

namespace {

constexpr std::string_view k_floor_key = "terminal_floor";
/// More enrolments than a region makes within the life of a backup.
constexpr int k_skipped_codes = 100;

std::optional<wire::Epoch> epoch_of(const std::optional<record::Bytes>& entry, std::string_view lineage) {
  wire::Epoch out;
  if (!entry || entry->size() < out.size()) return std::nullopt;
  std::copy_n(entry->begin(), out.size(), out.begin());
  return *entry == epoch_entry(out, lineage) ? std::optional(out) : std::nullopt;
}

}  // namespace

record::Bytes epoch_entry(const wire::Epoch& epoch, std::string_view lineage) {
  record::Bytes out(epoch.begin(), epoch.end());
  out.insert(out.end(), lineage.begin(), lineage.end());
  return out;
}

Result<wire::Epoch> current_epoch(Writer& store, std::int64_t now_ms) {
  const std::string lineage = store.lineage();
  auto entry = store.meta(k_epoch_key);
  if (!entry) return tl::unexpected(entry.error());
  if (const auto epoch = epoch_of(*entry, lineage)) return *epoch;
  // Of several instances that see it at once, one makes the new epoch.
  if (auto locked = store.lock(k_epoch_key); !locked) return tl::unexpected(locked.error());
  entry = store.meta(k_epoch_key);
  if (!entry) return tl::unexpected(entry.error());
  if (const auto epoch = epoch_of(*entry, lineage)) return *epoch;

  if (*entry) return new_epoch(store, now_ms, "the store came back from a backup or another server");
  wire::Epoch fresh;
  record::fill_random(fresh);
  if (auto set = store.set_meta(k_epoch_key, epoch_entry(fresh, lineage)); !set) return tl::unexpected(set.error());
  return fresh;
}

Result<wire::Epoch> new_epoch(Writer& store, std::int64_t now_ms, const std::string& why) {
  if (auto locked = store.lock(k_epoch_key); !locked) return tl::unexpected(locked.error());
  wire::Epoch fresh;
  record::fill_random(fresh);
  if (auto set = store.set_meta(k_epoch_key, epoch_entry(fresh, store.lineage())); !set) {
    return tl::unexpected(set.error());
  }
  auto devices = store.devices();
  if (!devices) return tl::unexpected(devices.error());
  auto floor = terminal_floor(store);
  if (!floor) return tl::unexpected(floor.error());
  int highest = *floor - 1;
  for (const Device& one : *devices) highest = std::max<int>(highest, one.id.terminal);
  const std::string text = std::to_string(std::min(highest + 1 + k_skipped_codes, 9999));
  if (auto set = store.set_meta(k_floor_key, record::view_of(text)); !set) return tl::unexpected(set.error());
  spdlog::warn("new epoch, terminals send what is missing: {}", why);
  if (auto noted = store.add_audit({now_ms, "centre", "new epoch: " + why}); !noted) {
    return tl::unexpected(noted.error());
  }
  return fresh;
}

Result<std::uint16_t> terminal_floor(Reader& store) {
  auto entry = store.meta(k_floor_key);
  if (!entry) return tl::unexpected(entry.error());
  if (!*entry) return 1;
  const std::string text = record::to_text(**entry);
  std::uint16_t out = 1;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

}  // namespace anjungan::central
