// SPDX-License-Identifier: Apache-2.0
// A blob: an attachment, sealed in chunks so that neither side ever holds it whole (layout: FORMAT.md). A fresh data
// key, sealed to the centre and the escrow as an event's is, encrypts with libsodium's secretstream: chunks cannot be
// reordered, left out, repeated or cut off. Its name is the BLAKE2b-256 of all its bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"

namespace anjungan::record {

/// Plain bytes of every chunk but the last, which has at most as many.
inline constexpr std::size_t k_blob_chunk_bytes = 64 * 1024;
/// What sealing adds to a chunk.
inline constexpr std::size_t k_blob_chunk_extra_bytes = 17;
/// Most bytes of a blob: an object that one PUT stores, and minutes on a slow line.
inline constexpr std::uint64_t k_most_blob_bytes = 8ULL << 20;

/// Takes bytes in order; an error ends the work and is passed on.
using Sink = std::function<Result<void>(ByteView)>;
/// Fills as much of the buffer as there is; less than its size only at the end.
using Source = std::function<Result<std::size_t>(std::span<std::uint8_t>)>;

struct BlobName {
  Hash hash{};
  std::uint64_t bytes = 0;
};

/// A blob's name written as 64 lower-case hexadecimal digits, and nothing else.
[[nodiscard]] std::optional<Hash> blob_of_name(std::string_view name);

/// Seals `plain` to one to four recipients. `invalid` when it is empty or the blob would exceed k_most_blob_bytes,
/// before anything is written.
[[nodiscard]] Result<BlobName> seal_blob(ByteView plain, const std::vector<PublicKey>& recipients, const Sink& sink);

/// For the centre or the escrow holder: the plain bytes, a chunk at a time, none before it was authenticated. What came
/// before an error is authentic but not whole: throw it away. `crypto` when the key is no recipient, a bit changed, or
/// bytes are missing or left over; `invalid` when these are no blob.
[[nodiscard]] Result<void> open_blob(const Source& source, const SealingKey& key, const Sink& sink);

}  // namespace anjungan::record
