// SPDX-License-Identifier: Apache-2.0
// Centre: what staff does with complaints. Each deed is an event of the centre's own chain, its projection and the news
// to the terminal, in one transaction.
#include <fmt/format.h>

#include "sync/central/ingest/centre.h"
#include "sync/central/ingest/projection.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

Result<ComplaintRow> find(Reader& in, std::string_view number_text) {
  auto number = record::TrackingNumber::parse(number_text);
  if (!number) return tl::unexpected(number.error());
  auto row = in.complaint(number->str());
  if (!row) return tl::unexpected(row.error());
  if (!*row) return fail(ErrorKind::not_found, "number: there is no such complaint");
  return **row;
}

}  // namespace

Result<std::vector<ComplaintRow>> Centre::complaints(std::string_view status, std::size_t most) {
  std::vector<ComplaintRow> out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    auto rows = in.complaints(status, most);
    if (!rows) return tl::unexpected(rows.error());
    out = std::move(*rows);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Centre::Case> Centre::complaint(std::string_view number) {
  Case out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    auto row = find(in, number);
    if (!row) return tl::unexpected(row.error());
    out.complaint = std::move(*row);
    auto steps = steps_of(in, out.complaint);
    if (!steps) return tl::unexpected(steps.error());
    out.steps = std::move(*steps);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<std::map<std::string, std::string>> Centre::open_personal(std::string_view number, const std::string& who) {
  std::map<std::string, std::string> out;
  auto done = m_store->write([&](Writer& change) -> Result<void> {
    auto row = find(change, number);
    if (!row) return tl::unexpected(row.error());
    auto bytes = change.event(row->device, row->seq);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes) return fail(ErrorKind::corrupt, "complaint: its event is missing");
    auto event = record::parse_event(**bytes);
    if (!event) return tl::unexpected(event.error());
    if (!event->sealed) return fail(ErrorKind::not_found, "complaint: it has no personal part");
    auto plain = record::open_sealed(*event->sealed, record::seal_context(*event), m_keys.sealing);
    if (!plain) return tl::unexpected(plain.error());
    auto fields = record::parse_personal_json(record::to_text(*plain));
    record::wipe(*plain);
    if (!fields) return tl::unexpected(fields.error());
    out = std::move(*fields);
    return change.add_audit({m_clock.unix_ms(), who, "opened the personal part of " + row->number});
  });
  if (!done) return tl::unexpected(done.error());
  return out;
}

Result<Centre::Case> Centre::act(std::string_view number, const Deed& deed, const std::string& who) {
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    auto row = find(out, number);
    if (!row) return tl::unexpected(row.error());
    for (const std::string_view chain : {std::string_view(row->device), k_centre_chain}) {
      if (auto locked = out.lock(chain); !locked) return locked;
    }
    row = find(out, number);  // as it is now that nobody else changes it
    if (!row) return tl::unexpected(row.error());
    auto status = apply(row->status, deed, m_catalogue);
    if (!status) return tl::unexpected(status.error());
    auto head = out.head(k_centre_chain);
    if (!head) return tl::unexpected(head.error());

    record::Event event;
    event.device = k_centre_chain;
    event.seq = head->first + 1;
    event.prev = head->second;
    event.time_ms = m_clock.unix_ms();
    event.id = record::Uuid::make(event.time_ms);
    event.type = event_type(deed.action);
    event.subject = row->subject;
    event.boot = m_clock.boot_id();
    event.monotonic_ms = m_clock.monotonic_ms();
    event.office = row->office;
    event.facts = {{"number", row->number}, {"status", *status}, {"by", who}};
    if (!deed.agency.empty()) event.facts["agency"] = deed.agency;
    if (!deed.text.empty()) event.facts["text"] = deed.text;
    if (!deed.evidence.empty()) event.facts["evidence"] = deed.evidence;
    auto bytes = record::write_event(event);
    if (!bytes) return tl::unexpected(bytes.error());
    const EventRow stored{event.seq, event.id, *bytes, record::hash(*bytes), 0};
    auto inserted = out.insert_events(k_centre_chain, {&stored, 1});
    if (!inserted) return tl::unexpected(inserted.error());
    if (inserted->front() != Inserted::stored) return fail(ErrorKind::conflict, "centre: its own chain is taken");
    if (auto projected = project_deed(out, event); !projected) return projected;
    const AuditRow noted{event.time_ms, who, std::string(step_kind(deed.action)) + " " + row->number};
    if (auto put = out.add_audit(noted); !put) return put;
    row = find(out, number);
    if (!row) return tl::unexpected(row.error());
    auto text = case_of(out, *row);
    if (!text) return tl::unexpected(text.error());
    const wire::FeedItem news{0, "case", row->number, record::Bytes(text->begin(), text->end())};
    return out.add_feed(row->device, {&news, 1});
  });
  if (!done) return tl::unexpected(done.error());
  return complaint(number);
}

}  // namespace anjungan::central
