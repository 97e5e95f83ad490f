// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/desk.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

#include "printer/receipt/page.h"
#include "sync/slip/terminal_printer.h"
#include "sync/store/sync_store.h"

namespace anjungan::app {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t k_most_orders = 64;
constexpr std::size_t k_most_news = 256;
constexpr int k_storage_every_ms = 3'000;
constexpr int k_answer_every_ms = 250;
/// A citizen is not held longer by a silent network.
constexpr auto k_answer_patience = std::chrono::seconds(12);

std::int64_t unix_ms() { return record::SystemClock().unix_ms(); }

session::Print print_of(const spool::Snapshot& snapshot) {
  switch (snapshot.state) {
    case spool::JobState::queued:
      return snapshot.printer.usable() || snapshot.reason.empty() ? session::Print::waiting
                                                                  : session::Print::not_printed;
    case spool::JobState::sending:
      return session::Print::printing;
    case spool::JobState::sent:
      return session::Print::sent;
    case spool::JobState::printed:
      return session::Print::printed;
    case spool::JobState::failed:
    case spool::JobState::unknown:
      return session::Print::not_printed;
  }
  return session::Print::waiting;
}

bool read_only(const std::string& folder) {
  struct statvfs fs{};
  if (statvfs(folder.c_str(), &fs) != 0) return false;
  return (fs.f_flag & ST_RDONLY) != 0 || access(folder.c_str(), W_OK) != 0;
}

session::Faults faults_of(const record::Error& error) {
  session::Faults out;
  switch (error.kind) {
    case record::ErrorKind::full:
      out.storage_full = true;
      break;
    case record::ErrorKind::read_only:
      out.storage_read_only = true;
      break;
    default:
      out.storage_damaged = true;
  }
  return out;
}

}  // namespace

struct Desk::Pending {
  record::Uuid id;
  record::SealingKey reply = record::SealingKey::generate();
  Steady::time_point until;
};

Desk::Desk(const Terminal& terminal, std::function<void()> wake)
    : m_terminal(terminal), m_wake(std::move(wake)), m_ring(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  ANJUNGAN_CHECK(m_ring >= 0);
  m_thread = std::thread([this] { run(); });
}

Desk::~Desk() {
  {
    const std::lock_guard guard(m_orders_mutex);
    m_ending = true;
  }
  eventfd_write(m_ring, 1);
  m_thread.join();
  ::close(m_ring);
}

void Desk::order(session::Effect effect) {
  {
    const std::lock_guard guard(m_orders_mutex);
    // The session has at most one submit and one question in flight: a full queue is a bug of ours.
    ANJUNGAN_CHECK(m_orders.size() < k_most_orders);
    m_orders.push_back(std::move(effect));
  }
  eventfd_write(m_ring, 1);
}

std::optional<News> Desk::next() {
  const std::lock_guard guard(m_news_mutex);
  if (m_news.empty()) return std::nullopt;
  News out = std::move(m_news.front());
  m_news.pop_front();
  return out;
}

void Desk::tell(session::Event event, std::optional<screens::QrModules> qr) {
  {
    const std::lock_guard guard(m_news_mutex);
    // Only the printer speaks often, and of it the newest word is enough.
    if (std::holds_alternative<session::PrintChanged>(event) && !m_news.empty() &&
        std::holds_alternative<session::PrintChanged>(m_news.back().event) &&
        std::get<session::PrintChanged>(m_news.back().event).job == std::get<session::PrintChanged>(event).job) {
      m_news.back().event = std::move(event);
    } else {
      ANJUNGAN_CHECK(m_news.size() < k_most_news);
      m_news.push_back({std::move(event), std::move(qr)});
    }
  }
  m_wake();
}

void Desk::tell_print() {
  if (!m_print_moved.exchange(false) || !m_spool) return;
  const spool::Snapshot snapshot = m_spool->snapshot();
  if (snapshot.job == 0) return;
  tell(session::PrintChanged{snapshot.job, print_of(snapshot), snapshot.reason});
  // A printed receipt is an event of its own.
  if (snapshot.state == spool::JobState::printed) store::ring(store::sync_bell(m_terminal.settings.runtime));
}

bool Desk::wait(int ms) {
  pollfd fds[2] = {{m_ring, POLLIN, 0}, {m_bell ? m_bell->fd() : -1, POLLIN, 0}};
  poll(fds, 2, ms);
  eventfd_t rung = 0;
  eventfd_read(m_ring, &rung);
  if (m_bell) m_bell->answer();
  const std::lock_guard guard(m_orders_mutex);
  return !m_ending || !m_orders.empty();
}

