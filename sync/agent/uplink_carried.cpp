// SPDX-License-Identifier: Apache-2.0
// Uplink: answers that a person carried here. They come in any order, late, or again.
#include <fmt/format.h>

#include <algorithm>

#include "sync/agent/journal.h"
#include "sync/agent/uplink.h"
#include "sync/wire/carried.h"

namespace anjungan::agent {

using record::ErrorKind;
using record::fail;
using record::Result;

Result<Uplink::CarriedNews> Uplink::take_carried(record::ByteView file) {
  const auto parts = wire::split_carried_answer(file);
  if (!parts) return tl::unexpected(parts.error());
  auto unverified = wire::UnverifiedSyncRequest::parse(record::Bytes(parts->request.begin(), parts->request.end()));
  if (!unverified) return tl::unexpected(unverified.error());
  const wire::DeviceId own = device_of(m_parts.identity);
  if (unverified->device() != own) {
    return fail(ErrorKind::denied,
                fmt::format("it is for terminal {}, this is {}", unverified->device().str(), own.str()));
  }
  auto request = unverified->verify(m_parts.identity.device_key, m_parts.identity.root);
  // Exported before a change of keys: the terminal's own all the same.
  const auto& changes = m_parts.identity.key_changes;
  for (auto one = changes.rbegin(); !request && one != changes.rend(); ++one) {
    request = unverified->verify(one->device_key, m_parts.identity.root);
  }
  if (!request) return tl::unexpected(request.error());
  const auto answer = wire::open_sync_answer(
      parts->answer, {own, request->digest(), (*request)->events.size(), m_parts.identity.centre_keys});
  if (!answer) return tl::unexpected(answer.error());
  if ((*request)->join_counter != wire::k_carried || answer->join_counter != wire::k_carried) {
    return fail(ErrorKind::denied, "it was made for the network");
  }
  return take_carried_answer(**request, *answer);
}

Result<Uplink::CarriedNews> Uplink::take_carried_answer(const wire::SyncRequest& request,
                                                        const wire::SyncAnswer& answer) {
  CarriedNews out;
  out.standing = answer.standing;
  out.acked_seq = m_state.acked_seq;
  store::SyncState next = m_state;
  const bool latest = answer.server_time_ms > m_state.centre_ms();
  if (latest) {
    next.carried_ms = answer.server_time_ms;
    next.standing = static_cast<int>(answer.standing);
    next.last_error = answer.standing == wire::Standing::welcome ? std::string() : standing_text(answer.standing);
  }
  News news;
  const bool new_epoch = answer.epoch != m_state.epoch;
  if (answer.standing == wire::Standing::welcome) {
    if (new_epoch && request.epoch != m_state.epoch) {
      out.outcome = CarriedNews::Outcome::overtaken;
      return out;
    }
    const auto last = m_own.last_seq();
    if (!last) return tl::unexpected(last.error());
    const auto disagrees = m_own.disagreement(answer.acked_seq, answer.acked_hash, *last);
    if (!disagrees) return tl::unexpected(disagrees.error());
    if (*disagrees) return fail(ErrorKind::conflict, **disagrees);
    // Less than before in an answer that is newer than all: the centre has lost what it had. To fall costs no more than
    // sending again.
    const bool counts =
        new_epoch || answer.acked_seq > m_state.acked_seq || (latest && answer.acked_seq < m_state.acked_seq);
    if (counts) {
      next.acked_seq = answer.acked_seq;
      next.acked_hash = answer.acked_hash;
    }
    // Items of a request that lies behind our cursor begin where we do not need them; of one ahead of it, too late.
    if (request.epoch == m_state.epoch && request.feed_cursor <= m_state.feed_cursor) {
      std::vector<wire::FeedItem> fresh;
      std::copy_if(answer.feed.begin(), answer.feed.end(), std::back_inserter(fresh),
                   [&](const wire::FeedItem& item) { return new_epoch || item.cursor > m_state.feed_cursor; });
      auto read = read_feed(fresh);
      if (!read) return tl::unexpected(read.error());
      news = *std::move(read);
      if (!fresh.empty()) next.feed_cursor = fresh.back().cursor;
    }
    if (new_epoch) {
      next.epoch = answer.epoch;
      next.feed_cursor = 0;
      note(Level::warning, "sync.epoch", {{"acked_before", m_state.acked_seq}, {"acked_now", answer.acked_seq}});
    }
  }
  const bool tells = next.epoch != m_state.epoch || next.acked_seq != m_state.acked_seq ||
                     next.feed_cursor != m_state.feed_cursor || next.standing != m_state.standing;
  if (auto saved = m_parts.store.save(next, news.cases, news.orders); !saved) return tl::unexpected(saved.error());
  if (next.epoch != m_state.epoch) m_need = answer.need;
  m_state = next;
  if (auto tended = tend_commands(); !tended) return tl::unexpected(tended.error());
  out.outcome = tells ? CarriedNews::Outcome::taken : CarriedNews::Outcome::known;
  out.acked_seq = next.acked_seq;
  out.news = news.cases.size();
  note(Level::info, "carried.taken", {{"acked", out.acked_seq}, {"waiting", waiting()}, {"news", out.news}});
  return out;
}

}  // namespace anjungan::agent
