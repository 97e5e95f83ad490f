// SPDX-License-Identifier: Apache-2.0
// The screens of a citizen's session and the path through them.
#pragma once

#include <optional>

#include "sync/record/complaint.h"

namespace anjungan::session {

enum class Screen {
  attract,
  language,
  consent,
  kind,
  category,
  subcategory,
  story,
  district,
  village,
  place,
  when,
  who,
  how,
  identity,
  name,
  phone,
  nik,
  address,
  review,
  saving,
  done,
  thanks,
  track_code,
  track_result,
  out_of_service,
  storage_fault,
  staff_pin,
  staff,
  staff_printer,
  staff_job,
  staff_receipts,
  staff_receipt,
};

/// The stable name: of golden pictures, robot scripts and logs.
[[nodiscard]] const char* screen_name(Screen screen);

inline constexpr int k_steps = 7;
/// 1..7 for the bar on top ("Langkah 4 dari 7"); nullopt where there is none.
[[nodiscard]] std::optional<int> step_of(Screen screen);

/// The path of this draft: who stays anonymous is not asked for a name.
[[nodiscard]] std::optional<Screen> next_screen(Screen screen, const record::Complaint& draft);
[[nodiscard]] std::optional<Screen> previous_screen(Screen screen, const record::Complaint& draft);

/// The field that is typed on a screen.
[[nodiscard]] std::optional<record::Field> field_of(Screen screen);
/// The screen where a field is typed or chosen.
[[nodiscard]] Screen screen_of(record::Field field);

}  // namespace anjungan::session
