// SPDX-License-Identifier: Apache-2.0
// One function a screen; draw() of screens.h chooses.
#pragma once

#include "kiosk/screens/frame.h"
#include "kiosk/screens/pages.h"

namespace anjungan::screens {

std::optional<Intent> draw_attract(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_language(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_consent(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_kind(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_category(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_subcategory(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_typing(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_district(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_village(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_identity(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_review(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_saving(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_done(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_thanks(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_track_code(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_track_result(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_fault(ui::Ui& ui, const Model& model, Local& local);

/// What is wrong, for staff; of faults of which one holds.
[[nodiscard]] const char* staff_line(const ui::Ui& ui, const session::Faults& faults);
std::optional<Intent> draw_staff_pin(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_staff(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_staff_printer(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_staff_job(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_staff_receipts(ui::Ui& ui, const Model& model, Local& local);
std::optional<Intent> draw_staff_receipt(ui::Ui& ui, const Model& model, Local& local);

/// Above the screen.
std::optional<Intent> draw_idle_warning(ui::Ui& ui, const Model& model);
std::optional<Intent> draw_display(ui::Ui& ui, const Model& model, Local& local);

}  // namespace anjungan::screens