void Desk::run() {
  auto storage_at = Steady::now();
  for (;;) {
    if (Steady::now() >= storage_at) {
      look_at_storage();
      storage_at = Steady::now() + std::chrono::milliseconds(k_storage_every_ms);
    }
    for (;;) {
      std::optional<session::Effect> one;
      {
        const std::lock_guard guard(m_orders_mutex);
        if (m_orders.empty()) break;
        one = std::move(m_orders.front());
        m_orders.pop_front();
      }
      carry_out(*one);
    }
    tell_print();
    look_for_answer();
    if (!wait(m_pending ? k_answer_every_ms : k_storage_every_ms)) break;
  }
  close();
}

void Desk::carry_out(session::Effect& effect) {
  std::visit([this](auto& one) { on(one); }, effect);
}

record::Result<void> Desk::open() {
  auto identity = identity_of(m_terminal);
  if (!identity) return tl::unexpected(identity.error());
  auto key = store::load_key(m_terminal.settings.data, store::KeyUse::receipt);
  if (!key) return tl::unexpected(key.error());
  store::IntakeOptions options;
  options.ballast_bytes = m_terminal.settings.ballast_mib << 20;
  options.low_water_bytes = m_terminal.settings.low_water_mib << 20;
  if (auto sync = store::SyncReader::open(m_terminal.settings.data)) {
    if (const auto state = sync->state()) options.acked_seq = state->acked_seq;
  }
  auto store = store::IntakeStore::open(m_terminal.settings.data, m_terminal.settings.runtime, *identity,
                                        *std::move(key), options);
  if (!store) return tl::unexpected(store.error());
  auto printer = slip::open_printer(m_terminal.settings);
  if (!printer) return tl::unexpected(printer.error());
  m_identity = *std::move(identity);
  m_store = *std::move(store);
  m_ledger =
      std::make_unique<slip::Ledger>(*m_store, m_store_mutex, slip::hall_of(m_terminal.settings, *m_identity),
                                     [this](const record::TrackingNumber& number) { return delivered_ms(number); });
  m_spool = std::make_unique<spool::Spool>(*std::move(printer), *m_ledger, [this] {
    m_print_moved = true;
    eventfd_write(m_ring, 1);
  });
  if (!m_bell) {
    if (auto bell = store::Doorbell::hang(store::app_bell(m_terminal.settings.runtime)))
      m_bell.emplace(*std::move(bell));
  }
  spdlog::info("store.opened last_seq={}", m_store->last_seq());
  return {};
}

void Desk::close() {
  m_spool.reset();
  m_ledger.reset();
  m_store.reset();
}

void Desk::set_faults(const session::Faults& faults) {
  if (m_told_faults && faults == m_faults) return;
  m_told_faults = true;
  m_faults = faults;
  tell(session::FaultsChanged{faults});
}

void Desk::look_at_storage() {
  session::Faults faults;
  if (m_doubtful) {
    close();
    m_doubtful = false;
  }
  if (!m_store) {
    if (const auto opened = open(); !opened) {
      const bool unknown_terminal = opened.error().kind == record::ErrorKind::not_found;
      faults = faults_of(opened.error());
      if (unknown_terminal) faults = {.not_enrolled = true};
      if (!unknown_terminal && read_only(m_terminal.settings.data)) faults = {.storage_read_only = true};
      if (!(m_told_faults && faults == m_faults)) spdlog::error("store.closed why=\"{}\"", opened.error().text);
      return set_faults(faults);
    }
  }
  if (read_only(m_terminal.settings.data)) {
    faults.storage_read_only = true;
  } else if (const auto left = store::free_bytes(m_terminal.settings.data);
             left && *left < m_terminal.settings.low_water_mib << 20) {
    faults.storage_full = true;
  }
  set_faults(faults);
}

std::int64_t Desk::delivered_ms(const record::TrackingNumber& number) {
  // Called by the ledger, which holds the store's mutex.
  const auto receipts = m_store->receipts();
  auto sync = store::SyncReader::open(m_terminal.settings.data);
  if (!receipts || !sync) return 0;
  const auto state = sync->state();
  if (!state) return 0;
  const auto found = std::find_if(receipts->begin(), receipts->end(),
                                  [&](const store::ReceiptRow& row) { return row.number == number; });
  return found != receipts->end() && found->seq <= state->acked_seq ? state->last_contact_ms : 0;
}

void Desk::on(session::PrepareDataKey&) {
  if (!m_identity) return;
  if (auto key = record::DataKey::prepare(m_identity->seal_to)) m_data_key.emplace(*std::move(key));
  m_nonce.emplace(record::SigningNonce::prepare());
}

