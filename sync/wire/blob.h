// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/http.h"
#include "sync/wire/identifiers.h"

namespace anjungan::wire {

// The second lane: a sealed attachment goes to the centre in pieces, after the event that names it (PROTOCOL.md,
// "Blobs"). Each message travels in a header of HEAD or PATCH; the piece is PATCH's body.

struct BlobRequest {
  DeviceId device;
  RootId centre{};
  record::Hash blob{};
  std::uint64_t size = 0;         // of the whole blob
  std::uint64_t offset = 0;       // of the piece; 0 when it only asks
  std::uint32_t piece_bytes = 0;  // 0: it only asks
  Sha256 piece;                   // of the piece; zeros when it only asks
  std::int64_t created_ms = 0;
};

// A piece as it came: its digest is taken once, for the header and for the signature.
struct Piece {
  explicit Piece(record::ByteView body) : bytes(body), digest(sha256(body)) {}
  record::ByteView bytes;
  Sha256 digest;
};

[[nodiscard]] record::Result<record::Bytes> encode_blob_request(const BlobRequest& request,
                                                                const record::SigningKey& device_key);

class VerifiedBlobRequest {
 public:
  [[nodiscard]] const BlobRequest& operator*() const { return m_request; }
  [[nodiscard]] const BlobRequest* operator->() const { return &m_request; }
  [[nodiscard]] const record::Hash& digest() const { return m_digest; }

 private:
  friend class UnverifiedBlobRequest;
  VerifiedBlobRequest(const BlobRequest& request, const record::Hash& digest) : m_request(request), m_digest(digest) {}
  BlobRequest m_request;
  record::Hash m_digest;
};

class UnverifiedBlobRequest {
 public:
  [[nodiscard]] static record::Result<UnverifiedBlobRequest> parse(record::Bytes message);
  [[nodiscard]] const DeviceId& device() const { return m_request.device; }
  // As UnverifiedSyncRequest::verify.
  [[nodiscard]] record::Result<VerifiedBlobRequest> verify(const record::PublicKey& device_key,
                                                           const record::PublicKey& root) &&;

 private:
  UnverifiedBlobRequest(record::Bytes message, const BlobRequest& request);
  record::Bytes m_message;
  BlobRequest m_request;
};

enum class BlobWord : std::uint8_t {
  wanted = 1,   // send from the offset on
  held = 2,     // whole, durable, and what its name says: the acknowledgement
  unknown = 3,  // no stored event of this device names it with this size; send the event first
  over = 4,     // the device has used its quota; later, or never
  damaged = 5,  // all bytes came and were not those of its name; send them anew from 0
};

struct BlobAnswer {
  BlobWord word = BlobWord::unknown;
  std::uint64_t offset = 0;  // bytes that are on the centre's disk
  std::int64_t server_time_ms = 0;
};

[[nodiscard]] record::Result<record::Bytes> encode_blob_answer(const BlobAnswer& answer, const DeviceId& device,
                                                               const record::Hash& request_digest,
                                                               const record::SigningKey& centre_key);

// The only way to read an answer; as open_sync_answer.
[[nodiscard]] record::Result<BlobAnswer> open_blob_answer(record::ByteView message, const DeviceId& device,
                                                          const record::Hash& request_digest,
                                                          std::span<const record::PublicKey> centre_keys);

// The name in "/v1/blobs/NAME": 64 lower-case hexadecimal digits and nothing else.
[[nodiscard]] std::optional<record::Hash> blob_of_path(std::string_view path);

}  // namespace anjungan::wire
