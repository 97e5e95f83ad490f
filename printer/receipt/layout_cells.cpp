// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "printer/receipt/cells.h"
#include "printer/receipt/type_setter.h"

namespace anjungan::receipt {
namespace {

constexpr int k_leading = 6;  // dots between two lines
constexpr int k_label_columns = 11;
constexpr int k_indent_columns = 2;  // of a value below its label
constexpr int k_quiet_modules = 4;
constexpr int k_narrow_columns = 40;     // below it labels stand above their values
constexpr Type k_drawn{22, false, 1.2};  // the size of the printer's own characters
constexpr Type k_drawn_bold{22, true, 1.2};
constexpr std::size_t k_most_line = 60;

struct Look {
  bool bold = false;
  int across = 1;
  int down = 1;
  bool white = false;
};
constexpr Look k_plain{};
constexpr Look k_bold{true};
constexpr Look k_tall{true, 1, 2};
constexpr Look k_large{true, 2, 2};

/// Puts lines one below the other; y is where the next one goes.
class Lines {
 public:
  explicit Lines(const Medium& medium) : m_columns(medium.columns) {
    m_page.medium = medium;
    m_page.width = medium.width;
  }

  Page finish() {
    m_page.height = std::max(1, m_y);
    return std::move(m_page);
  }

  void paragraph(const std::string& words, const Look& look = k_plain, std::size_t most = k_most_paragraph) {
    m_y = text(words, look, 0, m_y, most);
  }

  void rule(char ink) {
    gap(2);
    put(std::string(static_cast<std::size_t>(m_columns), ink), k_plain, 0, m_y);
    m_y += k_cell_height + k_leading + 2;
  }

  void rows(const std::vector<Row>& list) {
    for (const Row& row : list) {
      const std::string value = clean_text(row.value, k_most_value);
      if (value.empty()) continue;
      const Look& look = row.strong ? k_bold : k_plain;
      if (m_columns < k_narrow_columns || !in_ascii(value)) {
        paragraph(row.label, k_plain, k_most_value);
        m_y = text(value, look, m_columns < k_narrow_columns ? k_indent_columns : k_label_columns, m_y, k_most_value);
        continue;
      }
      // The longer one of both columns ends the row.
      const auto label = in_ascii(clean_text(row.label, k_most_value));
      const int left = label ? column(*label, k_plain, 0, k_label_columns - 1) : m_y;
      if (!label) paragraph(row.label);
      const int right = column(*in_ascii(value), look, k_label_columns, m_columns - k_label_columns);
      m_y = std::max(left, right);
    }
  }

  void bar(const std::string& words) {
    const auto ascii = in_ascii(clean_text(words, 40));
    const auto half = static_cast<std::size_t>(m_columns / 2);
    for (std::string line : wrapped(ascii ? *ascii : "CETAK ULANG", static_cast<int>(half))) {
      line.insert(0, (half - line.size()) / 2, ' ');
      line.resize(half, ' ');
      put(line, {true, 2, 2, true}, 0, m_y);
      m_y += 2 * k_cell_height;
    }
    gap(k_leading);
  }

  /// As large as the width allows, in one line where it can be.
  void large(const std::string& words) {
    const std::string clean = clean_text(words, 40);
    const bool wide = in_ascii(clean) && static_cast<int>(clean.size()) * 2 <= m_columns;
    paragraph(clean, wide ? k_large : k_tall);
  }

  /// Two groups a line, so that the eye finds its place.
  void code(const std::string& words) {
    const std::string clean = clean_text(words, 40);
    const std::size_t half = clean.size() == 19 ? 10 : clean.size();
    large(clean.substr(0, half));
    large(clean.substr(half));
  }

  void qr(const std::string& words) {
    const QrCode code = make_qr(words);
    if (code.size == 0) return;
    int module = std::min(m_page.medium.qr_module, m_page.width / (code.size + 2 * k_quiet_modules));
    if (module == 0) return;
    if (m_page.medium.doubled_qr && module > 1) module -= module % 2;
    const int side = module * code.size;
    int x = (m_page.width - side) / 2;
    if (m_page.medium.doubled_qr) {
      // Within what the printer puts into the middle: whole bytes of doubled dots.
      const int sent = (side / 2 + 7) / 8 * 16;
      x -= (x - (m_page.width - sent) / 2) % 2;
    }
    m_y += module * k_quiet_modules;
    m_page.boxes.emplace_back(QrBox{x, m_y, module, code, words});
    m_y += side + module * k_quiet_modules;
  }

