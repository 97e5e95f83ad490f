// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/identifiers.h"

namespace anjungan::wire {

// A terminal changes its keys, POST /v1/rotate (PROTOCOL.md, "Rotation"). The request is made once and sent verbatim
// until it is answered; whoever holds it later can show it again.

// ---- Request: terminal to centre ----

struct RotationRequest {
  DeviceId device;
  RootId centre{};
  record::PublicKey receipt_key{};  // in use, as the device key
  record::PublicKey device_key{};
  record::PublicKey next_receipt_key{};  // one that stays is repeated
  record::PublicKey next_device_key{};
  record::Signature receipt_proof{};  // prove_receipt_key(); zeros when the receipt key stays

  [[nodiscard]] bool changes_receipt_key() const { return next_receipt_key != receipt_key; }
  [[nodiscard]] bool changes_device_key() const { return next_device_key != device_key; }
};

// The holder of a receipt key says that it is meant for this terminal: made by the app, which alone has that key.
[[nodiscard]] record::Signature prove_receipt_key(const DeviceId& device, const RootId& centre,
                                                  const record::SigningKey& receipt_key);
[[nodiscard]] bool proves_receipt_key(const DeviceId& device, const RootId& centre,
                                      const record::PublicKey& receipt_key, const record::Signature& proof);

// Signed by the next device key, then by the one in use; the same key where it stays. Same input, same bytes.
[[nodiscard]] record::Result<record::Bytes> encode_rotation_request(const RotationRequest& request,
                                                                    const record::SigningKey& device_key,
                                                                    const record::SigningKey& next_device_key);

// A request whose sender has proved nothing yet; only good to look the device up.
class UnverifiedRotation {
 public:
  [[nodiscard]] static record::Result<UnverifiedRotation> parse(record::Bytes message);

  [[nodiscard]] const DeviceId& device() const { return m_request.device; }
  // Checks that `device_key` is the one the request names as in use and that it signed, that every next key was there
  // too, and that it is meant for the centre of `root`. Fails with `denied`.
  [[nodiscard]] record::Result<RotationRequest> verify(const record::PublicKey& device_key,
                                                       const record::PublicKey& root) const;
  // What the answer must name, and by what the centre knows the same request again.
  [[nodiscard]] record::Hash digest() const { return message_digest(m_message); }

 private:
  UnverifiedRotation(record::Bytes message, const RotationRequest& request);
  record::Bytes m_message;
  RotationRequest m_request;
};

// Kind of the feed item by which the centre asks for a change: subject enrol_fingerprint() of the keys that are to go,
// body "both", "receipt" or "device".
inline constexpr std::string_view k_rotate_item = "rotate";

// ---- Answer: centre to terminal ----

// The next keys are in use.
struct RotationAnswer {
  std::int64_t changed_ms = 0;  // when the centre took them, by its clock
};

[[nodiscard]] record::Result<record::Bytes> encode_rotation_answer(const RotationAnswer& answer, const DeviceId& device,
                                                                   const record::Hash& request_digest,
                                                                   const record::SigningKey& centre_key);

// The only way to read an answer; as open_sync_answer.
[[nodiscard]] record::Result<RotationAnswer> open_rotation_answer(record::ByteView message, const DeviceId& device,
                                                                  const record::Hash& request_digest,
                                                                  std::span<const record::PublicKey> centre_keys);

}  // namespace anjungan::wire
