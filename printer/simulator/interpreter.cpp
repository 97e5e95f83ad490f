// SPDX-License-Identifier: Apache-2.0
#include "printer/simulator/interpreter.h"

#include <fmt/format.h>

#include <algorithm>

#include "printer/render/cells.h"

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
    if (m_row.size() == m_row_bytes) picture_row();
    return;
  }
  m_command.push_back(byte);
  try_command();
}

void Interpreter::try_command() {
  const std::size_t size = m_command.size();
  switch (m_command[0]) {
    case 0x00:  // printers pass over it
      return m_command.clear();
    case '\n':
      end_line();
      return m_command.clear();
    case 0x10:  // answered as it arrived; DLE EOT n is nothing here
      if (size < 3) return;
      if (m_command[1] != 0x04 || m_command[2] < 1 || m_command[2] > 4) return problem("DLE: not DLE EOT 1 to 4");
      return m_command.clear();
    case 0x1b:
      if (size >= 2) control_esc();
      return;
    case 0x1d:
      if (size >= 2) control_gs();
      return;
    default:
      if (m_command[0] < ' ' || m_command[0] > '~') {
        return problem(fmt::format("a byte that is no command: {:#04x}", m_command[0]));
      }
      letter(static_cast<char>(m_command[0]));
      return m_command.clear();
  }
}

void Interpreter::control_esc() {
  const auto& c = m_command;
  if (c[1] == '@') {
    // As a printer does: what was left of a picture that lost its beginning is no letter of the next receipt.
    if (!m_line.empty()) problem("ESC @ behind letters that have no line end");
    m_line.clear();
    m_x = 0;
    m_mechanism.automatic_status(false);
    reset_style();
    return m_command.clear();
  }
  if (c[1] != '3' && c[1] != 'J' && c[1] != 'E' && c[1] != 'a') return problem(fmt::format("ESC {:#04x}", c[1]));
  if (c.size() < 3) return;
  switch (c[1]) {
    case '3':
      m_spacing = c[2] / m_head.steps;
      break;
    case 'J':
      if (!m_line.empty()) return problem("ESC J behind letters that have no line end");
      feed_paper(c[2]);
      break;
    case 'E':
      if (c[2] > 1) return problem("ESC E: only 0 and 1");
      m_bold = c[2] == 1;
      break;
    default:
      if (c[2] > 1 || !m_line.empty()) return problem("ESC a: only 0 and 1, and only where a line begins");
      m_middle = c[2] == 1;
      break;
  }
  m_command.clear();
}

void Interpreter::control_gs() {
  const auto& c = m_command;
  switch (c[1]) {
    case 'v':
      if (c.size() < 8) return;
      return begin_picture();
    case 'V':
      if (c.size() < 4) return;
      if (c[2] != 66) return problem("GS V: only m = 66");
      if (!m_head.cutter) return problem("GS V: there is no knife");
      if (!m_line.empty()) return problem("GS V behind letters that have no line end");
      m_command.clear();
      return cut();
    case '!':
      if (c.size() < 3) return;
      if ((c[2] & 0x88) != 0) return problem("GS !: more than eight times");
      m_across = (c[2] >> 4) + 1;
      m_down = (c[2] & 7) + 1;
      break;
    case 'B':
      if (c.size() < 3) return;
      if (c[2] > 1) return problem("GS B: only 0 and 1");
      m_white = c[2] == 1;
      break;
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
      if (c.size() < 5 || c.size() < 5U + c[3] + 256U * c[4]) return;
      if (c[2] == 'k') return code();
      if (c[2] != 'H' || c.size() != 11 || c[5] != 0x30 || c[6] != 0x30)
        return problem("GS (: only k, and H's process id");
      m_mechanism.reply(std::string("\x37\x22") + std::string(c.begin() + 7, c.end()) + '\0');
      break;
    default:
      return problem(fmt::format("GS {:#04x}", c[1]));
  }
  m_command.clear();
}

void Interpreter::begin_picture() {
  const auto& c = m_command;
  if (c[2] != '0' || (c[3] != 0 && c[3] != 3)) return problem("GS v 0: only m = 0 and m = 3");
  if (!m_line.empty()) return problem("GS v 0 behind letters that have no line end");
  m_times = c[3] == 3 ? 2 : 1;
  m_row_bytes = static_cast<std::size_t>(c[4] + 256 * c[5]);
  m_rows_left = c[6] + 256 * c[7];
  const std::size_t most = static_cast<std::size_t>(m_head.dots + 7) / 8;
  if (m_row_bytes == 0 || m_row_bytes * static_cast<std::size_t>(m_times) > most || m_rows_left > 128) {
    m_rows_left = 0;
    return problem("GS v 0: wider than the head, or a band of more than 128 lines");
  }
  m_command.clear();
}

