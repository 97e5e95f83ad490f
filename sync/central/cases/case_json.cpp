// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "sync/central/cases/cases.h"

namespace anjungan::central {

using nlohmann::json;

std::string case_json(const ComplaintRow& complaint, const std::vector<Step>& steps,
                      const std::vector<AttachmentRow>& attachments, const catalogue::Catalogue& catalogue,
                      std::int64_t now_ms) {
  const auto agency_name = [&](const std::string& id) {
    const catalogue::Agency* agency = catalogue.agency(id);
    return agency != nullptr ? agency->name : id;
  };
  json out = {
      {"number", complaint.number},
      {"class", complaint.kind},
      {"status", complaint.status},
      {"office", complaint.office},
      {"received_ms", complaint.received_ms},
      {"utc_offset_min", complaint.utc_offset_min},
      {"as_of_ms", now_ms},
  };
  // A confidential report shows its progress, not its topic.
  if (complaint.privacy != "confidential") {
    if (const catalogue::Category* category = catalogue.category(complaint.category)) {
      out["category"] = {{"id", category->label.indonesian}, {"en", category->label.english}};
    }
  }
  if (!complaint.agency.empty()) out["agency"] = agency_name(complaint.agency);
  if (complaint.due) {
    out["due"] = {{"verify", complaint.due->verify.str()},
                  {"answer", complaint.due->answer.str()},
                  {"close", complaint.due->close.str()},
                  {"ombudsman", complaint.due->ombudsman.str()}};
  }
  if (!attachments.empty()) {
    const auto held = std::count_if(attachments.begin(), attachments.end(), [](const auto& one) { return one.held; });
    out["attachments"] = {{"named", attachments.size()}, {"held", held}};
  }
  json list = json::array();
  for (const Step& step : steps) {
    json one = {{"kind", step.kind}, {"at_ms", step.at_ms}};
    if (!step.agency.empty()) one["agency"] = agency_name(step.agency);
    if (!step.text.empty() && complaint.privacy != "confidential") one["text"] = step.text;
    if (!step.evidence.empty()) one["evidence"] = true;
    list.push_back(std::move(one));
  }
  out["steps"] = std::move(list);
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace anjungan::central