  void gap(int dots) { m_y += dots; }

 private:
  void put(const std::string& ascii, const Look& look, int column, int y) {
    if (ascii.empty()) return;
    m_page.boxes.emplace_back(CellBox{column * k_cell_width, y, ascii, look.across, look.down, look.bold, look.white});
  }

  /// Where the next line goes.
  int column(const std::string& ascii, const Look& look, int at, int columns) {
    int y = m_y;
    for (const std::string& line : wrapped(ascii, columns / look.across)) {
      put(line, look, at, y);
      y += look.down * k_cell_height + k_leading;
    }
    return y;
  }

  int text(const std::string& words, const Look& look, int at, int y, std::size_t most) {
    const std::string clean = clean_text(words, most);
    if (clean.empty()) return y;
    m_y = y;
    if (const auto ascii = in_ascii(clean)) return column(*ascii, look, at, m_columns - at);
    const int x = at * k_cell_width;
    auto box =
        TypeSetter::here().set(clean, look.bold ? k_drawn_bold : k_drawn, m_columns * k_cell_width - x, Align::left);
    const TextBox drawn{x, y, std::move(box), false};
    m_page.boxes.emplace_back(drawn);
    return y + height_of(drawn) + k_leading;
  }

  int m_columns;
  int m_y = 0;
  Page m_page;
};

bool any_value(const std::vector<Row>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !clean_text(row.value, 1).empty(); });
}

void head(Lines& out, const Content& content) {
  if (content.copy) {
    out.bar(content.copy->bar);
    out.paragraph(content.copy->note);
    out.gap(10);
  }
  out.paragraph(content.government);
  out.paragraph(content.hall, k_tall);
  out.rule('=');
  out.paragraph(content.title, k_bold);
  out.paragraph(content.number_label);
  out.large(content.number);
  out.paragraph(content.time, k_bold);
  out.paragraph(content.place);
}

void follow(Lines& out, const Content& content) {
  out.paragraph(content.follow_title, k_bold);
  out.qr(content.qr);
  out.paragraph(content.scan_title.empty() || content.scan_text.empty() ? content.scan_title + content.scan_text
                                                                        : content.scan_title + " " + content.scan_text);
  out.gap(8);
  out.paragraph(content.code_label, k_plain, k_most_line);
  if (clean_text(content.code, 40).empty()) {
    out.paragraph(content.code_note);
  } else {
    out.code(content.code);
  }
  out.gap(8);
  out.paragraph(content.without_phone);
}

void signature(Lines& out, const SignatureLine& line) {
  out.paragraph(line.label);
  out.paragraph(line.name, k_bold);
  out.paragraph(line.role);
  out.gap(90);
  out.rule('_');
  out.paragraph(line.under);
}

}  // namespace

Page layout_cells(const Content& content, const Medium& medium) {
  Lines out(medium);
  head(out, content);
  if (any_value(content.rows) || !content.rows_note.empty()) {
    out.rule('-');
    out.rows(content.rows);
    out.paragraph(content.rows_note);
  }
  if (any_value(content.due)) {
    out.rule('-');
    out.paragraph(content.due_title, k_bold);
    out.rows(content.due);
    out.paragraph(content.due_note);
  }
  out.rule('-');
  follow(out, content);
  if (!content.rights.empty()) {
    out.rule('-');
    out.paragraph(content.rights_title, k_bold);
    out.paragraph(content.rights);
  }
  if (!content.state_title.empty() || !content.state.empty()) {
    out.rule('-');
    out.paragraph(content.state_title, k_bold);
    out.paragraph(content.state);
  }
  if (content.signature) {
    out.rule('-');
    signature(out, *content.signature);
  }
  out.rule('=');
  out.paragraph(content.closing);
  if (content.copy) {
    out.gap(10);
    out.bar(content.copy->bar);
  }
  return out.finish();
}

}  // namespace anjungan::receipt
