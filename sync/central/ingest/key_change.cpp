// SPDX-License-Identifier: Apache-2.0
// Centre: a new signing key, told to every terminal before it is used.
#include <algorithm>

#include "sync/central/ingest/centre.h"
#include "sync/wire/key_manifest.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_whole_feed = 100'000;

Result<bool> waits_for(Reader& in, const Device& device, const record::Bytes& manifest) {
  auto feed = in.feed(device.id.str(), 0, k_whole_feed);
  if (!feed) return tl::unexpected(feed.error());
  return std::ranges::any_of(*feed,
                             [&](const wire::FeedItem& item) { return item.kind == "keys" && item.body == manifest; });
}

}  // namespace

record::Bytes Centre::manifest() {
  const std::lock_guard guard(m_manifest_mutex);
  return m_keys.manifest;
}

Result<Centre::KeyNews> Centre::tell_keys(const record::Bytes& manifest, const std::string& who,
                                          const std::string& what) {
  auto opened = wire::open_key_manifest(manifest, m_keys.root);
  if (!opened) return tl::unexpected(opened.error());
  {
    // Before anybody is told: who enrols from now on gets it with the grant.
    const std::lock_guard guard(m_manifest_mutex);
    m_keys.manifest = manifest;
  }
  KeyNews out;
  auto done = m_store->write([&](Writer& change) -> Result<void> {
    out = {opened->serial, {}};
    auto devices = change.devices();
    if (!devices) return tl::unexpected(devices.error());
    const std::string told = "keys_told " + std::to_string(opened->serial);
    auto before = change.meta(told);
    if (!before) return tl::unexpected(before.error());
    for (const Device& device : *devices) {
      if (device.state == DeviceState::revoked || device.state == DeviceState::pending) continue;
      if (!*before) {
        const wire::FeedItem item{0, "keys", "", manifest};
        if (auto added = change.add_feed(device.id.str(), {&item, 1}); !added) return added;
      }
      auto waits = waits_for(change, device, manifest);
      if (!waits) return tl::unexpected(waits.error());
      if (*waits && device.state == DeviceState::active) out.not_told_yet.push_back(device.id.str());
    }
    if (*before) return {};
    if (auto set = change.set_meta(told, record::view_of("1")); !set) return set;
    return change.add_audit({m_clock.unix_ms(), who, what});
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Centre::KeyNews> Centre::announce_key(const std::string& who) {
  auto manifest = announce_signing_key(m_data_folder, m_clock.unix_ms());
  if (!manifest) return tl::unexpected(manifest.error());
  return tell_keys(*manifest, who, "announced a new signing key");
}

Result<Centre::KeyNews> Centre::switch_key(const std::string& who, bool force) {
  const record::Bytes announced = manifest();
  std::string waiting;
  auto looked = m_store->read([&](Reader& in) -> Result<void> {
    waiting.clear();
    auto devices = in.devices();
    if (!devices) return tl::unexpected(devices.error());
    for (const Device& device : *devices) {
      if (device.state != DeviceState::active) continue;
      auto waits = waits_for(in, device, announced);
      if (!waits) return tl::unexpected(waits.error());
      if (*waits) waiting += (waiting.empty() ? "" : ", ") + device.id.str();
    }
    return {};
  });
  if (!looked) return tl::unexpected(looked.error());
  if (!waiting.empty() && !force) {
    return fail(ErrorKind::conflict, "keys: not every terminal has heard of the new key yet: " + waiting);
  }
  auto alone = switch_signing_key(m_data_folder, m_clock.unix_ms());
  if (!alone) return tl::unexpected(alone.error());
  return tell_keys(*alone, who, "put the announced signing key to use");
}

}  // namespace anjungan::central
