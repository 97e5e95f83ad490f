// SPDX-License-Identifier: Apache-2.0
// A receipt printer without hardware: listens on TCP or a pty, takes ESC/POS into a small buffer, prints at a given
// speed and answers as a printer does, faults included.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include "printer/simulator/interpreter.h"

namespace anjungan::simulator {

struct PrinterOptions {
  Head head;
  std::size_t buffer = 4'096;
  int bytes_per_s = 200'000;
  bool speaks = true;       ///< answers status questions
  bool automatic = true;    ///< tells of changes by itself (GS a)
  bool process_id = true;   ///< answers GS ( H
  bool paper_order = true;  ///< answers GS r
};

/// Faults; any thread may set them at any time.
struct Faults {
  bool off = false;  ///< no power: nobody listens, everything not printed is gone
  bool cover_open = false;
  bool paper_out = false;
  bool near_end = false;
  bool stalled = false;     ///< takes nothing and says nothing
  bool garbage = false;     ///< says rubbish around its answers, and some of them come damaged
  int paper_lines = -1;     ///< so many lines until paper_out; -1: a full roll
  bool reset_line = false;  ///< the network connection is reset once
  bool forgetful = false;   ///< forgets what it has not printed yet when paper or cover fail, and stays where it was
};

class ReceiptPrinter final : private Mechanism {
 public:
  /// `printed` is called on the printer's thread for each cut.
  ReceiptPrinter(const PrinterOptions& options, std::function<void(Sheet)> printed);
  ~ReceiptPrinter() override;
  ReceiptPrinter(const ReceiptPrinter&) = delete;
  ReceiptPrinter& operator=(const ReceiptPrinter&) = delete;

  /// Port on 127.0.0.1 (0: any); the port taken, or 0 when it is not free. Call one of both, once.
  [[nodiscard]] int listen(int port);
  /// The path of a new pty; empty when there is none.
  [[nodiscard]] std::string open_pty();

  void change(const std::function<void(Faults&)>& how);
  [[nodiscard]] Faults faults() const;
  /// When the first byte of the last connection came, steady clock's nanoseconds; 0: none yet.
  [[nodiscard]] std::int64_t first_byte_ns() const;
  /// When a receipt's own first byte came (its ESC @: not a question, not a filling NUL) after the last cut; 0: not
  /// yet.
  [[nodiscard]] std::int64_t begun_ns() const { return m_begun_ns; }
  /// Lines on paper since it was made.
  [[nodiscard]] std::int64_t lines() const { return m_lines; }

 private:
  void cut(Sheet sheet) override;
  void reply(const std::string& bytes) override;
  void automatic_status(bool on) override;
  void paper_status() override;

  void run();
  void look_at_faults(const Faults& now);
  void accept_one();
  void receive();
  void at_reception(std::uint8_t byte);
  void process(double seconds);
  void send(const std::string& bytes);
  void drop_client();
  [[nodiscard]] std::string automatic() const;
  [[nodiscard]] char status_byte(int question) const;
  int open_socket();
  void open_listener();

  PrinterOptions m_options;
  std::function<void(Sheet)> m_printed;
  Interpreter m_interpreter;
  mutable std::mutex m_mutex;
  Faults m_faults;  // guarded
  std::int64_t m_first_byte_ns = 0;
  bool m_ending = false;
  Faults m_seen;  // the thread's own copy
  int m_port = 0;
  int m_place = -1;  ///< keeps the port while the power is off
  int m_listener = -1;
  int m_client = -1;
  bool m_is_pty = false;
  bool m_new_client = false;
  bool m_automatic = false;
  std::deque<std::uint8_t> m_buffer;
  std::string m_last_bytes;
  double m_budget = 0;
  std::atomic<std::int64_t> m_lines{0};
  std::atomic<std::int64_t> m_begun_ns{0};
  std::mt19937 m_random{7};
  std::thread m_thread;
};

}  // namespace anjungan::simulator
