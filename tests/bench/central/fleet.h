// SPDX-License-Identifier: Apache-2.0
// Simulated terminals that speak the protocol as real ones do, and know what was acknowledged.
#pragma once

#include <atomic>
#include <deque>
#include <string>
#include <vector>

#include "sync/record/event.h"
#include "sync/record/receipt_token.h"
#include "sync/wire/identifiers.h"
#include "tests/bench/central/http.h"

namespace anjungan::bench {

/// What terminals of one centre have in common.
struct World {
  record::PublicKey root{};
  record::PublicKey centre_key{};
  record::Sealed sealed;  ///< one sealed part for all: its making is the terminals' work, not the centre's
};

class Terminal {
 public:
  Terminal(const World& world, std::uint16_t number);

  /// Makes the next `batches` deliveries of `events` each, signed: filing, sealing and signing are the terminals' work,
  /// done before the centre hears of it. After the first answer only, which names the epoch.
  void stock(std::size_t batches, std::size_t events);
  /// Sends `count` new events in one batch and takes in the answer; how often it was told to come back later. A refusal
  /// is waited out with full jitter.
  int deliver(HttpConnection& connection, std::size_t count);

  [[nodiscard]] const wire::DeviceId& id() const { return m_id; }
  [[nodiscard]] const record::PublicKey& device_key() const { return m_device_key.public_key(); }
  [[nodiscard]] const record::PublicKey& receipt_key() const { return m_receipt_key.public_key(); }
  [[nodiscard]] std::uint64_t acked() const { return m_acked; }
  /// The address in the QR code of event `seq`.
  [[nodiscard]] std::string receipt_url(std::uint64_t seq) const;
  [[nodiscard]] static std::size_t event_bytes() { return s_event_bytes; }

 private:
  /// A request and where it leads.
  struct Made {
    std::string message;
    std::string headers;
    record::Hash digest{};
    std::uint64_t last_seq = 0;
    record::Hash head{};
    std::size_t events = 0;
  };
  record::Bytes make_event();
  Made make_request(std::size_t events);

  const World& m_world;
  wire::DeviceId m_id;
  record::SigningKey m_device_key = record::SigningKey::generate();
  record::SigningKey m_receipt_key = record::SigningKey::generate();
  std::deque<Made> m_stock;
  std::uint64_t m_seq = 0;  ///< made
  record::Hash m_head{};
  std::uint64_t m_acked = 0;
  std::uint64_t m_join_counter = 0;  ///< of the next request that is made
  wire::Epoch m_epoch{};
  static inline std::atomic<std::size_t> s_event_bytes{0};
};

}  // namespace anjungan::bench
