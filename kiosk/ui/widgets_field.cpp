// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "kiosk/ui/control.h"
#include "kiosk/ui/widgets.h"

namespace anjungan::ui {
namespace {

constexpr float k_line = 1.4F;

float padding_across(const Ui& ui) { return ui.px(37); }
float padding_down(const Ui& ui) { return ui.px(33); }
/// Between the words and the counter, and below the counter.
float counter_gap(const Ui& ui) { return ui.px(8); }
float counter_below(const Ui& ui) { return ui.px(20); }

Ui::Ink field_ink(const Ui& ui) { return {Face::field, ui.theme().ink, ui.theme().card, Align::left, k_line}; }
Ui::Ink counter_ink(const Ui& ui) { return {Face::label, ui.theme().muted, ui.theme().card, Align::right, k_line}; }

/// The text as it stands in the field: its lines, letters apart where it is wide. A field of one line shows the part
/// around the caret.
class Typed {
 public:
  Typed(const Ui& ui, const TextBuffer& text, bool wide, float width, bool one_line)
      : m_ui(&ui), m_text(text.text()), m_apart(wide ? std::round(0.14F * ui.metrics().em(Face::field)) : 0) {
    // Letters stand apart only while all of them fit on one line.
    if (width_of(m_text) > width) m_apart = 0;
    if (one_line) {
      m_lines = {around(text.caret(), width)};
    } else {
      m_lines = break_lines(m_text, width, [this](std::string_view part) { return width_of(part); });
    }
    for (std::size_t i = 0; i < m_lines.size(); i++) {
      if (begin(i) <= text.caret()) m_caret_line = i;
    }
    m_caret_x = width_of(m_text.substr(begin(m_caret_line), text.caret() - begin(m_caret_line)));
  }

  [[nodiscard]] const std::vector<std::string_view>& lines() const { return m_lines; }
  /// Whether something stands before the first line.
  [[nodiscard]] bool before() const { return begin(0) > 0; }
  [[nodiscard]] std::size_t caret_line() const { return m_caret_line; }
  [[nodiscard]] float caret_x() const { return m_caret_x; }

  void draw_line(Ui& ui, std::size_t index, const Area& area) const {
    const std::string_view line = m_lines[index];
    if (m_apart <= 0) {
      ui.draw_text(area, field_ink(ui), line);
      return;
    }
    for (std::size_t at = 0; at < line.size();) {
      const std::string_view one = line.substr(at, code_point_bytes(line, at));
      ui.draw_text({area.x + width_of(line.substr(0, at)), area.y, area.width, area.height}, field_ink(ui), one);
      at += one.size();
    }
  }

 private:
  [[nodiscard]] std::string_view around(std::size_t caret, float width) const {
    std::size_t from = caret;
    while (from > 0) {
      std::size_t next = from - 1;
      while (next > 0 && (static_cast<unsigned char>(m_text[next]) & 0xC0U) == 0x80U) next--;
      if (width_of(m_text.substr(next, caret - next)) > width) break;
      from = next;
    }
    std::size_t to = caret;
    while (to < m_text.size()) {
      const std::size_t next = to + code_point_bytes(m_text, to);
      if (width_of(m_text.substr(from, next - from)) > width) break;
      to = next;
    }
    return m_text.substr(from, to - from);
  }
  [[nodiscard]] std::size_t begin(std::size_t line) const {
    return static_cast<std::size_t>(m_lines[line].data() - m_text.data());
  }
  [[nodiscard]] float width_of(std::string_view part) const {
    float out = m_ui->fonts().width(Face::field, part);
    if (m_apart <= 0) return out;
    for (std::size_t at = 0; at < part.size(); at += code_point_bytes(part, at)) out += m_apart;
    return out;
  }

