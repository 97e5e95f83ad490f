// SPDX-License-Identifier: Apache-2.0
#include "kiosk/session/screen.h"

#include <algorithm>
#include <array>
#include <vector>

namespace anjungan::session {

using record::Field;

const char* screen_name(Screen screen) {
  switch (screen) {
    case Screen::attract:
      return "attract";
    case Screen::language:
      return "language";
    case Screen::consent:
      return "consent";
    case Screen::kind:
      return "kind";
    case Screen::category:
      return "category";
    case Screen::subcategory:
      return "subcategory";
    case Screen::story:
      return "story";
    case Screen::district:
      return "district";
    case Screen::village:
      return "village";
    case Screen::place:
      return "place";
    case Screen::when:
      return "when";
    case Screen::who:
      return "who";
    case Screen::how:
      return "how";
    case Screen::identity:
      return "identity";
    case Screen::name:
      return "name";
    case Screen::phone:
      return "phone";
    case Screen::nik:
      return "nik";
    case Screen::address:
      return "address";
    case Screen::review:
      return "review";
    case Screen::saving:
      return "saving";
    case Screen::done:
      return "done";
    case Screen::thanks:
      return "thanks";
    case Screen::track_code:
      return "track_code";
    case Screen::track_result:
      return "track_result";
    case Screen::out_of_service:
      return "out_of_service";
    case Screen::storage_fault:
      return "storage_fault";
    case Screen::staff_pin:
      return "staff_pin";
    case Screen::staff:
      return "staff";
    case Screen::staff_printer:
      return "staff_printer";
    case Screen::staff_job:
      return "staff_job";
    case Screen::staff_receipts:
      return "staff_receipts";
    case Screen::staff_receipt:
      return "staff_receipt";
  }
  return "attract";
}

std::optional<int> step_of(Screen screen) {
  switch (screen) {
    case Screen::language:
    case Screen::consent:
      return 1;
    case Screen::kind:
      return 2;
    case Screen::category:
    case Screen::subcategory:
      return 3;
    case Screen::story:
      return 4;
    case Screen::district:
    case Screen::village:
    case Screen::place:
    case Screen::when:
    case Screen::who:
    case Screen::how:
      return 5;
    case Screen::identity:
    case Screen::name:
    case Screen::phone:
    case Screen::nik:
    case Screen::address:
      return 6;
    case Screen::review:
    case Screen::saving:
      return 7;
    default:
      return std::nullopt;
  }
}

namespace {

std::vector<Screen> path_of(const record::Complaint& draft) {
  std::vector<Screen> out = {Screen::attract,  Screen::language,    Screen::consent, Screen::kind,
                             Screen::category, Screen::subcategory, Screen::story,   Screen::district};
  // A village belongs to a district: who does not name one is asked for the place in words.
  if (!draft.district.empty()) out.push_back(Screen::village);
  for (const Screen one : {Screen::place, Screen::when, Screen::who, Screen::how, Screen::identity}) out.push_back(one);
  if (draft.privacy != record::Privacy::anonymous) {
    for (const Screen one : {Screen::name, Screen::phone, Screen::nik, Screen::address}) out.push_back(one);
  }
  out.push_back(Screen::review);
  return out;
}

constexpr std::array<std::pair<Screen, Field>, 9> k_fields = {{{Screen::story, Field::story},
                                                               {Screen::place, Field::place},
                                                               {Screen::when, Field::when},
                                                               {Screen::who, Field::who},
                                                               {Screen::how, Field::how},
                                                               {Screen::name, Field::name},
                                                               {Screen::phone, Field::phone},
                                                               {Screen::nik, Field::nik},
                                                               {Screen::address, Field::address}}};

}  // namespace

std::optional<Screen> next_screen(Screen screen, const record::Complaint& draft) {
  const std::vector<Screen> path = path_of(draft);
  const auto found = std::find(path.begin(), path.end(), screen);
  if (found == path.end() || found + 1 == path.end()) return std::nullopt;
  return *(found + 1);
}

std::optional<Screen> previous_screen(Screen screen, const record::Complaint& draft) {
  if (screen == Screen::track_code) return Screen::attract;
  if (screen == Screen::track_result) return Screen::track_code;
  const std::vector<Screen> path = path_of(draft);
  const auto found = std::find(path.begin(), path.end(), screen);
  if (found == path.end() || found == path.begin()) return std::nullopt;
  return *(found - 1);
}

std::optional<Field> field_of(Screen screen) {
  for (const auto& [one, field] : k_fields) {
    if (one == screen) return field;
  }
  return std::nullopt;
}

Screen screen_of(Field field) {
  for (const auto& [screen, one] : k_fields) {
    if (one == field) return screen;
  }
  return Screen::story;
}

}  // namespace anjungan::session
