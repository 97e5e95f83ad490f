// SPDX-License-Identifier: Apache-2.0
// The staff panel: who gets in, where it opens, what it asks of the program, and what it leaves alone.
#include <gtest/gtest.h>

#include "tests/unit/kiosk_session/citizen.h"

namespace anjungan::session {
namespace {

template <class Kind>
const Kind* only(const Effects& effects) {
  return effects.size() == 1 ? std::get_if<Kind>(&effects.front()) : nullptr;
}

class StaffTest : public testing::Test {
 protected:
  Effects does(const Event& event, std::int64_t after_ms = 100) {
    now += after_ms;
    return reduce(state, event, rules, now);
  }
  void open() {
    does(OpenStaff{});
    does(TypePin{"271828"});
    does(EnterPin{});
    does(PinAnswered{true});
    StaffView view;
    view.printers.resize(2);
    view.printers[0].name = "struk";
    view.printers[1].name = "fallback";
    view.printers[1].fallback = true;
    view.jobs.resize(1);
    view.jobs[0].id = 7;
    view.jobs[0].printer = "struk";
    view.receipts = {{"3273-0012-000426-7", 1}};
    does(StaffSeen{view});
  }

  State state;
  Rules rules;
  std::int64_t now = 1'000'000;
};

TEST_F(StaffTest, OnlyTheRightPinOpensIt) {
  does(OpenStaff{});
  EXPECT_EQ(visible_screen(state), Screen::staff_pin);
  EXPECT_TRUE(does(EnterPin{}).empty()) << "nothing was typed";
  does(TypePin{"111112"});
  const Effects effects = does(EnterPin{});
  ASSERT_NE(only<CheckPin>(effects), nullptr);
  EXPECT_EQ(only<CheckPin>(effects)->pin.str(), "111112");
  EXPECT_TRUE(does(EnterPin{}).empty()) << "one question at a time";
  does(PinAnswered{false, PinState::wrong});
  EXPECT_EQ(visible_screen(state), Screen::staff_pin);
  EXPECT_EQ(state.staff->pin_state, PinState::wrong);
  EXPECT_TRUE(state.staff->pin.empty());
  does(PinAnswered{true});
  EXPECT_EQ(visible_screen(state), Screen::staff_pin) << "an answer that nobody asked for";
  open();
  EXPECT_EQ(visible_screen(state), Screen::staff);
  EXPECT_TRUE(state.staff->pin.empty()) << "the PIN stays no longer than it is needed";
}

TEST_F(StaffTest, BeforeThePinNothingIsShownOrDone) {
  does(OpenStaff{});
  StaffView view;
  view.jobs.resize(1);
  view.jobs[0].id = 7;
  does(StaffSeen{view});
  EXPECT_TRUE(state.staff->view.jobs.empty());
  for (const Event& event : {Event(ShowPrinter{"struk"}), Event(ShowJob{7}), Event(ShowReceipts{}),
                             Event(ShowReceipt{"x"}), Event(StaffDeed{Deed::abandon, "", 7, ""}), Event(StaffTold{})}) {
    EXPECT_TRUE(does(event).empty());
    EXPECT_EQ(visible_screen(state), Screen::staff_pin);
  }
}

TEST_F(StaffTest, NeverOpensOverWhatACitizenFillsIn) {
  for (int i = 0; i <= static_cast<int>(Screen::storage_fault); i++) {
    state = {};
    state.screen = static_cast<Screen>(i);
    does(OpenStaff{});
    const bool idle = state.screen == Screen::attract || state.screen == Screen::done ||
                      state.screen == Screen::thanks || state.screen == Screen::out_of_service ||
                      state.screen == Screen::storage_fault;
    EXPECT_EQ(state.staff.has_value(), idle) << screen_name(state.screen);
  }
  state = {};
  state.screen = Screen::story;
  state.draft.story = "x";
  state.faults.storage_full = true;
  does(OpenStaff{});
  EXPECT_TRUE(state.staff) << "a fault is what staff come for";
  does(Back{});
  EXPECT_EQ(state.draft.story, "x");
}

TEST_F(StaffTest, LeadsToAPrinterAJobAndAReceiptAndBack) {
  open();
  does(ShowPrinter{"fallback"});
  EXPECT_EQ(visible_screen(state), Screen::staff_printer);
  EXPECT_NE(only<StaffDeed>(does(StaffDeed{Deed::test_page, "fallback", 0, ""})), nullptr);
  EXPECT_EQ(visible_screen(state), Screen::staff_printer) << "it is looked at until it works";
  does(StaffTold{Told::under_way});
  EXPECT_EQ(state.staff->told, Told::under_way);
  does(Back{});
  EXPECT_EQ(state.staff->told, Told::nothing);
  does(ShowJob{7});
  EXPECT_EQ(visible_screen(state), Screen::staff_job);
  const Effects effects = does(StaffDeed{Deed::move, "fallback", 7, ""});
  ASSERT_NE(only<StaffDeed>(effects), nullptr);
  EXPECT_EQ(only<StaffDeed>(effects)->job, 7);
  EXPECT_EQ(visible_screen(state), Screen::staff);
  does(ShowReceipts{});
  does(ShowReceipt{"3273-0012-000426-7"});
  EXPECT_EQ(visible_screen(state), Screen::staff_receipt);
  does(Back{});
  EXPECT_EQ(visible_screen(state), Screen::staff_receipts);
  does(Back{});
  EXPECT_EQ(visible_screen(state), Screen::staff);
  EXPECT_NE(only<LeaveStaff>(does(Back{})), nullptr);
  EXPECT_FALSE(state.staff);
  EXPECT_EQ(visible_screen(state), Screen::attract);
}

TEST_F(StaffTest, AJobThatIsOverLeadsBackToAll) {
  open();
  does(ShowJob{7});
  does(StaffSeen{state.staff->view});
  EXPECT_EQ(visible_screen(state), Screen::staff_job);
  does(StaffSeen{});
  EXPECT_EQ(visible_screen(state), Screen::staff);
}

TEST_F(StaffTest, ClosesByItselfAndTheSessionBelowHasItsWholeTime) {
  state.screen = Screen::done;
  state.receipt = Citizen::receipt();
  open();
  for (std::int64_t past = 0; past + 1'000 < rules.idle_ms; past += 1'000) does(Tick{}, 1'000);
  EXPECT_TRUE(state.staff);
  does(PrintChanged{7, Print::printed, ""});
  EXPECT_EQ(state.receipt->print, Print::printed) << "the printer's news reach the screen below";
  EXPECT_NE(only<LeaveStaff>(does(Tick{}, 2'000)), nullptr);
  EXPECT_FALSE(state.staff);
  EXPECT_EQ(visible_screen(state), Screen::done);
  does(Tick{}, 1'000);
  EXPECT_FALSE(state.idle.warning_ms) << "the citizen has just got the screen back";
}

TEST_F(StaffTest, ACitizensIntentsDoNothingUnderIt) {
  open();
  const StaffPanel before = *state.staff;
  for (const Event& event : {Event(Start{}), Event(StartTracking{}), Event(Submit{}), Event(CallStaff{true}),
                             Event(Next{}), Event(Consent{true})}) {
    EXPECT_TRUE(does(event).empty());
    EXPECT_EQ(state.screen, Screen::attract);
    EXPECT_EQ(visible_screen(state), Screen::staff);
  }
  does(SetTextStep{2});
  EXPECT_EQ(state.settings.text_step, 2) << "letters grow for staff too";
  does(ChooseLanguage{record::Language::english});
  EXPECT_EQ(state.settings.language, record::Language::english);
}

}  // namespace
}  // namespace anjungan::session
