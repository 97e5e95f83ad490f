// SPDX-License-Identifier: Apache-2.0
#include "kiosk/session/reduce.h"

#include <algorithm>

#include "kiosk/session/reduce_staff.h"
#include "sync/record/keys.h"

namespace anjungan::session {
namespace {

using record::Field;
using record::Problem;

/// One event's work. Each on() handles one kind and does nothing where it does not fit.
class Step {
 public:
  Step(State& state, const Rules& rules, std::int64_t now_ms) : m_state(state), m_rules(rules), m_now(now_ms) {}

  void on(const Start&) {
    if (at(Screen::attract)) go(Screen::language);
  }
  void on(const StartTracking&) {
    if (!at(Screen::attract)) return;
    m_state.track.code = {};
    m_state.track.wrong = false;
    m_state.track.state = TrackState::typing;
    go(Screen::track_code);
  }

  void on(const Back&) {
    m_state.problems.clear();
    if (at(Screen::track_code)) return end();
    if (at(Screen::track_result)) {
      m_state.track.state = TrackState::typing;
      m_state.track.case_json = {};
      m_effects.emplace_back(ForgetCase{});
      return go(Screen::track_code);
    }
    if (m_state.editing) {
      put_back_choices();
      return enter_review();
    }
    const auto before = previous_screen(m_state.screen, m_state.draft);
    if (!before) return;
    if (*before == Screen::attract) return end();
    go(*before);
  }

  void on(const Next&) {
    if (at(Screen::attract) || at(Screen::review)) return;
    if (const auto field = field_of(m_state.screen); field && !accept(*field)) return;
    if (at(Screen::consent) && !m_state.consented) return;
    if (at(Screen::category) && m_state.draft.category.empty()) return;
    if (at(Screen::subcategory) && !topic_chosen()) return;
    if (at(Screen::identity) && !m_state.privacy_chosen) return;
    advance();
  }

  void on(const CallStaff& event) {
    if (m_state.staff_called == event.wanted) return;
    m_state.staff_called = event.wanted;
    m_effects.emplace_back(RingStaff{event.wanted});
  }

  void on(const ChooseLanguage& event) {
    m_state.settings.language = event.language;
    m_state.draft.language = event.language;
    if (at(Screen::language)) advance();
  }
  void on(const SetTextStep& event) { m_state.settings.text_step = std::clamp(event.step, 0, k_last_text_step); }
  void on(const SetContrast& event) { m_state.settings.high_contrast = event.high; }

  void on(const Consent& event) {
    if (!at(Screen::consent)) return;
    m_state.consented = event.given;
    if (event.given) return advance();
    end();
  }
  void on(const ChooseKind& event) {
    if (!at(Screen::kind)) return;
    m_state.draft.kind = event.kind;
    advance();
  }
  void on(const ChooseCategory& event) {
    const catalogue::Category* category =
        m_rules.catalogue != nullptr ? m_rules.catalogue->category(event.id) : nullptr;
    if (category == nullptr) return;
    const bool first_level = !category->icon.empty();
    if (at(Screen::category) && first_level) {
      m_state.draft.category = event.id;
      return go(Screen::subcategory);
    }
    if (at(Screen::subcategory) && !first_level) {
      m_state.draft.category = event.id;
      advance();
    }
  }
  void on(const ChooseDistrict& event) {
    if (!at(Screen::district)) return;
    if (!event.id.empty() && (m_rules.catalogue == nullptr || m_rules.catalogue->district(event.id) == nullptr)) return;
    if (m_state.draft.district != event.id) m_state.draft.village.clear();
    m_state.draft.district = event.id;
    // While editing, the village of another district must be chosen too.
    if (m_state.editing && !event.id.empty()) return go(Screen::village);
    advance();
  }
  void on(const ChooseVillage& event) {
    if (!at(Screen::village)) return;
    if (!event.id.empty()) {
      const auto* district =
          m_rules.catalogue != nullptr ? m_rules.catalogue->district(m_state.draft.district) : nullptr;
      if (district == nullptr) return;
      const bool belongs = std::any_of(district->villages.begin(), district->villages.end(),
                                       [&](const catalogue::Village& one) { return one.id == event.id; });
      if (!belongs) return;
    }
    m_state.draft.village = event.id;
    advance();
  }
  void on(const ChoosePrivacy& event) {
    if (!at(Screen::identity)) return;
    m_state.draft.privacy = event.privacy;
    m_state.privacy_chosen = true;
    // Who gives up anonymity while editing is asked for the name before the review.
    if (m_state.editing && event.privacy != record::Privacy::anonymous && m_state.draft.name.empty()) {
      m_state.editing = false;
      m_state.before_edit.reset();
      return go(Screen::name);
    }
    advance();
  }

  void on(const TypeText& event) {
    if (field_of(m_state.screen) != event.field) return;
    std::string& text = m_state.draft.text(event.field);
    if (text == event.text.str()) return;
    record::wipe(text);
    text = event.text.str();
    std::erase_if(m_state.problems, [&](const record::FieldProblem& one) { return one.field == event.field; });
  }

