// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "sync/agent/http_client.h"
#include "sync/record/clock.h"
#include "sync/store/identity.h"
#include "sync/store/sync_store.h"
#include "sync/wire/limits.h"

namespace anjungan::agent {

// What to do after an exchange.
enum class Next {
  rest,      // the centre has everything and has no more news
  again,     // more to send or to fetch: at once
  back_off,  // not now: wait, then try again
  stop,      // this disk and the centre disagree about what happened; the terminal must be enrolled anew
};

struct Exchange {
  Next next = Next::rest;
  std::string reason;             // why not `rest` or `again`; our own words, no personal data
  std::chrono::seconds asked{0};  // Retry-After
  std::size_t sent = 0;           // events in the batch
  std::uint64_t acked_seq = 0;    // after the exchange
};

[[nodiscard]] inline Exchange back_off(std::string reason, std::chrono::seconds asked = std::chrono::seconds{0}) {
  Exchange out;
  out.next = Next::back_off;
  out.reason = std::move(reason);
  out.asked = asked;
  return out;
}

struct UplinkParts {
  std::string data_folder;
  store::Identity identity;
  record::SigningKey device_key;
  store::SyncStore store;
  Transport* transport = nullptr;        // not owned
  const record::Clock* clock = nullptr;  // not owned
  std::size_t batch_events = wire::k_max_batch_events;
  BlobTransport* blobs = nullptr;  // not owned; null: attachments stay where they are
  bool brought_back = false;       // somebody starts this program again when it ends
  bool stands_in = false;          // not the agent, but in its place while it does not run
};

}  // namespace anjungan::agent
