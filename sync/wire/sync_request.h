// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/identifiers.h"
#include "sync/wire/limits.h"

namespace anjungan::wire {

// One batch of events, terminal to centre: POST /v1/sync (PROTOCOL.md, "Sync"). Without events it is a question for
// news.
struct SyncRequest {
  DeviceId device;
  RootId centre{};                 // the centre it is meant for
  Epoch epoch{};                   // the epoch last seen, zeros for none
  std::uint64_t join_counter = 0;  // as the centre's last answer gave it
  std::uint64_t from_seq = 1;      // seq of the first event; of the next one to come when there is none
  record::Hash prev{};         // hash of event from_seq - 1 (the chain's head before this batch); zeros before event 1
  std::uint64_t last_seq = 0;  // the newest event the terminal holds, sent or not
  std::uint64_t feed_cursor = 0;   // feed items up to here have been stored
  std::int64_t created_ms = 0;     // the terminal's wall clock: recorded, never a reason to refuse
  std::uint64_t monotonic_ms = 0;  // since the terminal's boot
  // Verbatim bytes of consecutive events. Bounded in number and size; what is inside them is not checked here, so that
  // a damaged record can be quarantined by itself.
  std::vector<record::Bytes> events;
};

// Fails with `invalid` over a limit.
[[nodiscard]] record::Result<record::Bytes> encode_sync_request(const SyncRequest& request,
                                                                const record::SigningKey& device_key);

// A request whose signature is proved.
class VerifiedSyncRequest {
 public:
  [[nodiscard]] const SyncRequest& operator*() const { return m_request; }
  [[nodiscard]] const SyncRequest* operator->() const { return &m_request; }
  // What the answer must name.
  [[nodiscard]] const record::Hash& digest() const { return m_digest; }

 private:
  friend class UnverifiedSyncRequest;
  VerifiedSyncRequest(SyncRequest request, const record::Hash& digest)
      : m_request(std::move(request)), m_digest(digest) {}
  SyncRequest m_request;
  record::Hash m_digest;
};

// A request whose sender has proved nothing yet; only good to look the device up.
class UnverifiedSyncRequest {
 public:
  [[nodiscard]] static record::Result<UnverifiedSyncRequest> parse(record::Bytes message);

  [[nodiscard]] const DeviceId& device() const { return m_request.device; }
  // Checks that the device's key signed it and that it is meant for the centre of `root`. Fails with `denied`.
  // Join counter, epoch and revocation are the caller's to judge, afterwards. What holds is moved out; after a failure
  // it may be asked again with another key.
  [[nodiscard]] record::Result<VerifiedSyncRequest> verify(const record::PublicKey& device_key,
                                                           const record::PublicKey& root);

 private:
  UnverifiedSyncRequest(record::Bytes message, SyncRequest request);
  record::Bytes m_message;
  SyncRequest m_request;
};

}  // namespace anjungan::wire
