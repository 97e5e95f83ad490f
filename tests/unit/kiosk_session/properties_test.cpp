// SPDX-License-Identifier: Apache-2.0
// What must hold whatever people do: random sessions from fixed seeds.
#include <random>

#include "tests/unit/kiosk_session/citizen.h"

namespace anjungan::session {
namespace {

using Random = std::mt19937;

Event any_event(Random& random) {
  const std::string texts[] = {"",  "Ada lubang", "3273014107650001", "081234567890", "\x01", std::string(5'000, 'x'),
                               "😀"};
  const std::string ids[] = {"jalan", "jalan.lubang", "coblong", "coblong.dago", "andir", "nothing", ""};
  const auto text = [&] { return texts[random() % std::size(texts)]; };
  const auto id = [&] { return ids[random() % std::size(ids)]; };
  const auto field = [&] { return static_cast<record::Field>(random() % 9); };
  switch (random() % 28) {
    case 0:
      return Start{};
    case 1:
      return StartTracking{};
    case 2:
      return Back{};
    case 3:
      return CallStaff{random() % 2 == 0};
    case 4:
      return ChooseLanguage{random() % 2 == 0 ? record::Language::english : record::Language::indonesian};
    case 5:
      return SetTextStep{static_cast<int>(random() % 9) - 3};
    case 6:
      return SetContrast{random() % 2 == 0};
    case 7:
      return Consent{random() % 4 != 0};
    case 8:
      return ChooseKind{static_cast<record::ComplaintClass>(random() % 3)};
    case 9:
      return ChooseCategory{id()};
    case 10:
      return ChooseDistrict{id()};
    case 11:
      return ChooseVillage{id()};
    case 12:
      return ChoosePrivacy{static_cast<record::Privacy>(random() % 3)};
    case 13:
    case 14:
      return TypeText{field(), text()};
    case 15:
      return Edit{static_cast<Screen>(random() % 26)};
    case 16:
      return Submit{};
    case 17:
      return TypeCode{text()};
    case 18:
      return AskCode{};
    case 19:
      return StillHere{};
    case 20:
      return Touched{};
    case 21:
      return Submitted{Citizen::receipt()};
    case 22:
      return SubmitFailed{};
    case 23:
      return PrintChanged{7, static_cast<Print>(random() % 6), "media-empty"};
    case 24:
      return CaseAnswered{random() % 3, static_cast<TrackState>(random() % 6), "{}"};
    case 25:
      return FaultsChanged{Faults{.numbers_used_up = random() % 8 == 0, .storage_full = random() % 8 == 0}};
    case 26:
      return Tick{};
    default:
      return Next{};
  }
}

TEST(Properties, WhateverHappensTheWayHomeIsOpenAndLeavesNothing) {
  for (unsigned seed = 0; seed < 400; seed++) {
    Random random(seed);
    Citizen citizen;
    for (int n = 0; n < 150; n++) {
      citizen.now_ms += static_cast<std::int64_t>(random() % 3'000);
      const Effects effects = citizen.does(any_event(random));
      ASSERT_LE(effects.size(), 4U);
      ASSERT_GE(citizen.state.settings.text_step, 0);
      ASSERT_LE(citizen.state.settings.text_step, k_last_text_step);
      // A number shows only after the store gave one, and the draft is gone by then.
      if (citizen.state.screen == Screen::done) {
        ASSERT_TRUE(citizen.state.receipt) << seed;
        ASSERT_TRUE(citizen.state.draft.story.empty()) << seed;
      }
      if (has<SubmitComplaint>(effects)) {
        ASSERT_EQ(citizen.state.screen, Screen::saving);
        ASSERT_TRUE(record::check(citizen.state.draft).empty()) << seed;
      }
    }
    // The person walks away.
    if (citizen.state.screen == Screen::saving) citizen.does(SubmitFailed{});
    for (int n = 0; n < 200; n++) {
      citizen.now_ms += 1'000;
      citizen.does(Tick{});
    }
    expect_initial(citizen.state);
  }
}

TEST(Properties, BackLeadsHomeFromEveryScreen) {
  for (unsigned seed = 0; seed < 200; seed++) {
    Random random(seed);
    Citizen citizen;
    for (int n = 0; n < 80; n++) {
      citizen.does(any_event(random));
      if (citizen.state.screen == Screen::done || citizen.state.screen == Screen::saving) break;
    }
    if (citizen.state.screen == Screen::done || citizen.state.screen == Screen::thanks ||
        citizen.state.screen == Screen::saving)
      continue;
    citizen.does(FaultsChanged{Faults{}});
    for (int n = 0; n < 40 && citizen.state.screen != Screen::attract; n++) citizen.does(Back{});
    EXPECT_EQ(citizen.state.screen, Screen::attract) << seed;
  }
}

TEST(Properties, EveryScreenOfThePathHasAStepAndAName) {
  const record::Complaint draft;
  for (std::optional<Screen> screen = Screen::language; screen; screen = next_screen(*screen, draft)) {
    EXPECT_TRUE(step_of(*screen)) << screen_name(*screen);
    const auto next = next_screen(*screen, draft);
    if (next) {
      EXPECT_EQ(previous_screen(*next, draft), screen);
      EXPECT_LE(step_of(*screen), step_of(*next));
    }
  }
  for (int n = 0; n < 9; n++)
    EXPECT_EQ(field_of(screen_of(static_cast<record::Field>(n))), static_cast<record::Field>(n));
}

}  // namespace
}  // namespace anjungan::session
