// SPDX-License-Identifier: Apache-2.0
// A session with its rules and a clock that the test moves.
#pragma once

#include <gtest/gtest.h>

#include "kiosk/session/reduce.h"

namespace anjungan::session {

inline const catalogue::Catalogue& bandung() {
  static const catalogue::Catalogue city = *catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  return city;
}

class Citizen {
 public:
  Citizen() { rules.catalogue = &bandung(); }

  Effects does(const Event& event) { return reduce(state, event, rules, now_ms); }
  void types(record::Field field, const std::string& text) {
    does(TypeText{field, text});
    does(Next{});
  }

  /// From the start to the review screen, as most people would go.
  void reaches_review() {
    does(Start{});
    does(ChooseLanguage{});
    does(Consent{true});
    does(ChooseKind{});
    does(ChooseCategory{"jalan"});
    does(ChooseCategory{"jalan.lubang"});
    types(record::Field::story, "Ada lubang besar di depan SD Misal Jaya.");
    does(ChooseDistrict{"coblong"});
    does(ChooseVillage{"coblong.dago"});
    types(record::Field::place, "Dekat gerbang sekolah");
    types(record::Field::when, "2026-11-20");
    types(record::Field::who, "");
    types(record::Field::how, "");
    does(ChoosePrivacy{record::Privacy::open});
    types(record::Field::name, "Sumiati Contoh");
    types(record::Field::phone, "081234567890");
    types(record::Field::nik, "3273014107650001");
    types(record::Field::address, "");
    ASSERT_EQ(state.screen, Screen::review);
  }

  static Receipt receipt() {
    Receipt out{{3273, 12, 1}, record::AccessCode::random(), "https://x/t#y", std::nullopt, 7, Print::waiting, "", 0};
    return out;
  }

  State state;
  Rules rules;
  std::int64_t now_ms = 1'000;
};

template <class T>
bool has(const Effects& effects) {
  for (const Effect& one : effects) {
    if (std::holds_alternative<T>(one)) return true;
  }
  return false;
}

/// As a session is before anybody touched it.
inline void expect_initial(const State& state) {
  EXPECT_EQ(state.screen, Screen::attract);
  EXPECT_EQ(state.settings, Settings{});
  EXPECT_FALSE(state.staff_called || state.consented || state.privacy_chosen || state.editing);
  EXPECT_TRUE(state.problems.empty());
  EXPECT_FALSE(state.receipt);
  EXPECT_TRUE(state.track.code.empty() && state.track.case_json.empty());
  EXPECT_FALSE(state.idle.warning_ms);
  for (const record::Field field :
       {record::Field::story, record::Field::place, record::Field::when, record::Field::who, record::Field::how,
        record::Field::name, record::Field::phone, record::Field::nik, record::Field::address}) {
    EXPECT_TRUE(state.draft.text(field).empty());
  }
  EXPECT_TRUE(state.draft.category.empty() && state.draft.district.empty() && state.draft.village.empty());
}

}  // namespace anjungan::session
