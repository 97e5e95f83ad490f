// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screens/screens.h"

#include "kiosk/screens/all.h"

namespace anjungan::screens {

using session::Screen;

void Local::follow(const session::State& state) {
  const Screen visible = session::visible_screen(state);
  if (visible == screen) return;
  const bool open = display_open;
  wipe();
  screen = visible;
  // The panel may be what changed the screen: choosing a language there goes on from the language screen.
  display_open = open;
  if (const auto field = session::field_of(visible)) {
    const bool lines = *field == record::Field::story || *field == record::Field::how;
    text.emplace(record::field_limit(*field), lines);
    text->set(state.draft.text(*field));
  } else if (visible == Screen::track_code) {
    text.emplace(19);
    text->set(state.track.code.str());
  } else if (visible == Screen::staff_pin) {
    text.emplace(k_most_pin);
  }
}

void Local::wipe() {
  if (text) text->clear();
  text.reset();
  keyboard = {};
  page = 0;
  display_open = false;
  screen = Screen::attract;
}

namespace {

std::optional<Intent> draw_visible(ui::Ui& ui, const Model& model, Local& local) {
  switch (local.screen) {
    case Screen::attract:
      return draw_attract(ui, model, local);
    case Screen::language:
      return draw_language(ui, model, local);
    case Screen::consent:
      return draw_consent(ui, model, local);
    case Screen::kind:
      return draw_kind(ui, model, local);
    case Screen::category:
      return draw_category(ui, model, local);
    case Screen::subcategory:
      return draw_subcategory(ui, model, local);
    case Screen::story:
    case Screen::place:
    case Screen::when:
    case Screen::who:
    case Screen::how:
    case Screen::name:
    case Screen::phone:
    case Screen::nik:
    case Screen::address:
      return draw_typing(ui, model, local);
    case Screen::district:
      return draw_district(ui, model, local);
    case Screen::village:
      return draw_village(ui, model, local);
    case Screen::identity:
      return draw_identity(ui, model, local);
    case Screen::review:
      return draw_review(ui, model, local);
    case Screen::saving:
      return draw_saving(ui, model, local);
    case Screen::done:
      return draw_done(ui, model, local);
    case Screen::thanks:
      return draw_thanks(ui, model, local);
    case Screen::track_code:
      return draw_track_code(ui, model, local);
    case Screen::track_result:
      return draw_track_result(ui, model, local);
    case Screen::out_of_service:
    case Screen::storage_fault:
      return draw_fault(ui, model, local);
    case Screen::staff_pin:
      return draw_staff_pin(ui, model, local);
    case Screen::staff:
      return draw_staff(ui, model, local);
    case Screen::staff_printer:
      return draw_staff_printer(ui, model, local);
    case Screen::staff_job:
      return draw_staff_job(ui, model, local);
    case Screen::staff_receipts:
      return draw_staff_receipts(ui, model, local);
    case Screen::staff_receipt:
      return draw_staff_receipt(ui, model, local);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Intent> draw(ui::Ui& ui, const Model& model, Local& local) {
  local.follow(model.state);
  std::optional<Intent> out = draw_visible(ui, model, local);
  if (model.warning_left_s) {
    ui.veil();
    return draw_idle_warning(ui, model);
  }
  if (local.display_open) {
    ui.veil();
    return draw_display(ui, model, local);
  }
  return out;
}

}  // namespace anjungan::screens
