// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/blob_lane.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sync/agent/journal.h"
#include "sync/wire/http.h"

namespace anjungan::agent {
namespace {

// A piece that takes longer keeps the events behind it waiting; one that is much faster wastes round trips.
constexpr std::chrono::seconds k_slow{4};
constexpr std::chrono::seconds k_fast{1};
constexpr std::size_t k_least_piece = 16 * 1024;
constexpr int k_trusted = 8;  // so many fast ones in a row, then a longer one is tried again
constexpr std::size_t k_page = 64;
constexpr int k_most_fruitless = 3;

Exchange again(std::size_t brought = 0) {
  Exchange out;
  out.next = Next::again;
  out.sent = brought;
  return out;
}

// Enough to find it on the disk and in the centre's log.
std::string short_name(const record::Hash& hash) { return record::to_hex(hash).substr(0, 16); }

}  // namespace

record::Result<bool> BlobLane::choose(const View& view) {
  // Right behind one that was taken whole the next one's first piece needs no question before it: a round trip less.
  bool asks = !std::exchange(m_flows, false);
  if (m_epoch != view.state.epoch) {
    // A centre that came back from a backup may lack what it had: everything is asked for again.
    m_epoch = view.state.epoch;
    m_after = 0;
    m_put_off.clear();
    asks = true;
  }
  for (;;) {
    auto page = view.intake.blobs(m_after, k_page);
    if (!page) return tl::unexpected(page.error());
    for (const store::IntakeReader::Blob& one : *page) {
      if (one.seq > view.state.acked_seq) return false;
      const auto word = view.parts.store.blob(one.hash);
      if (!word) return tl::unexpected(word.error());
      m_after = one.seq;
      const bool done = *word && ((*word)->word == store::BlobState::Word::lost || (*word)->epoch == view.state.epoch);
      if (done) continue;
      m_current = Current{one, asks ? std::nullopt : std::optional<std::uint64_t>(0), 0};
      return true;
    }
    if (page->size() < k_page) return false;
  }
}

Exchange BlobLane::step(const View& view) {
  if (view.parts.blobs == nullptr) return {};
  if (m_current && m_epoch != view.state.epoch) m_current.reset();
  if (!m_current) {
    const auto found = choose(view);
    if (!found) return back_off(found.error().text);
    if (!*found) {
      // The next round begins with the first that was put off in this one.
      if (!m_put_off.empty()) m_after = std::min(m_after, *m_put_off.begin() - 1);
      return {};
    }
    if (m_put_off.erase(m_current->blob.seq) > 0) m_put_off.clear();  // a new round
  }
  Current& current = *m_current;
  wire::BlobRequest request;
  request.device = {view.parts.identity.region, view.parts.identity.terminal};
  request.centre = wire::root_id(view.parts.identity.root);
  request.blob = current.blob.hash;
  request.size = current.blob.size;
  request.created_ms = view.parts.clock->unix_ms();
  record::Bytes piece;
  if (current.offset) {
    auto read = m_folder.read(current.blob.hash, *current.offset, m_piece_bytes);
    if (!read && read.error().kind == record::ErrorKind::not_found) return lost(view, "its file is not there");
    if (!read) return back_off(read.error().text);
    piece = std::move(*read);
    if (piece.empty() || *current.offset + piece.size() > current.blob.size)
      return lost(view, "its file has another size");
    request.offset = *current.offset;
    request.piece_bytes = static_cast<std::uint32_t>(piece.size());
    request.piece = wire::sha256(piece);
  }
  const auto message = wire::encode_blob_request(request, view.parts.device_key);
  if (!message) return back_off(message.error().text);
  Transport::Headers headers{{std::string(wire::k_request_header), record::to_base64url(*message)}};
  if (!piece.empty()) {
    headers.emplace_back("Content-Type", "application/octet-stream");
    headers.emplace_back(std::string(wire::k_digest_header), wire::content_digest(request.piece));
  }
  const record::ByteView body(piece);
  const auto begun = std::chrono::steady_clock::now();
  const auto reply = view.parts.blobs->carry(std::string(wire::k_blob_path) + record::to_hex(current.blob.hash),
                                             piece.empty() ? nullptr : &body, headers);
  const auto took = std::chrono::steady_clock::now() - begun;
  // Whatever became of this piece, the centre knows where to go on.
  // A question says nothing about the line: it is answered fast where a piece is cut off each time.
  const bool was_piece = std::exchange(current.offset, std::nullopt).has_value();
  if (was_piece && (!reply || took > k_slow)) {
    m_piece_bytes = std::max(m_piece_bytes / 2, k_least_piece);
    m_fast_pieces = 0;
  } else if (was_piece && took < k_fast && ++m_fast_pieces == k_trusted) {
    m_piece_bytes = std::min(m_piece_bytes * 2, wire::k_max_piece_bytes);
    m_fast_pieces = 0;
  }
  if (!reply) return back_off(reply.error().text);
  const auto bytes = record::from_base64url(reply->message);
  const auto answer = bytes ? wire::open_blob_answer(*bytes, request.device, wire::message_digest(*message),
                                                     view.parts.identity.centre_keys)
                            : record::Result<wire::BlobAnswer>(tl::unexpected(bytes.error()));
  if (!answer) {
    return back_off(fmt::format("attachment: HTTP status {} without a valid answer", reply->status),
                    reply->retry_after);
  }
  if (was_piece && answer->word == wire::BlobWord::wanted) {
    current.fruitless = answer->offset > request.offset ? 0 : current.fruitless + 1;
  }
  return take(view, *answer, was_piece);
}

Exchange BlobLane::take(const View& view, const wire::BlobAnswer& answer, bool was_piece) {
  Current& current = *m_current;
  switch (answer.word) {
    case wire::BlobWord::wanted:
      if (answer.offset >= current.blob.size || current.fruitless >= k_most_fruitless) {
        leave("the centre does not come to an end with it");
        return again();
      }
      current.offset = answer.offset;
      return again(was_piece && current.fruitless == 0 ? 1 : 0);
    case wire::BlobWord::held: {
      if (auto saved = view.parts.store.save_blob(current.blob.hash, store::BlobState::Word::held); !saved) {
        return back_off(saved.error().text);
      }
      note(Level::info, "blob.held",
           {{"seq", current.blob.seq}, {"blob", short_name(current.blob.hash)}, {"bytes", current.blob.size}});
      m_current.reset();
      m_flows = was_piece;
      return again(1);
    }
    case wire::BlobWord::unknown:
      leave("the centre knows no event that names it");
      return again();
    case wire::BlobWord::over:
      leave("this terminal has used its room at the centre; ask the administrator");
      return again();
    case wire::BlobWord::damaged: {
      const auto sound = m_folder.sound(current.blob.hash);
      if (!sound) return back_off(sound.error().text);
      if (!*sound) return lost(view, "its file has rotted");
      leave(was_piece ? "it arrived damaged" : "it lies damaged at the centre");
      return again();
    }
  }
  return back_off("attachment: an answer without meaning");
}

Exchange BlobLane::lost(const View& view, std::string_view why) {
  note(Level::error, "blob.lost",
       {{"seq", m_current->blob.seq}, {"blob", short_name(m_current->blob.hash)}, {"why", why}});
  if (auto saved = view.parts.store.save_blob(m_current->blob.hash, store::BlobState::Word::lost); !saved) {
    return back_off(saved.error().text);
  }
  m_current.reset();
  return again();
}

void BlobLane::leave(std::string_view why) {
  note(Level::warning, "blob.put_off",
       {{"seq", m_current->blob.seq}, {"blob", short_name(m_current->blob.hash)}, {"why", why}});
  m_put_off.insert(m_current->blob.seq);
  m_current.reset();
}

}  // namespace anjungan::agent