void Desk::on(session::SubmitComplaint& order) {
  if (!m_store || m_faults.any()) look_at_storage();
  if (!m_store) return tell(session::SubmitFailed{record::ErrorKind::unavailable});
  if (!m_data_key) {
    session::PrepareDataKey prepare;
    on(prepare);
  }
  if (!m_data_key) return tell(session::SubmitFailed{record::ErrorKind::crypto});
  const slip::Hall hall = slip::hall_of(m_terminal.settings, *m_identity);
  store::Submission submission{
      .complaint = &order.complaint,
      .data_key = std::move(*m_data_key),
      .limits = m_terminal.catalogue.limits,
      .holidays = &m_terminal.catalogue.holidays,
      .utc_offset_min = record::utc_offset_min(m_terminal.settings.zone),
      .printer = "struk",
      .payload =
          [&](const store::Issued& issued) {
            return slip::payload(issued, order.complaint, hall, m_terminal.catalogue);
          },
  };
  if (m_nonce) submission.nonce = std::move(*m_nonce);
  m_data_key.reset();
  m_nonce.reset();
  {
    const std::lock_guard guard(m_store_mutex);
    auto issued = m_store->submit(std::move(submission));
    if (!issued) {
      spdlog::error("submit.failed why=\"{}\"", issued.error().text);
      m_doubtful = issued.error().kind != record::ErrorKind::full;
      m_faults = faults_of(issued.error());
      return tell(session::SubmitFailed{issued.error().kind});
    }
    session::Receipt receipt;
    receipt.number = issued->number;
    receipt.code = issued->code;
    receipt.url = record::token_url(hall.public_url, issued->token);
    receipt.due = issued->due;
    receipt.job = issued->job;
    const receipt::QrCode code = receipt::make_qr(receipt.url);
    // Told before the mutex goes: the spool cannot speak of a job that the screen does not know yet.
    tell(session::Submitted{std::move(receipt)}, screens::QrModules{code.size, code.dark});
  }
  m_spool->wake();
  store::ring(store::sync_bell(m_terminal.settings.runtime));
}

void Desk::on(session::AskCase& order) {
  if (!m_store) return tell(session::CaseAnswered{session::TrackState::offline, {}});
  auto pending = std::make_unique<Pending>();
  pending->id = record::Uuid::make(unix_ms());
  pending->until = Steady::now() + k_answer_patience;
  store::Question question;
  question.id = pending->id;
  question.code_hash = order.code.code_hash();
  question.reply_key = pending->reply.public_key();
  question.asked_ms = unix_ms();
  const std::lock_guard guard(m_store_mutex);
  if (const auto asked = m_store->ask(question); !asked) {
    spdlog::warn("question.failed why=\"{}\"", asked.error().text);
    return tell(session::CaseAnswered{session::TrackState::offline, {}});
  }
  m_pending = std::move(pending);
  store::ring(store::sync_bell(m_terminal.settings.runtime));
}

void Desk::on(session::ForgetCase&) {
  if (!m_pending) return;
  const std::lock_guard guard(m_store_mutex);
  if (m_store) {
    if (const auto done = m_store->forget_question(m_pending->id); !done)
      spdlog::warn("question.not_forgotten why=\"{}\"", done.error().text);
  }
  m_pending.reset();
}

void Desk::on(session::RingStaff& order) {
  spdlog::info("staff.{}", order.wanted ? "called" : "not_needed");
  if (!order.wanted || !m_store) return;
  const std::lock_guard guard(m_store_mutex);
  const auto done = m_store->append(record::EventType::assistance_requested, record::Uuid::make(unix_ms()), {});
  if (!done) spdlog::warn("staff.not_recorded why=\"{}\"", done.error().text);
}

void Desk::look_for_answer() {
  if (!m_pending) return;
  session::CaseAnswered out{session::TrackState::offline, {}};
  std::optional<store::Answer> answer;
  if (auto sync = store::SyncReader::open(m_terminal.settings.data)) {
    if (auto found = sync->answer_to(m_pending->id)) answer = *std::move(found);
  }
  if (!answer && Steady::now() < m_pending->until) return;
  if (answer && answer->finding == 1) {
    if (const auto plain = m_pending->reply.open(answer->sealed_case)) {
      out.state = session::TrackState::found;
      out.case_json.assign(plain->begin(), plain->end());
    }
  } else if (answer) {
    out.state = answer->finding == 3 ? session::TrackState::throttled : session::TrackState::unknown;
  }
  session::ForgetCase forget;
  on(forget);
  tell(std::move(out));
}

}  // namespace anjungan::app
