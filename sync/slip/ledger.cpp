// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/ledger.h"

#include "sync/record/keys.h"

namespace anjungan::slip {

using spool::JobState;
using store::PrintState;

namespace {

tl::unexpected<spool::Error> refused(const record::Error& error) {
  return tl::unexpected(spool::Error{spool::ErrorKind::disk, error.text});
}

JobState to_spool(PrintState state) {
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

// To the queue again: marked where the one before may be on paper.
void put_back(store::PrintJob& job) {
  if (job.state == PrintState::unknown) job.mark++;
  job.state = PrintState::queued;
  job.handle.clear();
  job.reason.clear();
}

}  // namespace

Ledger::Ledger(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms)
    : m_store(store), m_mutex(store_mutex), m_hall(std::move(hall)), m_delivered_ms(std::move(delivered_ms)) {}

spool::Result<std::optional<spool::Job>> Ledger::next() {
  const std::lock_guard guard(m_mutex);
  auto jobs = m_store.open_jobs();
  if (!jobs) return refused(jobs.error());
  for (store::PrintJob& one : *jobs) {
    auto may = may_print(one);
    if (!may) return refused(may.error());
    if (!*may) continue;
    return spool::Job{one.id,     to_spool(one.state), one.attempt, job_title(one.number, one.copy, one.mark),
                      one.handle, one.reason};
  }
  return std::nullopt;
}

record::Result<bool> Ledger::may_print(store::PrintJob& job) {
  // At the printer: only its end is missing.
  if (job.state == PrintState::sending) return true;
  const bool asked = job.state == PrintState::queued && job.reason == k_asked;
  if (!asked && m_store.now_ms() - job.created_ms > k_valid_ms) {
    if (job.reason == k_expired) return false;
    job.reason = k_expired;
    if (job.state == PrintState::queued) job.state = PrintState::failed;
    if (auto done = m_store.update_job(job); !done) return tl::unexpected(done.error());
    return false;
  }
  if (job.state != PrintState::unknown) return true;
  put_back(job);
  if (auto done = m_store.update_job(job); !done) return tl::unexpected(done.error());
  return true;
}

spool::Result<void> Ledger::retry(std::int64_t id) {
  const std::lock_guard guard(m_mutex);
  auto job = m_store.job(id);
  if (!job) return refused(job.error());
  if (!*job || (*job)->settled() || (*job)->state == PrintState::sending) {
    return refused({record::ErrorKind::conflict, "print job: it is at the printer or has ended"});
  }
  put_back(**job);
  (*job)->reason = k_asked;
  if (auto done = m_store.update_job(**job); !done) return refused(done.error());
  return {};
}

spool::Result<void> Ledger::abandon(std::int64_t id) {
  const std::lock_guard guard(m_mutex);
  auto job = m_store.job(id);
  if (!job) return refused(job.error());
  if (!*job || (*job)->settled() || (*job)->state == PrintState::sending) {
    return refused({record::ErrorKind::conflict, "print job: it is at the printer or has ended"});
  }
  (*job)->state = PrintState::voided;
  (*job)->reason = "abandoned";
  if (auto done = m_store.update_job(**job); !done) return refused(done.error());
  return {};
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
  return spool::Document{job.title, receipt::layout(*words, medium)};
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
  auto done = m_store.update_job(**kept);
  if (!done) return refused(done.error());
  return {};
}

}  // namespace anjungan::slip
