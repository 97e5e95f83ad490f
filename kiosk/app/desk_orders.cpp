// SPDX-License-Identifier: Apache-2.0
// What the session asks of the desk: saving, a question to the centre, a call for staff; and what printer and centre
// say.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "kiosk/app/desk.h"
#include "kiosk/app/print_news.h"
#include "printer/receipt/page.h"
#include "sync/slip/printer_orders.h"
#include "sync/store/sync_store.h"

namespace anjungan::app {
namespace {

using Steady = std::chrono::steady_clock;

/// A citizen is not held longer by a silent network.
constexpr auto k_answer_patience = std::chrono::seconds(12);

/// How often the state of delivery is looked at when no bell rings.
constexpr auto k_uplink_every = std::chrono::seconds(60);

constexpr int k_most_calls = 100;

std::int64_t unix_ms() { return record::SystemClock().unix_ms(); }

}  // namespace

void Desk::on(const session::PrepareDataKey&) {
  if (!m_identity) return;
  if (auto key = record::DataKey::prepare(m_identity->seal_to)) m_data_key.emplace(*std::move(key));
  m_nonce.emplace(record::SigningNonce::prepare());
}

/// Nothing was issued. What stands in the way, if it lasts, is told right behind it, before anybody else types.
void Desk::refuse(const record::Error& error) {
  spdlog::error("submit.failed why=\"{}\"", error.text);
  tell(session::SubmitFailed{});
  m_told_faults.reset();
  look_at_storage();
}

/// A commit whose sync failed may yet lie whole on the disk, and would be found after a power cut beside the report
/// that the citizen hands in again. So nothing is told before the store, opened anew and durably rebuilt, says what
/// holds.
void Desk::settle_attempt() {
  if (!m_attempted) return;
  const auto job = job_of(*m_attempted);
  if (!job) {
    // Not an answer: it is asked again at the next look.
    spdlog::error("submit.doubtful why=\"{}\"", job.error().text);
    return;
  }
  store::Issued attempted = *std::exchange(m_attempted, std::nullopt);
  if (*job) {
    attempted.job = **job;
    spdlog::warn("submit.stands seq={}", attempted.seq);
    return show(attempted);
  }
  tell(session::SubmitFailed{});
  m_told_faults.reset();
}

/// The print job of a receipt: nothing when the store does not know the receipt, 0 when its job has ended.
record::Result<std::optional<std::int64_t>> Desk::job_of(const store::Issued& issued) {
  const std::lock_guard guard(m_store_mutex);
  const auto row = m_store->find_by_number(issued.number);
  if (!row) return tl::unexpected(row.error());
  if (!*row || (*row)->seq != issued.seq) return std::nullopt;
  const auto jobs = m_store->open_jobs();
  if (!jobs) return tl::unexpected(jobs.error());
  for (const store::PrintJob& job : *jobs) {
    if (job.number == issued.number) return job.id;
  }
  return 0;
}

void Desk::on(const session::SubmitComplaint& order) {
  if (!m_store) return refuse({record::ErrorKind::unavailable, "store: not open"});
  if (!m_data_key) on(session::PrepareDataKey{});
  if (!m_data_key) return refuse({record::ErrorKind::crypto, "seal: the centre's keys cannot be used"});
  const slip::Hall hall = slip::hall_of(m_terminal.settings, *m_identity);
  std::optional<store::Issued> attempted;
  store::Submission submission{
      .complaint = &order.complaint,
      .data_key = *std::move(m_data_key),
      .limits = m_terminal.catalogue.limits,
      .holidays = &m_terminal.catalogue.holidays,
      .utc_offset_min = record::utc_offset_min(m_terminal.settings.zone),
      .printer = "struk",
      .payload =
          [&](const store::Issued& issued) {
            attempted = issued;
            return slip::payload(issued, order.complaint, hall, m_terminal.catalogue);
          },
      .nonce = m_nonce ? *std::move(m_nonce) : record::SigningNonce::prepare(),
  };
  m_data_key.reset();
  m_nonce.reset();
  record::Result<store::Issued> issued = [&] {
    const std::lock_guard guard(m_store_mutex);
    return m_store->submit(std::move(submission));
  }();
  if (issued) return show(*issued);
  const record::ErrorKind kind = issued.error().kind;
  if (!attempted || (kind != record::ErrorKind::io && kind != record::ErrorKind::corrupt))
    return refuse(issued.error());
  spdlog::error("submit.doubtful why=\"{}\"", issued.error().text);
  m_attempted.emplace(*std::move(attempted));
  look_at_storage();
}

void Desk::show(const store::Issued& issued) {
  session::Receipt receipt;
  receipt.number = issued.number;
  receipt.code = issued.code;
  receipt.url = record::token_url(slip::hall_of(m_terminal.settings, *m_identity).public_url, issued.token);
  receipt.due = issued.due;
  receipt.job = issued.job;
  m_told_print = {issued.job, session::Print::waiting, {}};
  receipt::QrCode code = receipt::make_qr(receipt.url.str());
  tell(session::Submitted{std::move(receipt)}, screens::QrModules{code.size, std::move(code.dark)});
  m_printers->wake();
  if (!m_printers->prints()) {
    tell(session::PrintChanged{issued.job, session::Print::not_printed, "offline"});
  }
  store::ring(store::sync_bell(m_terminal.settings.runtime));
}

void Desk::tell_print() {
  if (!m_print_moved.exchange(false) || !m_printers) return;
  // A printed receipt is an event of its own, as is what staff did.
  const std::uint64_t last_seq = [this] {
    const std::lock_guard guard(m_store_mutex);
    return m_store->last_seq();
  }();
  if (std::exchange(m_told_seq, last_seq) != last_seq) store::ring(store::sync_bell(m_terminal.settings.runtime));
  if (m_told_print.job == 0) return;
  const auto snapshot = m_printers->snapshot_of(m_told_print.job);
  if (!snapshot) return;
  const session::PrintChanged now = print_news(*snapshot, snapshot->elsewhere);
  if (!is_news(now, m_told_print)) return;
  m_told_print = now;
  tell(now);
}

void Desk::look_after_printers() {
  if (!m_printers) return;
  if (const auto tended = m_printers->tend(); !tended)
    spdlog::warn("printer.not_moved why=\"{}\"", tended.error().text);
  if (!m_control) return;
  m_control->serve([this](std::string_view order) {
    m_print_moved = true;  // whatever was done, the agent may have an event to send
    return slip::answer_order(*m_printers, order);
  });
}

/// Of the confirmations only those that confirm something are told: a screen at rest draws nothing.
void Desk::tell_uplink() {
  if (!m_store || Steady::now() < m_uplink_at) return;
  m_uplink_at = Steady::now() + k_uplink_every;
  session::Uplink now;
  now.known = true;
  const std::uint64_t last_seq = [this] {
    const std::lock_guard guard(m_store_mutex);
    return m_store->last_seq();
  }();
  now.waiting = last_seq;
  auto sync = store::SyncReader::open(m_terminal.settings.data);
  if (const auto state = sync ? sync->state() : record::Result<store::SyncState>(tl::unexpected(sync.error()))) {
    now.waiting = last_seq - std::min(last_seq, state->acked_seq);
    now.reachable = state->last_error.empty();
    now.confirmed_ms = state->heard_ms();
  }
  session::Uplink same = now;
  if (m_told_uplink) same.confirmed_ms = m_told_uplink->confirmed_ms;
  if (m_told_uplink == same) return;
  m_told_uplink = now;
  tell(session::UplinkChanged{now});
}

std::int64_t Desk::delivered_ms(const record::TrackingNumber& number) {
  // Called by the ledger, which holds the store's mutex.
  const auto receipt = m_store->find_by_number(number);
  auto sync = store::SyncReader::open(m_terminal.settings.data);
  if (!receipt || !*receipt || !sync) return 0;
  const auto state = sync->state();
  return state && (*receipt)->seq <= state->acked_seq ? state->heard_ms() : 0;
}

void Desk::on(const session::AskCase& order) {
  on(session::ForgetCase{});
  if (!m_store) return tell(session::CaseAnswered{order.question, session::TrackState::offline});
  Pending pending;
  pending.id = record::Uuid::make(unix_ms());
  pending.question = order.question;
  pending.until = Steady::now() + k_answer_patience;
  store::Question question;
  question.id = pending.id;
  question.code_hash = order.code.code_hash();
  question.reply_key = pending.reply.public_key();
  question.asked_ms = unix_ms();
  {
    const std::lock_guard guard(m_store_mutex);
    if (const auto asked = m_store->ask(question); !asked) {
      spdlog::warn("question.failed why=\"{}\"", asked.error().text);
      return tell(session::CaseAnswered{order.question, session::TrackState::offline});
    }
  }
  m_pending.emplace(std::move(pending));
  store::ring(store::sync_bell(m_terminal.settings.runtime));
}

void Desk::on(const session::ForgetCase&) {
  if (!m_pending) return;
  if (m_store) {
    const std::lock_guard guard(m_store_mutex);
    if (const auto done = m_store->forget_question(m_pending->id); !done)
      spdlog::warn("question.not_forgotten why=\"{}\"", done.error().text);
  }
  m_pending.reset();
}

void Desk::look_for_answer() {
  if (!m_pending) return;
  std::optional<store::Answer> answer;
  if (auto sync = store::SyncReader::open(m_terminal.settings.data)) {
    if (auto found = sync->answer_to(m_pending->id)) answer = *std::move(found);
  }
  if (!answer && Steady::now() < m_pending->until) return;
  session::CaseAnswered out{m_pending->question, session::TrackState::offline};
  if (answer && answer->finding == 1) {
    if (auto plain = m_pending->reply.open(answer->sealed_case)) {
      out.state = session::TrackState::found;
      out.case_json = std::string(plain->begin(), plain->end());
      record::wipe(*plain);
    }
  } else if (answer) {
    out.state = answer->finding == 3 ? session::TrackState::throttled : session::TrackState::unknown;
  }
  on(session::ForgetCase{});
  tell(std::move(out));
}

void Desk::on(const session::RingStaff& order) {
  spdlog::info("staff.{}", order.wanted ? "called" : "not_needed");
  if (!order.wanted) return;
  m_calls = std::min(m_calls + 1, k_most_calls);
  record_calls();
}

/// While the store is shut the calls are counted; they are recorded when it opens.
void Desk::record_calls() {
  if (!m_store || m_calls == 0) return;
  for (; m_calls > 0; m_calls--) {
    const std::lock_guard guard(m_store_mutex);
    const auto done = m_store->append(record::EventType::assistance_requested, record::Uuid::make(unix_ms()), {});
    if (done) continue;
    spdlog::warn("staff.not_recorded why=\"{}\"", done.error().text);
    return;
  }
  store::ring(store::sync_bell(m_terminal.settings.runtime));
}

}  // namespace anjungan::app