void Interpreter::picture_row() {
  const int width = static_cast<int>(m_row_bytes) * 8 * m_times;
  const int left = m_middle ? std::max(0, (m_head.dots - width) / 2) : 0;
  render::Bytes row(static_cast<std::size_t>(m_sheet.picture.stride), 0);
  if (left == 0 && m_times == 1) {
    std::copy(m_row.begin(), m_row.end(), row.begin());
  } else {
    for (int x = 0; x < std::min(width, m_head.dots - left); x++) {
      const int from = x / m_times;
      if ((m_row[static_cast<std::size_t>(from / 8)] >> (7 - from % 8) & 1) == 0) continue;
      const int at = left + x;
      auto& byte = row[static_cast<std::size_t>(at / 8)];
      byte = static_cast<std::uint8_t>(byte | 0x80U >> (at % 8));
    }
  }
  for (int n = 0; n < m_times; n++) line(row);
  m_row.clear();
  m_rows_left--;
}

void Interpreter::letter(char c) {
  const int end = m_x + receipt::k_cell_width * m_across;
  if (end > m_head.dots) return problem("a line longer than the head");
  if (m_line.empty() || m_line.back().bold != m_bold || m_line.back().white != m_white ||
      m_line.back().across != m_across || m_line.back().down != m_down) {
    m_line.push_back({m_x, 0, "", m_across, m_down, m_bold, m_white});
  }
  m_line.back().text.push_back(c);
  m_x = end;
}

void Interpreter::end_line() {
  int height = m_line.empty() ? receipt::k_cell_height : 0;
  for (const receipt::CellBox& box : m_line) height = std::max(height, box.down * receipt::k_cell_height);
  const int base = lines() + height;
  for (int n = 0; n < std::max(height, m_spacing); n++) line({});
  for (receipt::CellBox& box : m_line) {
    box.y = base - box.down * receipt::k_cell_height;
    render::set_cells(box, m_sheet.picture);
  }
  m_line.clear();
  m_x = 0;
}

/// GS ( k, functions 65, 67, 69, 80 and 81 of a QR code.
void Interpreter::code() {
  const auto& c = m_command;
  if (c.size() < 8 || c[5] != 49) return problem("GS ( k: only QR codes");
  switch (c[6]) {
    case 65:
      if (c.size() != 9 || c[7] != 50) return problem("GS ( k: only model 2");
      break;
    case 67:
      if (c.size() != 8 || c[7] < 1 || c[7] > 16) return problem("GS ( k: a module has 1 to 16 dots");
      m_module = c[7];
      break;
    case 69:
      if (c.size() != 8 || c[7] != 49) return problem("GS ( k: only correction M");
      break;
    case 80:
      if (c[7] != 48) return problem("GS ( k: function 80, only m = 48");
      m_words.assign(c.begin() + 8, c.end());
      break;
    case 81: {
      const receipt::QrCode qr = receipt::make_qr(m_words);
      const int side = qr.size * m_module;
      if (!m_line.empty() || side == 0 || side > m_head.dots) return problem("GS ( k: no code, or wider than the head");
      const int left = m_middle ? (m_head.dots - side) / 2 : 0;
      for (int y = 0; y < side; y++) {
        render::Bytes row(static_cast<std::size_t>(m_sheet.picture.stride), 0);
        for (int x = 0; x < side; x++) {
          if (!qr.at(x / m_module, y / m_module)) continue;
          auto& byte = row[static_cast<std::size_t>((left + x) / 8)];
          byte = static_cast<std::uint8_t>(byte | 0x80U >> ((left + x) % 8));
        }
        line(row);
      }
      break;
    }
    default:
      return problem(fmt::format("GS ( k: function {}", c[6]));
  }
  m_command.clear();
}

void Interpreter::reset_style() {
  m_bold = m_white = m_middle = false;
  m_across = m_down = 1;
  m_spacing = 30;
  m_module = 3;
  m_words.clear();
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
  m_line.clear();
  m_x = 0;
  reset_style();
  if (lines() > 0) m_sheet.breaks++;
}

}  // namespace anjungan::simulator
