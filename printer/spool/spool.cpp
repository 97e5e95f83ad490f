// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/spool.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace anjungan::spool {

using Clock = std::chrono::steady_clock;

namespace {

std::int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::atomic<std::uint64_t> g_order = 0;

bool gets_on(const PrinterView& printer, const Job* job) {
  const bool waits = job != nullptr && (job->state == JobState::sending || job->state == JobState::failed);
  return printer.usable() && !(waits && !job->reason.empty());
}

/// A try has begun, and whether the printer takes it is not known yet.
bool tries(const Job* job) {
  return job != nullptr && job->state == JobState::sending && job->handle.empty() && job->reason.empty();
}

}  // namespace

Spool::Spool(std::unique_ptr<Printer> printer, JobLedger& ledger, std::function<void()> changed,
             const SpoolOptions& options)
    : m_printer(std::move(printer)),
      m_ledger(ledger),
      m_changed(std::move(changed)),
      m_options(options),
      m_thread([this] { run(); }) {}

Spool::~Spool() {
  {
    const std::lock_guard guard(m_mutex);
    m_ending = true;
  }
  m_wake.notify_all();
  m_thread.join();
}

void Spool::wake() {
  {
    const std::lock_guard guard(m_mutex);
    m_woken = true;
  }
  m_wake.notify_all();
}

void Spool::recall(std::int64_t job) {
  {
    const std::lock_guard guard(m_mutex);
    m_recalled = job;
  }
  wake();
}

void Spool::resume_if_asked() {
  {
    const std::lock_guard guard(m_mutex);
    if (!std::exchange(m_resume, false)) return;
  }
  static_cast<void>(m_printer->resume());
}

bool Spool::recalled(std::int64_t job) {
  const std::lock_guard guard(m_mutex);
  return m_recalled == job;
}

void Spool::resume() {
  {
    const std::lock_guard guard(m_mutex);
    m_resume = true;
  }
  wake();
}

void Spool::print_test(std::function<Document(const receipt::Medium&)> page) {
  {
    const std::lock_guard guard(m_mutex);
    m_test = std::move(page);
    m_told.test = m_snapshot.test = {JobState::sending, ""};  // whoever ordered it knows; its end is news
  }
  wake();
}

Snapshot Spool::snapshot() const {
  const std::lock_guard guard(m_mutex);
  return m_snapshot;
}

bool Spool::wait(int ms) {
  std::unique_lock guard(m_mutex);
  m_wake.wait_for(guard, std::chrono::milliseconds(ms), [this] { return m_ending || m_woken; });
  m_woken = false;
  return !m_ending;
}

bool Spool::rest() {
  const auto until = Clock::now() + std::chrono::milliseconds(m_options.idle_ms);
  while (Clock::now() < until) {
    {
      std::unique_lock guard(m_mutex);
      m_wake.wait_for(guard, std::chrono::milliseconds(std::min(m_options.glance_ms, m_options.idle_ms)),
                      [this] { return m_ending || m_woken; });
      if (m_ending) return false;
      if (std::exchange(m_woken, false)) return true;
    }
    if (m_printer->changed()) return true;
  }
  return true;
}

void Spool::publish(const Job* job) {
  // One that has just not answered is not asked again: what it is called must be on the screen within two seconds.
  const bool down = job != nullptr && job->reason == error_keyword(ErrorKind::spooler_down);
  const PrinterView printer = m_ledger.advise(down ? PrinterView{Condition::spooler_down, ""} : m_printer->view());
  {
    const std::lock_guard guard(m_mutex);
    const std::int64_t now = unix_ms();
    if (m_snapshot.since_ms == 0 || m_snapshot.printer.condition != printer.condition) m_snapshot.since_ms = now;
    m_snapshot.printer = printer;
    if (job != nullptr) {
      m_snapshot.job = job->id;
      m_snapshot.state = job->state;
      m_snapshot.reason = job->reason;
      m_snapshot.begun = job->begun;
      m_snapshot.job_order = ++g_order;
    }
    if (gets_on(printer, job)) {
      if (!tries(job)) m_snapshot.unable_ms = 0;
    } else if (m_snapshot.unable_ms == 0) {
      // 0 is "it does": a clock that begins there is a millisecond late.
      m_snapshot.unable_ms = std::max<std::int64_t>(m_options.steady_ms(), 1);
    }
    // A printer at rest wakes nobody.
    if (m_snapshot == m_told) return;
    m_told = m_snapshot;
  }
  if (m_changed) m_changed();
}

