// SPDX-License-Identifier: Apache-2.0
// A case as the centre tells it (the JSON of sync/central's README), read strictly and within bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/calendar.h"
#include "sync/record/clock.h"

namespace anjungan::screens {

struct CaseStep {
  std::string kind;  ///< received, verified, disposed, followup, resolved, closed
  std::int64_t at_ms = 0;
  std::string agency;
  std::string text;
  bool evidence = false;
};

struct CaseView {
  std::string number;
  std::string status;  ///< received, verified, disposed, in_progress, resolved, closed
  std::string office;
  std::int64_t as_of_ms = 0;
  int utc_offset_min = 420;
  int attachments = 0;       ///< that the terminal has named to the centre
  int attachments_held = 0;  ///< of them, whole at the centre
  std::vector<CaseStep> steps;
  std::optional<record::Date> verify_by;
  std::optional<record::Date> answer_by;
  std::optional<record::Date> close_by;
  std::optional<record::Date> ombudsman_from;
};

/// Nothing when it is not such a case. At most 200 steps and 4,000 bytes a text are kept.
[[nodiscard]] std::optional<CaseView> read_case(std::string_view json);

}  // namespace anjungan::screens
