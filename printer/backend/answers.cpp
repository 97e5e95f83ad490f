// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/answers.h"

namespace anjungan::backend {
namespace {

constexpr std::uint8_t k_process_header = 0x37;
constexpr std::uint8_t k_process_kind = 0x22;
constexpr std::size_t k_process_size = 7;
constexpr std::size_t k_automatic_size = 4;

bool is_status(std::uint8_t byte) { return (byte & 0x93) == 0x12; }
bool is_automatic(std::uint8_t byte) { return (byte & 0x93) == 0x10; }
bool is_order(std::uint8_t byte) { return (byte & 0x90) == 0; }
bool is_flow_control(std::uint8_t byte) { return byte == 0x11 || byte == 0x13; }  // XON, XOFF of a serial line
std::uint8_t at(const std::string& text, std::size_t i) { return static_cast<std::uint8_t>(text[i]); }

}  // namespace

void Answers::feed(std::string_view bytes) {
  for (const char byte : bytes) take(static_cast<std::uint8_t>(byte));
}

void Answers::told(bool fault, int weight) {
  m_statuses++;
  m_told_fault = fault;
  if (fault) m_faults += weight;
}

void Answers::take(std::uint8_t byte) {
  if (!m_frame.empty()) {
    const bool process = at(m_frame, 0) == k_process_header;
    const bool fits = process ? (m_frame.size() != 1 || byte == k_process_kind) && (m_frame.size() != 6 || byte == 0)
                              : is_order(byte);
    if (!fits) {
      m_strays += static_cast<int>(m_frame.size());
      m_frame.clear();
      return take(byte);
    }
    m_frame.push_back(static_cast<char>(byte));
    if (process && m_frame.size() == k_process_size) {
      m_process = m_frame.substr(2, 4);
      m_frame.clear();
    } else if (!process && m_frame.size() == k_automatic_size) {
      m_status.cover_open = (at(m_frame, 0) & 0x20) != 0;
      m_status.error = (at(m_frame, 1) & 0x28) != 0;
      m_status.near_end = (at(m_frame, 2) & 0x03) != 0;
      m_status.paper_end = (at(m_frame, 2) & 0x0c) != 0;
      m_automatics++;
      if (!m_automatic_asked) m_news++;
      m_automatic_asked = false;
      told(m_status.fault(), 2);
      m_frame.clear();
    }
    return;
  }
  if (byte == k_process_header || is_automatic(byte)) {
    m_frame.push_back(static_cast<char>(byte));
  } else if (is_status(byte) && m_asked != Question::none) {
    if (m_asked == Question::paper) {
      m_status.near_end = (byte & 0x0c) != 0;
      m_status.paper_end = (byte & 0x60) != 0;
    } else {
      m_status.cover_open = (byte & 0x04) != 0;
      m_status.error = (byte & 0x40) != 0;
      if ((byte & 0x20) != 0) m_status.paper_end = true;
    }
    told((byte & (m_asked == Question::paper ? 0x60 : 0x64)) != 0, 1);
    m_asked = Question::none;
  } else if (is_order(byte) && m_order_asked) {
    m_orders++;
    m_order_asked = false;
  } else if (!is_flow_control(byte) && !is_status(byte)) {
    // A status that nobody asked for answers a picture: real-time commands are obeyed inside one, too.
    m_strays++;
  }
}

}  // namespace anjungan::backend
