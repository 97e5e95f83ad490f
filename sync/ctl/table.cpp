// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace anjungan::ctl {
namespace {

// Code points, as an estimate of columns: wide characters are rare in what is listed here.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string printable(const std::string& text) {
  std::string out = text;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto octet = static_cast<unsigned char>(out[i]);
    const bool c1 = octet == 0xC2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xA0;
    if (octet < 0x20 || octet == 0x7F) out[i] = '?';
    if (c1) out.replace(i, 2, "?");
  }
  return out;
}

Table::Table(std::vector<std::string> headings) : m_headings(std::move(headings)) {}

void Table::add(std::vector<std::string> cells) {
  cells.resize(m_headings.size());
  for (std::string& cell : cells) cell = cell.empty() ? "-" : printable(cell);
  m_rows.push_back(std::move(cells));
}

std::string Table::str() const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < m_headings.size(); ++column) {
    std::size_t widest = width(m_headings[column]);
    for (const auto& row : m_rows) widest = std::max(widest, width(row[column]));
    widths.push_back(widest);
  }
  std::string out;
  const auto write = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (column != 0) line += "  ";
      line += row[column] + std::string(widths[column] - width(row[column]), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  write(m_headings);
  for (const auto& row : m_rows) write(row);
  return out;
}

}  // namespace anjungan::ctl
