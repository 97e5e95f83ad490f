// SPDX-License-Identifier: Apache-2.0
#include "sync/slip/printer_desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "sync/slip/test_page.h"

namespace anjungan::slip {

using record::ErrorKind;
using record::fail;
using record::Result;
using store::PrintState;

namespace {

/// Without workers: how long a test page may take, and between two looks.
constexpr auto k_test_patience = std::chrono::seconds(30);
constexpr auto k_look_every = std::chrono::milliseconds(200);

}  // namespace

PrinterDesk::PrinterDesk(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms,
                         std::vector<Station> stations, std::int64_t fallback_after_ms, Steady steady)
    : m_store(store),
      m_mutex(store_mutex),
      m_hall(std::move(hall)),
      m_fallback_after_ms(fallback_after_ms),
      m_steady(std::move(steady)),
      m_ages(std::make_shared<Ages>(m_steady)) {
  ANJUNGAN_CHECK(!stations.empty());
  std::vector<std::string> others;
  for (std::size_t i = 1; i < stations.size(); i++) others.push_back(stations[i].name);
  for (std::size_t i = 0; i < stations.size(); i++) {
    Share share{stations[i].name, others, stations[i].roll_mm, i == 0};
    auto ledger = std::make_unique<Ledger>(store, store_mutex, m_hall, delivered_ms, std::move(share), m_ages);
    m_places.push_back({std::move(stations[i]), std::move(ledger), nullptr});
  }
}

PrinterDesk::~PrinterDesk() = default;

Result<void> PrinterDesk::start(const std::function<void()>& changed) {
  Result<void> out;
  for (Place& one : m_places) {
    if (one.spool) continue;
    auto printer = one.station.open();
    if (printer) {
      spool::SpoolOptions options;
      options.steady_ms = m_steady;
      one.spool = std::make_unique<spool::Spool>(*std::move(printer), *one.ledger, changed, options);
    } else if (out) {
      out = tl::unexpected(printer.error());
    }
  }
  return out;
}

bool PrinterDesk::started() const {
  return std::all_of(m_places.begin(), m_places.end(), [](const Place& one) { return one.spool != nullptr; });
}

void PrinterDesk::wake() {
  for (Place& one : m_places) {
    if (one.spool) one.spool->wake();
  }
}

std::optional<JobSnapshot> PrinterDesk::snapshot_of(std::int64_t job) const {
  std::optional<JobSnapshot> out;
  for (const Place& one : m_places) {
    if (!one.spool) continue;
    spool::Snapshot snapshot = one.spool->snapshot();
    if (snapshot.job != job || (out && snapshot.job_order < out->job_order)) continue;
    out = JobSnapshot{std::move(snapshot), &one != &m_places.front()};
  }
  if (out) return out;
  // The printers are at other jobs: what became of this one stands in the store.
  const std::lock_guard guard(m_mutex);
  const auto kept = m_store.job(job);
  if (!kept || !*kept) return std::nullopt;
  out.emplace();
  out->job = job;
  out->state = job_state((*kept)->state);
  out->reason = (*kept)->reason;
  out->elsewhere = !m_places.front().ledger->mine(**kept);
  return out;
}

Result<void> PrinterDesk::tend() {
  bool came_over = false;
  for (const Place& one : m_places) came_over = one.ledger->take_moved() || came_over;
  if (came_over) wake();
  if (m_fallback_after_ms == 0 || m_places.size() < 2 || !m_places[0].spool || !m_places[1].spool) return {};
  const std::int64_t unable_ms = m_places[0].spool->snapshot().unable_ms;
  if (unable_ms == 0 || !m_places[1].spool->snapshot().printer.usable()) return {};
  const auto lines = open_lines();
  if (!lines) return tl::unexpected(lines.error());
  const std::int64_t unable_for_ms = m_steady() - unable_ms;
  for (const JobLine& line : *lines) {
    const bool here = line.printer != m_places[1].station.name && !line.waits_for_staff;
    if (!here || std::min(unable_for_ms, line.age_ms) < m_fallback_after_ms) continue;
    const auto moved = m_places[0].ledger->move(line.id, m_places[1].station.name, "itself", false);
    if (!moved) return tl::unexpected(moved.error());
    if (*moved) {
      m_places[1].spool->wake();
    } else {
      m_places[0].spool->recall(line.id);
    }
  }
  return {};
}

JobLine PrinterDesk::line_of(const store::PrintJob& job) const {
  JobLine out{job.id, job.number, job.copy + job.mark, job.printer, job.state, job.reason, job.created_ms};
  out.age_ms = m_ages->of(job.id);
  out.waits_for_staff = waits_for_person(job);
  const auto known = [&](const Place& one) { return one.station.name == job.printer; };
  if (std::none_of(m_places.begin(), m_places.end(), known)) out.printer = m_places.front().station.name;
  return out;
}

Result<std::vector<JobLine>> PrinterDesk::open_lines() {
  const std::lock_guard guard(m_mutex);
  const auto jobs = m_store.open_jobs();
  if (!jobs) return tl::unexpected(jobs.error());
  m_ages->count(*jobs, m_store.now_ms());
  std::vector<JobLine> out;
  for (const store::PrintJob& job : *jobs) out.push_back(line_of(job));
  return out;
}

Result<std::vector<JobLine>> PrinterDesk::jobs(std::size_t most) {
  auto lines = open_lines();
  if (lines && lines->size() > most) lines->resize(most);
  return lines;
}

Result<std::vector<store::ReceiptRow>> PrinterDesk::printed(std::size_t most) {
  const std::lock_guard guard(m_mutex);
  auto rows = m_store.latest_receipts(most);
  if (!rows) return rows;
  std::erase_if(*rows, [](const store::ReceiptRow& one) {
    return one.print != PrintState::printed && one.print != PrintState::sent;
  });
  return rows;
}

Result<std::vector<PrinterState>> PrinterDesk::printers() {
  const auto lines = open_lines();
  if (!lines) return tl::unexpected(lines.error());
  std::vector<PrinterState> out;
  for (const Place& one : m_places) {
    PrinterState state;
    state.name = one.station.name;
    state.device = one.station.device;
    state.roll_mm = one.station.roll_mm;
    if (one.spool) {
      const spool::Snapshot snapshot = one.spool->snapshot();
      state.view = snapshot.printer;
      state.since_ms = snapshot.since_ms;
      state.test = snapshot.test;
    } else if (const auto printer = one.station.open()) {
      state.view = one.ledger->advise((*printer)->view());
    } else {
      state.view = {spool::Condition::error, printer.error().text};
    }
    for (const JobLine& line : *lines) {
      if (line.printer != state.name) continue;
      state.waiting++;
      if (line.waits_for_staff) state.for_staff++;
      if (!state.oldest) state.oldest = line;
    }
    const std::lock_guard guard(m_mutex);
    const auto note = m_store.printer(state.name);
    if (!note) return tl::unexpected(note.error());
    state.paused_ms = note->paused_ms;
    state.used_mm = note->used_mm;
    state.changed_ms = note->changed_ms;
    if (note->paused_ms != 0) state.since_ms = note->paused_ms;
    out.push_back(std::move(state));
  }
  return out;
}

Result<PrinterDesk::Place*> PrinterDesk::place(const std::string& printer) {
  std::string names;
  for (Place& one : m_places) {
    if (one.station.name == printer) return &one;
    names += (names.empty() ? "" : ", ") + one.station.name;
  }
  return fail(ErrorKind::not_found, fmt::format("printer: this terminal has {}", names));
}

Result<PrinterDesk::Place*> PrinterDesk::place_of(std::int64_t id) {
  const std::lock_guard guard(m_mutex);
  const auto job = m_store.job(id);
  if (!job) return tl::unexpected(job.error());
  if (!*job) return fail(ErrorKind::not_found, "print job: there is none with this id");
  for (Place& one : m_places) {
    if (one.station.name == (*job)->printer) return &one;
  }
  return &m_places.front();
}

Result<void> PrinterDesk::retry(std::int64_t job, std::string_view by) {
  const auto where = place_of(job);
  if (!where) return tl::unexpected(where.error());
  if (auto done = (*where)->ledger->retry(job, by); !done) return done;
  wake();
  return {};
}

Result<std::int64_t> PrinterDesk::reprint(const record::TrackingNumber& number) {
  const std::lock_guard guard(m_mutex);
  const auto jobs = m_store.jobs_of(number);
  if (!jobs) return tl::unexpected(jobs.error());
  int copy = 0;  // as papers of this number have said it
  for (const store::PrintJob& job : *jobs) {
    copy = std::max(copy, job.copy + job.mark);
    if (job.settled()) continue;
    return fail(ErrorKind::conflict,
                fmt::format("{}: its receipt is not printed yet; retry, move or abandon job {}", number.str(), job.id));
  }
  const std::string printer = m_places.front().station.name;
  const auto issued = m_store.reissue(
      number, "reprint", printer, [&](const store::Issued& again) { return short_payload(again, copy + 1, m_hall); });
  if (!issued) return tl::unexpected(issued.error());
  wake();
  return issued->job;
}

Result<Outcome> PrinterDesk::move(std::int64_t job, const std::string& to, std::string_view by) {
  const auto target = place(to);
  if (!target) return tl::unexpected(target.error());
  const auto where = place_of(job);
  if (!where) return tl::unexpected(where.error());
  if (*where == *target) return fail(ErrorKind::conflict, fmt::format("print job: it is with {} already", to));
  const auto done = (*where)->ledger->move(job, to, by);
  if (!done) return tl::unexpected(done.error());
  if (!*done && !(*where)->spool) return fail(ErrorKind::conflict, "print job: it is at the printer; start the kiosk");
  if (!*done) (*where)->spool->recall(job);
  wake();
  return *done ? Outcome::done : Outcome::under_way;
}

Result<Outcome> PrinterDesk::abandon(std::int64_t job, std::string_view by) {
  const auto where = place_of(job);
  if (!where) return tl::unexpected(where.error());
  const auto done = (*where)->ledger->abandon(job, by);
  if (!done) return tl::unexpected(done.error());
  if (!*done && !(*where)->spool) return fail(ErrorKind::conflict, "print job: it is at the printer; start the kiosk");
  if (!*done) (*where)->spool->recall(job);
  wake();
  return *done ? Outcome::done : Outcome::under_way;
}

Result<void> PrinterDesk::deed(const std::string& printer, const char* what, std::string_view by,
                               const std::function<void(store::PrinterNote&)>& change) {
  const std::lock_guard guard(m_mutex);
  auto note = m_store.printer(printer);
  if (!note) return tl::unexpected(note.error());
  change(*note);
  return m_store.update_printer(*note, {{"printer", printer}, {"deed", what}, {"by", std::string(by)}});
}

Result<void> PrinterDesk::pause(const std::string& printer, std::string_view by) {
  const auto where = place(printer);
  if (!where) return tl::unexpected(where.error());
  auto done = deed(printer, "pause", by, [this](store::PrinterNote& note) {
    if (note.paused_ms == 0) note.paused_ms = m_store.now_ms();
  });
  wake();
  return done;
}

Result<Outcome> PrinterDesk::resume(const std::string& printer, std::string_view by) {
  const auto where = place(printer);
  if (!where) return tl::unexpected(where.error());
  if (auto done = deed(printer, "resume", by, [](store::PrinterNote& note) { note.paused_ms = 0; }); !done) {
    return tl::unexpected(done.error());
  }
  if ((*where)->spool) {
    (*where)->spool->resume();
    return Outcome::under_way;
  }
  auto device = (*where)->station.open();
  if (!device) return tl::unexpected(device.error());
  if (const auto done = (*device)->resume(); !done) {
    return fail(done.error().kind == spool::ErrorKind::rejected ? ErrorKind::denied : ErrorKind::unavailable,
                done.error().text);
  }
  return Outcome::done;
}

Result<Outcome> PrinterDesk::test_page(const std::string& printer, std::string_view by) {
  const auto where = place(printer);
  if (!where) return tl::unexpected(where.error());
  if (auto done = deed(printer, "test", by, [](store::PrinterNote&) {}); !done) return tl::unexpected(done.error());
  const Station& station = (*where)->station;
  if (!(*where)->spool) return print_test_now(**where);
  (*where)->spool->print_test([content = test_content(m_hall, station.device, m_store.now_ms()),
                               title = test_title(m_store.now_ms())](const receipt::Medium& medium) {
    return spool::Document{title, receipt::layout(content, medium)};
  });
  return Outcome::under_way;
}

Result<Outcome> PrinterDesk::print_test_now(const Place& place) {
  auto printer = place.station.open();
  if (!printer) return tl::unexpected(printer.error());
  const receipt::Content content = test_content(m_hall, place.station.device, m_store.now_ms());
  const auto handle =
      (*printer)->submit({test_title(m_store.now_ms()), receipt::layout(content, (*printer)->medium())});
  if (!handle) return fail(ErrorKind::unavailable, fmt::format("{}: {}", place.station.device, handle.error().text));
  const auto until = std::chrono::steady_clock::now() + k_test_patience;
  std::mutex alone;
  std::condition_variable never;
  std::unique_lock guard(alone);
  for (;;) {
    const spool::JobView view = (*printer)->poll(*handle);
    if (view.state == spool::JobState::printed || view.state == spool::JobState::sent) return Outcome::done;
    const bool over = view.state != spool::JobState::sending && view.state != spool::JobState::queued;
    if (over || std::chrono::steady_clock::now() > until) {
      static_cast<void>((*printer)->cancel(*handle));
      return fail(ErrorKind::unavailable,
                  fmt::format("{}: {}", place.station.device, view.reason.empty() ? "no answer" : view.reason.c_str()));
    }
    never.wait_for(guard, k_look_every);
  }
}

Result<void> PrinterDesk::paper_changed(const std::string& printer, std::string_view by) {
  const auto where = place(printer);
  if (!where) return tl::unexpected(where.error());
  auto done = deed(printer, "paper", by, [this](store::PrinterNote& note) {
    note.used_mm = 0;
    note.changed_ms = m_store.now_ms();
  });
  wake();
  return done;
}

}  // namespace anjungan::slip
