// SPDX-License-Identifier: Apache-2.0
#include "printer/simulator/receipt_printer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace anjungan::simulator {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int k_tick_ms = 4;

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
}

}  // namespace

ReceiptPrinter::ReceiptPrinter(const PrinterOptions& options, std::function<void(Sheet)> printed)
    : m_options(options), m_printed(std::move(printed)), m_interpreter(options.head, *this) {}

ReceiptPrinter::~ReceiptPrinter() {
  {
    const std::lock_guard guard(m_mutex);
    m_ending = true;
  }
  if (m_thread.joinable()) m_thread.join();
  drop_client();
  if (m_is_pty && m_client >= 0) ::close(m_client);
  if (m_listener >= 0) ::close(m_listener);
  if (m_place >= 0) ::close(m_place);
}

int ReceiptPrinter::open_socket() {
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // A printer's own network buffer is small.
  const int small = 4'096;
  ::setsockopt(file, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(m_port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (::bind(file, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
      ::getsockname(file, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
    ::close(file);
    return -1;
  }
  m_port = ntohs(at.sin_port);
  return file;
}

void ReceiptPrinter::open_listener() {
  m_listener = open_socket();
  if (m_listener < 0 || ::listen(m_listener, 4) == 0) return;
  ::close(m_listener);
  m_listener = -1;
}

int ReceiptPrinter::listen(int port) {
  m_port = port;
  m_place = open_socket();
  if (m_place >= 0) open_listener();
  if (m_listener < 0) return 0;
  m_thread = std::thread([this] { run(); });
  return m_port;
}

std::string ReceiptPrinter::open_pty() {
  m_client = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  std::array<char, 128> name{};
  if (m_client < 0 || ::grantpt(m_client) != 0 || ::unlockpt(m_client) != 0 ||
      ::ptsname_r(m_client, name.data(), name.size()) != 0) {
    return {};
  }
  m_is_pty = true;
  termios state{};
  ::tcgetattr(m_client, &state);
  ::cfmakeraw(&state);
  ::tcsetattr(m_client, TCSANOW, &state);
  m_thread = std::thread([this] { run(); });
  return name.data();
}

void ReceiptPrinter::change(const std::function<void(Faults&)>& how) {
  const std::lock_guard guard(m_mutex);
  how(m_faults);
}

Faults ReceiptPrinter::faults() const {
  const std::lock_guard guard(m_mutex);
  return m_faults;
}

std::int64_t ReceiptPrinter::first_byte_ns() const {
  const std::lock_guard guard(m_mutex);
  return m_first_byte_ns;
}

void ReceiptPrinter::cut(Sheet sheet) {
  m_printed(std::move(sheet));
  m_begun_ns = 0;
  look_at_faults(faults());  // what befalls it here comes before the next command
}
void ReceiptPrinter::reply(const std::string& bytes) {
  if (m_options.process_id) send(bytes);
}
void ReceiptPrinter::automatic_status(bool on) {
  m_automatic = on && m_options.speaks && m_options.automatic;
  if (m_automatic) send(automatic());
}
void ReceiptPrinter::paper_status() {
  if (!m_options.paper_order) return;
  send(std::string(1, static_cast<char>((m_seen.near_end ? 0x03 : 0) | (m_seen.paper_out ? 0x0c : 0))));
}

char ReceiptPrinter::status_byte(int question) const {
  const bool offline = m_seen.cover_open || m_seen.paper_out;
  int out = 0x12;
  if (question == 1 && offline) out |= 0x08;
  if (question == 2) out |= (m_seen.cover_open ? 0x04 : 0) | (m_seen.paper_out ? 0x20 : 0);
  if (question == 4) out |= (m_seen.near_end ? 0x0c : 0) | (m_seen.paper_out ? 0x60 : 0);
  return static_cast<char>(out);
}

std::string ReceiptPrinter::automatic() const {
  const bool offline = m_seen.cover_open || m_seen.paper_out;
  std::string out(4, '\0');
  out[0] = static_cast<char>(0x10 | (offline ? 0x08 : 0) | (m_seen.cover_open ? 0x20 : 0));
  out[2] = static_cast<char>((m_seen.near_end ? 0x03 : 0) | (m_seen.paper_out ? 0x0c : 0));
  return out;
}

void ReceiptPrinter::drop_client() {
  if (m_is_pty || m_client < 0) return;
  ::close(m_client);
  m_client = -1;
  m_automatic = false;
  m_last_bytes.clear();
}

void ReceiptPrinter::send(const std::string& bytes) {
  if (m_client < 0 || m_seen.stalled) return;
  std::string out = bytes;
  if (m_seen.garbage) {
    if (m_random() % 8 == 0) out[m_random() % out.size()] = static_cast<char>(m_random() % 256);
    for (auto count = m_random() % 4; count > 0; count--) {
      out.insert(m_random() % 2 == 0 ? out.begin() : out.end(), static_cast<char>(m_random() % 256));
    }
  }
  static_cast<void>(!::write(m_client, out.data(), out.size()));
}

void ReceiptPrinter::look_at_faults(const Faults& now) {
  const Faults before = m_seen;
  m_seen = now;
  if (now.off && !before.off) {
    drop_client();
    if (m_listener >= 0) ::close(m_listener);
    m_listener = -1;
    m_buffer.clear();
    m_interpreter.power_lost();
  } else if (!now.off && before.off && !m_is_pty) {
    open_listener();
  }
  if (now.reset_line) {
    const linger at_once{1, 0};
    if (m_client >= 0 && !m_is_pty) ::setsockopt(m_client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    drop_client();
    change([](Faults& faults) { faults.reset_line = false; });
  }
  const bool paper_ended = now.paper_out && !before.paper_out;
  const bool cover_opened = now.cover_open && !before.cover_open;
  if (now.forgetful && (paper_ended || cover_opened)) m_buffer.clear();
  if (paper_ended || (now.forgetful && cover_opened)) m_interpreter.paper_broke();
  const bool news =
      now.paper_out != before.paper_out || now.cover_open != before.cover_open || now.near_end != before.near_end;
  if (m_automatic && news) send(automatic());
}

void ReceiptPrinter::accept_one() {
  if (m_listener < 0 || m_client >= 0 || m_is_pty) return;
  m_client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  m_new_client = m_client >= 0;
}

void ReceiptPrinter::at_reception(std::uint8_t byte) {
  m_last_bytes.push_back(static_cast<char>(byte));
  if (m_last_bytes.size() > 3) m_last_bytes.erase(0, 1);
  const bool question = m_last_bytes.size() == 3 && m_last_bytes[0] == 0x10 && m_last_bytes[1] == 0x04;
  if (byte == 0x1b && m_begun_ns == 0) m_begun_ns = now_ns();
  if (question && byte >= 1 && byte <= 4 && m_options.speaks) send(std::string(1, status_byte(byte)));
  m_buffer.push_back(byte);
}

void ReceiptPrinter::receive() {
  if (m_client < 0 || m_seen.stalled || m_seen.off || m_buffer.size() >= m_options.buffer) return;
  std::array<std::uint8_t, 512> bytes{};
  const ssize_t got = ::read(m_client, bytes.data(), std::min(bytes.size(), m_options.buffer - m_buffer.size()));
  if (got > 0) {
    if (m_new_client) {
      const std::lock_guard guard(m_mutex);
      m_first_byte_ns = now_ns();
    }
    m_new_client = false;
    for (ssize_t i = 0; i < got; i++) at_reception(bytes[static_cast<std::size_t>(i)]);
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR && errno != EIO)) {
    drop_client();
  }
}

void ReceiptPrinter::process(double seconds) {
  m_budget = std::min(m_budget + seconds * m_options.bytes_per_s, 4.0 * k_tick_ms * m_options.bytes_per_s / 1'000.0);
  while (m_budget >= 1 && !m_buffer.empty() && !m_seen.paper_out && !m_seen.cover_open && !m_seen.stalled &&
         !m_seen.off) {
    const int before = m_interpreter.lines();
    const std::uint8_t byte = m_buffer.front();
    m_buffer.pop_front();
    m_budget -= 1;
    m_interpreter.feed(byte);
    if (m_interpreter.lines() > before) m_lines++;
    if (m_interpreter.lines() > before && m_seen.paper_lines > 0) {
      const int left = m_seen.paper_lines - 1;
      change([&](Faults& faults) {
        faults.paper_lines = left == 0 ? -1 : left;
        faults.paper_out = left == 0 || faults.paper_out;
      });
      look_at_faults(faults());
    }
  }
}

void ReceiptPrinter::run() {
  auto last = Clock::now();
  for (;;) {
    {
      const std::lock_guard guard(m_mutex);
      if (m_ending) return;
    }
    look_at_faults(faults());
    const bool hungry = m_client >= 0 && !m_seen.stalled && !m_seen.off && m_buffer.size() < m_options.buffer;
    std::array<pollfd, 2> wait{
        {{m_client < 0 && !m_is_pty ? m_listener : -1, POLLIN, 0}, {hungry ? m_client : -1, POLLIN, 0}}};
    const bool idle = m_buffer.empty();
    ::poll(wait.data(), wait.size(), idle ? 20 : k_tick_ms);
    // A pty without the other end hangs up all the time.
    if ((wait[1].revents & POLLHUP) != 0 && m_is_pty) ::poll(nullptr, 0, 20);
    accept_one();
    receive();
    const auto now = Clock::now();
    process(std::chrono::duration<double>(now - last).count());
    last = now;
  }
}

}  // namespace anjungan::simulator