  const Ui* m_ui;
  std::string_view m_text;
  float m_apart;
  std::vector<std::string_view> m_lines;
  std::size_t m_caret_line = 0;
  float m_caret_x = 0;
};

/// A thin line where the text goes on out of sight.
void draw_more(Ui& ui, const Area& words, float y) {
  ui.fill({words.x, std::round(y), words.width, ui.px(2)}, ui.theme().edge);
}

void draw_typed(Ui& ui, const Area& words, const TextBuffer& text, bool wide) {
  const float step = ui.line_height(field_ink(ui));
  const auto visible = static_cast<std::size_t>(std::max(1.0F, std::floor(words.height / step)));
  const Typed typed(ui, text, wide, words.width, visible == 1 && text.text().find('\n') == std::string::npos);
  const std::size_t all = typed.lines().size();
  const std::size_t first = std::min(all > visible ? all - visible : 0, typed.caret_line());
  const std::size_t end = std::min(all, first + visible);
  for (std::size_t i = first; i < end; i++) {
    typed.draw_line(ui, i, {words.x, words.y + step * static_cast<float>(i - first), words.width, step});
  }
  if (first > 0 || typed.before()) draw_more(ui, words, words.y - ui.px(10));
  if (end < all) draw_more(ui, words, words.y + step * static_cast<float>(visible) + ui.px(4));
  const float tall = std::round(1.16F * ui.metrics().em(Face::field));
  const float x = words.x + std::min(std::round(typed.caret_x()), words.width - ui.px(4));
  const float y = words.y + step * static_cast<float>(typed.caret_line() - first);
  ui.fill({x, std::round(y + (step - tall) / 2), ui.px(4), tall}, ui.theme().accent);
}

/// Room for a line of the text. What was typed matters more than the sign that it is wrong, which edge and notice say
/// too.
float words_width(const Ui& ui, const TextBuffer& text, const Field& look, float width) {
  const float whole = width - 2 * padding_across(ui);
  const float beside = whole - ui.metrics().icon(IconSize::medium) - ui.px(16);
  const float typed = ui.fonts().width(Face::field, text.text());
  return look.wrong && (typed <= beside || typed > whole) ? beside : whole;
}

}  // namespace

int field_lines(const Ui& ui, const TextBuffer& text, const Field& look, float width) {
  const std::string_view words = text.text().empty() ? std::string_view(look.hint) : std::string_view(text.text());
  return static_cast<int>(ui.lines(Face::field, words, words_width(ui, text, look, width)).size());
}

float field_height(const Ui& ui, int lines, bool counter) {
  const float words = ui.line_height(field_ink(ui)) * static_cast<float>(lines);
  const float below =
      counter ? counter_gap(ui) + ui.line_height(counter_ink(ui)) + counter_below(ui) : padding_down(ui);
  return padding_down(ui) + words + below;
}

void field(Ui& ui, const char* key, const Area& area, const TextBuffer& text, const Field& look) {
  const Theme& theme = ui.theme();
  const Colour edge = look.wrong ? theme.danger : theme.accent;
  draw_shell(ui, key, area, {theme.card, edge, theme.ink, ui.px(5), ui.px(24)});

  Area words = area.inset(padding_across(ui), padding_down(ui));
  if (!look.counter.empty()) {
    words.height =
        area.height - padding_down(ui) - counter_gap(ui) - ui.line_height(counter_ink(ui)) - counter_below(ui);
  }
  // A field that got less than one line's room stands it in the middle.
  const float line = ui.line_height(field_ink(ui));
  if (words.height < line) {
    words.y = std::round(words.y + (words.height - line) / 2);
    words.height = line;
  }
  if (look.wrong) {
    const float icon = ui.metrics().icon(IconSize::medium);
    words.width -= icon + ui.px(16);
    const float y = words.y + line / 2;
    ui.icon({area.right() - padding_across(ui) - icon / 2, y}, Icon::error, IconSize::medium, theme.danger);
  }

  Node node;
  node.key = key;
  node.role = Role::field;
  node.label = look.hint;
  node.value = std::to_string(text.length());
  node.area = area;
  node.foreground = theme.ink;
  node.background = theme.card;
  node.large = true;
  node.cut = words.height + 1 < ui.line_height(field_ink(ui));
  if (text.text().empty() && !look.hint.empty()) {
    Ui::Ink ink = field_ink(ui);
    ink.colour = node.foreground = theme.muted;
    if (ui.text_height(ink, look.hint, words.width) > words.height + 1) ink.face = Face::label;
    node.cut = ui.text_height(ink, look.hint, words.width) > words.height + 1;
    ui.draw_text(words, ink, look.hint);
  }
  draw_typed(ui, words, text, look.wide);
  ui.add(std::move(node));

  if (!look.counter.empty()) {
    const float high = ui.line_height(counter_ink(ui));
    ui.text({words.x, area.bottom() - counter_below(ui) - high, area.width - 2 * padding_across(ui), high},
            counter_ink(ui), look.counter, (std::string(key) + ".counter").c_str());
  }
}

}  // namespace anjungan::ui