void Spool::run() {
  publish(nullptr);
  for (;;) {
    const bool busy = step();
    if (!(busy ? wait(0) : rest())) return;
  }
}

bool Spool::step() {
  std::function<Document(const receipt::Medium&)> test;
  {
    const std::lock_guard guard(m_mutex);
    test.swap(m_test);
  }
  resume_if_asked();
  if (test) print_test_page(test(m_printer->medium()));
  auto next = m_ledger.next();
  if (!next || !*next) {
    publish(nullptr);
    return false;
  }
  Job job = std::move(**next);
  if (job.state == JobState::sending) {
    // The end came while it was at the printer: followed on, or between the record and the printer's answer: looked up.
    if (job.handle.empty()) {
      auto found = m_printer->find(job.title, job.attempt);
      if (!found) {
        job.reason = error_keyword(found.error().kind);
        publish(&job);
        return wait(m_options.retry_ms);
      }
      job.handle = found->value_or("");
    }
    if (!job.handle.empty()) {
      if (!m_ledger.record(job)) return false;
      follow(std::move(job));
      return true;
    }
  }
  auto document = m_ledger.document(job, m_printer->medium());
  if (!document) return true;  // the ledger has put another job in its place
  job.state = JobState::sending;
  job.attempt++;
  job.handle.clear();
  job.reason.clear();
  job.begun = false;
  document->attempt = job.attempt;
  if (!m_ledger.record(job)) return false;
  publish(&job);
  auto handle = m_printer->submit(*document);
  if (!handle) {
    // Nothing has reached the paper: the same job is tried again, unmarked.
    job.state = JobState::failed;
    job.reason = error_keyword(handle.error().kind);
    static_cast<void>(m_ledger.record(job));
    publish(&job);
    return wait(m_options.retry_ms);
  }
  job.handle = *handle;
  if (!m_ledger.record(job)) return false;
  follow(std::move(job));
  return true;
}

void Spool::print_test_page(const Document& page) {
  const auto tell = [this](const JobView& view) {
    {
      const std::lock_guard guard(m_mutex);
      m_snapshot.test = view;
    }
    publish(nullptr);
  };
  const auto handle = m_printer->submit(page);
  if (!handle) return tell({JobState::failed, error_keyword(handle.error().kind)});
  const auto asked = Clock::now();
  JobView before;
  for (;;) {
    const JobView view = m_printer->poll(*handle);
    if (view.state != before.state || view.reason != before.reason) tell(view);
    before = view;
    if (view.state != JobState::sending && view.state != JobState::queued) return;
    // It waits for nobody: receipts come behind it.
    if (Clock::now() - asked > std::chrono::milliseconds(m_options.test_ms)) {
      static_cast<void>(m_printer->cancel(*handle));
    }
    if (!wait(m_options.poll_ms)) return;
  }
}

void Spool::follow(Job job) {
  auto silent_since = Clock::now();
  for (;;) {
    // The job may be what a stopped queue holds.
    resume_if_asked();
    if (recalled(job.id)) static_cast<void>(m_printer->cancel(job.handle));
    const JobView view = m_printer->poll(job.handle);
    const bool changed = view.state != job.state || view.reason != job.reason;
    const bool begins = view.begun && !job.begun;
    job.state = view.state;
    job.reason = view.reason;
    job.begun = job.begun || view.begun;
    // A job that says what it waits for may wait; one that says nothing is given up.
    if (!job.reason.empty()) silent_since = Clock::now();
    if (job.state == JobState::sending &&
        Clock::now() - silent_since > std::chrono::milliseconds(m_options.give_up_ms)) {
      job.state = JobState::unknown;
      job.reason = "no-answer";
    }
    const bool ended = job.state != JobState::sending && job.state != JobState::queued;
    if (ended || changed) {
      if (!m_ledger.record(job)) return;
      publish(&job);
    } else if (begins || m_printer->changed()) {
      publish(&job);
    }
    if (ended) {
      if (recalled(job.id)) recall(0);
      // A job that the printer gave back is not sent anew at once.
      if (job.state == JobState::failed) static_cast<void>(wait(m_options.retry_ms));
      return;
    }
    if (!wait(m_options.poll_ms)) return;
  }
}

}  // namespace anjungan::spool
