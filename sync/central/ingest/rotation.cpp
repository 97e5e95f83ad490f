// SPDX-License-Identifier: Apache-2.0
// Centre: terminals that change their keys (PROTOCOL.md, "Rotation").
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/ingest/centre.h"
#include "sync/wire/enrol.h"
#include "sync/wire/rotation.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

struct Standing {
  std::optional<Device> device;  ///< confirmed ones alone
  std::vector<FormerKeys> former;
};

Result<Standing> standing_of(Reader& in, const wire::DeviceId& id) {
  auto device = in.device(id);
  if (!device) return tl::unexpected(device.error());
  Standing out;
  if (!*device || (*device)->state == DeviceState::pending) return out;
  out.device = std::move(*device);
  if (out.device->key_changes == 0) return out;
  auto former = in.former_keys(id.str());
  if (!former) return tl::unexpected(former.error());
  out.former = std::move(*former);
  return out;
}

/// When the centre took this very request.
std::optional<std::int64_t> taken_ms(const Standing& standing, const record::Hash& digest) {
  const auto found = std::find_if(standing.former.begin(), standing.former.end(),
                                  [&](const FormerKeys& one) { return one.request == digest; });
  if (found == standing.former.end()) return std::nullopt;
  return found->until_ms;
}

bool was_used(const Standing& standing, const record::PublicKey& key) {
  return std::any_of(standing.former.begin(), standing.former.end(),
                     [&](const FormerKeys& one) { return one.receipt_key == key || one.device_key == key; });
}

/// 0 when it may be taken, otherwise the status that refuses it.
unsigned refusal(const Standing& standing, const wire::RotationRequest& request) {
  if (standing.device->state != DeviceState::active) return 403;
  if (request.receipt_key != standing.device->receipt_key) return 409;
  if (request.changes_receipt_key() && was_used(standing, request.next_receipt_key)) return 409;
  if (request.changes_device_key() && was_used(standing, request.next_device_key)) return 409;
  return 0;
}

const char* which_keys(const wire::RotationRequest& request) {
  if (!request.changes_device_key()) return "its receipt key";
  return request.changes_receipt_key() ? "both its keys" : "its device key";
}

Result<void> change_keys(Writer& out, const Standing& standing, const wire::RotationRequest& request,
                         const record::Hash& digest, std::int64_t now) {
  const Device& device = *standing.device;
  FormerKeys former;
  former.device = device.id.str();
  former.serial = standing.former.empty() ? 1 : standing.former.back().serial + 1;
  former.receipt_key = device.receipt_key;
  former.device_key = device.device_key;
  former.from_ms = standing.former.empty() ? device.enrolled_ms : standing.former.back().until_ms;
  former.until_ms = now;
  former.told_seq = device.told_seq;
  former.request = digest;
  if (auto added = out.add_former_keys(former); !added) return added;
  if (auto put = out.put_keys(device.id, request.next_receipt_key, request.next_device_key); !put) return put;
  return out.add_audit({now, "terminal",
                        fmt::format("{} changed {}: change {}, event {} was its newest; fingerprint now {}",
                                    former.device, which_keys(request), former.serial, former.told_seq,
                                    wire::enrol_fingerprint(request.next_receipt_key, request.next_device_key))});
}

}  // namespace

Reply Centre::rotate(record::Bytes message) {
  auto unverified = wire::UnverifiedRotation::parse(std::move(message));
  if (!unverified) return {400, {}, 0};
  const wire::DeviceId id = unverified->device();
  const record::Hash digest = unverified->digest();
  const std::int64_t now = m_clock.unix_ms();
  unsigned refused = 401;
  std::optional<std::int64_t> changed_ms;
  std::optional<wire::RotationRequest> request;
  // Signatures are checked before the transaction: whoever sends rubbish holds up no batch.
  auto looked = m_store->read([&](Reader& in) -> Result<void> {
    request.reset();
    auto standing = standing_of(in, id);
    if (!standing) return tl::unexpected(standing.error());
    changed_ms = taken_ms(*standing, digest);
    if (changed_ms || !standing->device) return {};
    auto verified = unverified->verify(standing->device->device_key, m_keys.root);
    if (verified) request = *verified;
    return {};
  });
  if (!looked) return {503, {}, 5};
  if (!changed_ms && request) {
    auto done = m_store->write([&](Writer& out) -> Result<void> {
      refused = 401;
      if (auto locked = out.lock(id.str()); !locked) return locked;
      auto standing = standing_of(out, id);
      if (!standing) return tl::unexpected(standing.error());
      changed_ms = taken_ms(*standing, digest);
      if (changed_ms || !standing->device || standing->device->device_key != request->device_key) return {};
      refused = refusal(*standing, *request);
      if (refused != 0) return {};
      changed_ms = now;
      return change_keys(out, *standing, *request, digest, now);
    });
    if (!done) {
      spdlog::error("keys of {} not changed: {}", id.str(), done.error().text);
      return {503, {}, 5};
    }
    if (changed_ms == now && refused == 0) {
      forget_device_key(id);
      m_counters.key_changes++;
      spdlog::info("terminal {} changed {}", id.str(), which_keys(*request));
    }
  }
  if (!changed_ms) {
    m_counters.key_changes_refused++;
    spdlog::warn("terminal {}: a change of its keys was refused ({})", id.str(), refused);
    return {refused, {}, 0};
  }
  // Signed only now: the answer speaks of what is durable.
  auto body = wire::encode_rotation_answer({*changed_ms}, id, digest, m_keys.signing);
  if (!body) return {500, {}, 0};
  return {200, std::move(*body), 0};
}

Result<std::vector<Centre::TerminalKeys>> Centre::terminal_keys() {
  std::vector<TerminalKeys> out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    out.clear();
    auto devices = in.devices();
    if (!devices) return tl::unexpected(devices.error());
    for (Device& one : *devices) {
      if (one.state == DeviceState::pending) continue;
      TerminalKeys keys;
      if (one.key_changes > 0) {
        auto former = in.former_keys(one.id.str());
        if (!former) return tl::unexpected(former.error());
        keys.former = std::move(*former);
      }
      keys.device = std::move(one);
      out.push_back(std::move(keys));
    }
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Device> Centre::ask_rotation(std::string_view device, std::string_view which, const std::string& who) {
  auto id = wire::DeviceId::parse(device);
  if (!id) return tl::unexpected(id.error());
  if (which != "both" && which != "receipt" && which != "device") {
    return fail(ErrorKind::invalid, "which: both, receipt or device");
  }
  Device out;
  auto done = m_store->write([&](Writer& change) -> Result<void> {
    if (auto locked = change.lock(id->str()); !locked) return locked;
    auto row = change.device(*id);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(ErrorKind::not_found, "device: there is no such terminal");
    out = **row;
    if (out.state != DeviceState::active) {
      return fail(ErrorKind::conflict, fmt::format("device: {} is {}", out.id.str(), device_state_name(out.state)));
    }
    // Names the keys that are to go: told twice, it changes nothing twice.
    const record::ByteView body = record::view_of(which);
    const wire::FeedItem item{0, std::string(wire::k_rotate_item),
                              wire::enrol_fingerprint(out.receipt_key, out.device_key),
                              record::Bytes(body.begin(), body.end())};
    if (auto added = change.add_feed(out.id.str(), {&item, 1}); !added) return added;
    return change.add_audit({m_clock.unix_ms(), who, fmt::format("asked {} to change its keys", out.id.str())});
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

}  // namespace anjungan::central
