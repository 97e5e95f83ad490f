// SPDX-License-Identifier: Apache-2.0
#include "sync/record/blob.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>

namespace anjungan::record {
namespace {

constexpr std::array<std::uint8_t, 4> k_magic{'A', 'N', 'B', 1};
constexpr std::size_t k_most_recipients = 4;
constexpr std::size_t k_box_bytes = 80;
constexpr std::size_t k_recipient_bytes = KeyId{}.size() + k_box_bytes;
using DataKeyBytes = std::array<std::uint8_t, crypto_secretstream_xchacha20poly1305_KEYBYTES>;
using StreamHeader = std::array<std::uint8_t, crypto_secretstream_xchacha20poly1305_HEADERBYTES>;
static_assert(k_blob_chunk_extra_bytes == crypto_secretstream_xchacha20poly1305_ABYTES);

/// The data key and the stream's state, wiped whatever happens.
struct Stream {
  DataKeyBytes key{};
  crypto_secretstream_xchacha20poly1305_state state{};
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    sodium_memzero(key.data(), key.size());
    sodium_memzero(&state, sizeof state);
  }
};

std::uint64_t sealed_bytes(std::size_t plain, std::size_t recipients) {
  const std::size_t chunks = (plain + k_blob_chunk_bytes - 1) / k_blob_chunk_bytes;
  return k_magic.size() + 1 + recipients * k_recipient_bytes + StreamHeader{}.size() + plain +
         chunks * k_blob_chunk_extra_bytes;
}

tl::unexpected<Error> not_a_blob() { return fail(ErrorKind::invalid, "blob: these bytes are none"); }

/// Everything before the first chunk. Every chunk is tied to it: recipients cannot be exchanged.
struct Head {
  Bytes bytes;
  StreamHeader header{};
  std::optional<Bytes> box;  ///< of the key that reads
};

Result<Head> read_head(const Source& source, const KeyId& mine) {
  Head head;
  const auto take = [&](std::size_t size) -> Result<ByteView> {
    const std::size_t at = head.bytes.size();
    head.bytes.resize(at + size);
    auto got = source(std::span(head.bytes).subspan(at));
    if (!got) return tl::unexpected(got.error());
    if (*got != size) return not_a_blob();
    return ByteView(head.bytes).subspan(at);
  };
  auto start = take(k_magic.size() + 1);
  if (!start) return tl::unexpected(start.error());
  const std::size_t recipients = start->back();
  if (!std::equal(k_magic.begin(), k_magic.end(), start->begin()) || recipients < 1 || recipients > k_most_recipients) {
    return not_a_blob();
  }
  for (std::size_t n = 0; n < recipients; n++) {
    auto one = take(k_recipient_bytes);
    if (!one) return tl::unexpected(one.error());
    const bool for_me = std::equal(mine.begin(), mine.end(), one->begin());
    if (for_me) head.box = Bytes(one->begin() + static_cast<std::ptrdiff_t>(mine.size()), one->end());
  }
  auto header = take(head.header.size());
  if (!header) return tl::unexpected(header.error());
  std::copy(header->begin(), header->end(), head.header.begin());
  return head;
}

}  // namespace

std::optional<Hash> blob_of_name(std::string_view name) {
  const auto bytes = from_hex(name);
  Hash out{};
  if (!bytes || bytes->size() != out.size() || to_hex(*bytes) != name) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

Result<BlobName> seal_blob(ByteView plain, const std::vector<PublicKey>& recipients, const Sink& sink) {
  if (recipients.empty() || recipients.size() > k_most_recipients) {
    return fail(ErrorKind::invalid, "sealing: needs one to four recipients");
  }
  if (plain.empty()) return fail(ErrorKind::invalid, "attachment: it is empty");
  BlobName name;
  name.bytes = sealed_bytes(plain.size(), recipients.size());
  if (name.bytes > k_most_blob_bytes) {
    return fail(ErrorKind::invalid, "attachment: larger than " + std::to_string(k_most_blob_bytes >> 20U) + " MiB");
  }
  Hasher hasher;
  const auto put = [&](ByteView bytes) {
    hasher.add(bytes);
    return sink(bytes);
  };

  Stream stream;
  fill_random(stream.key);
  Bytes head(k_magic.begin(), k_magic.end());
  head.push_back(static_cast<std::uint8_t>(recipients.size()));
  for (const PublicKey& recipient : recipients) {
    const KeyId id = key_id(recipient);
    const Bytes box = seal_to(recipient, stream.key);
    head.insert(head.end(), id.begin(), id.end());
    head.insert(head.end(), box.begin(), box.end());
  }
  StreamHeader header{};
  crypto_secretstream_xchacha20poly1305_init_push(&stream.state, header.data(), stream.key.data());
  head.insert(head.end(), header.begin(), header.end());
  if (auto done = put(head); !done) return tl::unexpected(done.error());

  Bytes chunk(k_blob_chunk_bytes + k_blob_chunk_extra_bytes);
  while (!plain.empty()) {
    const std::size_t size = std::min(plain.size(), k_blob_chunk_bytes);
    const bool last = size == plain.size();
    crypto_secretstream_xchacha20poly1305_push(
        &stream.state, chunk.data(), nullptr, plain.data(), size, head.data(), head.size(),
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    if (auto done = put(ByteView(chunk).first(size + k_blob_chunk_extra_bytes)); !done) {
      return tl::unexpected(done.error());
    }
    plain = plain.subspan(size);
  }
  name.hash = hasher.finish();
  return name;
}

Result<void> open_blob(const Source& source, const SealingKey& key, const Sink& sink) {
  auto head = read_head(source, key_id(key.public_key()));
  if (!head) return tl::unexpected(head.error());
  if (!head->box) return fail(ErrorKind::crypto, "blob: not sealed to this key");
  auto data_key = key.open(*head->box);
  if (!data_key) return tl::unexpected(data_key.error());
  Stream stream;
  const bool fits = data_key->size() == stream.key.size();
  if (fits) std::copy(data_key->begin(), data_key->end(), stream.key.begin());
  wipe(*data_key);
  if (!fits ||
      crypto_secretstream_xchacha20poly1305_init_pull(&stream.state, head->header.data(), stream.key.data()) != 0) {
    return fail(ErrorKind::crypto, "blob: its key is none");
  }

  Bytes sealed(k_blob_chunk_bytes + k_blob_chunk_extra_bytes);
  Bytes plain(k_blob_chunk_bytes);
  std::uint8_t tag = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  Result<void> done;
  while (done && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
    auto got = source(sealed);
    if (!got) {
      done = tl::unexpected(got.error());
      break;
    }
    unsigned long long size = 0;
    const bool whole = *got > k_blob_chunk_extra_bytes && crypto_secretstream_xchacha20poly1305_pull(
                                                              &stream.state, plain.data(), &size, &tag, sealed.data(),
                                                              *got, head->bytes.data(), head->bytes.size()) == 0;
    done = whole ? sink(ByteView(plain).first(size)) : fail(ErrorKind::crypto, "blob: changed, or cut off");
  }
  wipe(plain);
  if (!done) return done;
  auto rest = source(std::span(sealed).first(1));
  if (!rest) return tl::unexpected(rest.error());
  if (*rest != 0) return fail(ErrorKind::crypto, "blob: bytes are left over");
  return {};
}

}  // namespace anjungan::record
