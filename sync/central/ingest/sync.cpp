// SPDX-License-Identifier: Apache-2.0
// Centre: batches and questions of terminals.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/ingest/batch.h"
#include "sync/central/ingest/centre.h"
#include "sync/central/ingest/epoch.h"
#include "sync/wire/carried.h"
#include "sync/wire/limits.h"
#include "sync/wire/question.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

/// The counter that whoever sent an old one is told; honest ones grow by one and never come near it. The original never
/// reads it, for it waits for the answer to another request by then.
constexpr std::uint64_t k_trap = 1ULL << 62U;

/// The join counter tells a copied disk: the copy repeats a number that the original has left behind. One behind is an
/// honest terminal whose answer was lost. What is older may also have been underway all the time.
bool is_old(const Device& device, const wire::SyncRequest& request) {
  return request.join_counter + 1 < device.join_counter;
}

/// No counter tells by hand what this store has forgotten. But a carried request of a terminal with which nothing waits
/// says that all it holds was acknowledged, and within an epoch that never falls.
bool forgotten(const Device& device, const wire::SyncRequest& request) {
  const bool nothing_waits = request.events.empty() && request.last_seq + 1 == request.from_seq;
  return nothing_waits && request.last_seq > device.acked_seq;
}

wire::Standing standing_of(DeviceState state) {
  switch (state) {
    case DeviceState::locked:
      return wire::Standing::locked;
    case DeviceState::revoked:
      return wire::Standing::revoked;
    default:
      return wire::Standing::welcome;
  }
}

wire::SyncAnswer doubt(const Device& device, const wire::Epoch& epoch, std::int64_t now_ms) {
  wire::SyncAnswer out;
  out.standing = wire::Standing::doubted;
  out.epoch = epoch;
  out.acked_seq = device.acked_seq;
  out.acked_hash = device.acked_hash;
  out.server_time_ms = now_ms;
  out.join_counter = k_trap;
  return out;
}

/// As many items as fit an answer.
void bound_feed(std::vector<wire::FeedItem>& feed, bool& more) {
  more = feed.size() > wire::k_max_feed_items;
  if (more) feed.resize(wire::k_max_feed_items);
  std::size_t size = 0;
  for (std::size_t i = 0; i < feed.size(); i++) {
    size += feed[i].body.size();
    if (size > wire::k_max_feed_bytes) {
      feed.resize(i);
      more = true;
      return;
    }
  }
}

}  // namespace

Result<std::optional<Centre::KnownKey>> Centre::device_key(const wire::DeviceId& id, bool ask_store) {
  const std::string name = id.str();
  if (!ask_store) {
    const std::lock_guard guard(m_device_keys_mutex);
    const auto found = m_device_keys.find(name);
    if (found != m_device_keys.end()) return KnownKey{found->second, true};
  }
  std::optional<Device> known;
  auto looked = m_store->read([&](Reader& in) -> Result<void> {
    auto row = in.device(id);
    if (!row) return tl::unexpected(row.error());
    known = std::move(*row);
    return {};
  });
  if (!looked) return tl::unexpected(looked.error());
  if (!known || known->state == DeviceState::pending) return std::nullopt;
  const std::lock_guard guard(m_device_keys_mutex);
  m_device_keys.insert_or_assign(name, known->device_key);
  return KnownKey{known->device_key, false};
}

void Centre::forget_device_key(const wire::DeviceId& id) {
  const std::lock_guard guard(m_device_keys_mutex);
  m_device_keys.erase(id.str());
}

Result<Centre::Heard> Centre::hear(record::Bytes message) {
  auto unverified = wire::UnverifiedSyncRequest::parse(std::move(message));
  if (!unverified) return tl::unexpected(unverified.error());
  const wire::DeviceId id = unverified->device();
  for (const bool ask_store : {false, true}) {
    auto known = device_key(id, ask_store);
    // Whatever ails the store says nothing of the message.
    if (!known) return fail(ErrorKind::unavailable, known.error().text);
    if (!*known) return fail(ErrorKind::not_found, "terminal " + id.str() + " is not enrolled here");
    auto request = unverified->verify((*known)->key, m_keys.root);
    if (request) return Heard{std::move(*request), (*known)->key};
    // The terminal may have changed its keys at another instance.
    if (ask_store || !(*known)->remembered) return tl::unexpected(request.error());
  }
  return fail(ErrorKind::denied, "not reached");
}

