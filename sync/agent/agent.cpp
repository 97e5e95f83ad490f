// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/agent.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sync/agent/carried_orders.h"
#include "sync/agent/journal.h"
#include "sync/agent/rotation_orders.h"

namespace anjungan::agent {
namespace {

using std::chrono::milliseconds;

std::int64_t whole_ms(std::chrono::steady_clock::duration span) {
  return std::chrono::duration_cast<milliseconds>(span).count();
}

}  // namespace

Agent::Agent(Options options, Uplink uplink, std::optional<store::Doorbell> doorbell,
             std::optional<store::ControlSocket> control, const Stop& stop)
    : m_options(std::move(options)),
      m_uplink(std::move(uplink)),
      m_doorbell(std::move(doorbell)),
      m_control(std::move(control)),
      m_stop(stop),
      m_backoff(m_options.base, m_options.cap),
      m_blob_backoff(m_options.base, m_options.cap),
      m_next_look(Clock::now()),
      m_next_blob(m_next_look) {}

RunEnd Agent::run() {
  if (m_options.once) return run_once();
  while (!m_stop.requested()) {
    answer_questions();
    if (Clock::now() >= m_next_look) deliver();
    if (m_uplink.restart_asked()) return RunEnd::asked_to_restart;
    carry_blob();
    wait();
  }
  return RunEnd::asked_to_stop;
}

RunEnd Agent::run_once() {
  if (m_uplink.questions_wait()) answer_questions();
  for (;;) {
    Exchange done = m_uplink.exchange();
    if (m_stop.requested()) return RunEnd::asked_to_stop;
    if (done.next == Next::again) continue;
    store::ring(store::app_bell(m_options.runtime_folder));
    if (done.next == Next::rest) {
      do {
        done = m_uplink.carry_blob();
        if (m_stop.requested()) return RunEnd::asked_to_stop;
      } while (done.next == Next::again);
      if (done.next == Next::rest && m_uplink.blobs_put_off() == 0) return RunEnd::all_delivered;
      if (done.next == Next::rest) done.reason = "attachments were put off";
    }
    m_uplink.remember_failure(done.reason);
    note(Level::error, done.next == Next::stop ? "sync.disagreement" : "sync.failed", {{"why", done.reason}});
    return done.next == Next::stop ? RunEnd::disagreement : RunEnd::not_delivered;
  }
}

void Agent::deliver() {
  Exchange done;
  do {
    done = m_uplink.exchange();
    if (m_stop.requested()) return;
    store::ring(store::app_bell(m_options.runtime_folder));
    // A person who waits at the screen, or at anjunganctl, comes before a backlog.
    if (done.next == Next::again && m_uplink.questions_wait()) answer_questions();
    if (done.next == Next::again && order_waits()) take_orders();
  } while (done.next == Next::again && !m_stop.requested());
  look_later(done);
}

void Agent::look_later(const Exchange& exchange) {
  m_backing_off = exchange.next == Next::back_off || exchange.next == Next::stop;
  if (!m_backing_off) {
    m_backoff.after_success();
    m_next_look = Clock::now() + m_options.poll;
    // What was delivered may have had attachments.
    if (m_blob_backoff.failures() == 0) m_next_blob = Clock::now();
    return;
  }
  // A terminal that must be enrolled anew goes on asking, seldom: the centre may have been the one that was wrong.
  const bool disagreement = exchange.next == Next::stop;
  const milliseconds pause =
      m_backoff.after_failure(disagreement ? milliseconds(m_options.cap) : milliseconds(exchange.asked));
  m_next_look = Clock::now() + pause;
  m_uplink.remember_failure(exchange.reason);
  note(disagreement ? Level::error : Level::warning, disagreement ? "sync.disagreement" : "sync.failed",
       {{"why", exchange.reason},
        {"tries", m_backoff.failures()},
        {"next_in_ms", pause.count()},
        {"waiting", m_uplink.waiting()}});
}

void Agent::carry_blob() {
  if (m_backing_off || m_stop.requested() || Clock::now() < m_next_blob) return;
  const Exchange done = m_uplink.carry_blob();
  if (m_stop.requested()) return;
  if (done.sent > 0) m_blob_backoff.after_success();
  if (done.next == Next::again) return;
  if (done.next == Next::rest && m_uplink.blobs_put_off() == 0) {
    m_next_blob = Clock::now() + m_options.poll;
    return;
  }
  const milliseconds pause = m_blob_backoff.after_failure(milliseconds(done.asked));
  m_next_blob = Clock::now() + pause;
  if (done.next == Next::rest) return;  // each one that was put off has said why
  note(Level::warning, "blob.failed",
       {{"why", done.reason}, {"tries", m_blob_backoff.failures()}, {"next_in_ms", pause.count()}});
}

void Agent::answer_questions() {
  if (!m_uplink.questions_wait()) return;
  const Exchange done = m_uplink.carry_questions();
  if (m_stop.requested()) return;
  store::ring(store::app_bell(m_options.runtime_folder));
  if (done.next == Next::rest) {
    // The centre is there again: what waits need not sit out a pause that was drawn while it was away.
    if (m_backing_off) m_next_look = Clock::now();
    return;
  }
  note(Level::warning, "question.failed", {{"why", done.reason}});
}

void Agent::wait() {
  const Clock::time_point next = m_backing_off ? m_next_look : std::min(m_next_look, m_next_blob);
  const auto pause = std::max<std::int64_t>(whole_ms(next - Clock::now()) + 1, 0);
  std::array<pollfd, 3> fds{pollfd{m_stop.fd(), POLLIN, 0}, pollfd{m_doorbell ? m_doorbell->fd() : -1, POLLIN, 0},
                            pollfd{m_control ? m_control->fd() : -1, POLLIN, 0}};
  const int found = ::poll(fds.data(), fds.size(), static_cast<int>(std::min<std::int64_t>(pause, 3'600'000)));
  if (found > 0 && fds[2].revents != 0) take_orders();
  if (found <= 0 || fds[1].revents == 0 || !m_doorbell) return;
  m_doorbell->answer();
  // A ring means "look now", but not during a pause that a failure or the centre imposed.
  if (!m_backing_off) m_next_look = Clock::now();
}

bool Agent::order_waits() const {
  pollfd look{m_control ? m_control->fd() : -1, POLLIN, 0};
  return ::poll(&look, 1, 0) > 0;
}

void Agent::take_orders() {
  m_control->serve_files([this](std::string_view order, int file) {
    if (is_rotation_order(order)) return answer_rotation_order(m_uplink, order);
    return answer_carried_order(m_uplink, order, file);
  });
  store::ring(store::app_bell(m_options.runtime_folder));
}

}  // namespace anjungan::agent
