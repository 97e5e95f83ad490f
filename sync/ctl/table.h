// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace anjungan::ctl {

// Columns for people: padded to the widest cell, two spaces apart, a heading in capitals. Cells are UTF-8; control
// characters in them are shown as '?', so that nothing a citizen typed can move a terminal's cursor.
class Table {
 public:
  explicit Table(std::vector<std::string> headings);
  // Short rows are filled with "-"; cells beyond the headings are dropped.
  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return m_rows.empty(); }
  // Ends with a newline.
  [[nodiscard]] std::string str() const;

 private:
  std::vector<std::string> m_headings;
  std::vector<std::vector<std::string>> m_rows;
};

// The text without control characters.
[[nodiscard]] std::string printable(const std::string& text);

}  // namespace anjungan::ctl
