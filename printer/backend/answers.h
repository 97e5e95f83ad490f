// SPDX-License-Identifier: Apache-2.0
// What an ESC/POS printer sends back, told apart byte by byte: status (DLE EOT n), automatic status (GS a, 4 bytes),
// paper status in order (GS r) and the process id of a finished receipt (GS ( H). Anything else is a stray byte.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace anjungan::backend {

struct Status {
  bool cover_open = false;
  bool paper_end = false;
  bool near_end = false;
  bool error = false;  ///< cutter or head; staff must look

  [[nodiscard]] bool fault() const { return cover_open || paper_end || error; }
};

/// The two questions whose answers make a Status.
enum class Question : std::uint8_t { none = 0, offline_cause = 2, paper = 4 };

class Answers {
 public:
  /// The next status byte answers this; one question at a time, for the answer does not say which it belongs to.
  void expect(Question question) { m_asked = question; }
  [[nodiscard]] bool waiting() const { return m_asked != Question::none; }
  /// The next automatic status answers GS a: it is no news.
  void expect_automatic() { m_automatic_asked = true; }
  /// The next byte of that form answers GS r; without it such a byte is a stray one.
  void expect_order() { m_order_asked = true; }
  void feed(std::string_view bytes);

  [[nodiscard]] const Status& status() const { return m_status; }
  /// Answers that told of a fault, gone or not; automatic ones, which rubbish hardly makes, count double.
  [[nodiscard]] int faults() const { return m_faults; }
  [[nodiscard]] int statuses() const { return m_statuses; }               ///< status answers so far
  [[nodiscard]] bool told_fault() const { return m_told_fault; }          ///< the last of them
  [[nodiscard]] int automatics() const { return m_automatics; }           ///< automatic ones among them
  [[nodiscard]] int news() const { return m_news; }                       ///< automatic ones that nobody asked for
  [[nodiscard]] int orders() const { return m_orders; }                   ///< GS r answers so far
  [[nodiscard]] int strays() const { return m_strays; }                   ///< bytes that belong to nothing
  [[nodiscard]] const std::string& process() const { return m_process; }  ///< the last GS ( H id

 private:
  void told(bool fault, int weight);
  void take(std::uint8_t byte);

  Question m_asked = Question::none;
  Status m_status;
  int m_faults = 0;
  int m_statuses = 0;
  bool m_told_fault = false;
  int m_automatics = 0;
  int m_news = 0;
  int m_orders = 0;
  bool m_automatic_asked = false;
  bool m_order_asked = false;
  int m_strays = 0;
  std::string m_process;
  std::string m_frame;  ///< of several bytes, begun
};

}  // namespace anjungan::backend