Result<wire::SyncAnswer> Centre::take(const Heard& heard, std::int64_t offset_ms, const std::string& carrier) {
  const wire::SyncRequest& in = *heard.request;
  const wire::DeviceId id = in.device;
  const bool carried = in.join_counter == wire::k_carried;
  const std::int64_t now = m_clock.unix_ms();
  const std::vector<ReadEvent> events = read_events(in, offset_ms, m_keys, m_catalogue);
  wire::SyncAnswer answer;
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    answer = {};
    // Two instances may hold a request of one terminal each: the first has its say, then the second.
    if (auto locked = out.lock(id.str()); !locked) return locked;
    auto epoch = current_epoch(out, now);
    if (!epoch) return tl::unexpected(epoch.error());
    auto row = out.device(id);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(ErrorKind::not_found, "device: gone");
    Device device = **row;
    // Only what is read under the lock says which key is in use.
    if (device.device_key != heard.device_key) {
      return fail(ErrorKind::denied, "the terminal has changed its keys since; let it send, or export, again");
    }
    if (device.state == DeviceState::active && !carried) {
      if (in.join_counter >= k_trap) {
        device.state = DeviceState::locked;
        spdlog::warn("terminal {}: its disk was copied, and the copy is alive; locked", id.str());
      } else if (is_old(device, in)) {
        spdlog::warn("terminal {}: join counter {} where {} was due; asked back", id.str(), in.join_counter,
                     device.join_counter);
        answer = doubt(device, *epoch, now);
        return {};
      } else if (in.join_counter > device.join_counter && in.epoch == *epoch) {
        // This store has given that counter and forgotten it.
        epoch = new_epoch(out, now, "answers to " + id.str() + " were forgotten");
        if (!epoch) return tl::unexpected(epoch.error());
      }
    }
    if (device.state == DeviceState::active && carried && forgotten(device, in) && in.epoch == *epoch) {
      epoch = new_epoch(out, now, "what " + id.str() + " was told was forgotten");
      if (!epoch) return tl::unexpected(epoch.error());
    }
    device.seen_ms = now;
    if (!carried) device.clock_offset_ms = offset_ms;
    device.told_seq = std::max(device.told_seq, in.last_seq);
    auto results = Batch(out, device, now).take(events, in.prev);
    if (!results) return tl::unexpected(results.error());
    answer.results = std::move(*results);
    // A locked terminal keeps the counter it has: so a copy still shows when the original was unlocked.
    const bool counts = device.state == DeviceState::active && !carried;
    if (counts && in.join_counter >= device.join_counter) device.join_counter = in.join_counter + 1;
    if (auto put = out.put_device(device); !put) return put;
    if (device.state == DeviceState::active && device.told_seq > device.acked_seq &&
        (in.events.empty() || in.from_seq > device.acked_seq + 1)) {
      answer.need = {{device.acked_seq + 1, device.told_seq}};
    }
    if (in.feed_cursor > 0 && in.epoch == *epoch) {
      if (auto forgot = out.forget_feed(id.str(), in.feed_cursor); !forgot) return forgot;
    }
    auto feed = out.feed(id.str(), in.feed_cursor, wire::k_max_feed_items + 1);
    if (!feed) return tl::unexpected(feed.error());
    answer.feed = std::move(*feed);
    bound_feed(answer.feed, answer.feed_more);
    answer.standing = standing_of(device.state);
    answer.epoch = *epoch;
    answer.acked_seq = device.acked_seq;
    answer.acked_hash = device.acked_hash;
    answer.server_time_ms = now;
    answer.join_counter = counts ? device.join_counter : in.join_counter;
    if (!carried) return {};
    return out.add_audit({now, carrier,
                          fmt::format("brought in {} events of {} from {} on, carried by hand", in.events.size(),
                                      id.str(), in.from_seq)});
  });
  if (!done && done.error().kind == ErrorKind::denied) {
    forget_device_key(id);
    return tl::unexpected(done.error());
  }
  if (!done) {
    m_counters.failed++;
    spdlog::error("batch of {} not stored: {}", id.str(), done.error().text);
    return tl::unexpected(done.error());
  }
  m_counters.batches++;
  for (const wire::EventResult one : answer.results) m_counters.events[static_cast<std::size_t>(one)]++;
  return answer;
}

