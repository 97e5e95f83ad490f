// SPDX-License-Identifier: Apache-2.0
// A strict ESC/POS interpreter that draws paper. It knows what our own programs send and nothing more: any other byte
// is a problem on the sheet, so that a test sees it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "printer/render/render.h"

namespace anjungan::simulator {

/// What lies between two cuts.
struct Sheet {
  render::Bitmap picture;  ///< without the feed before the knife
  render::Bytes bytes;     ///< what was sent for it
  std::vector<std::string> problems;
  int breaks = 0;  ///< times the paper ended or the power went in the middle of it
};

/// What the printer does when a command asks for it.
class Mechanism {
 public:
  virtual ~Mechanism() = default;
  virtual void cut(Sheet sheet) = 0;
  virtual void reply(const std::string& bytes) = 0;
  virtual void automatic_status(bool on) = 0;
  /// GS r 1: the paper sensors, answered in order.
  virtual void paper_status() = 0;
};

/// What a model's commands depend on.
struct Head {
  int dots = 576;
  int steps = 1;       ///< vertical motion units a dot
  bool cutter = true;  ///< else a cut is a problem, and somebody tears behind a long feed
};

class Interpreter {
 public:
  Interpreter(const Head& head, Mechanism& mechanism) : m_head(head), m_mechanism(mechanism) { reset_sheet(); }

  void feed(std::uint8_t byte);
  /// Lines printed on the sheet so far.
  [[nodiscard]] int lines() const { return m_sheet.picture.height; }
  /// The paper ended here; it goes on when there is new paper.
  void paper_broke();
  /// The power went: what was not printed is gone, what was printed hangs out of the printer.
  void power_lost();

 private:
  void reset_sheet();
  void reset_style();
  void line(const render::Bytes& row);
  void problem(const std::string& text);
  /// 0: more bytes are needed; else the command is whole (or refused) and gone.
  void try_command();
  void control_esc();
  void control_gs();
  void begin_picture();
  void picture_row();
  void letter(char c);
  void end_line();
  void code();
  void feed_paper(int units);
  void cut();

  Head m_head;
  Mechanism& m_mechanism;
  Sheet m_sheet;
  render::Bytes m_command;
  render::Bytes m_row;
  std::size_t m_row_bytes = 0;
  int m_rows_left = 0;
  int m_times = 1;  ///< each dot of the picture, both ways

  std::vector<receipt::CellBox> m_line;  ///< letters that wait for the end of their line
  int m_x = 0;
  bool m_bold = false;
  bool m_white = false;
  int m_across = 1;
  int m_down = 1;
  bool m_middle = false;
  int m_spacing = 30;
  int m_module = 3;
  std::string m_words;  ///< of the QR code to come
};

}  // namespace anjungan::simulator
