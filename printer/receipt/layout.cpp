// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "printer/receipt/cells.h"
#include "printer/receipt/page.h"
#include "printer/receipt/type_setter.h"

namespace anjungan::receipt {
namespace {

constexpr Type k_small{20.5, false, 1.28};
constexpr Type k_small_bold{21, true, 1.28};
constexpr Type k_body{24, false, 1.24};
constexpr Type k_body_bold{24, true, 1.24};
constexpr Type k_heading{25, true, 1.2};
constexpr Type k_hall{31, true, 1.15};
constexpr Type k_code{33, true, 1.2};
constexpr Type k_mark{34, true, 1.1};
constexpr double k_largest_number = 62;
constexpr int k_quiet_modules = 4;

/// Puts boxes one below the other; y is where the next one goes.
class Builder {
 public:
  explicit Builder(const Medium& medium)
      : m_medium(medium), m_left(medium.margin), m_width(medium.width - 2 * medium.margin) {
    m_page.medium = medium;
    m_page.width = medium.width;
  }

  Page finish() {
    m_page.height = m_medium.height > 0 ? m_medium.height : m_y + d(10);
    return std::move(m_page);
  }

  void head(const Content& content) {
    m_y = m_medium.height > 0 ? m_medium.margin : d(4);
    shape(Shape::kawung, m_left, m_width, d(22));
    gap(14);
    if (content.copy) {
      mark_bar(content.copy->bar);
      gap(8);
      paragraph(content.copy->note, k_small);
      gap(8);
    }
    const int logo = d(64);
    const int beside = m_left + logo + d(14);
    const int width = m_medium.width - m_medium.margin - beside;
    const int top = m_y;
    m_page.boxes.emplace_back(ShapeBox{Shape::logo, m_left, top, logo, logo});
    const int first = text(content.government, scaled(k_small), beside, top - d(2), width, Align::left);
    Type hall = scaled(k_hall);
    // The hall's name stays on one line as long as it can be read.
    hall.size = fitted(content.hall, hall, width, hall.size * 0.75);
    const int second = text(content.hall, hall, beside, top - d(2) + first, width, Align::left);
    m_y = std::max(top + logo, top - d(2) + first + second);
    gap(8);
    shape(Shape::line, m_left, m_width, std::max(2, d(3)));
    gap(12);
    paragraph(content.title, k_heading);
    paragraph(content.number_label, k_small);
    number(content.number);
    gap(6);
    paragraph(content.time, k_body_bold);
    paragraph(content.place, k_small);
  }

  void rows(const std::vector<Row>& list) {
    for (const Row& row : list) {
      const std::string value = clean_text(row.value, k_most_value);
      if (value.empty()) continue;
      const std::string label = clean_text(row.label, k_most_value);
      const Type type = scaled(row.strong ? k_body_bold : k_body);
      if (m_medium.narrow) {
        m_y += text(label, scaled(k_small), m_left, m_y, m_width, Align::left);
        m_y += text(value, type, m_left, m_y, m_width, Align::left);
        gap(3);
        continue;
      }
      const int column = m_medium.label_column;
      const int low = d(3);  // the smaller label stands on the value's base line
      const int left = text(label, scaled(k_small), m_left, m_y + low, column - d(6), Align::left) + low;
      const int right = text(value, type, m_left + column, m_y, m_width - column, Align::left);
      m_y += std::max(left, right);
      gap(2);
    }
  }

  void follow(const Content& content) {
    paragraph(content.follow_title, k_heading);
    gap(10);
    const QrCode code = make_qr(content.qr);
    if (code.size == 0) {
      code_lines(content, m_left, m_width);
    } else if (m_medium.narrow) {
      const int module = std::min(m_medium.qr_module, m_medium.width / (code.size + 2 * k_quiet_modules));
      const int side = module * code.size;
      m_y += module * 2;
      m_page.boxes.emplace_back(QrBox{(m_medium.width - side) / 2, m_y, module, code, content.qr});
      m_y += side + module * k_quiet_modules;
      paragraph(join(content.scan_title, content.scan_text), k_small);
      gap(4);
      code_lines(content, m_left, m_width);
    } else {
      qr_beside_text(content, code);
    }
    gap(6);
    paragraph(content.without_phone, k_small);
  }

  void state(const Content& content) {
    const int icon = d(36);
    const int beside = m_left + icon + d(14);
    const int width = m_medium.width - m_medium.margin - beside;
    if (content.state_title.empty() && content.state.empty()) return;
    m_page.boxes.emplace_back(
        ShapeBox{content.delivered ? Shape::check : Shape::clock, m_left, m_y + d(2), icon, icon});
    int used = text(content.state_title, scaled(k_small_bold), beside, m_y, width, Align::left);
    used += text(clean_text(content.state, k_most_paragraph), scaled(k_small), beside, m_y + used, width, Align::left);
    m_y += std::max(used, icon + d(2));
  }

  void signature(const SignatureLine& line) {
    paragraph(line.label, k_small);
    paragraph(line.name, k_body_bold);
    paragraph(line.role, k_small);
    gap(90);
    shape(Shape::line, m_left, m_width * 2 / 3, std::max(2, d(2)));
    gap(4);
    paragraph(line.under, k_small);
  }

  void mark_bar(const std::string& words) {
    const int height = d(56);
    m_page.boxes.emplace_back(ShapeBox{Shape::bar, m_left, m_y, m_width, height});
    const auto box = TypeSetter::here().set(clean_text(words, 40), scaled(k_mark), m_width, Align::centre);
    int tall = 0;
    pango_layout_get_pixel_size(box.get(), nullptr, &tall);
    m_page.boxes.emplace_back(TextBox{m_left, m_y + (height - tall) / 2, box, true});
    m_y += height;
  }

