// SPDX-License-Identifier: Apache-2.0
#include "sync/central/cases/cases.h"

#include <fmt/format.h>

#include "sync/record/complaint.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_most_text = 2'000;

Result<void> check_text(std::string_view name, const std::string& text, bool required) {
  const auto length = record::count_code_points(text);
  if (!length) return fail(ErrorKind::invalid, fmt::format("{}: not UTF-8 text", name));
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') {
      return fail(ErrorKind::invalid, fmt::format("{}: has a control character", name));
    }
  }
  if (*length > k_most_text)
    return fail(ErrorKind::invalid, fmt::format("{}: longer than {} characters", name, k_most_text));
  if (required && text.find_first_not_of(" \n") == std::string::npos) {
    return fail(ErrorKind::invalid, fmt::format("{}: must not be empty", name));
  }
  return {};
}

bool one_of(std::string_view status, std::initializer_list<std::string_view> choices) {
  for (const std::string_view choice : choices) {
    if (status == choice) return true;
  }
  return false;
}

}  // namespace

Result<std::string> apply(const std::string& status, const Deed& deed, const catalogue::Catalogue& catalogue) {
  const auto unfit = [&](std::string_view what) {
    return fail(ErrorKind::conflict, fmt::format("number: a complaint that is {} cannot be {}", status, what));
  };
  switch (deed.action) {
    case Action::verify:
      if (!one_of(status, {"received"})) return unfit("verified");
      return "verified";
    case Action::dispose:
      if (!one_of(status, {"received", "verified", "disposed", "in_progress"})) return unfit("handed to an agency");
      if (catalogue.agency(deed.agency) == nullptr) {
        return fail(ErrorKind::invalid, fmt::format("agency: there is no agency \"{}\"", deed.agency));
      }
      if (auto good = check_text("note", deed.text, false); !good) return tl::unexpected(good.error());
      return "disposed";
    case Action::follow_up:
      if (!one_of(status, {"verified", "disposed", "in_progress"}))
        return unfit("followed up before it is handed to an agency");
      if (auto good = check_text("text", deed.text, true); !good) return tl::unexpected(good.error());
      if (auto good = check_text("evidence", deed.evidence, false); !good) return tl::unexpected(good.error());
      return "in_progress";
    case Action::resolve:
      if (!one_of(status, {"verified", "disposed", "in_progress"})) return unfit("resolved");
      if (auto good = check_text("text", deed.text, true); !good) return tl::unexpected(good.error());
      if (auto good = check_text("evidence", deed.evidence, true); !good) return tl::unexpected(good.error());
      return "resolved";
  }
  return unfit("changed");
}

const char* step_kind(Action action) {
  switch (action) {
    case Action::verify:
      return "verified";
    case Action::dispose:
      return "disposed";
    case Action::follow_up:
      return "followup";
    case Action::resolve:
      return "resolved";
  }
  return "followup";
}

record::EventType event_type(Action action) {
  switch (action) {
    case Action::verify:
      return record::EventType::complaint_verified;
    case Action::dispose:
      return record::EventType::disposition;
    case Action::follow_up:
      return record::EventType::followup_added;
    case Action::resolve:
      return record::EventType::status_changed;
  }
  return record::EventType::followup_added;
}

}  // namespace anjungan::central
