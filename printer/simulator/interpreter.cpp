// SPDX-License-Identifier: Apache-2.0
#include "printer/simulator/interpreter.h"

#include <fmt/format.h>

namespace anjungan::simulator {
namespace {

constexpr int k_longest_lines = 8'000;  // a metre: nobody prints more
constexpr std::size_t k_problems = 20;
constexpr int k_tear_dots = 64;  // 8 mm: nothing within a receipt is so far apart

}  // namespace

void Interpreter::reset_sheet() {
  m_sheet = Sheet{};
  m_sheet.picture.width = m_head.dots;
  m_sheet.picture.stride = (m_head.dots + 7) / 8;
}

void Interpreter::problem(const std::string& text) {
  if (m_sheet.problems.size() < k_problems) m_sheet.problems.push_back(text);
  m_command.clear();
}

void Interpreter::line(const render::Bytes& row) {
  auto& picture = m_sheet.picture;
  if (picture.height >= k_longest_lines) return problem("longer than a metre");
  picture.bits.insert(picture.bits.end(), row.begin(), row.end());
  picture.bits.resize(static_cast<std::size_t>(picture.height + 1) * static_cast<std::size_t>(picture.stride));
  picture.height++;
}

void Interpreter::feed(std::uint8_t byte) {
  m_sheet.bytes.push_back(byte);
  if (m_rows_left > 0) {
    m_row.push_back(byte);
    if (m_row.size() < m_row_bytes) return;
    m_row.resize(static_cast<std::size_t>(m_sheet.picture.stride));
    line(m_row);
    m_row.clear();
    m_rows_left--;
    return;
  }
  m_command.push_back(byte);
  try_command();
}

void Interpreter::try_command() {
  const std::size_t size = m_command.size();
  switch (m_command[0]) {
    case 0x00:  // printers pass over it
      m_command.clear();
      return;
    case 0x10:  // answered as it arrived; DLE EOT n is nothing here
      if (size < 3) return;
      if (m_command[1] != 0x04 || m_command[2] < 1 || m_command[2] > 4) return problem("DLE: not DLE EOT 1 to 4");
      m_command.clear();
      return;
    case 0x1b:
      if (size < 2) return;
      if (m_command[1] == '@') {
        m_mechanism.automatic_status(false);
        return m_command.clear();
      }
      if (m_command[1] != '3' && m_command[1] != 'J') return problem(fmt::format("ESC {:#04x}", m_command[1]));
      if (size < 3) return;
      if (m_command[1] == 'J') feed_paper(m_command[2]);
      m_command.clear();
      return;
    case 0x1d:
      if (size >= 2) control_gs();
      return;
    default:
      return problem(fmt::format("a byte that is no command: {:#04x}", m_command[0]));
  }
}

void Interpreter::control_gs() {
  const auto& c = m_command;
  switch (c[1]) {
    case 'v':
      if (c.size() < 8) return;
      if (c[2] != '0' || c[3] != 0) return problem("GS v 0: only m = 0");
      m_row_bytes = static_cast<std::size_t>(c[4] + 256 * c[5]);
      m_rows_left = c[6] + 256 * c[7];
      if (m_row_bytes == 0 || m_row_bytes > static_cast<std::size_t>(m_sheet.picture.stride) || m_rows_left > 128) {
        m_rows_left = 0;
        return problem("GS v 0: wider than the head, or a band of more than 128 lines");
      }
      break;
    case 'V':
      if (c.size() < 4) return;
      if (c[2] != 66) return problem("GS V: only m = 66");
      if (!m_head.cutter) return problem("GS V: there is no knife");
      m_command.clear();
      return cut();
    case 'a':
      if (c.size() < 3) return;
      m_mechanism.automatic_status(c[2] != 0);
      break;
    case 'r':
      if (c.size() < 3) return;
      if (c[2] != 1) return problem("GS r: only n = 1");
      m_mechanism.paper_status();
      break;
    case '(':
      if (c.size() < 11) return;
      if (c[2] != 'H' || c[3] != 6 || c[4] != 0 || c[5] != 0x30 || c[6] != 0x30)
        return problem("GS (: only H, process id");
      m_mechanism.reply(std::string("\x37\x22") + std::string(c.begin() + 7, c.end()) + '\0');
      break;
    default:
      return problem(fmt::format("GS {:#04x}", c[1]));
  }
  m_command.clear();
}

void Interpreter::feed_paper(int units) {
  const int dots = units / m_head.steps;
  if (!m_head.cutter && dots >= k_tear_dots) return cut();
  for (int n = 0; n < dots; n++) line({});
}

void Interpreter::cut() {
  Sheet done = std::move(m_sheet);
  reset_sheet();
  if (done.picture.height > 0 || !done.problems.empty()) m_mechanism.cut(std::move(done));
}

void Interpreter::paper_broke() {
  if (lines() > 0) m_sheet.breaks++;
}

void Interpreter::power_lost() {
  m_command.clear();
  m_row.clear();
  m_rows_left = 0;
  if (lines() > 0) m_sheet.breaks++;
}

}  // namespace anjungan::simulator
