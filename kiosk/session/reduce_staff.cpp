// SPDX-License-Identifier: Apache-2.0
#include "kiosk/session/reduce_staff.h"

#include <algorithm>

namespace anjungan::session {
namespace {

template <class... Kinds>
bool is_one_of(const Event& event) {
  return (std::holds_alternative<Kinds>(event) || ...);
}

bool of_the_panel(const Event& event) {
  return is_one_of<OpenStaff, TypePin, EnterPin, ShowPrinter, ShowJob, ShowReceipts, ShowReceipt, StaffDeed,
                   PinAnswered, StaffSeen, StaffTold>(event);
}

/// What goes on below the panel while it is open.
bool of_the_session(const Event& event) {
  return is_one_of<SetTextStep, SetContrast, Submitted, SubmitFailed, PrintChanged, CaseAnswered, FaultsChanged,
                   UplinkChanged>(event);
}

/// Where it opens: never over something that a citizen is filling in.
bool may_open(const State& state) {
  const Screen visible = visible_screen(state);
  return !state.idle.warning_ms &&
         (visible == Screen::attract || visible == Screen::done || visible == Screen::thanks ||
          visible == Screen::out_of_service || visible == Screen::storage_fault);
}

class StaffStep {
 public:
  StaffStep(State& state, std::int64_t now_ms) : m_state(state), m_panel(*state.staff), m_now(now_ms) {}

  void on(const TypePin& event) {
    if (!at(Screen::staff_pin) || m_panel.pin_state == PinState::checking) return;
    m_panel.pin = event.text;
    m_panel.pin_state = PinState::typing;
  }
  void on(const EnterPin&) {
    if (!at(Screen::staff_pin) || m_panel.pin_state == PinState::checking || m_panel.pin.empty()) return;
    m_panel.pin_state = PinState::checking;
    m_effects.emplace_back(CheckPin{m_panel.pin});
  }
  void on(const PinAnswered& event) {
    if (!at(Screen::staff_pin) || m_panel.pin_state != PinState::checking) return;
    m_panel.pin = {};
    m_panel.pin_state = event.right ? PinState::typing : event.why;
    m_panel.wait_s = event.wait_s;
    if (event.right) go(Screen::staff);
  }
  void on(const StaffSeen& event) {
    if (at(Screen::staff_pin)) return;
    m_panel.view = event.view;
    const auto shown = [&](const StaffJob& one) { return one.id == m_panel.job; };
    const bool gone = std::none_of(event.view.jobs.begin(), event.view.jobs.end(), shown);
    if (at(Screen::staff_job) && gone) go(Screen::staff);
  }
  void on(const StaffTold& event) {
    if (!at(Screen::staff_pin)) m_panel.told = event.told;
  }
  void on(const ShowPrinter& event) {
    if (!at(Screen::staff)) return;
    m_panel.printer = event.name;
    go(Screen::staff_printer);
  }
  void on(const ShowJob& event) {
    if (!at(Screen::staff)) return;
    m_panel.job = event.id;
    go(Screen::staff_job);
  }
  void on(const ShowReceipts&) {
    if (at(Screen::staff)) go(Screen::staff_receipts);
  }
  void on(const ShowReceipt& event) {
    if (!at(Screen::staff_receipts)) return;
    m_panel.number = event.number;
    go(Screen::staff_receipt);
  }
  void on(const StaffDeed& event) {
    if (at(Screen::staff_pin)) return;
    m_panel.told = Told::nothing;
    m_effects.emplace_back(event);
    // What was done to a receipt is over; a printer is looked at until it works.
    if (!at(Screen::staff_printer)) m_panel.screen = Screen::staff;
  }
  void on(const Back&) {
    if (at(Screen::staff_pin) || at(Screen::staff)) return close();
    go(at(Screen::staff_receipt) ? Screen::staff_receipts : Screen::staff);
  }
  void on(const EndNow&) { close(); }
  void on(const ChooseLanguage& event) { m_state.settings.language = event.language; }
  template <class Other>
  void on(const Other&) {}

  void close() {
    m_effects.emplace_back(LeaveStaff{});
    // The citizen's time begins anew where it was covered.
    m_state.idle.touched_ms = m_now;
    m_closing = true;
  }

  Effects take() {
    if (m_closing) m_state.staff.reset();
    return std::move(m_effects);
  }

 private:
  [[nodiscard]] bool at(Screen screen) const { return m_panel.screen == screen; }
  void go(Screen screen) {
    m_panel.screen = screen;
    m_panel.told = Told::nothing;
  }

  State& m_state;
  StaffPanel& m_panel;
  std::int64_t m_now;
  bool m_closing = false;
  Effects m_effects;
};

}  // namespace

std::optional<Effects> reduce_staff(State& state, const Event& event, const Rules& rules, std::int64_t now_ms) {
  if (!state.staff) {
    if (!of_the_panel(event)) return std::nullopt;
    if (std::holds_alternative<OpenStaff>(event) && may_open(state)) {
      state.staff.emplace();
      state.staff->touched_ms = now_ms;
    }
    return Effects{};
  }
  const bool tick = std::holds_alternative<Tick>(event);
  const bool answer = is_one_of<PinAnswered, StaffSeen, StaffTold>(event);
  if (!tick && !answer &&
      !is_one_of<Submitted, SubmitFailed, PrintChanged, CaseAnswered, FaultsChanged, UplinkChanged>(event)) {
    state.staff->touched_ms = now_ms;
  }
  if (of_the_session(event)) return std::nullopt;
  StaffStep step(state, now_ms);
  if (!tick) {
    std::visit([&](const auto& one) { step.on(one); }, event);
    return step.take();
  }
  if (now_ms - state.staff->touched_ms >= rules.idle_ms) {
    step.close();
    return step.take();
  }
  state.idle.touched_ms = now_ms;
  return std::nullopt;
}

}  // namespace anjungan::session