  void on(const Edit& event) {
    if (!at(Screen::review)) return;
    const auto step = step_of(event.screen);
    if (!step || event.screen == Screen::review || event.screen == Screen::saving) return;
    edit(event.screen);
  }

  void on(const Submit&) {
    if (!at(Screen::review)) return;
    drop_what_is_not_asked();
    m_state.problems = record::check(m_state.draft);
    if (!m_state.problems.empty()) {
      // To the first field that must be mended; from there the way leads back to the review.
      return edit(screen_of(m_state.problems.front().field));
    }
    if (!topic_chosen()) return edit(Screen::category);
    m_effects.emplace_back(SubmitComplaint{m_state.draft});
    m_state.not_sent = false;
    m_state.saving_since_ms = m_now;
    m_state.saving_slow = false;
    go(Screen::saving);
  }

  void on(const Submitted& event) {
    if (!at(Screen::saving)) return;
    m_state.receipt = event.receipt;
    m_state.receipt->since_ms = m_now;
    wipe_draft(m_state.draft);
    go(Screen::done);
  }
  void on(const SubmitFailed&) {
    if (!at(Screen::saving)) return;
    // What was typed stays until the idle time wipes it: it can be handed in once staff has helped.
    m_state.not_sent = true;
    m_state.idle.touched_ms = m_now;
    enter_review();
  }

  void on(const PrintChanged& event) {
    if (!m_state.receipt || m_state.receipt->job != event.job) return;
    Receipt& receipt = *m_state.receipt;
    if (receipt.print == event.print && receipt.reason == event.reason && receipt.elsewhere == event.elsewhere) return;
    receipt.print = event.print;
    receipt.reason = event.reason;
    receipt.elsewhere = event.elsewhere;
    receipt.since_ms = m_now;
  }

  void on(const TypeCode& event) {
    if (!at(Screen::track_code)) return;
    m_state.track.code = event.text.str().substr(0, 40);
    m_state.track.wrong = false;
    m_state.track.state = TrackState::typing;
  }
  void on(const AskCode&) {
    if (!at(Screen::track_code)) return;
    const auto code = record::AccessCode::parse(m_state.track.code.str());
    if (!code) {
      m_state.track.wrong = true;
      return;
    }
    m_state.track.state = TrackState::asking;
    m_effects.emplace_back(AskCase{*code, ++m_state.track.question});
    go(Screen::track_result);
  }
  void on(const CaseAnswered& event) {
    if (!at(Screen::track_result) || m_state.track.state == TrackState::found) return;
    if (event.question != m_state.track.question) return;
    m_state.track.state = event.state;
    m_state.track.case_json = event.case_json;
  }

  void on(const StillHere&) { m_state.idle.warning_ms.reset(); }
  void on(const EndNow&) {
    if (at(Screen::saving)) return;  // only the disk knows whether the report counts
    if (at(Screen::done)) return go(Screen::thanks);
    end();
  }
  void on(const Touched&) {}
  void on(const FaultsChanged& event) { m_state.faults = event.faults; }
  void on(const UplinkChanged& event) { m_state.uplink = event.uplink; }

  void on(const Tick&) {
    if (m_state.receipt) {
      Receipt& receipt = *m_state.receipt;
      const bool open = receipt.print == Print::waiting || receipt.print == Print::printing;
      if (open && m_now - receipt.since_ms >= m_rules.print_patience_ms) {
        // What is at the printer may lie there by now.
        receipt.print = receipt.print == Print::waiting ? Print::not_printed : Print::uncertain;
        receipt.reason = "no-answer";
      }
    }
    if (at(Screen::saving)) {
      if (m_now - m_state.saving_since_ms >= m_rules.saving_patience_ms) m_state.saving_slow = true;
      return;
    }
    if (at(Screen::attract)) {
      // Somebody changed the text or called staff and left: the next person finds everything as it was.
      const bool touched = m_state.settings != Settings{} || m_state.staff_called;
      if (touched && m_now - m_state.idle.touched_ms >= m_rules.idle_ms) end();
      return;
    }
    if (at(Screen::thanks)) {
      if (m_now - m_state.idle.touched_ms >= k_thanks_ms) end();
      return;
    }
    if (m_state.idle.warning_ms) {
      if (m_now - *m_state.idle.warning_ms >= m_rules.warning_ms) end();
      return;
    }
    const std::int64_t patience = at(Screen::done) ? m_rules.done_ms : m_rules.idle_ms;
    if (m_now - m_state.idle.touched_ms >= patience) m_state.idle.warning_ms = m_now;
  }

