// SPDX-License-Identifier: Apache-2.0
// The screens where something is typed: the story, where, when, who, how, and the person's own data.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kiosk/screens/all.h"
#include "kiosk/screens/phrases.h"

namespace anjungan::screens {

using record::Field;
using ui::Align;
using ui::Area;
using ui::Face;

namespace {

struct Asked {
  const char* title = "";
  const char* hint = "";
  const char* example = "";  ///< shown in the empty field
  bool needed = false;
};

Asked asked(const ui::Ui& ui, Field field) {
  switch (field) {
    case Field::story:
      return {ui.tr("Apa yang terjadi?"), ui.tr("Ceritakan dengan kata-kata Anda sendiri."), "", true};
    case Field::place:
      return {ui.tr("Di mana tepatnya?"), ui.tr("Nama jalan, gedung atau patokan di dekatnya."), "", false};
    case Field::when:
      return {ui.tr("Kapan terjadinya?"), ui.tr("Pilih satu, atau ketik tanggalnya."), "", false};
    case Field::who:
      return {ui.tr("Siapa yang terkait?"), ui.tr("Kantor, petugas atau pihak lain. Boleh dilewati."), "", false};
    case Field::how:
      return {ui.tr("Bagaimana sebaiknya?"), ui.tr("Apa yang Anda harapkan. Boleh dilewati."), "", false};
    case Field::name:
      return {ui.tr("Siapa nama Anda?"), ui.tr("Seperti di KTP."), "", true};
    case Field::phone:
      return {ui.tr("Nomor telepon Anda?"), ui.tr("Untuk dihubungi petugas. Boleh dilewati."), "08…", false};
    case Field::nik:
      return {ui.tr("Nomor NIK Anda?"), ui.tr("16 angka di KTP. Boleh dilewati."), "", false};
    case Field::address:
      return {ui.tr("Di mana alamat Anda?"), ui.tr("Tercetak di struk. Boleh dilewati."), "", false};
  }
  return {};
}

/// Answers to "when" for those who do not want to type.
class WhenButtons {
 public:
  WhenButtons(const ui::Ui& ui, const Model& model, float width) : m_width(std::floor((width - ui.gap(20)) / 2)) {
    if (record::clock_is_sane(model.unix_ms)) {
      m_answers.push_back(day(ui, model, "when.today", ui.tr("Hari ini"), 0));
      m_answers.push_back(day(ui, model, "when.yesterday", ui.tr("Kemarin"), 1));
    }
    for (const auto& [key, words] :
         {std::pair{"when.week", ui.tr("Dalam minggu ini")}, std::pair{"when.long", ui.tr("Sudah lama")}})
      m_answers.push_back({key, words, words});
    m_high = ui.target(88);
    for (const Answer& one : m_answers) {
      if (one.label.find('\n') != std::string::npos)
        m_high = std::max(m_high, 2.4F * ui.metrics().em(Face::label) + ui.px(28));
    }
    m_high = std::round(m_high);
  }

  [[nodiscard]] float height(const ui::Ui& ui) const {
    const auto rows = static_cast<float>((m_answers.size() + 1) / 2);
    return rows * m_high + (rows - 1) * ui.gap(20);
  }

  [[nodiscard]] std::optional<std::string> draw(ui::Ui& ui, ui::Point at) const {
    std::optional<std::string> out;
    for (std::size_t i = 0; i < m_answers.size(); i++) {
      const Answer& one = m_answers[i];
      const Area place{at.x + static_cast<float>(i % 2) * (m_width + ui.gap(20)),
                       at.y + static_cast<float>(i / 2) * (m_high + ui.gap(20)), m_width, m_high};
      if (ui::button(ui, one.key, place, one.label.c_str(), {.face = Face::label})) out = one.text;
    }
    return out;
  }

 private:
  struct Answer {
    const char* key;
    std::string text;
    std::string label;  ///< on two lines where one is too narrow
  };