Reply Centre::sync(record::Bytes message) {
  const auto heard = hear(std::move(message));
  if (!heard) {
    switch (heard.error().kind) {
      case ErrorKind::invalid:
        return {400, {}, 0};
      case ErrorKind::not_found:
      case ErrorKind::denied:
        return {401, {}, 0};
      default:
        return {503, {}, 5};
    }
  }
  const wire::SyncRequest& request = *heard->request;
  // Who finds a stick must not be able to speak for its terminal here.
  if (request.join_counter == wire::k_carried) return {400, {}, 0};
  const auto answer = take(*heard, m_clock.unix_ms() - request.created_ms, {});
  if (!answer && answer.error().kind == ErrorKind::denied) return {401, {}, 0};
  if (!answer) return {503, {}, 5};
  // Signed only now: the acknowledgement speaks of what is durable.
  auto body = wire::encode_sync_answer(*answer, request.device, heard->request.digest(), m_keys.signing);
  if (!body) {
    spdlog::error("answer to {} cannot be written: {}", request.device.str(), body.error().text);
    return {500, {}, 0};
  }
  return {200, std::move(*body), 0};
}

Result<Centre::Carried> Centre::take_carried(record::Bytes message, const std::string& who) {
  const auto heard = hear(std::move(message));
  if (!heard) return tl::unexpected(heard.error());
  const wire::SyncRequest& request = *heard->request;
  if (request.join_counter != wire::k_carried) {
    return fail(ErrorKind::invalid, "request: made for the network, not by anjunganctl export");
  }
  // What was created is as old as the journey: only what the network showed, and what cannot be, correct the clock.
  std::int64_t offset_ms = m_clock.unix_ms() - request.created_ms;
  auto looked = m_store->read([&](Reader& in) -> Result<void> {
    auto row = in.device(request.device);
    if (!row) return tl::unexpected(row.error());
    if (*row) offset_ms = std::min(offset_ms, (*row)->clock_offset_ms);
    return {};
  });
  if (!looked) return tl::unexpected(looked.error());
  auto answer = take(*heard, offset_ms, who);
  if (!answer) return tl::unexpected(answer.error());
  // Signed only now: the acknowledgement speaks of what is durable.
  auto body = wire::encode_sync_answer(*answer, request.device, heard->request.digest(), m_keys.signing);
  if (!body) return tl::unexpected(body.error());
  return Carried{request.device, request.from_seq, std::move(*answer), std::move(*body)};
}

Reply Centre::question(record::Bytes message) {
  auto unverified = wire::UnverifiedQuestion::parse(std::move(message));
  if (!unverified) return {400, {}, 0};
  const wire::DeviceId id = unverified->device();
  const std::int64_t now = m_clock.unix_ms();
  Reply refused{401, {}, 0};
  std::optional<Reply> reply;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    reply.reset();
    auto device = in.device(id);
    if (!device) return tl::unexpected(device.error());
    if (!*device || (*device)->state != DeviceState::active) return {};
    auto question = wire::UnverifiedQuestion(*unverified).verify((*device)->device_key, m_keys.root);
    if (!question) return {};
    wire::QuestionAnswer answer;
    answer.server_time_ms = now;
    if (!m_question_misses.allows(id.str(), now)) {
      answer.finding = wire::Finding::throttled;
      answer.retry_after_s = MissBudget::k_retry_after_s;
    } else {
      auto receipt = in.receipt_by_code(code_hmac(m_keys, (*question)->code_hash));
      if (!receipt) return tl::unexpected(receipt.error());
      if (*receipt && !(*receipt)->voided) {
        auto complaint = in.complaint((*receipt)->number);
        if (!complaint) return tl::unexpected(complaint.error());
        if (*complaint) {
          auto text = case_of(in, **complaint);
          if (!text) return tl::unexpected(text.error());
          auto sealed = wire::seal_case(*text, (*question)->reply_key);
          if (!sealed) return tl::unexpected(sealed.error());
          answer.finding = wire::Finding::found;
          answer.sealed_case = std::move(*sealed);
        }
      }
      if (answer.finding == wire::Finding::unknown) m_question_misses.miss(id.str(), now);
    }
    auto body = wire::encode_question_answer(answer, id, question->digest(), m_keys.signing);
    if (!body) return tl::unexpected(body.error());
    reply = Reply{200, std::move(*body), 0};
    return {};
  });
  if (!done) return {503, {}, 5};
  return reply ? std::move(*reply) : refused;
}

}  // namespace anjungan::central
