// SPDX-License-Identifier: Apache-2.0
// Uplink: this terminal changes its keys (PROTOCOL.md, "Rotation").
#include <fmt/format.h>

#include <algorithm>

#include "sync/agent/journal.h"
#include "sync/agent/uplink.h"
#include "sync/wire/enrol.h"
#include "sync/wire/http.h"
#include "sync/wire/rotation.h"

namespace anjungan::agent {

using record::ErrorKind;
using record::fail;
using record::Result;
using store::KeysToGo;

Result<std::optional<record::Bytes>> Uplink::sent_rotation() {
  auto waits = store::rotation_request(m_parts.data_folder);
  if (!waits || !*waits) return waits;
  const auto& changes = m_parts.identity.key_changes;
  if (!changes.empty() && changes.back().request == **waits) {
    // This program ended between the change and the tidying.
    if (auto ended = store::end_rotation(m_parts.data_folder, m_parts.identity); !ended) {
      return tl::unexpected(ended.error());
    }
    return std::nullopt;
  }
  const auto parsed = wire::UnverifiedRotation::parse(**waits);
  if (parsed && parsed->device() == device_of(m_parts.identity) &&
      parsed->verify(m_parts.identity.device_key, m_parts.identity.root)) {
    return waits;
  }
  // Rotten, or of another enrolment; the centre would refuse it for ever. The keys that it named are still there, and
  // signatures are the same each time: if it was sent, the one made anew is that very request.
  note(Level::error, "rotation.request_dropped", {{"bytes", (*waits)->size()}});
  if (auto dropped = store::drop_rotation_request(m_parts.data_folder); !dropped) {
    return tl::unexpected(dropped.error());
  }
  return std::nullopt;
}

Result<void> Uplink::order_rotation(KeysToGo which) {
  if (auto sent = sent_rotation(); !sent) return tl::unexpected(sent.error());
  return store::order_rotation(m_parts.data_folder, which);
}

Result<void> Uplink::hear_rotation_wish(const wire::FeedItem& item) {
  const auto which = store::keys_to_go_named(record::to_text(item.body));
  if (!which || item.subject != wire::enrol_fingerprint(m_parts.identity.receipt_key, m_parts.identity.device_key)) {
    note(Level::info, "rotation.passed_over", {{"cursor", item.cursor}});
    return {};
  }
  note(Level::info, "rotation.asked", {{"which", store::keys_to_go_name(*which)}});
  return order_rotation(*which);
}

Result<std::optional<record::Bytes>> Uplink::waiting_rotation(KeysToGo which) {
  const store::Identity& identity = m_parts.identity;
  wire::RotationRequest request;
  request.device = device_of(identity);
  request.centre = wire::root_id(identity.root);
  request.receipt_key = request.next_receipt_key = identity.receipt_key;
  request.device_key = request.next_device_key = identity.device_key;
  if (which != KeysToGo::device) {
    const auto offer = store::receipt_key_offer(m_parts.data_folder, identity);
    if (!offer) return tl::unexpected(offer.error());
    if (!*offer) return std::nullopt;
    request.next_receipt_key = (*offer)->key;
    request.receipt_proof = (*offer)->proof;
  }
  Result<record::Bytes> message = fail(ErrorKind::invalid, "");
  if (which == KeysToGo::receipt) {
    message = wire::encode_rotation_request(request, m_parts.device_key, m_parts.device_key);
  } else {
    const auto next = store::next_device_key(m_parts.data_folder, identity);
    if (!next) return tl::unexpected(next.error());
    request.next_device_key = next->public_key();
    message = wire::encode_rotation_request(request, m_parts.device_key, *next);
  }
  if (!message) return tl::unexpected(message.error());
  // On disk before it is sent: from then on only these bytes count.
  if (auto kept = store::keep_rotation_request(m_parts.data_folder, *message); !kept) {
    return tl::unexpected(kept.error());
  }
  return *std::move(message);
}

Uplink::Rotation Uplink::show_rotation(const record::Bytes& request) {
  Rotation out;
  const auto reply = send(wire::k_rotate_path, request);
  if (!reply) {
    out.step = Rotation::Step::waits_for_network;
    out.reason = reply.error().text;
    return out;
  }
  out.step = Rotation::Step::refused;
  out.asked = reply->retry_after;
  if (reply->status != 200) {
    out.other_keys = reply->status == 401 || reply->status == 409;
    out.reason = fmt::format("HTTP status {}", reply->status);
    return out;
  }
  const auto answer = wire::open_rotation_answer(reply->body, device_of(m_parts.identity),
                                                 wire::message_digest(request), m_parts.identity.centre_keys);
  if (!answer) {
    out.reason = fmt::format("HTTP status 200 without a valid answer: {}", answer.error().text);
    return out;
  }
  out.step = Rotation::Step::done;
  return out;
}

Result<void> Uplink::use_next_keys(const record::Bytes& request) {
  const auto parsed = wire::UnverifiedRotation::parse(request);
  if (!parsed) return tl::unexpected(parsed.error());
  const auto own = parsed->verify(m_parts.identity.device_key, m_parts.identity.root);
  if (!own) return tl::unexpected(own.error());
  store::Identity changed = m_parts.identity;
  changed.key_changes.push_back({changed.receipt_key, changed.device_key, request});
  if (changed.key_changes.size() > store::k_most_key_changes) changed.key_changes.erase(changed.key_changes.begin());
  changed.receipt_key = own->next_receipt_key;
  changed.device_key = own->next_device_key;
  // This one file, replaced as a whole, is the change.
  if (auto saved = store::save_identity(m_parts.data_folder, changed); !saved) return saved;
  auto key = store::load_key(m_parts.data_folder, store::KeyUse::device);
  if (!key) return tl::unexpected(key.error());
  m_parts.identity = std::move(changed);
  m_parts.device_key = *std::move(key);
  note(Level::info, "rotation.done",
       {{"receipt_key", own->changes_receipt_key()},
        {"device_key", own->changes_device_key()},
        {"change", m_parts.identity.key_changes.size()}});
  return {};
}

Result<Uplink::Rotation> Uplink::carry_rotation() {
  const std::string& folder = m_parts.data_folder;
  auto waits = sent_rotation();
  if (!waits) return tl::unexpected(waits.error());
  if (!*waits) {
    const auto order = store::rotation_order(folder);
    if (!order) return tl::unexpected(order.error());
    if (!*order) return Rotation{};
    waits = waiting_rotation(**order);
    if (!waits) return tl::unexpected(waits.error());
    if (!*waits) {
      Rotation out;
      out.step = Rotation::Step::waits_for_app;
      out.reason = "the kiosk has not made its next key yet; is it running?";
      return out;
    }
  }
  Rotation shown = show_rotation(**waits);
  // Perhaps it knows none but earlier keys.
  if (shown.other_keys && show_taken_rotations()) shown = show_rotation(**waits);
  if (shown.step != Rotation::Step::done) {
    note(Level::warning, "rotation.not_taken", {{"why", shown.reason}});
    return shown;
  }
  if (auto used = use_next_keys(**waits); !used) return tl::unexpected(used.error());
  m_keys_shown = m_state.epoch;
  if (auto ended = store::end_rotation(folder, m_parts.identity); !ended) return tl::unexpected(ended.error());
  return shown;
}

void Uplink::show_lone_receipt_key() {
  const store::Identity& identity = m_parts.identity;
  if (identity.key_changes.empty() || identity.key_changes.back().device_key != identity.device_key) return;
  if (m_keys_shown && *m_keys_shown == m_state.epoch) return;
  if (show_taken_rotations()) m_keys_shown = m_state.epoch;
}

bool Uplink::show_taken_rotations() {
  const auto& changes = m_parts.identity.key_changes;
  std::size_t from = changes.size();
  while (from > 0) {
    const Rotation shown = show_rotation(changes[--from].request);
    if (shown.other_keys) {
      // What refuses the oldest too knows none of those between: they are not sent one by one at every exchange.
      const bool newest = from + 1 == changes.size();
      if (newest && from > 0 && show_rotation(changes.front().request).step != Rotation::Step::done) return false;
      continue;
    }
    if (shown.step != Rotation::Step::done) return false;
    for (std::size_t next = from + 1; next < changes.size(); next++) {
      if (show_rotation(changes[next].request).step != Rotation::Step::done) return false;
    }
    const bool lacked = from + 1 < changes.size();
    note(lacked ? Level::warning : Level::info, "rotation.shown_again", {{"changes", changes.size() - from}});
    return true;
  }
  return false;
}

}  // namespace anjungan::agent
