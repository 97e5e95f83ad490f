// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/rotation.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/record/receipt_key_proof.h"
#include "sync/wire/frame.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {
namespace {

using record::ErrorKind;

constexpr std::size_t k_request_proof_bytes = 2 * k_signature_bytes;

tl::unexpected<record::Error> fault(ErrorKind kind, std::string_view why) {
  return record::fail(kind, fmt::format("rotation: {}", why));
}

// What no honest terminal asks for; null when there is nothing of the kind.
const char* impossible(const RotationRequest& request) {
  if (!request.device.valid()) return "region is 0..9999 and terminal 1..9999";
  if (!request.changes_receipt_key() && !request.changes_device_key()) return "no key changes";
  if (request.receipt_key == request.device_key || request.next_receipt_key == request.next_device_key ||
      request.next_receipt_key == request.device_key || request.next_device_key == request.receipt_key) {
    return "a receipt key and a device key must differ";
  }
  const bool zeros =
      std::all_of(request.receipt_proof.begin(), request.receipt_proof.end(), [](std::uint8_t b) { return b == 0; });
  if (zeros == request.changes_receipt_key()) return "a proof goes with another receipt key, and only with it";
  return nullptr;
}

}  // namespace

record::Signature prove_receipt_key(const DeviceId& device, const RootId& centre,
                                    const record::SigningKey& receipt_key) {
  return record::prove_receipt_key(device.region, device.terminal, centre, receipt_key);
}

bool proves_receipt_key(const DeviceId& device, const RootId& centre, const record::PublicKey& receipt_key,
                        const record::Signature& proof) {
  return record::proves_receipt_key(device.region, device.terminal, centre, receipt_key, proof);
}

record::Result<record::Bytes> encode_rotation_request(const RotationRequest& request,
                                                      const record::SigningKey& device_key,
                                                      const record::SigningKey& next_device_key) {
  if (const char* why = impossible(request)) return fault(ErrorKind::invalid, why);
  if (device_key.public_key() != request.device_key || next_device_key.public_key() != request.next_device_key) {
    return fault(ErrorKind::invalid, "the device keys are not those that it names");
  }
  OctetWriter body;
  body.u16(request.device.region);
  body.u16(request.device.terminal);
  body.raw(request.centre);
  body.raw(request.receipt_key);
  body.raw(request.device_key);
  body.raw(request.next_receipt_key);
  body.raw(request.next_device_key);
  body.raw(request.receipt_proof);
  record::Bytes message = open_frame(Kind::rotation_request, body.bytes());
  append_signature(message, Kind::rotation_request, next_device_key);
  append_signature(message, Kind::rotation_request, device_key);
  return message;
}

UnverifiedRotation::UnverifiedRotation(record::Bytes message, const RotationRequest& request)
    : m_message(std::move(message)), m_request(request) {}

record::Result<UnverifiedRotation> UnverifiedRotation::parse(record::Bytes message) {
  const auto frame = parse_frame(Kind::rotation_request, message, k_request_proof_bytes);
  if (!frame) return tl::unexpected(frame.error());
  OctetReader body(frame->body);
  RotationRequest request;
  request.device.region = body.u16("region");
  request.device.terminal = body.u16("terminal");
  request.centre = body.fixed<8>("centre");
  request.receipt_key = body.fixed<32>("receipt key");
  request.device_key = body.fixed<32>("device key");
  request.next_receipt_key = body.fixed<32>("next receipt key");
  request.next_device_key = body.fixed<32>("next device key");
  request.receipt_proof = body.fixed<k_signature_bytes>("receipt proof");
  if (const char* why = impossible(request)) body.refuse("keys", why);
  if (auto ok = body.finish(kind_name(Kind::rotation_request)); !ok) return tl::unexpected(ok.error());
  return UnverifiedRotation(std::move(message), request);
}

record::Result<RotationRequest> UnverifiedRotation::verify(const record::PublicKey& device_key,
                                                           const record::PublicKey& root) const {
  const auto frame = parse_frame(Kind::rotation_request, m_message, k_request_proof_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (m_request.device_key != device_key) return fault(ErrorKind::denied, "another device key is in use");
  const record::ByteView all(m_message);
  if (auto ok = check_signature(Kind::rotation_request, all.first(all.size() - k_signature_bytes),
                                frame->proofs.last(k_signature_bytes), device_key, "the device's key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  if (auto ok = check_signature(Kind::rotation_request, frame->covered, frame->proofs.first(k_signature_bytes),
                                m_request.next_device_key, "the next device key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  if (m_request.changes_receipt_key() &&
      !proves_receipt_key(m_request.device, m_request.centre, m_request.next_receipt_key, m_request.receipt_proof)) {
    return fault(ErrorKind::denied, "the next receipt key did not sign its proof");
  }
  if (m_request.centre != root_id(root)) return fault(ErrorKind::denied, "it is meant for another centre");
  return m_request;
}

record::Result<record::Bytes> encode_rotation_answer(const RotationAnswer& answer, const DeviceId& device,
                                                     const record::Hash& request_digest,
                                                     const record::SigningKey& centre_key) {
  OctetWriter body;
  body.raw(record::key_id(centre_key.public_key()));
  body.u16(device.region);
  body.u16(device.terminal);
  body.raw(request_digest);
  body.u64(static_cast<std::uint64_t>(answer.changed_ms));
  record::Bytes message = open_frame(Kind::rotation_answer, body.bytes());
  append_signature(message, Kind::rotation_answer, centre_key);
  return message;
}

record::Result<RotationAnswer> open_rotation_answer(record::ByteView message, const DeviceId& device,
                                                    const record::Hash& request_digest,
                                                    std::span<const record::PublicKey> centre_keys) {
  const auto frame = parse_frame(Kind::rotation_answer, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_centre_signature(Kind::rotation_answer, *frame, centre_keys); !ok) {
    return tl::unexpected(ok.error());
  }
  OctetReader body(frame->body);
  RotationAnswer answer;
  [[maybe_unused]] const auto key_id = body.fixed<k_key_id_bytes>("key id");
  DeviceId found_device;
  found_device.region = body.u16("region");
  found_device.terminal = body.u16("terminal");
  const record::Hash digest = body.fixed<32>("request digest");
  answer.changed_ms = static_cast<std::int64_t>(body.u64("changed"));
  if (auto ok = body.finish(kind_name(Kind::rotation_answer)); !ok) return tl::unexpected(ok.error());
  if (found_device != device) return fault(ErrorKind::denied, "the answer was made for another terminal");
  if (digest != request_digest) return fault(ErrorKind::denied, "the answer was made for another request");
  return answer;
}

}  // namespace anjungan::wire
