// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/blob.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/record/blob.h"
#include "sync/wire/frame.h"
#include "sync/wire/http.h"
#include "sync/wire/limits.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {
namespace {

using record::ErrorKind;

tl::unexpected<record::Error> fault(ErrorKind kind, std::string_view why) {
  return record::fail(kind, fmt::format("blob: {}", why));
}

/// Why a request cannot be; nothing when it can.
const char* impossible(const BlobRequest& request) {
  if (request.size < 1 || request.size > record::k_most_blob_bytes) return "its size is 1 byte to 8 MiB";
  if (request.piece_bytes > k_max_piece_bytes) return "a piece has at most 256 KiB";
  if (request.offset > request.size || request.piece_bytes > request.size - request.offset) {
    return "the piece reaches behind the end";
  }
  const bool zeros = request.piece == Sha256{};
  if (request.piece_bytes == 0 && (request.offset != 0 || !zeros)) return "a question has no piece";
  return nullptr;
}

}  // namespace

record::Result<record::Bytes> encode_blob_request(const BlobRequest& request, const record::SigningKey& device_key) {
  if (const char* why = impossible(request)) return fault(ErrorKind::invalid, why);
  OctetWriter body;
  body.u16(request.device.region);
  body.u16(request.device.terminal);
  body.raw(request.centre);
  body.raw(request.blob);
  body.u64(request.size);
  body.u64(request.offset);
  body.u32(request.piece_bytes);
  body.raw(request.piece.bytes);
  body.u64(static_cast<std::uint64_t>(request.created_ms));
  record::Bytes message = open_frame(Kind::blob_request, body.bytes());
  append_signature(message, Kind::blob_request, device_key);
  return message;
}

UnverifiedBlobRequest::UnverifiedBlobRequest(record::Bytes message, const BlobRequest& request)
    : m_message(std::move(message)), m_request(request) {}

record::Result<UnverifiedBlobRequest> UnverifiedBlobRequest::parse(record::Bytes message) {
  const auto frame = parse_frame(Kind::blob_request, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  OctetReader body(frame->body);
  BlobRequest request;
  request.device.region = body.u16("region");
  request.device.terminal = body.u16("terminal");
  if (!request.device.valid()) body.refuse("device", "region is 0..9999 and terminal 1..9999");
  request.centre = body.fixed<8>("centre");
  request.blob = body.fixed<32>("blob");
  request.size = body.u64("size");
  request.offset = body.u64("offset");
  request.piece_bytes = body.u32("piece bytes");
  request.piece.bytes = body.fixed<32>("piece");
  request.created_ms = static_cast<std::int64_t>(body.u64("created"));
  if (const char* why = impossible(request)) body.refuse("size, offset, piece", why);
  if (auto ok = body.finish(kind_name(Kind::blob_request)); !ok) return tl::unexpected(ok.error());
  return UnverifiedBlobRequest(std::move(message), request);
}

record::Result<VerifiedBlobRequest> UnverifiedBlobRequest::verify(const record::PublicKey& device_key,
                                                                  const record::PublicKey& root) && {
  const auto frame = parse_frame(Kind::blob_request, m_message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_signature(Kind::blob_request, frame->covered, frame->proofs, device_key, "the device's key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  if (m_request.centre != root_id(root)) return fault(ErrorKind::denied, "it is meant for another centre");
  return VerifiedBlobRequest(m_request, message_digest(m_message));
}

record::Result<record::Bytes> encode_blob_answer(const BlobAnswer& answer, const DeviceId& device,
                                                 const record::Hash& request_digest,
                                                 const record::SigningKey& centre_key) {
  OctetWriter body;
  body.raw(record::key_id(centre_key.public_key()));
  body.u16(device.region);
  body.u16(device.terminal);
  body.raw(request_digest);
  body.u8(static_cast<std::uint8_t>(answer.word));
  body.u64(answer.offset);
  body.u64(static_cast<std::uint64_t>(answer.server_time_ms));
  record::Bytes message = open_frame(Kind::blob_answer, body.bytes());
  append_signature(message, Kind::blob_answer, centre_key);
  return message;
}

record::Result<BlobAnswer> open_blob_answer(record::ByteView message, const DeviceId& device,
                                            const record::Hash& request_digest,
                                            std::span<const record::PublicKey> centre_keys) {
  const auto frame = parse_frame(Kind::blob_answer, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_centre_signature(Kind::blob_answer, *frame, centre_keys); !ok) return tl::unexpected(ok.error());
  OctetReader body(frame->body);
  BlobAnswer answer;
  [[maybe_unused]] const auto key_id = body.fixed<k_key_id_bytes>("key id");
  DeviceId found_device;
  found_device.region = body.u16("region");
  found_device.terminal = body.u16("terminal");
  const record::Hash digest = body.fixed<32>("request digest");
  const std::uint8_t word = body.u8("word");
  if (word < 1 || word > 5) body.refuse("word", "not one of wanted, held, unknown, over, damaged");
  answer.word = static_cast<BlobWord>(word);
  answer.offset = body.u64("offset");
  answer.server_time_ms = static_cast<std::int64_t>(body.u64("server time"));
  if (answer.offset > record::k_most_blob_bytes) body.refuse("offset", "behind the end of every blob");
  if (auto ok = body.finish(kind_name(Kind::blob_answer)); !ok) return tl::unexpected(ok.error());
  if (found_device != device) return fault(ErrorKind::denied, "the answer was made for another terminal");
  if (digest != request_digest) return fault(ErrorKind::denied, "the answer was made for another request");
  return answer;
}

std::optional<record::Hash> blob_of_path(std::string_view path) {
  if (!path.starts_with(k_blob_path)) return std::nullopt;
  return record::blob_of_name(path.substr(k_blob_path.size()));
}

}  // namespace anjungan::wire
