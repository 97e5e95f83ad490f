// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/desk.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace anjungan::app {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t k_most_news = 256;
constexpr auto k_storage_every = std::chrono::seconds(3);
constexpr int k_look_every_ms = 3'000;
constexpr int k_answer_every_ms = 250;
constexpr int k_piece_every_ms = 20;  // the night's work: the disk is free most of the time

/// However often somebody taps while the disk is slow: the newest word of a kind is what is meant. A call for staff
/// stays one though it was taken back, and what staff do to one receipt says nothing of another.
bool replaces(const session::Effect& fresh, const session::Effect& old) {
  if (fresh.index() != old.index()) return false;
  if (const auto* ring = std::get_if<session::RingStaff>(&fresh))
    return ring->wanted == std::get<session::RingStaff>(old).wanted;
  if (const auto* deed = std::get_if<session::StaffDeed>(&fresh)) return *deed == std::get<session::StaffDeed>(old);
  return true;
}

}  // namespace

std::int64_t Desk::steady_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now().time_since_epoch()).count();
}

Desk::Desk(const Terminal& terminal, std::function<void()> wake, std::chrono::milliseconds longest_order)
    : m_terminal(terminal),
      m_wake(std::move(wake)),
      m_longest_order_ms(longest_order.count()),
      m_ring(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_upkeep(terminal.settings.data, terminal.settings.low_water_mib << 20) {
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
    std::erase_if(m_orders, [&](const session::Effect& one) { return replaces(effect, one); });
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
    // The screen collects at every frame: a queue that grows is a screen that hangs, and the watchdog's business.
    ANJUNGAN_CHECK(m_news.size() < k_most_news);
    m_news.push_back({std::move(event), std::move(qr)});
  }
  m_wake();
}

void Desk::wait(int ms) {
  pollfd fds[3] = {
      {m_ring, POLLIN, 0}, {m_bell ? m_bell->fd() : -1, POLLIN, 0}, {m_control ? m_control->fd() : -1, POLLIN, 0}};
  poll(fds, 3, ms);
  eventfd_t rung = 0;
  eventfd_read(m_ring, &rung);
  // The agent rings when the centre has answered or has not.
  if ((fds[1].revents & POLLIN) != 0) m_uplink_at = m_commands_at = {};
  if (m_bell) m_bell->answer();
}

void Desk::carry_out_orders() {
  for (;;) {
    std::optional<session::Effect> one;
    {
      const std::lock_guard guard(m_orders_mutex);
      if (m_orders.empty()) return;
      one = std::move(m_orders.front());
      m_orders.pop_front();
    }
    m_order_since_ms = steady_ms();
    std::visit([this](const auto& order) { on(order); }, *one);
    m_order_since_ms = 0;
  }
}

bool Desk::alive() const {
  const std::int64_t since = m_order_since_ms;
  return since == 0 || steady_ms() - since < m_longest_order_ms;
}

void Desk::run() {
  Steady::time_point storage_at;
  for (;;) {
    if (Steady::now() >= storage_at) {
      look_at_storage();
      storage_at = Steady::now() + k_storage_every;
    }
    carry_out_orders();
    look_for_commands();
    tell_print();
    tell_uplink();
    look_after_printers();
    tell_staff();
    look_for_answer();
    {
      const std::lock_guard guard(m_orders_mutex);
      if (m_ending && m_orders.empty()) break;
    }
    const bool more = keep_up();
    wait(more ? k_piece_every_ms : m_pending ? k_answer_every_ms : k_look_every_ms);
  }
  close();
}

}  // namespace anjungan::app