  /// The day in words that an officer understands next week too.
  [[nodiscard]] Answer day(const ui::Ui& ui, const Model& model, const char* key, const char* name, int ago) const {
    const record::Date today = record::local_date(model.unix_ms, record::utc_offset_min(model.zone));
    const std::string date = record::short_date(today.plus_days(-ago), model.state.settings.language);
    const std::string text = fmt::format("{} ({})", name, date);
    const bool one_line = ui::button_width(ui, text.c_str(), {.face = Face::label}) <= m_width;
    return {key, text, one_line ? text : fmt::format("{}\n{}", name, date)};
  }

  float m_width;
  float m_high = 0;
  std::vector<Answer> m_answers;
};

}  // namespace

std::optional<Intent> draw_typing(ui::Ui& ui, const Model& model, Local& local) {
  const Field field = *session::field_of(local.screen);
  const Asked words = asked(ui, field);
  ui::TextBuffer& text = *local.text;
  header(ui, model, local);

  Footer foot;
  foot.next = "next";
  foot.next_label = text.text().empty() && !words.needed ? ui.tr("Lewati") : ui.tr("Lanjut");
  std::optional<Intent> out = footer(ui, model, foot);
  if (ui.fired("next")) out = session::Next{};

  const bool digits = field == Field::phone || field == Field::nik;
  const TypingRoom room = typing_room(ui, digits ? ui::keypad_height(ui) : ui::keyboard_height(ui));
  const auto problem = std::find_if(model.state.problems.begin(), model.state.problems.end(),
                                    [&](const record::FieldProblem& one) { return one.field == field; });
  const bool wrong = problem != model.state.problems.end();
  const char* trouble = wrong ? problem_text(ui, model.state, field, problem->problem) : "";

  ui::Field look;
  look.hint = words.example;
  look.wrong = wrong;
  look.wide = field == Field::nik;
  if (field == Field::nik) {
    look.counter = fmt::format(fmt::runtime(ui.tr("{} dari 16 angka")), text.length());
  } else if (text.most() >= 1000) {
    look.counter =
        fmt::format(fmt::runtime(ui.tr("{} dari {} huruf")), thousands(ui, text.length()), thousands(ui, text.most()));
  }
  const bool long_text = field == Field::story || field == Field::how;
  const int most_lines = long_text ? 5 : field == Field::place || field == Field::address ? 3 : 1;

  // What stands below the field is whole, the field has a line at least; the question gets what is left.
  const float gap = ui.gap(20);
  const bool counted = !look.counter.empty();
  const float notice = wrong ? ui::notice_height(ui, trouble, room.left.width) : 0;
  std::optional<WhenButtons> buttons;
  if (field == Field::when) buttons.emplace(ui, model, room.left.width);
  const float below = (wrong ? gap + notice : 0) + (buttons ? gap + buttons->height(ui) : 0);
  const float most = std::min(room.left.height * (ui.metrics().portrait() ? 0.45F : 0.57F),
                              room.left.height - below - ui::field_height(ui, 1, counted));
  const Area rest = question(ui, model, room.left, {words.title, words.hint, ""}, most);
  int lines = most_lines;
  while (lines > 1 && ui::field_height(ui, lines, counted) + below > rest.height) lines--;
  const float height = ui::field_height(ui, lines, counted);
  ui::field(ui, "field", {rest.x, rest.y, rest.width, height}, text, look);
  float y = rest.y + height + gap;
  if (wrong) {
    ui::notice(ui, "problem", {rest.x, y, rest.width, notice}, ui::Tone::warning, ui::Icon::error, trouble);
    y += notice + gap;
  }
  bool changed = false;
  if (buttons) {
    if (const auto answer = buttons->draw(ui, {rest.x, y})) {
      text.set(*answer);
      changed = true;
    }
  }
  const auto press = digits ? ui::keypad(ui, room.keyboard, field == Field::phone)
                            : ui::keyboard(ui, room.keyboard, local.keyboard, long_text, false);
  if (press && ui::apply(*press, text)) changed = true;
  if (changed) out = session::TypeText{field, text.text()};
  return out;
}

}  // namespace anjungan::screens
