// SPDX-License-Identifier: Apache-2.0
// Words that more than one screen says.
#pragma once

#include <string>

#include "kiosk/screens/screens.h"

namespace anjungan::screens {

/// "Cerita", "Nama": the label of a field on the review screen.
[[nodiscard]] const char* field_label(const ui::Ui& ui, record::Field field);
/// What is wrong with a field and how to mend it.
[[nodiscard]] const char* problem_text(const ui::Ui& ui, const session::State& state, record::Field field,
                                       record::Problem problem);
/// Why a receipt is not printed yet, from the printer's keyword.
[[nodiscard]] const char* print_reason(const ui::Ui& ui, std::string_view reason);
/// "4.000" in Indonesian, "4,000" in English.
[[nodiscard]] std::string thousands(const ui::Ui& ui, std::size_t value);

}  // namespace anjungan::screens
