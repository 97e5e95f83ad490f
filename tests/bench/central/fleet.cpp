// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/central/fleet.h"

#include <fmt/format.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "sync/wire/http.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

namespace anjungan::bench {
namespace {

template <class T>
T must(record::Result<T> result, const char* doing) {
  if (!result) {
    fmt::print(stderr, "bench central: {}: {}\n", doing, result.error().text);
    std::exit(1);
  }
  return std::move(*result);
}

std::int64_t now_ms() { return record::SystemClock().unix_ms(); }

std::array<std::uint8_t, 12> secret_of(const wire::DeviceId& id, std::uint64_t seq) {
  const std::string text = fmt::format("{} {}", id.str(), seq);
  const record::Hash hash = record::hash(record::view_of(text));
  std::array<std::uint8_t, 12> out;
  std::copy_n(hash.begin(), out.size(), out.begin());
  return out;
}

}  // namespace

Terminal::Terminal(const World& world, std::uint16_t number) : m_world(world), m_id{3273, number} {}

void Terminal::stock(std::size_t batches, std::size_t events) {
  while (m_stock.size() < batches) m_stock.push_back(make_request(events));
}

record::Bytes Terminal::make_event() {
  record::Event event;
  event.device = m_id.str();
  event.seq = ++m_seq;
  event.time_ms = now_ms();
  event.id = record::Uuid::make(event.time_ms);
  event.type = record::EventType::complaint_created;
  event.subject = record::Uuid::make(event.time_ms);
  event.boot = "00000000-0000-0000-0000-000000000000";
  event.monotonic_ms = 1;
  event.office = "MPP Kota Bandung";
  event.prev = m_head;
  record::ComplaintFacts facts;
  facts.number = {m_id.region, m_id.terminal, static_cast<std::uint32_t>(m_seq)};
  facts.category = "jalan.lubang";
  facts.district = "coblong";
  facts.secret_hash = record::secret_hash(secret_of(m_id, m_seq));
  facts.code_hash = record::hash(record::ByteView(facts.secret_hash));
  facts.due = record::DueDates{{2026, 11, 26}, {2026, 12, 11}, {2026, 12, 29}, {2027, 1, 20}};
  event.facts = record::to_facts(facts);
  event.sealed = m_world.sealed;
  record::Bytes out = must(record::write_event(event), "event");
  m_head = record::hash(out);
  s_event_bytes = out.size();
  return out;
}

/// No news reach these terminals and each answer raises the join counter by one, so requests can be made ahead.
Terminal::Made Terminal::make_request(std::size_t events) {
  wire::SyncRequest request;
  request.device = m_id;
  request.centre = wire::root_id(m_world.root);
  request.epoch = m_epoch;
  request.from_seq = m_seq + 1;
  request.prev = m_head;
  request.created_ms = now_ms();
  request.join_counter = m_join_counter++;
  for (std::size_t n = 0; n < events; n++) request.events.push_back(make_event());
  request.last_seq = m_seq;
  const record::Bytes message = must(wire::encode_sync_request(request, m_device_key), "request");
  Made out;
  out.headers = fmt::format("Content-Type: {}\r\n{}: {}\r\n", wire::k_content_type, wire::k_digest_header,
                            wire::content_digest(message));
  out.message = record::to_text(message);
  out.digest = wire::message_digest(message);
  out.last_seq = m_seq;
  out.head = m_head;
  out.events = events;
  return out;
}

int Terminal::deliver(HttpConnection& connection, std::size_t events) {
  stock(1, events);
  const Made made = std::move(m_stock.front());
  m_stock.pop_front();
  thread_local std::mt19937 random(std::random_device{}());
  for (int refused = 0;; refused++) {
    const HttpReply reply = connection.post(wire::k_sync_path, made.headers, made.message);
    if (reply.status == 503 && reply.retry_after_s > 0 && refused < 100) {
      const double jitter = std::uniform_real_distribution<double>(0.0, 5.0)(random);
      std::this_thread::sleep_for(std::chrono::duration<double>(reply.retry_after_s + jitter));
      continue;
    }
    if (reply.status != 200) {
      fmt::print(stderr, "bench central: status {}\n", reply.status);
      std::exit(1);
    }
    const auto answer = must(
        wire::open_sync_answer(record::view_of(reply.body), {m_id, made.digest, made.events, {&m_world.centre_key, 1}}),
        "answer");
    if (answer.acked_seq != made.last_seq || answer.acked_hash != made.head) {
      fmt::print(stderr, "bench central: {} acknowledged of {}\n", answer.acked_seq, made.last_seq);
      std::exit(1);
    }
    m_acked = answer.acked_seq;
    m_epoch = answer.epoch;
    return refused;
  }
}

std::string Terminal::receipt_url(std::uint64_t seq) const {
  record::ReceiptToken token;
  token.number = {m_id.region, m_id.terminal, static_cast<std::uint32_t>(seq)};
  token.seq = seq;
  token.secret = secret_of(m_id, seq);
  token.sign(m_receipt_key);
  return record::token_url("https://x", token);
}

}  // namespace anjungan::bench
