// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/projection.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "sync/central/cases/cases.h"
#include "sync/central/ingest/command_log.h"
#include "sync/central/ingest/receipt_keys.h"
#include "sync/record/attachment.h"

namespace anjungan::central {

using record::EventType;
using record::Result;

namespace {

/// Below it the terminal's own clock is believed; above, the centre's offset corrects it.
constexpr std::int64_t k_clock_slack_ms = 120'000;
/// Events read at once by a rebuild.
constexpr std::size_t k_page = 500;

std::optional<record::Hash> hash_fact(const record::Event& event, std::string_view key) {
  const auto found = event.facts.find(key);
  if (found == event.facts.end()) return std::nullopt;
  auto bytes = record::from_hex(found->second);
  if (!bytes || bytes->size() != 32) return std::nullopt;
  record::Hash out;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return out;
}

std::string fact(const record::Event& event, std::string_view key) {
  const auto found = event.facts.find(key);
  return found == event.facts.end() ? std::string() : found->second;
}

bool has_nul(const record::Event& event) {
  if (event.office.find('\0') != std::string::npos) return true;
  return std::any_of(event.facts.begin(), event.facts.end(),
                     [](const auto& one) { return one.second.find('\0') != std::string::npos; });
}

const char* step_of(EventType type) {
  switch (type) {
    case EventType::complaint_verified:
      return step_kind(Action::verify);
    case EventType::disposition:
      return step_kind(Action::dispose);
    case EventType::followup_added:
      return step_kind(Action::follow_up);
    case EventType::status_changed:
      return step_kind(Action::resolve);
    default:
      return nullptr;
  }
}

/// Whether the terminal's own clock is believed.
bool trusted(const record::Event& event, std::int64_t clock_offset_ms) {
  return record::clock_is_sane(event.time_ms) && std::abs(clock_offset_ms) <= k_clock_slack_ms;
}

std::int64_t corrected_ms(const record::Event& event, std::int64_t clock_offset_ms) {
  return trusted(event, clock_offset_ms) ? event.time_ms : event.time_ms + clock_offset_ms;
}

ComplaintRow complaint_row(const record::Event& event, const record::ComplaintFacts& facts,
                           std::int64_t clock_offset_ms, const Keys& keys, const catalogue::Catalogue& catalogue) {
  ComplaintRow row;
  row.number = facts.number.str();
  row.device = event.device;
  row.seq = event.seq;
  row.subject = event.subject;
  row.kind = record::class_name(facts.kind);
  row.category = facts.category;
  row.privacy = record::privacy_name(facts.privacy);
  row.language = record::language_code(facts.language);
  row.office = event.office;
  row.district = facts.district;
  row.received_ms = corrected_ms(event, clock_offset_ms);
  row.utc_offset_min = facts.utc_offset_min;
  // A dead clock prints no dates and a wrong one wrong ones: then the centre counts them from the corrected time.
  row.due = trusted(event, clock_offset_ms) && facts.due
                ? facts.due
                : record::due_dates(record::local_date(row.received_ms, facts.utc_offset_min), facts.kind,
                                    catalogue.limits, catalogue.holidays);
  row.status = "received";
  row.secret_hash = facts.secret_hash;
  row.code_hmac = code_hmac(keys, facts.code_hash);
  return row;
}

std::optional<record::KeyId> key_fact(const record::Event& event) {
  auto bytes = record::from_hex(fact(event, "receipt_key"));
  if (!bytes) return std::nullopt;
  auto id = record::to_array<std::tuple_size_v<record::KeyId>>(*bytes, "receipt_key");
  if (!id) return std::nullopt;
  return *id;
}

std::optional<ReceiptRow> reissued_receipt(const record::Event& event, const Keys& keys) {
  const auto number = record::TrackingNumber::parse(fact(event, "number"));
  const auto code = hash_fact(event, "code_hash");
  const auto secret = hash_fact(event, "secret_hash");
  if (!number || !code || !secret) return std::nullopt;
  if (wire::DeviceId{number->region, number->terminal}.str() != event.device) return std::nullopt;
  return ReceiptRow{number->str(), event.device, event.seq, *secret, code_hmac(keys, *code), false};
}

std::optional<AttachmentRow> attachment_row(const record::Event& event) {
  auto added = record::attachment_of(event);
  if (!added) return std::nullopt;
  const record::Attachment& one = added->attachment;
  return AttachmentRow{event.device, event.seq,     added->number.str(), record::attachment_kind_name(one.kind),
                       one.media,    one.blob.hash, one.blob.bytes,      false};
}

}  // namespace

std::optional<std::string> unusable(const record::Event& event, const wire::DeviceId& device) {
  if (event.device != device.str()) return "it names another device";
  // A text column of PostgreSQL holds none.
  if (has_nul(event)) return "a text holds a NUL";
  if (event.type == EventType::attachment_added) {
    auto added = record::attachment_of(event);
    if (!added) return added.error().text;
    return std::nullopt;
  }
  if (event.type != EventType::complaint_created) return std::nullopt;
  auto facts = record::complaint_facts(event.facts);
  if (!facts) return facts.error().text;
  if (facts->number.region != device.region || facts->number.terminal != device.terminal) {
    return "its number belongs to another terminal";
  }
  return std::nullopt;
}

Projected project(const record::Event& event, std::int64_t clock_offset_ms, const Keys& keys,
                  const catalogue::Catalogue& catalogue) {
  Projected out;
  if (event.type == EventType::complaint_created) {
    auto facts = record::complaint_facts(event.facts);
    ANJUNGAN_CHECK(facts.has_value());  // unusable() has seen it
    out.receipt_key = facts->receipt_key;
    out.complaint = complaint_row(event, *facts, clock_offset_ms, keys, catalogue);
  } else if (event.type == EventType::receipt_reissued) {
    out.receipt = reissued_receipt(event, keys);
    if (out.receipt) out.receipt_key = key_fact(event);
  } else if (event.type == EventType::attachment_added) {
    out.attachment = attachment_row(event);
  } else if (event.type == EventType::device_command) {
    auto outcome = record::command_outcome(event.facts);
    if (outcome) out.command = {event.device, *std::move(outcome), corrected_ms(event, clock_offset_ms)};
  }
  return out;
}

void Projection::add(const Projected& rows) {
  if (rows.complaint) m_complaints.push_back(*rows.complaint);
  if (rows.receipt) m_receipts.push_back(*rows.receipt);
  if (rows.attachment) m_attachments.push_back(*rows.attachment);
  if (rows.command) m_commands.push_back(*rows.command);
}

Result<void> Projection::write(Writer& store) {
  auto added = store.add_complaints(m_complaints);
  if (!added) return tl::unexpected(added.error());
  for (std::size_t i = 0; i < added->size(); i++) {
    if ((*added)[i]) continue;
    spdlog::error("terminal {}: event {} uses a number that is used already", m_complaints[i].device,
                  m_complaints[i].seq);
  }
  auto receipts = store.add_receipts(m_receipts);
  if (!receipts) return tl::unexpected(receipts.error());
  if (*receipts != m_receipts.size()) spdlog::error("a terminal repeats an access code");
  for (const CommandRow& one : m_commands) {
    if (auto noted = note_outcome(store, one.device, one.outcome, one.at_ms); !noted) return noted;
  }
  return store.add_attachments(m_attachments);
}

Result<std::vector<Step>> steps_of(Reader& store, const ComplaintRow& complaint) {
  auto deeds = store.steps(complaint.number);
  if (deeds) deeds->insert(deeds->begin(), {"received", complaint.received_ms, "", "", ""});
  return deeds;
}

Result<void> project_deed(Writer& store, const record::Event& event) {
  const char* kind = step_of(event.type);
  if (kind == nullptr) return {};
  const std::string number = fact(event, "number");
  auto row = store.complaint(number);
  if (!row) return tl::unexpected(row.error());
  // After a restore the deed may be here while its complaint has not been sent again yet.
  if (!*row) return {};
  const std::string agency = fact(event, "agency");
  const std::string now_with = agency.empty() ? (*row)->agency : agency;
  if (auto set = store.set_status(number, fact(event, "status"), now_with); !set) return set;
  const NumberedStep step{number, {kind, event.time_ms, now_with, fact(event, "text"), fact(event, "evidence")}};
  return store.add_steps({&step, 1});
}

Result<std::uint64_t> rebuild_projections(Writer& store, const Keys& keys, const catalogue::Catalogue& catalogue) {
  if (auto cleared = store.clear_projections(); !cleared) return tl::unexpected(cleared.error());
  auto devices = store.devices();
  if (!devices) return tl::unexpected(devices.error());
  std::vector<std::pair<std::string, Device>> chains;
  for (const Device& one : *devices) chains.emplace_back(one.id.str(), one);
  chains.emplace_back(k_centre_chain, Device{});  // last: its deeds need their complaints
  std::uint64_t total = 0;
  for (const auto& [chain, device] : chains) {
    auto receipt_keys = ReceiptKeys::load(store, device);
    if (!receipt_keys) return tl::unexpected(receipt_keys.error());
    for (std::uint64_t after = 0;;) {
      auto page = store.events(chain, after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) break;
      after = page->back().seq;
      total += page->size();
      Projection projection;
      for (const EventRow& one : *page) {
        auto event = record::parse_event(one.bytes);
        if (!event) {
          return record::fail(record::ErrorKind::corrupt,
                              fmt::format("event {} of {} cannot be read any more", one.seq, chain));
        }
        if (chain != k_centre_chain) {
          const Projected rows = project(*event, one.clock_offset_ms, keys, catalogue);
          projection.add(rows);
          if (rows.receipt_key) receipt_keys->named(*rows.receipt_key, one.seq);
        } else if (auto done = project_deed(store, *event); !done) {
          return tl::unexpected(done.error());
        }
      }
      if (auto done = projection.write(store); !done) return tl::unexpected(done.error());
    }
    if (auto done = receipt_keys->write(store); !done) return tl::unexpected(done.error());
  }
  return total;
}

}  // namespace anjungan::central
