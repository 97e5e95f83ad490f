// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/kiosk_session/citizen.h"

#include <functional>
#include <utility>

namespace anjungan::session {
namespace {

using record::Field;
using record::Problem;

TEST(Flow, FromTheStartToTheThanks) {
  Citizen citizen;
  citizen.reaches_review();
  auto effects = citizen.does(Submit{});
  ASSERT_TRUE(has<SubmitComplaint>(effects));
  EXPECT_EQ(std::get<SubmitComplaint>(effects.front()).complaint.village, "coblong.dago");
  EXPECT_EQ(citizen.state.screen, Screen::saving);
  citizen.does(Submitted{Citizen::receipt()});
  EXPECT_EQ(citizen.state.screen, Screen::done);
  EXPECT_TRUE(citizen.state.draft.story.empty()) << "the draft outlives its saving";
  citizen.does(PrintChanged{7, Print::printed, ""});
  EXPECT_EQ(citizen.state.receipt->print, Print::printed);
  citizen.does(EndNow{});
  EXPECT_EQ(citizen.state.screen, Screen::thanks);
  citizen.now_ms += 6'001;
  EXPECT_TRUE(has<Wiped>(citizen.does(Tick{})));
  expect_initial(citizen.state);
}

TEST(Flow, TheDataKeyIsMadeWhenTheReviewOpens) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Edit{Screen::story});
  EXPECT_TRUE(has<PrepareDataKey>(citizen.does(Next{})));
}

TEST(Flow, AnonymousIsNotAskedForAName) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Edit{Screen::identity});
  citizen.does(ChoosePrivacy{record::Privacy::anonymous});
  EXPECT_EQ(citizen.state.screen, Screen::review);
  auto effects = citizen.does(Submit{});
  ASSERT_TRUE(has<SubmitComplaint>(effects));
  EXPECT_TRUE(std::get<SubmitComplaint>(effects.front()).complaint.name.empty()) << "a name taken back is sent";
  EXPECT_TRUE(std::get<SubmitComplaint>(effects.front()).complaint.nik.empty());
}

TEST(Flow, WhoGivesUpAnonymityIsAskedForTheName) {
  Citizen citizen;
  citizen.state.screen = Screen::identity;
  citizen.does(ChoosePrivacy{record::Privacy::anonymous});
  EXPECT_EQ(citizen.state.screen, Screen::review);
  citizen.does(Edit{Screen::identity});
  citizen.does(ChoosePrivacy{record::Privacy::confidential});
  EXPECT_EQ(citizen.state.screen, Screen::name);
}

TEST(Flow, EachEditComesBackToTheReview) {
  for (const Screen screen : {Screen::story, Screen::place, Screen::when, Screen::who, Screen::how, Screen::name,
                              Screen::phone, Screen::nik, Screen::address}) {
    Citizen citizen;
    citizen.reaches_review();
    citizen.does(Edit{screen});
    EXPECT_EQ(citizen.state.screen, screen);
    citizen.does(Next{});
    EXPECT_EQ(citizen.state.screen, Screen::review) << screen_name(screen);
    citizen.does(Edit{screen});
    citizen.does(Back{});
    EXPECT_EQ(citizen.state.screen, Screen::review) << screen_name(screen);
  }
}

TEST(Flow, AnotherDistrictWantsItsVillage) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Edit{Screen::district});
  citizen.does(ChooseDistrict{"andir"});
  EXPECT_EQ(citizen.state.screen, Screen::village);
  EXPECT_TRUE(citizen.state.draft.village.empty());
  citizen.does(ChooseVillage{"coblong.dago"});
  EXPECT_EQ(citizen.state.screen, Screen::village) << "a village of another district was taken";
  citizen.does(ChooseVillage{"andir.garuda"});
  EXPECT_EQ(citizen.state.screen, Screen::review);
}

TEST(Flow, AnEditNotCarriedThroughLeavesTheChoicesAsTheyWere) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Edit{Screen::category});
  citizen.does(ChooseCategory{"air"});
  ASSERT_EQ(citizen.state.screen, Screen::subcategory);
  citizen.does(Next{});
  EXPECT_EQ(citizen.state.screen, Screen::subcategory) << "a topic without its second step was taken";
  citizen.does(Back{});
  EXPECT_EQ(citizen.state.screen, Screen::review);
  EXPECT_EQ(citizen.state.draft.category, "jalan.lubang");
  citizen.does(Edit{Screen::district});
  citizen.does(ChooseDistrict{"andir"});
  citizen.does(Back{});
  EXPECT_EQ(citizen.state.screen, Screen::review);
  EXPECT_EQ(citizen.state.draft.district, "coblong");
  EXPECT_EQ(citizen.state.draft.village, "coblong.dago");
  citizen.does(Edit{Screen::story});
  citizen.does(TypeText{Field::story, "Lubangnya makin besar."});
  citizen.does(Back{});
  EXPECT_EQ(citizen.state.draft.story, "Lubangnya makin besar.") << "what was typed is lost";
}

