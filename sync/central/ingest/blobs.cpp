// SPDX-License-Identifier: Apache-2.0
// Centre: attachments of terminals (PROTOCOL.md, "Blobs").
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

#include "sync/central/ingest/centre.h"
#include "sync/store/files.h"
#include "sync/wire/blob.h"
#include "sync/wire/http.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;
using wire::BlobWord;

namespace {

constexpr int k_disk_retry_s = 600;
constexpr int k_store_retry_s = 5;

unsigned status_of(BlobWord word) {
  switch (word) {
    case BlobWord::wanted:
    case BlobWord::held:
      return 200;
    case BlobWord::unknown:
      return 404;
    case BlobWord::over:
      return 413;
    case BlobWord::damaged:
      return 409;
  }
  return 500;
}

/// The piece that came is the piece that was signed.
bool is_piece(const wire::BlobRequest& request, const std::optional<wire::Piece>& piece) {
  if (!piece) return request.piece_bytes == 0;
  return request.piece_bytes > 0 && piece->bytes.size() == request.piece_bytes && piece->digest == request.piece;
}

}  // namespace

void Centre::use_blobs(std::unique_ptr<BlobStore> blobs, const BlobOptions& options) {
  if (blobs) m_blobs = std::move(blobs);
  m_blob_options = options;
}

BlobReply Centre::blob(const record::Hash& name, record::Bytes message, const std::optional<wire::Piece>& piece) {
  auto unverified = wire::UnverifiedBlobRequest::parse(std::move(message));
  if (!unverified) return {400, {}, 0, 0};
  const wire::DeviceId id = unverified->device();
  std::optional<Device> device;
  std::optional<AttachmentRow> row;
  auto looked = m_store->read([&](Reader& in) -> Result<void> {
    auto known = in.device(id);
    if (!known) return tl::unexpected(known.error());
    device = std::move(*known);
    auto attachment = in.attachment(id.str(), name);
    if (!attachment) return tl::unexpected(attachment.error());
    row = std::move(*attachment);
    return {};
  });
  if (!looked) return {503, {}, 0, k_store_retry_s};
  if (!device || device->state == DeviceState::pending) return {401, {}, 0, 0};
  auto request = std::move(*unverified).verify(device->device_key, m_keys.root);
  if (!request) return {401, {}, 0, 0};
  if (device->state != DeviceState::active) return {403, {}, 0, 0};
  if ((*request)->blob != name || !is_piece(**request, piece)) return {400, {}, 0, 0};

  const std::int64_t now = m_clock.unix_ms();
  const auto say = [&](unsigned status, BlobWord word, std::uint64_t offset) -> BlobReply {
    auto body = wire::encode_blob_answer({word, offset, now}, id, request->digest(), m_keys.signing);
    if (!body) return {500, {}, 0, 0};
    return {status, std::move(*body), offset, 0};
  };
  if (!row || row->size != (*request)->size) return say(status_of(BlobWord::unknown), BlobWord::unknown, 0);

  BlobWord word = BlobWord::wanted;
  std::uint64_t offset = 0;
  bool out_of_place = false;
  auto done = take_piece(*row, **request, piece, word, offset, out_of_place);
  if (!done) {
    m_counters.blobs_failed++;
    spdlog::error("attachment of {} not taken: {}", id.str(), done.error().text);
    return {503, {}, 0, done.error().kind == ErrorKind::full ? k_disk_retry_s : k_store_retry_s};
  }
  return say(out_of_place ? 409 : status_of(word), word, offset);
}

Result<std::uint64_t> Centre::held_bytes(const wire::DeviceId& device) {
  std::uint64_t out = 0;
  auto counted = m_store->read([&](Reader& in) -> Result<void> {
    auto used = in.blob_use(device.str());
    if (!used) return tl::unexpected(used.error());
    out = used->held_bytes;
    return {};
  });
  if (!counted) return tl::unexpected(counted.error());
  return out;
}