  void divider() {
    gap(8);
    shape(Shape::dashes, m_left, m_width, 2);
    gap(10);
  }

  void rule() {
    gap(10);
    shape(Shape::line, m_left, m_width, std::max(2, d(3)));
    gap(8);
  }

  void paragraph(const std::string& words, const Type& type) {
    m_y += text(clean_text(words, k_most_paragraph), scaled(type), m_left, m_y, m_width, Align::left);
  }

  void gap(int dots) { m_y += d(dots); }

 private:
  [[nodiscard]] int d(int dots) const { return static_cast<int>(std::lround(dots * m_medium.scale)); }
  [[nodiscard]] Type scaled(Type type) const {
    type.size *= m_medium.scale;
    return type;
  }

  static std::string join(const std::string& a, const std::string& b) {
    return a.empty() ? b : b.empty() ? a : a + " " + b;
  }

  /// The height used; nothing for an empty text.
  int text(const std::string& words, const Type& type, int x, int y, int width, Align align) {
    if (words.empty()) return 0;
    auto box = TypeSetter::here().set(words, type, width, align);
    int height = 0;
    pango_layout_get_pixel_size(box.get(), nullptr, &height);
    m_page.boxes.emplace_back(TextBox{x, y, std::move(box), false});
    return height;
  }

  /// The largest size at which the words fit one line, not below `least`. Hinting makes widths jump: each step is
  /// measured.
  static double fitted(const std::string& words, Type type, int width, double least) {
    int natural = TypeSetter::here().width_of(words, type);
    if (natural <= width || natural == 0) return type.size;
    type.size = std::floor(type.size * width / natural * 4) / 4;
    while (type.size > least && TypeSetter::here().width_of(words, type) > width) type.size -= 0.25;
    return std::max(least, type.size);
  }

  void number(const std::string& words) {
    Type type{k_largest_number * m_medium.scale, true, 1.16};
    type.size = fitted(words, type, m_width, 20);
    m_y += text(clean_text(words, 40), type, m_left, m_y - d(4), m_width, Align::left) - d(4);
  }

  void shape(Shape kind, int x, int width, int height) {
    m_page.boxes.emplace_back(ShapeBox{kind, x, m_y, width, height});
    m_y += height;
  }

  /// Two groups a line, so that the eye and the finger find their place.
  void code_lines(const Content& content, int x, int width) {
    m_y += text(clean_text(content.code_label, 60), scaled(k_small), x, m_y, width, Align::left);
    const std::string code = clean_text(content.code, 40);
    if (code.empty()) {
      m_y += text(clean_text(content.code_note, k_most_value), scaled(k_small), x, m_y, width, Align::left);
      return;
    }
    const std::size_t half = code.size() == 19 ? 10 : code.size();
    Type type = scaled(k_code);
    type.size = fitted(code.substr(0, half), type, width, 16);
    m_y += text(code.substr(0, half), type, x, m_y, width, Align::left);
    m_y += text(code.substr(half), type, x, m_y, width, Align::left);
  }

  void qr_beside_text(const Content& content, const QrCode& code) {
    const int most = m_width * 62 / 100 / (code.size + k_quiet_modules);
    const int module = std::max(3, std::min(m_medium.qr_module, most));
    const int side = module * code.size;
    const int left = std::max(m_left, module * k_quiet_modules);
    const int top = m_y + module;
    m_page.boxes.emplace_back(QrBox{left, top, module, code, content.qr});
    const int x = left + side + module * k_quiet_modules;
    const int width = m_medium.width - m_medium.margin - x;
    Type title = scaled(k_heading);
    title.size = fitted(content.scan_title, title, width, title.size * 0.8);
    m_y = top - d(4);
    m_y += text(clean_text(content.scan_title, 60), title, x, m_y, width, Align::left);
    m_y += text(clean_text(content.scan_text, k_most_value), scaled(k_small), x, m_y, width, Align::left);
    gap(14);
    code_lines(content, x, width);
    m_y = std::max(m_y, top + side + module * 3);
  }

  Medium m_medium;
  int m_left;
  int m_width;
  int m_y = 0;
  Page m_page;
};

bool any_value(const std::vector<Row>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const Row& row) { return !clean_text(row.value, 1).empty(); });
}

}  // namespace

Page layout(const Content& content, const Medium& medium) {
  if (medium.columns > 0) return layout_cells(content, medium);
  Builder out(medium);
  out.head(content);
  if (any_value(content.rows) || !content.rows_note.empty()) {
    out.divider();
    out.rows(content.rows);
    out.paragraph(content.rows_note, k_small);
  }
  if (any_value(content.due)) {
    out.divider();
    out.paragraph(content.due_title, k_heading);
    out.gap(4);
    out.rows(content.due);
    out.paragraph(content.due_note, k_small);
  }
  out.divider();
  out.follow(content);
  if (!content.rights.empty()) {
    out.divider();
    out.paragraph(content.rights_title, k_heading);
    out.paragraph(content.rights, k_small);
  }
  out.divider();
  out.state(content);
  if (content.signature) {
    out.divider();
    out.signature(*content.signature);
  }
  out.rule();
  out.paragraph(content.closing, k_small);
  if (content.copy) {
    out.gap(10);
    out.mark_bar(content.copy->bar);
  }
  return out.finish();
}

}  // namespace anjungan::receipt