TEST(Flow, NothingIsHandedInWithoutATopic) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.state.draft.category = "jalan";
  EXPECT_FALSE(has<SubmitComplaint>(citizen.does(Submit{})));
  EXPECT_EQ(citizen.state.screen, Screen::category);
  citizen.does(ChooseCategory{"jalan"});
  citizen.does(ChooseCategory{"jalan.lubang"});
  EXPECT_TRUE(has<SubmitComplaint>(citizen.does(Submit{})));
}

TEST(Flow, BackLosesNothingThatWasTyped) {
  Citizen citizen;
  citizen.does(Start{});
  citizen.does(ChooseLanguage{});
  citizen.does(Consent{true});
  citizen.does(ChooseKind{});
  citizen.does(ChooseCategory{"jalan"});
  citizen.does(ChooseCategory{"jalan.lubang"});
  citizen.does(TypeText{Field::story, "Setengah kalimat"});
  citizen.does(Back{});
  EXPECT_EQ(citizen.state.screen, Screen::subcategory);
  citizen.does(ChooseCategory{"jalan.jembatan"});
  EXPECT_EQ(citizen.state.screen, Screen::story);
  EXPECT_EQ(citizen.state.draft.story, "Setengah kalimat");
}

TEST(Flow, NoConsentIsTheEnd) {
  Citizen citizen;
  citizen.does(Start{});
  citizen.does(ChooseLanguage{});
  EXPECT_TRUE(has<Wiped>(citizen.does(Consent{false})));
  expect_initial(citizen.state);
}

/// Bad input stays on its screen, with the problem beside it and nothing lost.
TEST(Input, GetsALocatedProblem) {
  const struct {
    Screen screen;
    Field field;
    std::string text;
    Problem problem;
  } cases[] = {
      {Screen::nik, Field::nik, "327301410765000", Problem::wrong_length},
      {Screen::nik, Field::nik, "3273013002650001", Problem::impossible_date},
      {Screen::phone, Field::phone, "nomor saya", Problem::not_digits},
      {Screen::story, Field::story, std::string(10'001, 'a'), Problem::too_long},
      {Screen::story, Field::story, "abc\x1b[31m", Problem::not_text},
      {Screen::story, Field::story, "", Problem::empty},
      {Screen::name, Field::name, " ", Problem::empty},
  };
  for (const auto& one : cases) {
    Citizen citizen;
    citizen.state.screen = one.screen;
    citizen.does(TypeText{one.field, one.text});
    citizen.does(Next{});
    EXPECT_EQ(citizen.state.screen, one.screen);
    ASSERT_EQ(citizen.state.problems.size(), 1U);
    EXPECT_EQ(citizen.state.problems.front(), (record::FieldProblem{one.field, one.problem}));
    EXPECT_EQ(citizen.state.draft.text(one.field), one.text);
    citizen.does(TypeText{one.field, one.text + "1"});
    EXPECT_TRUE(citizen.state.problems.empty()) << "the message stays while it is being mended";
  }
}

TEST(Input, EmojiAreText) {
  Citizen citizen;
  citizen.state.screen = Screen::story;
  citizen.types(Field::story, "Jalan rusak 😡👍🏽");
  EXPECT_EQ(citizen.state.screen, Screen::district);
}

TEST(Idle, WarnsExtendsAndWipes) {
  Citizen citizen;
  citizen.reaches_review();
  for (int n = 0; n < 12; n++) {
    citizen.now_ms += citizen.rules.idle_ms;
    citizen.does(Tick{});
    ASSERT_TRUE(citizen.state.idle.warning_ms) << n;
    EXPECT_EQ(warning_seconds(citizen.state, citizen.rules, citizen.now_ms), 20);
    citizen.now_ms += 19'000;
    citizen.does(Tick{});
    EXPECT_EQ(warning_seconds(citizen.state, citizen.rules, citizen.now_ms), 1);
    citizen.does(StillHere{});
    EXPECT_FALSE(citizen.state.idle.warning_ms);
    EXPECT_EQ(citizen.state.screen, Screen::review);
  }
  citizen.now_ms += citizen.rules.idle_ms;
  citizen.does(Tick{});
  citizen.now_ms += citizen.rules.warning_ms;
  EXPECT_TRUE(has<Wiped>(citizen.does(Tick{})));
  expect_initial(citizen.state);
}

TEST(Idle, ATouchUnderTheWarningDoesNothingElse) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.now_ms += citizen.rules.idle_ms;
  citizen.does(Tick{});
  EXPECT_FALSE(has<SubmitComplaint>(citizen.does(Submit{})));
  EXPECT_EQ(citizen.state.screen, Screen::review);
  EXPECT_FALSE(citizen.state.idle.warning_ms);
}

TEST(Idle, NeverWhileSaving) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Submit{});
  citizen.now_ms += 10 * citizen.rules.idle_ms;
  citizen.does(Tick{});
  EXPECT_EQ(citizen.state.screen, Screen::saving);
  EXPECT_FALSE(citizen.state.idle.warning_ms);
}

