// SPDX-License-Identifier: Apache-2.0
// A terminal that only sends attachments, whose events the centre has had.
#pragma once

#include <string>
#include <vector>

#include "sync/record/blob.h"
#include "sync/record/keys.h"
#include "sync/wire/identifiers.h"
#include "tests/bench/central/http.h"

namespace anjungan::bench {

/// An attachment on its way. What a terminal signs and digests it does on a machine of its own, so that is done before
/// the race; what it checks of the answers, after it.
class Parcel {
 public:
  Parcel(const wire::DeviceId& id, const record::SigningKey& device_key, record::Bytes bytes,
         const record::PublicKey& root);
  Parcel(Parcel&&) noexcept = default;  // a copy's pieces would be the first one's

  [[nodiscard]] const record::Hash& name() const { return m_name; }
  [[nodiscard]] const record::Bytes& bytes() const { return m_bytes; }
  /// As the agent does: piece by piece, behind a question where it does not flow yet.
  void deliver(HttpConnection& connection, bool flows);
  /// Every answer is the centre's signed word, the last one that it holds it. Anything else ends the program.
  void check(const record::PublicKey& centre_key) const;

 private:
  struct Request {
    record::Hash digest{};
    std::string headers;
    record::ByteView piece;  ///< empty: it only asks
    std::string answer;      ///< the reply's headers
  };
  void add(std::uint64_t offset, record::ByteView piece, const record::SigningKey& device_key,
           const record::PublicKey& root);

  wire::DeviceId m_id;
  record::Bytes m_bytes;
  record::Hash m_name;
  std::vector<Request> m_requests;
};

class BlobTerminal {
 public:
  explicit BlobTerminal(std::uint16_t number) : m_id{3273, number} {}

  [[nodiscard]] const wire::DeviceId& id() const { return m_id; }
  [[nodiscard]] const record::PublicKey& device_key() const { return m_device_key.public_key(); }
  [[nodiscard]] Parcel pack(record::Bytes bytes, const record::PublicKey& root) const {
    return {m_id, m_device_key, std::move(bytes), root};
  }

 private:
  wire::DeviceId m_id;
  record::SigningKey m_device_key = record::SigningKey::generate();
};

}  // namespace anjungan::bench
