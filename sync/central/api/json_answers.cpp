// SPDX-License-Identifier: Apache-2.0
#include "sync/central/api/json_answers.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sync/wire/enrol.h"

namespace anjungan::central {

using nlohmann::json;
using record::ErrorKind;

namespace {

std::optional<json> object_of(std::string_view body) {
  json out = json::parse(body.begin(), body.end(), nullptr, false);
  if (out.is_discarded() || !out.is_object()) return std::nullopt;
  return out;
}

std::string dump(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json to_json(const Device& device) {
  return {{"device", device.id.str()},
          {"state", device_state_name(device.state)},
          {"office", device.office},
          {"place", device.place},
          {"software", device.software},
          {"fingerprint", wire::enrol_fingerprint(device.receipt_key, device.device_key)},
          {"key_changes", device.key_changes},
          {"enrolled_ms", device.enrolled_ms},
          {"seen_ms", device.seen_ms},
          {"acked_seq", device.acked_seq},
          {"clock_offset_ms", device.clock_offset_ms}};
}

json to_json(const ComplaintRow& row, const catalogue::Catalogue& catalogue) {
  json out = {{"number", row.number},
              {"class", row.kind},
              {"category", row.category},
              {"privacy", row.privacy},
              {"status", row.status},
              {"agency", row.agency},
              {"office", row.office},
              {"district", row.district},
              {"received_ms", row.received_ms},
              {"device", row.device},
              {"seq", row.seq}};
  if (const auto* category = catalogue.category(row.category)) out["category_name"] = category->label.indonesian;
  if (const auto* agency = catalogue.agency(row.agency)) out["agency_name"] = agency->name;
  if (row.due) {
    out["due"] = {{"verify", row.due->verify.str()},
                  {"answer", row.due->answer.str()},
                  {"close", row.due->close.str()},
                  {"ombudsman", row.due->ombudsman.str()}};
  }
  return out;
}

json left_out_json(const std::vector<Centre::LeftOut>& rows) {
  json list = json::array();
  for (const Centre::LeftOut& one : rows) list.push_back({{"device", one.device}, {"why", one.why}});
  return list;
}

}  // namespace

std::optional<std::string> text_member(std::string_view body, const char* name) {
  const auto object = object_of(body);
  if (!object) return std::nullopt;
  const auto found = object->find(name);
  if (found == object->end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool has_member(std::string_view body, const char* name) {
  const auto object = object_of(body);
  return object && object->contains(name);
}

std::optional<std::int64_t> number_member(std::string_view body, const char* name) {
  const auto object = object_of(body);
  if (!object) return std::nullopt;
  const auto found = object->find(name);
  if (found == object->end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

HttpResponse json_response(unsigned status, std::string body) {
  HttpResponse out;
  out.status = status;
  out.content_type = "application/json";
  out.body = std::move(body);
  return out;
}

HttpResponse error_response(const record::Error& error) {
  unsigned status = 500;
  switch (error.kind) {
    case ErrorKind::invalid:
      status = 400;
      break;
    case ErrorKind::not_found:
      status = 404;
      break;
    case ErrorKind::conflict:
      status = 409;
      break;
    case ErrorKind::denied:
      status = 403;
      break;
    case ErrorKind::busy:
    case ErrorKind::full:
    case ErrorKind::unavailable:
      status = 503;
      break;
    default:
      break;
  }
  const std::size_t colon = error.text.find(": ");
  const bool located = colon != std::string::npos && error.text.find(' ') == colon + 1;
  const json out = {{"error",
                     {{"kind", record::kind_name(error.kind)},
                      {"field", located ? error.text.substr(0, colon) : std::string()},
                      {"text", located ? error.text.substr(colon + 2) : error.text}}}};
  return json_response(status, dump(out));
}

std::string sight_json(const Sight& sight) {
  json out = {{"state", verdict_name(sight.verdict)}};
  if (!sight.number.empty()) out["number"] = sight.number;
  if (!sight.office.empty()) out["office"] = sight.office;
  if (!sight.place.empty()) out["place"] = sight.place;
  if (sight.issued_ms != 0) out["issued_ms"] = sight.issued_ms;
  if (sight.verdict == Verdict::pending) {
    out["seen_ms"] = sight.seen_ms;
    out["utc_offset_min"] = sight.utc_offset_min;
  }
  if (!sight.case_json.empty()) out["case"] = json::parse(sight.case_json);
  return dump(out);
}

std::string device_json(const Device& device) { return dump(to_json(device)); }

std::string devices_json(const std::vector<Device>& devices) {
  json list = json::array();
  for (const Device& one : devices) list.push_back(to_json(one));
  return dump({{"devices", list}});
}

std::string terminal_keys_json(const std::vector<Centre::TerminalKeys>& terminals) {
  json list = json::array();
  for (const auto& one : terminals) {
    json keys = json::array();
    std::int64_t from_ms = one.device.enrolled_ms;
    for (const FormerKeys& former : one.former) {
      from_ms = former.until_ms;
      keys.push_back({{"key", record::to_hex(former.receipt_key)},
                      {"from_ms", former.from_ms},
                      {"until_ms", former.until_ms},
                      {"ended_by_seq", former.receipt_end == 0 ? json() : json(former.receipt_end)}});
    }
    keys.push_back({{"key", record::to_hex(one.device.receipt_key)},
                    {"from_ms", from_ms},
                    {"until_ms", json()},
                    {"ended_by_seq", json()}});
    list.push_back({{"device", one.device.id.str()}, {"receipt_keys", std::move(keys)}});
  }
  return dump({{"terminals", list}});
}

std::string stats_json(const std::vector<Centre::DeviceStats>& stats) {
  json list = json::array();
  for (const auto& one : stats) {
    json row = to_json(one.device);
    row["events"] = one.events;
    row["highest_seq"] = one.device.told_seq;
    row["stored_seq"] = one.device.stored_seq;
    row["gaps"] = one.device.told_seq > one.device.acked_seq ? one.device.told_seq - one.device.acked_seq : 0;
    row["duplicates"] = one.device.duplicates;
    row["conflicts"] = one.device.conflicts;
    row["quarantined"] = one.device.quarantined;
    row["attachments"] = one.blobs.named;
    row["attachments_held"] = one.blobs.held;
    row["attachment_bytes"] = one.blobs.held_bytes;
    list.push_back(std::move(row));
  }
  return dump({{"devices", list}});
}

std::string attachments_json(const std::vector<AttachmentRow>& rows) {
  json list = json::array();
  for (const AttachmentRow& one : rows) {
    list.push_back({{"kind", one.kind},
                    {"media", one.media},
                    {"size", one.size},
                    {"held", one.held},
                    {"blob", record::to_hex(one.hash)}});
  }
  return dump({{"attachments", list}});
}

std::string verdict_json(const StoreVerdict& verdict) {
  return dump({{"sound", verdict.sound()},
               {"events", verdict.events},
               {"audit_rows", verdict.audit_rows},
               {"audit_head", record::to_hex(verdict.audit_head)},
               {"findings", verdict.findings}});
}

std::string code_json(const Centre::NewCode& code) {
  return dump({{"code", code.code}, {"expires_ms", code.expires_ms}, {"expires", record::rfc3339(code.expires_ms)}});
}

std::string key_news_json(const Centre::KeyNews& news) {
  return dump({{"serial", news.serial}, {"not_told_yet", news.not_told_yet}});
}

std::string alarms_json(const std::vector<Alarm>& alarms) {
  json list = json::array();
  for (const Alarm& one : alarms) {
    list.push_back({{"kind", alarm_name(one.kind)},
                    {"device", one.device},
                    {"office", one.office},
                    {"since_ms", one.since_ms},
                    {"text", one.text},
                    {"remedy", one.remedy}});
  }
  return dump({{"alarms", list}});
}

std::string accepted_json(const std::string& number) { return dump({{"accepted", number}}); }

std::string order_json(const Centre::Order& order) {
  return dump({{"id", order.id},
               {"devices", order.devices},
               {"expires_ms", order.expires_ms},
               {"left_out", left_out_json(order.left_out)}});
}

std::string commands_json(const std::vector<OrderedCommand>& rows) {
  json list = json::array();
  for (const OrderedCommand& one : rows) {
    list.push_back({{"id", one.id},
                    {"device", one.device},
                    {"command", one.what},
                    {"by", one.by},
                    {"ordered_ms", one.ordered_ms},
                    {"expires_ms", one.expires_ms},
                    {"received", one.received},
                    {"cancelled_ms", one.cancelled_ms},
                    {"cancelled_by", one.cancelled_by},
                    {"outcome", one.outcome},
                    {"reason", one.reason},
                    {"outcome_ms", one.outcome_ms}});
  }
  return dump({{"commands", list}});
}

std::string cancelled_json(const Centre::Cancelled& cancelled) {
  return dump({{"devices", cancelled.devices}, {"left_out", left_out_json(cancelled.left_out)}});
}

std::string carried_json(const Centre::Carried& carried) {
  const auto count = [&](wire::EventResult result) {
    return std::count(carried.said.results.begin(), carried.said.results.end(), result);
  };
  return dump({{"device", carried.device.str()},
               {"from_seq", carried.from_seq},
               {"events", carried.said.results.size()},
               {"stored", count(wire::EventResult::stored)},
               {"duplicates", count(wire::EventResult::duplicate)},
               {"conflicts", count(wire::EventResult::conflict)},
               {"quarantined", count(wire::EventResult::quarantined)},
               {"acked_seq", carried.said.acked_seq},
               {"standing", wire::standing_name(carried.said.standing)},
               {"answer", record::to_base64url(carried.answer)}});
}

std::string complaints_json(const std::vector<ComplaintRow>& rows, const catalogue::Catalogue& catalogue) {
  json list = json::array();
  for (const ComplaintRow& one : rows) list.push_back(to_json(one, catalogue));
  return dump({{"complaints", list}});
}

std::string complaint_json(const Centre::Case& one, const catalogue::Catalogue& catalogue,
                           const std::map<std::string, std::string>* personal) {
  json out = to_json(one.complaint, catalogue);
  json steps = json::array();
  for (const Step& step : one.steps) {
    steps.push_back({{"kind", step.kind},
                     {"at_ms", step.at_ms},
                     {"agency", step.agency},
                     {"text", step.text},
                     {"evidence", step.evidence}});
  }
  out["steps"] = std::move(steps);
  if (personal != nullptr) out["personal"] = *personal;
  return dump(out);
}

}  // namespace anjungan::central