TEST(Printing, HoldsNobodyOverTenSeconds) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Submit{});
  citizen.does(Submitted{Citizen::receipt()});
  citizen.now_ms += 9'999;
  citizen.does(Tick{});
  EXPECT_EQ(citizen.state.receipt->print, Print::waiting);
  citizen.now_ms += 1;
  citizen.does(Tick{});
  EXPECT_EQ(citizen.state.receipt->print, Print::not_printed);
  citizen.does(PrintChanged{7, Print::printed, ""});
  EXPECT_EQ(citizen.state.receipt->print, Print::printed);
  citizen.does(PrintChanged{8, Print::not_printed, "media-empty"});
  EXPECT_EQ(citizen.state.receipt->print, Print::printed) << "another job's trouble was shown";
}

TEST(Printing, WhatWasAtThePrinterForTooLongIsUncertain) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Submit{});
  citizen.does(Submitted{Citizen::receipt()});
  citizen.does(PrintChanged{7, Print::printing, ""});
  citizen.now_ms += 10'000;
  citizen.does(Tick{});
  EXPECT_EQ(citizen.state.receipt->print, Print::uncertain) << "it may lie there by now";
  citizen.does(PrintChanged{7, Print::printed, "", true});
  EXPECT_EQ(citizen.state.receipt->print, Print::printed);
  EXPECT_TRUE(citizen.state.receipt->elsewhere);
}

TEST(Ladder, FaultsOutrankTheCitizenButNotAnIssuedNumber) {
  Citizen citizen;
  citizen.reaches_review();
  Faults faults;
  faults.storage_full = true;
  citizen.does(FaultsChanged{faults});
  EXPECT_EQ(visible_screen(citizen.state), Screen::storage_fault);
  EXPECT_FALSE(has<SubmitComplaint>(citizen.does(Submit{})));
  faults.not_enrolled = true;
  citizen.does(FaultsChanged{faults});
  EXPECT_EQ(visible_screen(citizen.state), Screen::out_of_service);
  citizen.does(FaultsChanged{Faults{}});
  EXPECT_EQ(visible_screen(citizen.state), Screen::review);
  EXPECT_FALSE(citizen.state.draft.story.empty()) << "a fault that passed lost what was typed";
  citizen.does(Submit{});
  citizen.does(Submitted{Citizen::receipt()});
  citizen.does(FaultsChanged{faults});
  EXPECT_EQ(visible_screen(citizen.state), Screen::done);
}

TEST(Ladder, AFailedSaveLosesNothingAndSaysSo) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Submit{});
  citizen.does(SubmitFailed{});
  EXPECT_EQ(visible_screen(citizen.state), Screen::review);
  EXPECT_TRUE(citizen.state.not_sent);
  citizen.does(FaultsChanged{Faults{.storage_full = true}});
  EXPECT_EQ(visible_screen(citizen.state), Screen::storage_fault);
  EXPECT_EQ(citizen.state.draft.name, "Sumiati Contoh");
  citizen.does(FaultsChanged{Faults{}});
  EXPECT_TRUE(citizen.state.not_sent);
  EXPECT_TRUE(has<SubmitComplaint>(citizen.does(Submit{})));
  EXPECT_FALSE(citizen.state.not_sent);
}

TEST(Ladder, LastingFaultsAreShownBeforeAnybodyTypes) {
  for (const Faults& faults :
       {Faults{.numbers_used_up = true}, Faults{.keys_unusable = true}, Faults{.storage_taken = true}}) {
    Citizen citizen;
    citizen.does(FaultsChanged{faults});
    EXPECT_NE(visible_screen(citizen.state), Screen::attract);
    citizen.does(Start{});
    EXPECT_EQ(citizen.state.screen, Screen::attract);
  }
}

