// SPDX-License-Identifier: Apache-2.0
#include "sync/record/blob.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sync/record/attachment.h"

namespace anjungan::record {
namespace {

struct Sealed {
  BlobName name;
  Bytes bytes;
};

Bytes noise(std::size_t size) {
  Bytes out(size);
  fill_random(out);
  return out;
}

Sealed seal(ByteView plain, const std::vector<PublicKey>& to) {
  Sealed out;
  std::size_t largest = 0;
  auto name = seal_blob(plain, to, [&](ByteView piece) -> Result<void> {
    out.bytes.insert(out.bytes.end(), piece.begin(), piece.end());
    largest = std::max(largest, piece.size());
    return {};
  });
  EXPECT_TRUE(name) << name.error().text;
  if (name) out.name = *name;
  EXPECT_LE(largest, k_blob_chunk_bytes + k_blob_chunk_extra_bytes);
  return out;
}

Result<Bytes> open(ByteView sealed, const SealingKey& key) {
  std::size_t at = 0;
  Bytes plain;
  auto done = open_blob(
      [&](std::span<std::uint8_t> buffer) -> Result<std::size_t> {
        const std::size_t size = std::min(buffer.size(), sealed.size() - at);
        std::copy_n(sealed.begin() + static_cast<std::ptrdiff_t>(at), size, buffer.begin());
        at += size;
        return size;
      },
      key,
      [&](ByteView piece) -> Result<void> {
        plain.insert(plain.end(), piece.begin(), piece.end());
        return {};
      });
  if (!done) return tl::unexpected(done.error());
  return plain;
}

TEST(Blob, CentreAndEscrowOpenItAndNobodyElse) {
  const SealingKey centre = SealingKey::generate();
  const SealingKey escrow = SealingKey::generate();
  for (const std::size_t size : {std::size_t{1}, k_blob_chunk_bytes - 1, k_blob_chunk_bytes, k_blob_chunk_bytes + 1,
                                 3 * k_blob_chunk_bytes + 7}) {
    const Bytes plain = noise(size);
    const Sealed sealed = seal(plain, {centre.public_key(), escrow.public_key()});
    EXPECT_EQ(sealed.name.bytes, sealed.bytes.size());
    EXPECT_EQ(sealed.name.hash, hash(sealed.bytes));
    for (const SealingKey* key : {&centre, &escrow}) {
      auto again = open(sealed.bytes, *key);
      ASSERT_TRUE(again) << again.error().text;
      EXPECT_EQ(*again, plain);
    }
    EXPECT_FALSE(open(sealed.bytes, SealingKey::generate()));
  }
}

TEST(Blob, EveryChangedOrMissingByteIsSeen) {
  const SealingKey centre = SealingKey::generate();
  const Sealed sealed = seal(noise(200), {centre.public_key()});
  for (std::size_t at = 0; at < sealed.bytes.size(); at++) {
    Bytes changed = sealed.bytes;
    changed[at] ^= 1U;
    EXPECT_FALSE(open(changed, centre)) << at;
    EXPECT_FALSE(open(ByteView(sealed.bytes).first(at), centre)) << at;
  }
  Bytes longer = sealed.bytes;
  longer.push_back(0);
  EXPECT_FALSE(open(longer, centre));
}

TEST(Blob, ChunksKeepTheirPlaces) {
  const SealingKey centre = SealingKey::generate();
  const Sealed sealed = seal(noise(3 * k_blob_chunk_bytes), {centre.public_key()});
  constexpr std::size_t k_chunk = k_blob_chunk_bytes + k_blob_chunk_extra_bytes;
  const std::size_t head = sealed.bytes.size() - 3 * k_chunk;
  Bytes swapped = sealed.bytes;
  const auto first = swapped.begin() + static_cast<std::ptrdiff_t>(head);
  std::swap_ranges(first, first + k_chunk, first + k_chunk);
  EXPECT_FALSE(open(swapped, centre));
  EXPECT_FALSE(open(ByteView(sealed.bytes).first(head + 2 * k_chunk), centre)) << "the last chunk is missing";
}

TEST(Blob, NeitherNothingNorTooMuch) {
  const SealingKey centre = SealingKey::generate();
  bool written = false;
  const auto sink = [&](ByteView) -> Result<void> {
    written = true;
    return {};
  };
  EXPECT_FALSE(seal_blob({}, {centre.public_key()}, sink));
  EXPECT_FALSE(seal_blob(Bytes(k_most_blob_bytes), {centre.public_key()}, sink));
  EXPECT_FALSE(seal_blob(Bytes(10), {}, sink));
  EXPECT_FALSE(written);
}

TEST(Blob, AFullDiskEndsTheWork) {
  const SealingKey centre = SealingKey::generate();
  auto name = seal_blob(noise(10), {centre.public_key()},
                        [](ByteView) -> Result<void> { return fail(ErrorKind::full, "disk: full"); });
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().kind, ErrorKind::full);
}

TEST(Attachment, SaysWhatItIsAndNothingElsePasses) {
  const TrackingNumber number{3273, 12, 427};
  Attachment photo;
  photo.blob = {hash(view_of("blob")), 1'234};
  Event event;
  event.type = EventType::attachment_added;
  event.facts = attachment_facts(number, photo);
  event.blobs = {photo.blob.hash};
  auto read = attachment_of(event);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->number, number);
  EXPECT_EQ(read->attachment.blob.hash, photo.blob.hash);
  EXPECT_EQ(read->attachment.blob.bytes, 1'234U);

  const auto with = [&](const char* key, const char* value) {
    Event other = event;
    other.facts[key] = value;
    return attachment_of(other).has_value();
  };
  for (const char* size : {"", "0", "-1", "1e3", "8388609", "99999999999999999999", " 5"})
    EXPECT_FALSE(with("size", size));
  EXPECT_FALSE(with("media", "image/svg+xml"));
  EXPECT_FALSE(with("media", "audio/ogg")) << "a photo is no sound";
  EXPECT_FALSE(with("kind", "video"));
  EXPECT_FALSE(with("number", "1234"));
  event.blobs.push_back({});
  EXPECT_FALSE(attachment_of(event));
  event.blobs.clear();
  EXPECT_FALSE(attachment_of(event));
}

}  // namespace
}  // namespace anjungan::record
