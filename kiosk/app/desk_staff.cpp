// SPDX-License-Identifier: Apache-2.0
// What the staff panel asks of the desk: its PIN, what the printers are doing, and the deeds.
#include <spdlog/spdlog.h>

#include "kiosk/app/desk.h"
#include "sync/store/staff_pin.h"

namespace anjungan::app {
namespace {

constexpr std::size_t k_most_jobs = 100;
constexpr std::size_t k_most_receipts = 20;
constexpr std::string_view k_by = "panel";

session::StaffPrinter seen(const slip::PrinterState& state, bool fallback) {
  session::StaffPrinter out;
  out.name = state.name;
  out.fallback = fallback;
  out.condition = spool::condition_name(state.view.condition);
  out.since_ms = state.since_ms;
  out.paused = state.paused_ms != 0;
  out.waiting = state.waiting;
  if (state.oldest) out.oldest_ms = state.oldest->created_ms;
  out.used_mm = state.used_mm;
  out.roll_mm = state.roll_mm;
  out.changed = state.changed_ms != 0;
  if (state.test.state != spool::JobState::queued) out.test = spool::job_state_name(state.test.state);
  return out;
}

session::Told told(const record::Result<slip::Outcome>& outcome) {
  if (!outcome) return session::Told::refused;
  return *outcome == slip::Outcome::done ? session::Told::done : session::Told::under_way;
}

record::Result<slip::Outcome> outcome_of(const record::Result<void>& done) {
  if (!done) return tl::unexpected(done.error());
  return slip::Outcome::done;
}

}  // namespace

void Desk::on(const session::CheckPin& order) {
  const auto closed = [this](std::int64_t wait_ms) {
    tell(session::PinAnswered{false, session::PinState::closed, static_cast<int>((wait_ms + 999) / 1'000)});
  };
  if (const std::int64_t wait_ms = m_pin_guard.wait_ms(steady_ms()); wait_ms > 0) return closed(wait_ms);
  const auto checked = store::check_staff_pin(m_terminal.settings.data, order.pin.str());
  if (checked) {
    spdlog::info("staff.panel_opened");
    m_pin_guard.right();
    m_staff_open = true;
    m_told_staff.reset();
    tell(session::PinAnswered{true});
    return tell_staff();
  }
  if (checked.error().kind != record::ErrorKind::denied) {
    spdlog::warn("staff.no_pin why=\"{}\"", checked.error().text);
    return tell(session::PinAnswered{false, session::PinState::not_set});
  }
  spdlog::warn("staff.pin_wrong");
  m_pin_guard.wrong(steady_ms());
  if (const std::int64_t wait_ms = m_pin_guard.wait_ms(steady_ms()); wait_ms > 0) return closed(wait_ms);
  tell(session::PinAnswered{false, session::PinState::wrong});
}

void Desk::on(const session::LeaveStaff&) {
  if (std::exchange(m_staff_open, false)) spdlog::info("staff.panel_closed");
}

session::StaffView Desk::staff_view() {
  session::StaffView out;
  if (!m_printers) return out;
  const auto printers = m_printers->printers();
  const auto jobs = m_printers->jobs(k_most_jobs);
  const auto receipts = m_printers->printed(k_most_receipts);
  if (!printers || !jobs || !receipts) return out;
  for (std::size_t i = 0; i < printers->size(); i++) out.printers.push_back(seen((*printers)[i], i > 0));
  for (const slip::JobLine& one : *jobs) {
    out.jobs.push_back({one.id, one.number.str(), one.copy, one.printer, store::print_state_name(one.state), one.reason,
                        one.created_ms, one.waits_for_staff});
  }
  for (const store::ReceiptRow& one : *receipts) out.receipts.push_back({one.number.str(), one.issued_ms});
  return out;
}

void Desk::tell_staff() {
  if (!m_staff_open) return;
  session::StaffView now = staff_view();
  if (m_told_staff == now) return;
  m_told_staff = now;
  tell(session::StaffSeen{std::move(now)});
}

record::Result<slip::Outcome> Desk::carry_out(const session::StaffDeed& order) {
  using session::Deed;
  if (!m_printers || !m_staff_open) return record::fail(record::ErrorKind::unavailable, "store: not open");
  switch (order.deed) {
    case Deed::retry:
      return outcome_of(m_printers->retry(order.job, k_by));
    case Deed::reprint: {
      const auto number = record::TrackingNumber::parse(order.number);
      if (!number) return tl::unexpected(number.error());
      const auto job = m_printers->reprint(*number);
      if (!job) return tl::unexpected(job.error());
      return slip::Outcome::done;
    }
    case Deed::move:
      return m_printers->move(order.job, order.printer, k_by);
    case Deed::abandon:
      return m_printers->abandon(order.job, k_by);
    case Deed::pause:
      return outcome_of(m_printers->pause(order.printer, k_by));
    case Deed::resume:
      return m_printers->resume(order.printer, k_by);
    case Deed::test_page:
      return m_printers->test_page(order.printer, k_by);
    case Deed::paper_changed:
      return outcome_of(m_printers->paper_changed(order.printer, k_by));
  }
  return record::fail(record::ErrorKind::invalid, "deed: there is none of this name");
}

void Desk::on(const session::StaffDeed& order) {
  const auto outcome = carry_out(order);
  if (!outcome) spdlog::warn("staff.deed_refused why=\"{}\"", outcome.error().text);
  m_print_moved = true;  // the agent may have an event to send
  tell(session::StaffTold{told(outcome)});
  tell_staff();
}

}  // namespace anjungan::app