Result<void> Centre::take_piece(const AttachmentRow& row, const wire::BlobRequest& request,
                                const std::optional<wire::Piece>& piece, BlobWord& word, std::uint64_t& offset,
                                bool& out_of_place) {
  const BlobStaging::Turn turn = m_staging->turn(row.hash);
  const auto hold = [&]() -> Result<void> {
    word = BlobWord::held;
    offset = row.size;
    return m_store->write([&](Writer& out) { return out.hold_blob(row.hash, row.size, m_clock.unix_ms()); });
  };
  const auto count = [&] { return held_bytes(request.device); };
  const auto over = [&]() -> Result<void> {
    m_staging->drop(turn);
    word = BlobWord::over;
    offset = 0;
    return {};
  };
  auto at = m_staging->offset(turn);
  if (!at) return tl::unexpected(at.error());
  offset = *at;
  if (offset > row.size) {
    m_staging->drop(turn);
    offset = 0;
  }
  if (offset == 0) {
    // The store of blobs is asked, not the row: after a restore either may know more than the other.
    auto held = m_blobs->has(row.hash, row.size);
    if (!held) return tl::unexpected(held.error());
    if (*held) {
      if (!row.held) return hold();
      word = BlobWord::held;
      offset = row.size;
      return {};
    }
  }
  const auto end = [&]() -> Result<void> {
    // Taken here: others may have been begun beside it.
    if (!row.held) {
      const auto room = m_blob_room.take(request.device, row.size, m_blob_options.quota_bytes, count);
      if (!room) return tl::unexpected(room.error());
      if (!*room) return over();
    }
    auto ended = finish(row, turn, word, offset, hold);
    if (!row.held && (!ended || word != BlobWord::held)) m_blob_room.give_back(request.device, row.size);
    return ended;
  };
  if (!piece && offset == row.size) return end();
  // Said before more is sent for nothing.
  if (!row.held) {
    const auto room = m_blob_room.has(request.device, row.size, m_blob_options.quota_bytes, count);
    if (!room) return tl::unexpected(room.error());
    if (!*room) return over();
  }
  if (!piece) return {};
  if (request.offset != offset) {
    out_of_place = true;
    return {};
  }
  auto room = store::free_bytes(m_data_folder);
  if (!room) return tl::unexpected(room.error());
  if (*room < m_blob_options.reserve_bytes) {
    return fail(ErrorKind::full,
                fmt::format("only {} MiB free; attachments wait so that records find room", *room >> 20U));
  }
  if (auto added = m_staging->append(turn, piece->bytes, offset + piece->bytes.size() == row.size); !added)
    return added;
  offset += piece->bytes.size();
  m_counters.blob_bytes += piece->bytes.size();
  if (offset < row.size) return {};
  return end();
}

Result<void> Centre::finish(const AttachmentRow& row, const BlobStaging::Turn& turn, BlobWord& word,
                            std::uint64_t& offset, const std::function<Result<void>()>& hold) {
  const auto sound = m_staging->sound(turn);
  if (!sound) return tl::unexpected(sound.error());
  if (!*sound) {
    m_staging->drop(turn);
    word = BlobWord::damaged;
    offset = 0;
    return {};
  }
  if (auto kept = m_blobs->keep(row.hash, row.size, m_staging->path(turn)); !kept) {
    // Moved, and not surely on disk: the next request finds it in its place, or begins anew.
    if (std::error_code none; !std::filesystem::exists(m_staging->path(turn), none)) m_staging->drop(turn);
    return kept;
  }
  m_staging->drop(turn);
  m_counters.blobs_held++;
  return hold();
}

Result<std::vector<AttachmentRow>> Centre::attachments(std::string_view number) {
  std::vector<AttachmentRow> out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    auto rows = in.attachments(number);
    if (!rows) return tl::unexpected(rows.error());
    out = std::move(*rows);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<record::Bytes> Centre::take_out_blob(std::string_view number, const record::Hash& hash, const std::string& who) {
  auto rows = attachments(number);
  if (!rows) return tl::unexpected(rows.error());
  const auto named =
      std::find_if(rows->begin(), rows->end(), [&](const AttachmentRow& one) { return one.hash == hash; });
  if (named == rows->end()) return fail(ErrorKind::not_found, "attachment: this complaint has none of that name");
  auto bytes = m_blobs->read(hash);
  if (!bytes) return bytes;
  if (record::hash(*bytes) != hash) return fail(ErrorKind::corrupt, "attachment: its bytes have changed in the store");
  auto noted = m_store->write([&](Writer& out) {
    return out.add_audit({m_clock.unix_ms(), who,
                          fmt::format("took out attachment {} of {}", record::to_hex(hash).substr(0, 16), number)});
  });
  if (!noted) return tl::unexpected(noted.error());
  return bytes;
}

}  // namespace anjungan::central
