// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screens/case_view.h"

#include <nlohmann/json.hpp>

#include "kiosk/ui/text_buffer.h"

namespace anjungan::screens {
namespace {

using nlohmann::json;

constexpr std::size_t k_most_steps = 200;
constexpr std::int64_t k_most_attachments = 500;
constexpr std::size_t k_most_bytes = 4'000;

std::string text_of(const json& in, const char* key) {
  const auto found = in.find(key);
  if (found == in.end() || !found->is_string()) return {};
  const std::string& whole = found->get_ref<const std::string&>();
  // What an agency typed may hold anything: only text goes on, cut between two characters.
  ui::TextBuffer clean(k_most_bytes, true);
  clean.set(whole);
  return clean.text();
}

std::int64_t number_of(const json& in, const char* key, std::int64_t otherwise) {
  const auto found = in.find(key);
  return found != in.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

std::optional<record::Date> date_of(const json& in, const char* key) {
  const auto date = record::Date::parse(text_of(in, key));
  if (!date) return std::nullopt;
  return *date;
}

}  // namespace

std::optional<CaseView> read_case(std::string_view text) {
  const json in = json::parse(text.begin(), text.end(), nullptr, false);
  if (in.is_discarded() || !in.is_object()) return std::nullopt;
  CaseView out;
  out.number = text_of(in, "number");
  out.status = text_of(in, "status");
  if (out.number.empty() || out.status.empty()) return std::nullopt;
  out.office = text_of(in, "office");
  out.as_of_ms = number_of(in, "as_of_ms", 0);
  const std::int64_t offset = number_of(in, "utc_offset_min", 420);
  out.utc_offset_min = offset >= 0 && offset <= 840 ? static_cast<int>(offset) : 420;
  if (const auto attached = in.find("attachments"); attached != in.end() && attached->is_object()) {
    const std::int64_t named = number_of(*attached, "named", 0);
    const std::int64_t held = number_of(*attached, "held", -1);
    if (named > 0 && named <= k_most_attachments && held >= 0 && held <= named) {
      out.attachments = static_cast<int>(named);
      out.attachments_held = static_cast<int>(held);
    }
  }
  if (const auto due = in.find("due"); due != in.end() && due->is_object()) {
    out.verify_by = date_of(*due, "verify");
    out.answer_by = date_of(*due, "answer");
    out.close_by = date_of(*due, "close");
    out.ombudsman_from = date_of(*due, "ombudsman");
  }
  if (const auto steps = in.find("steps"); steps != in.end() && steps->is_array()) {
    for (const json& one : *steps) {
      if (!one.is_object() || out.steps.size() == k_most_steps) continue;
      CaseStep step;
      step.kind = text_of(one, "kind");
      step.at_ms = number_of(one, "at_ms", 0);
      step.agency = text_of(one, "agency");
      step.text = text_of(one, "text");
      step.evidence = one.value("evidence", json(false)) == json(true);
      out.steps.push_back(std::move(step));
    }
  }
  return out;
}

}  // namespace anjungan::screens
