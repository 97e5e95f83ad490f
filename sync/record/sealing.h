// SPDX-License-Identifier: Apache-2.0
// Sealing: what a citizen typed is encrypted so that the terminal itself cannot read it back. A fresh data key encrypts
// the fields (XChaCha20-Poly1305, with the event's identity as additional data); the data key is sealed
// (crypto_box_seal) to the centre and to an offline escrow key. Layout: FORMAT.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/uuid.h"

namespace anjungan::record {

/// The data key as one recipient can open it.
struct Envelope {
  KeyId to{};
  Bytes box;  ///< 80 bytes: crypto_box_seal of the 32-byte data key
};

/// The sealed part of an event, as it stands in the event's bytes.
struct Sealed {
  std::vector<Envelope> envelopes;
  std::array<std::uint8_t, 24> nonce{};
  Bytes cipher;  ///< 16 bytes longer than the plain bytes
};

/// Ties a sealed part to its event: moved to another event it does not open.
struct SealContext {
  std::string device;
  std::uint64_t seq = 0;
  Uuid id;
};

/// A data key already sealed to its recipients. Made while the citizen reads the review screen, used for one event.
/// Move-only; wiped on destruction.
class DataKey {
 public:
  /// At most 4 recipients, at least one. Costs one X25519 operation a recipient (about 80 us each).
  [[nodiscard]] static Result<DataKey> prepare(const std::vector<PublicKey>& recipients);

  DataKey(DataKey&& other) noexcept;
  DataKey& operator=(DataKey&& other) noexcept;
  DataKey(const DataKey&) = delete;
  DataKey& operator=(const DataKey&) = delete;
  ~DataKey();

  /// Encrypts once; the key is wiped by it.
  [[nodiscard]] Sealed seal(const SealContext& context, ByteView plain) &&;

 private:
  DataKey() = default;

  std::array<std::uint8_t, 32> m_key{};
  std::vector<Envelope> m_envelopes;
};

/// For the centre (or the escrow holder). Fails with `crypto` when the key is no recipient, the context differs or a
/// bit changed.
[[nodiscard]] Result<Bytes> open_sealed(const Sealed& sealed, const SealContext& context, const SealingKey& key);

}  // namespace anjungan::record