  // The staff panel's own: reduce_staff() has them.
  void on(const OpenStaff&) {}
  void on(const TypePin&) {}
  void on(const EnterPin&) {}
  void on(const ShowPrinter&) {}
  void on(const ShowJob&) {}
  void on(const ShowReceipts&) {}
  void on(const ShowReceipt&) {}
  void on(const StaffDeed&) {}
  void on(const PinAnswered&) {}
  void on(const StaffSeen&) {}
  void on(const StaffTold&) {}

  Effects take() { return std::move(m_effects); }

 private:
  static constexpr std::int64_t k_thanks_ms = 6'000;

  [[nodiscard]] bool at(Screen screen) const { return m_state.screen == screen; }
  void go(Screen screen) { m_state.screen = screen; }

  void end() {
    if (m_state.staff_called) m_effects.emplace_back(RingStaff{false});
    if (m_state.track.state == TrackState::asking) m_effects.emplace_back(ForgetCase{});
    end_session(m_state, m_now);
    m_effects.emplace_back(Wiped{});
  }

  void edit(Screen screen) {
    m_state.editing = true;
    m_state.before_edit = Chosen{m_state.draft.category, m_state.draft.district, m_state.draft.village};
    go(screen);
  }
  void put_back_choices() {
    if (!m_state.before_edit) return;
    m_state.draft.category = std::move(m_state.before_edit->category);
    m_state.draft.district = std::move(m_state.before_edit->district);
    m_state.draft.village = std::move(m_state.before_edit->village);
  }

  /// Both steps of it.
  [[nodiscard]] bool topic_chosen() const {
    const catalogue::Category* one =
        m_rules.catalogue != nullptr ? m_rules.catalogue->category(m_state.draft.category) : nullptr;
    return one != nullptr && one->icon.empty();
  }

  void enter_review() {
    m_state.editing = false;
    m_state.before_edit.reset();
    if (!at(Screen::review)) m_effects.emplace_back(PrepareDataKey{});
    go(Screen::review);
  }

  void advance() {
    if (m_state.editing) return enter_review();
    const auto next = next_screen(m_state.screen, m_state.draft);
    if (!next) return;
    if (*next == Screen::review) return enter_review();
    go(*next);
  }

  /// True: the field's text may stay as it is. Else the problem is shown at the field and nothing is lost.
  bool accept(Field field) {
    const std::string& text = m_state.draft.text(field);
    std::erase_if(m_state.problems, [&](const record::FieldProblem& one) { return one.field == field; });
    const bool needed =
        field == Field::story || (field == Field::name && m_state.draft.privacy != record::Privacy::anonymous);
    std::optional<Problem> problem = record::check_field(field, text);
    if (needed && text.find_first_not_of(" \n") == std::string::npos) problem = Problem::empty;
    if (!problem) return true;
    m_state.problems.push_back({field, *problem});
    return false;
  }

  /// Who chose to stay anonymous after typing a name has taken it back.
  void drop_what_is_not_asked() {
    if (m_state.draft.privacy != record::Privacy::anonymous) return;
    for (const Field field : {Field::name, Field::phone, Field::nik, Field::address})
      record::wipe(m_state.draft.text(field));
  }

  State& m_state;
  const Rules& m_rules;
  std::int64_t m_now;
  Effects m_effects;
};

/// What a person did, as opposed to time and workers.
bool by_hand(const Event& event) {
  return !(std::holds_alternative<Tick>(event) || std::holds_alternative<Submitted>(event) ||
           std::holds_alternative<SubmitFailed>(event) || std::holds_alternative<PrintChanged>(event) ||
           std::holds_alternative<CaseAnswered>(event) || std::holds_alternative<FaultsChanged>(event) ||
           std::holds_alternative<UplinkChanged>(event));
}

/// A fault screen takes no citizen's intents but these.
bool allowed_in_fault(const Event& event) {
  return std::holds_alternative<CallStaff>(event) || std::holds_alternative<EndNow>(event) ||
         std::holds_alternative<Touched>(event) || std::holds_alternative<SetTextStep>(event) ||
         std::holds_alternative<SetContrast>(event) || std::holds_alternative<StillHere>(event);
}

}  // namespace

Effects reduce(State& state, const Event& event, const Rules& rules, std::int64_t now_ms) {
  if (auto effects = reduce_staff(state, event, rules, now_ms)) return *std::move(effects);
  if (by_hand(event)) {
    if (visible_screen(state) != state.screen && !allowed_in_fault(event)) return {};
    const bool warned = state.idle.warning_ms.has_value();
    state.idle.touched_ms = now_ms;
    // Under the warning only its own two answers count; any other touch is one of them: "I am here".
    if (warned && !std::holds_alternative<EndNow>(event)) {
      state.idle.warning_ms.reset();
      return {};
    }
  }
  Step step(state, rules, now_ms);
  std::visit([&](const auto& one) { step.on(one); }, event);
  if (!by_hand(event) && state.screen == Screen::done && std::holds_alternative<Submitted>(event))
    state.idle.touched_ms = now_ms;
  return step.take();
}

}  // namespace anjungan::session
