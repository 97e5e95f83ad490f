// SPDX-License-Identifier: Apache-2.0
// Where a receipt printer is reached, and the open line to it.
//
//   struk:tcp://HOST:PORT[?profile=NAME]      network, usually port 9100
//   struk:/dev/usb/lp0[?profile=NAME]         USB (kernel driver usblp)
//   struk:tty:/dev/ttyS0[?baud=N&profile=NAME]  serial line or pty; 9600 baud if not said
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "printer/backend/claim.h"

namespace anjungan::backend {

enum class Line { tcp, file, tty };

struct Address {
  Line line = Line::tcp;
  std::string host;
  std::string port;
  std::string path;
  int baud = 9'600;
  std::string profile = "generic-80";

  /// The same for all URIs of one device: what its lock and journal are named by.
  [[nodiscard]] std::string device() const { return line == Line::tcp ? host + ":" + port : path; }
};

/// Nothing for a URI that is not exactly of a form above.
[[nodiscard]] std::optional<Address> parse_uri(std::string_view uri);

/// An open line: never blocks; closed on destruction.
class Channel {
 public:
  /// Waits at most `timeout_ms` for a connection. A closed channel when there is none; `error` says why. The device is
  /// this process's alone, whatever scheduler started others: taken() where one has it.
  [[nodiscard]] static Channel open(const Address& address, int timeout_ms, std::string& error);
  Channel() = default;
  ~Channel() { close(); }
  Channel(Channel&& other) noexcept
      : m_file(std::exchange(other.m_file, -1)),
        m_stream(other.m_stream),
        m_taken(other.m_taken),
        m_claim(std::move(other.m_claim)) {}
  Channel& operator=(Channel&& other) noexcept;

  [[nodiscard]] bool is_open() const { return m_file >= 0; }
  /// Not open because another process of this machine has the device.
  [[nodiscard]] bool taken() const { return m_taken; }
  void close();
  /// Until something can be read (or written, if asked) or the time is over; false when a signal came.
  bool wait(bool for_writing, int timeout_ms) const;
  /// Bytes taken, 0 when the line is full. A broken line is closed.
  std::size_t write(const std::uint8_t* bytes, std::size_t size);
  /// What has come; empty when nothing. A broken or ended line is closed.
  std::string read();

 private:
  int m_file = -1;
  bool m_stream = false;  ///< a socket: reading nothing means its end
  bool m_taken = false;
  Claim m_claim;  ///< of a network printer
};

}  // namespace anjungan::backend
