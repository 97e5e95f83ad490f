// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sync/record/clock.h"
#include "sync/store/identity.h"
#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "sync/wire/sync_request.h"

namespace anjungan::agent {

[[nodiscard]] wire::DeviceId device_of(const store::Identity& identity);

// A request as this terminal stands now, without events.
[[nodiscard]] wire::SyncRequest request_of(const store::Identity& identity, const store::SyncState& state,
                                           const record::Clock& clock);

// The terminal's own chain in intake.db, for batches over the network and on a stick. Opens the file when it is first
// needed, and again when the app has put another in its place.
class OwnEvents {
 public:
  explicit OwnEvents(std::string data_folder) : m_data_folder(std::move(data_folder)) {}

  // Valid until the next call of any of these.
  [[nodiscard]] record::Result<store::IntakeReader*> reader();
  // 0 for a kiosk that was enrolled and has never started.
  [[nodiscard]] record::Result<std::uint64_t> last_seq();
  // The reason to stop when the disk does not hold what it has, by the centre's word, sent.
  [[nodiscard]] record::Result<std::optional<std::string>> disagreement(std::uint64_t acked_seq,
                                                                        const record::Hash& acked_hash,
                                                                        std::uint64_t last_seq);
  // Puts events from..to (none when to < from) into the request, as many as one batch may hold, at most `most_events`.
  [[nodiscard]] record::Result<void> fill(wire::SyncRequest& request, std::uint64_t from, std::uint64_t to,
                                          std::size_t most_events);

  // How many of the request's events, from its first on, are still the bytes that were hashed.
  [[nodiscard]] record::Result<std::size_t> sound(const wire::SyncRequest& request);

 private:
  record::Result<record::Hash> hash_of(std::uint64_t seq);

  std::string m_data_folder;
  std::optional<store::IntakeReader> m_intake;
};

}  // namespace anjungan::agent