TEST(Saving, IsNotInterruptedByAFaultAndSaysWhenItIsSlow) {
  Citizen citizen;
  citizen.reaches_review();
  citizen.does(Submit{});
  citizen.does(FaultsChanged{Faults{.storage_damaged = true}});
  EXPECT_EQ(visible_screen(citizen.state), Screen::saving) << "whether the report counts is not known yet";
  citizen.does(Tick{});
  EXPECT_FALSE(citizen.state.saving_slow);
  citizen.now_ms += citizen.rules.saving_patience_ms;
  citizen.does(Tick{});
  EXPECT_TRUE(citizen.state.saving_slow);
  EXPECT_TRUE(citizen.does(EndNow{}).empty());
  EXPECT_TRUE(citizen.does(Submit{}).empty()) << "a second report while the first may count";
  citizen.does(Submitted{Citizen::receipt()});
  EXPECT_EQ(visible_screen(citizen.state), Screen::done);
}

TEST(Track, AsksOnlyWithAWholeCode) {
  Citizen citizen;
  citizen.does(StartTracking{});
  citizen.does(TypeCode{"7K4M-Q2XD-9TRN-H5W0"});
  citizen.does(AskCode{});
  EXPECT_TRUE(citizen.state.track.wrong);
  const auto code = record::AccessCode::random();
  citizen.does(TypeCode{code.str()});
  EXPECT_FALSE(citizen.state.track.wrong);
  auto effects = citizen.does(AskCode{});
  ASSERT_TRUE(has<AskCase>(effects));
  EXPECT_EQ(std::get<AskCase>(effects.front()).code, code);
  const std::uint64_t question = std::get<AskCase>(effects.front()).question;
  citizen.does(CaseAnswered{question - 1, TrackState::found, "{}"});
  EXPECT_EQ(citizen.state.track.state, TrackState::asking) << "the answer to an earlier question was shown";
  citizen.does(CaseAnswered{question, TrackState::found, "{}"});
  EXPECT_EQ(citizen.state.track.state, TrackState::found);
  citizen.does(CaseAnswered{question, TrackState::offline, ""});
  EXPECT_EQ(citizen.state.track.state, TrackState::found) << "a late answer replaced the case";
  citizen.does(Back{});
  EXPECT_EQ(citizen.state.screen, Screen::track_code);
  EXPECT_TRUE(citizen.state.track.case_json.empty()) << "the case stays in memory";
  EXPECT_TRUE(has<Wiped>(citizen.does(Back{})));
  expect_initial(citizen.state);
  citizen.does(StartTracking{});
  citizen.does(TypeCode{code.str()});
  effects = citizen.does(AskCode{});
  ASSERT_TRUE(has<AskCase>(effects));
  EXPECT_GT(std::get<AskCase>(effects.front()).question, question) << "the next citizen may get this one's answer";
}

TEST(Staff, IsCalledAndCalledOffAtTheEnd) {
  Citizen citizen;
  citizen.does(Start{});
  EXPECT_TRUE(has<RingStaff>(citizen.does(CallStaff{true})));
  EXPECT_TRUE(citizen.does(CallStaff{true}).empty());
  const Effects effects = citizen.does(EndNow{});
  EXPECT_TRUE(has<RingStaff>(effects));
  expect_initial(citizen.state);
}

TEST(Uplink, OutlivesASessionAndIsNobodysTouch) {
  Citizen citizen;
  citizen.reaches_review();
  const std::int64_t touched_ms = citizen.state.idle.touched_ms;
  citizen.now_ms += 1'000;
  const Uplink uplink{true, false, 14, 5};
  EXPECT_TRUE(citizen.does(UplinkChanged{uplink}).empty());
  EXPECT_EQ(citizen.state.screen, Screen::review);
  EXPECT_EQ(citizen.state.idle.touched_ms, touched_ms);
  end_session(citizen.state, citizen.now_ms);
  EXPECT_EQ(citizen.state.screen, Screen::attract);
  EXPECT_EQ(citizen.state.uplink, uplink);
}

TEST(Flow, WhatAnyoneLeftOnTheScreenIsNoRest) {
  const State fresh;
  EXPECT_TRUE(at_rest(fresh));
  const std::pair<const char*, std::function<void(State&)>> cases[] = {
      {"another screen", [](State& state) { state.screen = Screen::story; }},
      {"staff", [](State& state) { state.staff.emplace(); }},
      {"a receipt", [](State& state) { state.receipt = Citizen::receipt(); }},
      {"the warning", [](State& state) { state.idle.warning_ms = 5; }},
      {"a language chosen", [](State& state) { state.settings.language = record::Language::english; }},
      {"larger letters", [](State& state) { state.settings.text_step = 1; }},
      {"staff called", [](State& state) { state.staff_called = true; }},
  };
  for (const auto& [name, change] : cases) {
    State state;
    change(state);
    EXPECT_FALSE(at_rest(state)) << name;
  }
}

}  // namespace
}  // namespace anjungan::session
