// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/ledger.h"

#include <algorithm>
#include <utility>

#include "sync/record/keys.h"

namespace anjungan::slip {

using spool::JobState;
using store::PrintState;

namespace {

tl::unexpected<spool::Error> refused(const record::Error& error) {
  return tl::unexpected(spool::Error{spool::ErrorKind::disk, error.text});
}

}  // namespace

JobState job_state(PrintState state) {
  switch (state) {
    case PrintState::queued:
      return JobState::queued;
    case PrintState::sending:
      return JobState::sending;
    case PrintState::sent:
      return JobState::sent;
    case PrintState::printed:
      return JobState::printed;
    case PrintState::failed:
      return JobState::failed;
    case PrintState::unknown:
    case PrintState::voided:
      return JobState::unknown;
  }
  return JobState::unknown;
}

namespace {

PrintState to_store(JobState state) {
  switch (state) {
    case JobState::queued:
      return PrintState::queued;
    case JobState::sending:
      return PrintState::sending;
    case JobState::sent:
      return PrintState::sent;
    case JobState::printed:
      return PrintState::printed;
    case JobState::failed:
      return PrintState::failed;
    case JobState::unknown:
      return PrintState::unknown;
  }
  return PrintState::unknown;
}

constexpr const char* k_asked = "asked";

/// Between the head and the knife: fed with every receipt.
constexpr int k_feed_mm = 18;
/// Of a roll; then staff are told.
constexpr int k_low_percent = 10;

int length_mm(const receipt::Page& page) {
  if (page.medium.height > 0) return 0;  // sheets
  return (page.height * 254 + page.medium.dpi * 10 - 1) / (page.medium.dpi * 10) + k_feed_mm;
}

// To the queue again: marked where the one before may be on paper.
void put_back(store::PrintJob& job) {
  if (job.state == PrintState::unknown) job.mark++;
  job.state = PrintState::queued;
  job.handle.clear();
  job.reason.clear();
}

record::Facts deed_of(const store::PrintJob& job, std::string_view deed, std::string_view by) {
  return {{"printer", job.printer}, {"deed", std::string(deed)}, {"number", job.number.str()}, {"by", std::string(by)}};
}

/// It came out so often, perhaps, that the next copy is a person's decision.
bool often(const store::PrintJob& job) { return job.state == PrintState::unknown && job.mark >= k_most_marks; }

}  // namespace

bool waits_for_person(const store::PrintJob& job) { return job.reason == k_expired || job.reason == k_uncertain; }

Ledger::Ledger(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms, Share share,
               std::shared_ptr<Ages> ages)
    : m_store(store),
      m_mutex(store_mutex),
      m_hall(std::move(hall)),
      m_delivered_ms(std::move(delivered_ms)),
      m_share(std::move(share)),
      m_ages(ages ? std::move(ages) : std::make_shared<Ages>()) {}

bool Ledger::mine(const store::PrintJob& job) const {
  if (!m_share.first) return job.printer == m_share.printer;
  return std::find(m_share.others.begin(), m_share.others.end(), job.printer) == m_share.others.end();
}

spool::Result<std::optional<spool::Job>> Ledger::next() {
  const std::lock_guard guard(m_mutex);
  auto jobs = m_store.open_jobs();
  if (!jobs) return refused(jobs.error());
  const auto note = m_store.printer(m_share.printer);
  if (!note) return refused(note.error());
  m_ages->count(*jobs, m_store.now_ms());
  for (store::PrintJob& one : *jobs) {
    if (!mine(one)) continue;
    // What is at the printer is followed to its end all the same.
    if (note->paused_ms != 0 && one.state != PrintState::sending) continue;
    auto may = may_print(one);
    if (!may) return refused(may.error());
    if (!*may) continue;
    return spool::Job{
        one.id, job_state(one.state), one.attempt, job_title(one.number, one.copy, one.mark), one.handle, one.reason};
  }
  return std::nullopt;
}

record::Result<bool> Ledger::may_print(store::PrintJob& job) {
  // At the printer: only its end is missing.
  if (job.state == PrintState::sending) return true;
  const bool asked = job.state == PrintState::queued && job.reason == k_asked;
  if (!asked && (often(job) || m_ages->of(job.id) > k_valid_ms)) {
    if (waits_for_person(job)) return false;
    job.reason = often(job) ? k_uncertain : k_expired;
    if (job.state == PrintState::queued) job.state = PrintState::failed;
    if (auto done = m_store.update_job(job); !done) return tl::unexpected(done.error());
    return false;
  }
  if (job.state != PrintState::unknown) return true;
  put_back(job);
  if (auto done = m_store.update_job(job); !done) return tl::unexpected(done.error());
  return true;
}

spool::PrinterView Ledger::advise(spool::PrinterView seen) {
  const std::lock_guard guard(m_mutex);
  const auto note = m_store.printer(m_share.printer);
  if (!note) return seen;
  if (note->paused_ms != 0) return {spool::Condition::paused, "staff want nothing printed here"};
  const std::int64_t left_mm = m_share.roll_mm - note->used_mm;
  const bool metered = m_share.roll_mm > 0 && note->changed_ms != 0;
  if (seen.condition == spool::Condition::ready && metered && left_mm * 100 <= m_share.roll_mm * k_low_percent) {
    return {spool::Condition::low_paper, "by the meter"};
  }
  return seen;
}

bool Ledger::take_moved() {
  const std::lock_guard guard(m_mutex);
  return std::exchange(m_moved, false);
}

record::Result<store::PrintJob> Ledger::open_job(std::int64_t id) {
  auto job = m_store.job(id);
  if (!job) return tl::unexpected(job.error());
  if (!*job) return record::fail(record::ErrorKind::not_found, "print job: there is none with this id");
  if ((*job)->settled()) {
    return record::fail(record::ErrorKind::conflict, "print job: it has ended; reprint its number instead");
  }
  return **job;
}

record::Result<void> Ledger::retry(std::int64_t id, std::string_view by) {
  const std::lock_guard guard(m_mutex);
  auto job = open_job(id);
  if (!job) return tl::unexpected(job.error());
  if (job->state == PrintState::sending) {
    return record::fail(record::ErrorKind::conflict, "print job: it is at the printer");
  }
  put_back(*job);
  job->reason = k_asked;
  const record::Facts deed = deed_of(*job, "retry", by);
  return m_store.update_job(*job, &deed);
}

record::Result<bool> Ledger::abandon(std::int64_t id, std::string_view by) { return fulfil(id, {"", std::string(by)}); }

record::Result<bool> Ledger::move(std::int64_t id, const std::string& printer, std::string_view by, bool whatever_age) {
  return fulfil(id, {printer, std::string(by), whatever_age});
}

record::Result<bool> Ledger::fulfil(std::int64_t id, Wish wish) {
  const std::lock_guard guard(m_mutex);
  auto job = open_job(id);
  if (!job) return tl::unexpected(job.error());
  if (job->state == PrintState::sending) {
    m_wishes[id] = std::move(wish);
    return false;
  }
  if (auto done = carry_out(*job, wish); !done) return tl::unexpected(done.error());
  return true;
}

record::Result<void> Ledger::carry_out(store::PrintJob job, const Wish& wish) {
  if (wish.printer.empty()) {
    const record::Facts deed = deed_of(job, "abandon", wish.by);
    job.state = PrintState::voided;
    job.reason = "abandoned";
    return m_store.update_job(job, &deed);
  }
  // By itself it moves no further than it prints by itself.
  if (!wish.whatever_age && often(job)) return {};
  record::Facts deed = deed_of(job, "move", wish.by);
  deed["to"] = wish.printer;
  put_back(job);
  job.printer = wish.printer;
  if (wish.whatever_age) job.reason = k_asked;
  return m_store.update_job(job, &deed);
}

spool::Result<spool::Document> Ledger::document(const spool::Job& job, const receipt::Medium& medium) {
  const std::lock_guard guard(m_mutex);
  auto kept = m_store.job(job.id);
  if (!kept) return refused(kept.error());
  if (!*kept) return refused({record::ErrorKind::not_found, "print job: gone"});
  auto payload = m_store.payload(job.id);
  if (!payload && payload.error().kind == record::ErrorKind::crypto) {
    const int copy = (*kept)->copy + (*kept)->mark + 1;
    auto issued = m_store.reissue((*kept)->number, "power", (*kept)->printer,
                                  [&](const store::Issued& again) { return short_payload(again, copy, m_hall); });
    return refused(issued ? record::Error{record::ErrorKind::not_found, "print job: replaced by its short form"}
                          : issued.error());
  }
  if (!payload) return refused(payload.error());
  auto words = content(*payload, m_hall, m_delivered_ms((*kept)->number), {(*kept)->mark, m_store.now_ms()});
  record::wipe(*payload);
  if (!words) return refused(words.error());
  spool::Document out{job.title, receipt::layout(*words, medium)};
  m_laid_out = job.id;
  m_length_mm = length_mm(out.page);
  return out;
}

spool::Result<void> Ledger::record(const spool::Job& job) {
  const std::lock_guard guard(m_mutex);
  auto kept = m_store.job(job.id);
  if (!kept) return refused(kept.error());
  if (!*kept) return refused({record::ErrorKind::not_found, "print job: gone"});
  (*kept)->state = to_store(job.state);
  (*kept)->attempt = job.attempt;
  (*kept)->handle = job.handle;
  (*kept)->reason = job.reason;
  if (job.state == JobState::sending && m_laid_out == job.id) (*kept)->length_mm = m_length_mm;
  if (auto done = m_store.update_job(**kept); !done) return refused(done.error());
  const auto wish = m_wishes.find(job.id);
  if (wish == m_wishes.end() || job.state == JobState::sending) return {};
  // A crash before this leaves an open job here, which is honest too.
  record::Result<void> done;
  if (!(*kept)->settled()) {
    done = carry_out(**kept, wish->second);
    m_moved = true;
  }
  m_wishes.erase(wish);
  if (!done) return refused(done.error());
  return {};
}

}  // namespace anjungan::slip
