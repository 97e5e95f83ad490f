// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/batch.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/cases/cases.h"

namespace anjungan::central {

using record::ErrorKind;
using record::Result;
using wire::EventResult;

namespace {

/// Below it the terminal's own clock is believed; above, the centre's offset corrects it.
constexpr std::int64_t k_clock_slack_ms = 120'000;

std::optional<record::Hash> hash_fact(const record::Event& event, std::string_view key) {
  const auto found = event.facts.find(key);
  if (found == event.facts.end()) return std::nullopt;
  auto bytes = record::from_hex(found->second);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  record::Hash out;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

}  // namespace

Result<std::vector<EventResult>> Batch::take(const wire::SyncRequest& request) {
  std::vector<EventResult> out;
  record::Hash before = request.prev;
  for (std::size_t i = 0; i < request.events.size(); i++) {
    const std::uint64_t seq = request.from_seq + i;
    const record::Bytes& bytes = request.events[i];
    if (m_device.state != DeviceState::active &&
        (m_device.state != DeviceState::revoked || seq >= m_device.revoked_from)) {
      const char* why =
          m_device.state == DeviceState::revoked ? "after the terminal was revoked" : "while the terminal is locked";
      auto result = set_aside(seq, bytes, why, EventResult::quarantined);
      if (!result) return tl::unexpected(result.error());
      out.push_back(*result);
      continue;
    }
    if (seq == m_device.acked_seq + 1 && m_device.acked_seq > 0) {
      if (i == 0 && before != m_device.acked_hash) {
        m_device.state = DeviceState::locked;
        spdlog::warn("terminal {}: its chain forks at event {}; locked, both histories kept", m_device.id.str(), seq);
      }
      before = i == 0 ? m_device.acked_hash : before;
    }
    if (m_device.state == DeviceState::locked) {
      auto result = set_aside(seq, bytes, "the chain forks here", EventResult::conflict);
      if (!result) return tl::unexpected(result.error());
      out.push_back(*result);
      continue;
    }
    const bool first_ever = seq == 1;
    const record::Hash zeros{};
    auto result = take_one(seq, bytes, first_ever ? &zeros : &before);
    if (!result) return tl::unexpected(result.error());
    out.push_back(*result);
    before = record::hash(bytes);
    if (seq == m_device.acked_seq + 1 && *result != EventResult::conflict) {
      m_device.acked_seq = seq;
      m_device.acked_hash = before;
    }
  }
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  return out;
}

Result<void> Batch::advance() {
  // Events behind a gap that has just been closed.
  const std::string name = m_device.id.str();
  for (;;) {
    auto next = m_writer.event(name, m_device.acked_seq + 1);
    if (!next) return tl::unexpected(next.error());
    if (!*next) return {};
    m_device.acked_seq++;
    m_device.acked_hash = record::hash(**next);
  }
}

bool Batch::readable(const record::Event& event, std::string& why) const {
  if (event.device != m_device.id.str()) {
    why = "it names another device";
    return false;
  }
  if (event.type == record::EventType::complaint_created) {
    auto facts = record::complaint_facts(event.facts);
    if (!facts) {
      why = facts.error().text;
      return false;
    }
    if (facts->number.region != m_device.id.region || facts->number.terminal != m_device.id.terminal) {
      why = "its number belongs to another terminal";
      return false;
    }
  }
  return true;
}

Result<EventResult> Batch::take_one(std::uint64_t seq, const record::Bytes& bytes, const record::Hash* predecessor) {
  auto event = record::parse_event(bytes);
  if (!event) return set_aside(seq, bytes, event.error().text, EventResult::quarantined);
  std::string why;
  if (event->seq != seq)
    return set_aside(seq, bytes, "its seq is not its place in the batch", EventResult::quarantined);
  if (!readable(*event, why)) return set_aside(seq, bytes, why, EventResult::quarantined);
  if (event->prev != *predecessor)
    return set_aside(seq, bytes, "it does not follow its predecessor", EventResult::quarantined);
  auto inserted = m_writer.insert_event(m_device.id.str(), seq, event->id, bytes, record::hash(bytes));
  if (!inserted) return tl::unexpected(inserted.error());
  switch (*inserted) {
    case Inserted::duplicate:
      m_device.duplicates++;
      return EventResult::duplicate;
    case Inserted::conflict: {
      m_device.conflicts++;
      m_device.state = DeviceState::locked;
      spdlog::warn("terminal {}: other bytes hold event {}; locked, both kept", m_device.id.str(), seq);
      return set_aside(seq, bytes, "other bytes hold this seq", EventResult::conflict);
    }
    case Inserted::stored:
      break;
  }
  if (auto done = project(*event); !done) return tl::unexpected(done.error());
  return EventResult::stored;
}

Result<EventResult> Batch::set_aside(std::uint64_t seq, const record::Bytes& bytes, std::string_view why,
                                     EventResult result) {
  m_device.quarantined++;
  auto done = m_writer.quarantine(m_device.id.str(), seq, bytes, why, m_now_ms);
  if (!done) return tl::unexpected(done.error());
  return result;
}

Result<void> Batch::project(const record::Event& event) {
  if (event.type == record::EventType::complaint_created) {
    auto facts = record::complaint_facts(event.facts);
    ANJUNGAN_CHECK(facts.has_value());  // readable() has seen it
    return project_complaint(event, *facts);
  }
  if (event.type == record::EventType::receipt_reissued) return project_reissue(event);
  return {};
}

Result<void> Batch::project_complaint(const record::Event& event, const record::ComplaintFacts& facts) {
  const std::string number = facts.number.str();
  auto there = m_writer.complaint(number);
  if (!there) return tl::unexpected(there.error());
  if (*there) {
    spdlog::error("terminal {}: event {} uses a number that is used already", m_device.id.str(), event.seq);
    return {};
  }
  const bool trusted = record::clock_is_sane(event.time_ms) && std::abs(m_device.clock_offset_ms) <= k_clock_slack_ms;
  ComplaintRow row;
  row.number = number;
  row.device = event.device;
  row.seq = event.seq;
  row.subject = event.subject;
  row.kind = record::class_name(facts.kind);
  row.category = facts.category;
  row.privacy = record::privacy_name(facts.privacy);
  row.language = record::language_code(facts.language);
  row.office = event.office;
  row.district = facts.district;
  row.received_ms = trusted ? event.time_ms : event.time_ms + m_device.clock_offset_ms;
  row.utc_offset_min = facts.utc_offset_min;
  // A terminal without a clock prints no dates; the centre counts them from the corrected time.
  row.due = facts.due ? facts.due
                      : record::due_dates(record::local_date(row.received_ms, facts.utc_offset_min), facts.kind,
                                          m_catalogue.limits, m_catalogue.holidays);
  row.status = "received";
  if (auto done = m_writer.put_complaint(row); !done) return done;
  if (auto done = m_writer.add_step(number, {"received", row.received_ms, "", "", ""}); !done) return done;
  auto kept = m_writer.add_receipt(
      {number, event.device, event.seq, facts.secret_hash, code_hmac(m_keys, facts.code_hash), false});
  if (!kept && kept.error().kind == ErrorKind::conflict) {
    spdlog::error("terminal {}: event {} repeats a secret or a code", m_device.id.str(), event.seq);
  } else if (!kept) {
    return kept;
  }
  auto steps = m_writer.steps(number);
  if (!steps) return tl::unexpected(steps.error());
  const std::string body = case_json(row, *steps, m_catalogue, m_now_ms);
  return m_writer.add_feed(row.device, "case", number, record::view_of(body));
}

Result<void> Batch::project_reissue(const record::Event& event) {
  const auto number = event.facts.find("number");
  const auto code = hash_fact(event, "code_hash");
  const auto secret = hash_fact(event, "secret_hash");
  if (number == event.facts.end() || !code || !secret) return {};
  auto there = m_writer.complaint(number->second);
  if (!there) return tl::unexpected(there.error());
  if (!*there || (*there)->device != event.device) return {};
  if (auto done = m_writer.void_receipts(number->second, event.seq); !done) return done;
  auto kept = m_writer.add_receipt({number->second, event.device, event.seq, *secret, code_hmac(m_keys, *code), false});
  if (!kept && kept.error().kind == ErrorKind::conflict) return {};
  return kept;
}

}  // namespace anjungan::central
