// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sync/agent/uplink.h"
#include "tests/unit/sync_agent/toy_centre.h"

namespace anjungan::test {

// A clock that stands still until told.
struct SetClock final : record::Clock {
  std::int64_t now_ms = 1'786'512'700'000;
  [[nodiscard]] std::int64_t unix_ms() const override { return now_ms; }
  [[nodiscard]] std::int64_t monotonic_ms() const override { return 1000; }
  [[nodiscard]] std::string boot_id() const override { return "boot"; }
};

// An enrolled terminal on a disk of its own: kiosk and agent, without threads.
struct Terminal {
  TestFolder folder;
  ToyCentre centre;
  SetClock clock;
  DirectTransport direct{centre};
  store::Identity identity = centre.settle_terminal(folder.path("data"));
  std::optional<Kiosk> kiosk{std::in_place, folder.path("data"), folder.path("run"), identity};

  // As after a start of the agent: everything it knows comes from the disk. At most one at a time.
  agent::Uplink start(agent::Transport* transport = nullptr, std::size_t batch_events = wire::k_max_batch_events,
                      bool brought_back = true, bool stands_in = false) {
    agent::Uplink::Parts parts{folder.path("data"),
                               store::load_identity(folder.path("data")).value(),
                               store::load_key(folder.path("data"), store::KeyUse::device).value(),
                               store::SyncStore::open(folder.path("data")).value(),
                               transport == nullptr ? &direct : transport,
                               &clock,
                               batch_events,
                               nullptr,
                               brought_back,
                               stands_in};
    return agent::Uplink::open(std::move(parts)).value();
  }
  // What an agent that starts now would know.
  [[nodiscard]] store::SyncState state_on_disk() const {
    return store::SyncReader::open(folder.path("data")).value().state().value();
  }
  // The exact bytes of every event in intake.db.
  [[nodiscard]] std::map<std::uint64_t, record::Bytes> events_on_disk() const {
    std::map<std::uint64_t, record::Bytes> out;
    auto reader = store::IntakeReader::open(folder.path("data")).value();
    const auto all = reader.events_from(1, 100'000, 1'000'000'000).value();
    for (const store::StoredEvent& event : all) out.emplace(event.seq, event.bytes);
    return out;
  }
};

// Exchanges until there is nothing more to do at once.
inline agent::Exchange settle(agent::Uplink& uplink) {
  agent::Exchange done;
  do {
    done = uplink.exchange();
  } while (done.next == agent::Next::again);
  return done;
}

}  // namespace anjungan::test
