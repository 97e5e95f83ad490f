// SPDX-License-Identifier: Apache-2.0
// A terminal that only sends attachments, whose events the centre has had.
#pragma once

#include "sync/record/blob.h"
#include "sync/record/keys.h"
#include "sync/wire/identifiers.h"
#include "tests/bench/central/http.h"

namespace anjungan::bench {

class BlobTerminal {
 public:
  explicit BlobTerminal(std::uint16_t number) : m_id{3273, number} {}

  [[nodiscard]] const wire::DeviceId& id() const { return m_id; }
  [[nodiscard]] const record::PublicKey& device_key() const { return m_device_key.public_key(); }

  /// As the agent does: asks, then piece by piece until the centre's signed word that it holds it. Anything else ends
  /// the program.
  void deliver(HttpConnection& connection, const record::Hash& name, record::ByteView bytes,
               const record::PublicKey& root, const record::PublicKey& centre_key);

 private:
  wire::DeviceId m_id;
  record::SigningKey m_device_key = record::SigningKey::generate();
};

}  // namespace anjungan::bench
