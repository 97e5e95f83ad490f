// SPDX-License-Identifier: Apache-2.0
// What a strict printer makes of bytes.
#pragma once

#include <vector>

#include "printer/simulator/interpreter.h"

namespace anjungan::simulator {

class Paper final : public Mechanism {
 public:
  static std::vector<Sheet> print(const render::Bytes& bytes, const Head& head) {
    Paper paper;
    Interpreter interpreter(head, paper);
    for (const std::uint8_t byte : bytes) interpreter.feed(byte);
    if (interpreter.lines() > 0) paper.problem("lines behind the last cut");
    return std::move(paper.m_sheets);
  }

 private:
  void cut(Sheet sheet) override { m_sheets.push_back(std::move(sheet)); }
  void reply(const std::string& /*bytes*/) override { problem("asked for an answer"); }
  void automatic_status(bool on) override {
    if (on) problem("asked for automatic status");
  }
  void paper_status() override { problem("asked for the paper's state"); }
  void problem(const std::string& text) {
    m_sheets.emplace_back();
    m_sheets.back().problems.push_back(text);
  }

  std::vector<Sheet> m_sheets;
};

}  // namespace anjungan::simulator
