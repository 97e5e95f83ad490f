// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/uplink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "sync/agent/journal.h"
#include "sync/agent/manifest_keys.h"
#include "sync/record/tracking_number.h"
#include "sync/wire/http.h"
#include "sync/wire/key_manifest.h"
#include "sync/wire/question.h"
#include "sync/wire/rotation.h"

namespace anjungan::agent {
namespace {

// Nobody stands at the terminal any more for a question older than this.
constexpr std::int64_t k_question_life_ms = 10 * 60 * 1000;

Exchange stop(std::string reason) {
  Exchange out;
  out.next = Next::stop;
  out.reason = std::move(reason);
  return out;
}

}  // namespace

std::string_view Uplink::standing_text(wire::Standing standing) {
  switch (standing) {
    case wire::Standing::welcome:
      return "welcome";
    case wire::Standing::locked:
      return "locked: two terminals use this identity; ask the administrator";
    case wire::Standing::revoked:
      return "revoked: the administrator ended this enrolment";
    case wire::Standing::doubted:
      return "doubted: the centre has heard newer requests of this identity; was this disk copied?";
  }
  return "unknown";
}

record::Result<Uplink> Uplink::open(Parts parts) {
  ANJUNGAN_CHECK(parts.transport != nullptr && parts.clock != nullptr);
  auto state = parts.store.state();
  if (!state) return tl::unexpected(state.error());
  auto commands = parts.store.last_command();
  if (!commands) return tl::unexpected(commands.error());
  Uplink out(std::move(parts), *std::move(state));
  out.m_commands_before = *commands;
  if (auto tended = out.tend_commands(); !tended) return tl::unexpected(tended.error());
  return out;
}

Uplink::Uplink(Parts parts, store::SyncState state)
    : m_parts(std::move(parts)), m_state(std::move(state)), m_own(m_parts.data_folder), m_lane(m_parts.data_folder) {}

std::uint64_t Uplink::waiting() {
  const auto last = m_own.last_seq();
  return last && *last > m_state.acked_seq ? *last - m_state.acked_seq : 0;
}

record::Result<Uplink::Batch> Uplink::next_batch(std::uint64_t last_seq) {
  Batch batch;
  batch.last_seq = last_seq;
  std::uint64_t from = m_state.acked_seq + 1;
  std::uint64_t to = last_seq;
  for (const wire::SeqRange& range : m_need) {
    if (range.first > last_seq) break;
    from = range.first;
    to = std::min(range.last, last_seq);
    break;
  }
  // What is asked for once more lets everything else go first.
  if (m_resend && from > to) {
    batch.again = true;
    from = m_resend->next;
    to = m_resend->last;
  }
  wire::SyncRequest& request = batch.request;
  request = request_of(m_parts.identity, m_state, *m_parts.clock);
  request.last_seq = last_seq;
  if (auto filled = m_own.fill(request, from, to, m_parts.batch_events); !filled) return tl::unexpected(filled.error());
  if (batch.again) {
    // Sent in other bytes than at first, an event that has rotted here would make this terminal look like two.
    auto sound = m_own.sound(request);
    if (!sound) return tl::unexpected(sound.error());
    request.events.resize(*sound);
  }
  return batch;
}

record::Result<HttpAnswer> Uplink::send(std::string_view path, const record::Bytes& message) {
  return m_parts.transport->post(path, message,
                                 {{"Content-Type", std::string(wire::k_content_type)},
                                  {std::string(wire::k_digest_header), wire::content_digest(message)}});
}

Exchange Uplink::exchange() {
  // First: which keys count is known only once this is answered.
  const auto rotation = carry_rotation();
  if (!rotation) {
    note(Level::error, "rotation.failed", {{"why", rotation.error().text}});
  } else if (rotation->step == Rotation::Step::waits_for_network) {
    return back_off(rotation->reason, rotation->asked);
  }
  show_lone_receipt_key();
  const auto last = m_own.last_seq();
  if (!last) return back_off(last.error().text);
  const auto before = m_own.disagreement(m_state.acked_seq, m_state.acked_hash, *last);
  if (!before) return back_off(before.error().text);
  if (*before) return stop(**before);

  const auto batch = next_batch(*last);
  if (!batch) return back_off(batch.error().text);
  const auto message = wire::encode_sync_request(batch->request, m_parts.device_key);
  if (!message) return back_off(message.error().text);
  const std::int64_t sent_ms = m_parts.clock->unix_ms();
  auto reply = send(wire::k_sync_path, *message);
  if (reply && reply->status == 401 && show_taken_rotations()) reply = send(wire::k_sync_path, *message);
  if (!reply) return back_off(reply.error().text);
  if (reply->status != 200) return back_off(fmt::format("HTTP status {}", reply->status), reply->retry_after);

  const wire::ExpectedAnswer expected{batch->request.device, wire::message_digest(*message),
                                      batch->request.events.size(), m_parts.identity.centre_keys};
  const auto answer = wire::open_sync_answer(reply->body, expected);
  if (!answer) {
    return back_off(
        fmt::format("HTTP status 200 without a valid acknowledgement (a captive portal?): {}", answer.error().text));
  }
  return take(*answer, *batch, sent_ms);
}

Exchange Uplink::take(const wire::SyncAnswer& answer, const Batch& batch, std::int64_t sent_ms) {
  const std::int64_t now_ms = m_parts.clock->unix_ms();
  store::SyncState next = m_state;
  next.last_contact_ms = now_ms;
  next.carried_ms = 0;
  next.clock_offset_ms = answer.server_time_ms - (sent_ms + (now_ms - sent_ms) / 2);
  next.join_counter = answer.join_counter;
  next.standing = static_cast<int>(answer.standing);
  next.last_error.clear();
  if (answer.standing != wire::Standing::welcome) {
    next.last_error = standing_text(answer.standing);
    if (const auto saved = m_parts.store.save(next, {}); !saved) return back_off(saved.error().text);
    m_state = next;
    if (answer.standing != wire::Standing::doubted) return back_off(next.last_error);
    // Asked back: coming again with the counter given is the answer.
    Exchange out;
    out.next = Next::again;
    out.reason = next.last_error;
    return out;
  }

  // The app may have added events since the batch was cut, but the centre can hold none that was never sent.
  const auto disagrees = m_own.disagreement(answer.acked_seq, answer.acked_hash, batch.last_seq);
  if (!disagrees) return back_off(disagrees.error().text);
  if (*disagrees) return stop(**disagrees);

  const bool new_epoch = answer.epoch != m_state.epoch;
  if (new_epoch) {
    note(Level::warning, "sync.epoch",
         {{"acked_before", m_state.acked_seq}, {"acked_now", answer.acked_seq}, {"need", answer.need.size()}});
  } else if (answer.acked_seq < m_state.acked_seq) {
    note(Level::error, "sync.acked_fell", {{"acked_before", m_state.acked_seq}, {"acked_now", answer.acked_seq}});
  }
  const auto news = read_feed(answer.feed);
  if (!news) return back_off(news.error().text);
  next.epoch = answer.epoch;
  next.acked_seq = answer.acked_seq;
  next.acked_hash = answer.acked_hash;
  if (!answer.feed.empty()) next.feed_cursor = answer.feed.back().cursor;
  // Cursors of a restored centre may have been given out before.
  if (new_epoch) next.feed_cursor = 0;
  if (const auto saved = m_parts.store.save(next, news->cases, news->orders); !saved) {
    return back_off(saved.error().text);
  }

  const bool moved =
      answer.acked_seq > m_state.acked_seq ||
      std::find(answer.results.begin(), answer.results.end(), wire::EventResult::stored) != answer.results.end();
  m_state = next;
  m_need = answer.need;
  if (batch.again) {
    const std::size_t passed = std::max<std::size_t>(batch.request.events.size(), 1);
    if (auto noted = resent(batch.request.from_seq + passed); !noted) {
      return back_off(noted.error().text);
    }
  }
  if (auto tended = tend_commands(); !tended) return back_off(tended.error().text);

  Exchange out;
  out.sent = batch.request.events.size();
  out.acked_seq = answer.acked_seq;
  note(Level::info, "sync.done",
       {{"sent", out.sent},
        {"stored", std::count(answer.results.begin(), answer.results.end(), wire::EventResult::stored)},
        {"quarantined", std::count(answer.results.begin(), answer.results.end(), wire::EventResult::quarantined)},
        {"conflicts", std::count(answer.results.begin(), answer.results.end(), wire::EventResult::conflict)},
        {"acked", answer.acked_seq},
        {"waiting", waiting()},
        {"news", answer.feed.size()},
        {"clock_offset_ms", next.clock_offset_ms}});
  if (new_epoch || answer.feed_more || (m_resend && waiting() == 0)) {
    out.next = Next::again;
  } else if (waiting() == 0) {
    out.next = Next::rest;
  } else if (moved || out.sent == 0) {
    out.next = Next::again;
  } else {
    out.next = Next::back_off;
    out.reason = fmt::format("the centre took none of {} events", out.sent);
  }
  return out;
}

record::Result<Uplink::News> Uplink::read_feed(const std::vector<wire::FeedItem>& feed) {
  News news;
  for (const wire::FeedItem& item : feed) {
    if (item.kind == "case") {
      const auto number = record::TrackingNumber::parse(item.subject);
      if (number) {
        news.cases.push_back({number->str(), item.body});
      } else {
        note(Level::error, "feed.unreadable", {{"cursor", item.cursor}, {"why", "the subject is no tracking number"}});
      }
    } else if (item.kind == wire::k_rotate_item) {
      if (auto heard = hear_rotation_wish(item); !heard) return tl::unexpected(heard.error());
    } else if (item.kind == "keys") {
      // Passed over, the terminal would not know the centre again once the key is used.
      if (auto kept = adopt_keys(item.body); !kept) return tl::unexpected(kept.error());
    } else if (item.kind == wire::k_feed_part || item.kind == wire::k_feed_command ||
               item.kind == wire::k_feed_command_cancel) {
      read_order(item, news.orders);
    } else {
      note(Level::debug, "feed.unknown_kind", {{"cursor", item.cursor}, {"kind", item.kind}});
    }
  }
  return news;
}

record::Result<void> Uplink::adopt_keys(record::ByteView manifest_message) {
  const auto manifest = wire::open_key_manifest(manifest_message, m_parts.identity.root);
  if (!manifest) {
    note(Level::error, "keys.refused", {{"why", manifest.error().text}});
    return {};
  }
  const auto current = wire::open_key_manifest(m_parts.identity.key_manifest, m_parts.identity.root);
  if (current && manifest->serial <= current->serial) return {};
  store::Identity changed = m_parts.identity;
  apply_manifest(changed, manifest_message, *manifest);
  if (auto saved = store::save_identity(m_parts.data_folder, changed); !saved) {
    note(Level::error, "keys.not_saved", {{"why", saved.error().text}});
    return saved;
  }
  m_parts.identity = std::move(changed);
  note(Level::info, "keys.adopted", {{"serial", manifest->serial}});
  return {};
}

record::Result<std::vector<store::Question>> Uplink::open_questions() {
  std::vector<store::Question> open;
  auto reader = m_own.reader();
  if (!reader) return open;
  auto all = (*reader)->questions();
  if (!all) return tl::unexpected(all.error());
  for (const store::Question& question : *all) {
    if (std::abs(m_parts.clock->unix_ms() - question.asked_ms) > k_question_life_ms) continue;
    auto answered = m_parts.store.answer_to(question.id);
    if (!answered) return tl::unexpected(answered.error());
    if (!*answered) open.push_back(question);
  }
  return open;
}

bool Uplink::questions_wait() {
  const auto open = open_questions();
  return open && !open->empty();
}

Exchange Uplink::carry_questions() {
  const auto open = open_questions();
  if (!open) return back_off(open.error().text);
  for (const store::Question& question : *open) {
    wire::QuestionRequest request;
    request.device = device_of(m_parts.identity);
    request.centre = wire::root_id(m_parts.identity.root);
    request.id = question.id.bytes;
    request.code_hash = question.code_hash;
    request.reply_key = question.reply_key;
    request.created_ms = m_parts.clock->unix_ms();
    const auto message = wire::encode_question(request, m_parts.device_key);
    if (!message) return back_off(message.error().text);
    const auto reply = send(wire::k_question_path, *message);
    if (!reply) return back_off(reply.error().text);
    if (reply->status != 200) return back_off(fmt::format("HTTP status {}", reply->status), reply->retry_after);
    auto answer = wire::open_question_answer(reply->body, request.device, wire::message_digest(*message),
                                             m_parts.identity.centre_keys);
    if (!answer) return back_off(fmt::format("HTTP status 200 without a valid answer: {}", answer.error().text));
    store::Answer kept;
    kept.question = question.id;
    kept.finding = static_cast<int>(answer->finding);
    kept.retry_after_s = answer->retry_after_s;
    kept.sealed_case = std::move(answer->sealed_case);
    kept.answered_ms = m_parts.clock->unix_ms();
    if (const auto saved = m_parts.store.save_answer(kept); !saved) return back_off(saved.error().text);
    if (const auto tidied = m_parts.store.forget_answers(kept.answered_ms - k_question_life_ms); !tidied) {
      return back_off(tidied.error().text);
    }
    note(Level::info, "question.answered", {{"finding", kept.finding}});
  }
  return {};
}

Exchange Uplink::carry_blob() {
  if (m_state.acked_seq == 0) return {};
  auto reader = m_own.reader();
  if (!reader) return back_off(reader.error().text);
  return m_lane.step({m_parts, **reader, m_state});
}

void Uplink::remember_failure(const std::string& reason) {
  if (m_state.last_error == reason) return;
  store::SyncState next = m_state;
  next.last_error = reason;
  if (const auto saved = m_parts.store.save(next, {}); saved) {
    m_state = next;
  } else {
    note(Level::error, "state.not_saved", {{"why", saved.error().text}});
  }
}

}  // namespace anjungan::agent
