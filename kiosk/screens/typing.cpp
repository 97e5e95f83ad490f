// SPDX-License-Identifier: Apache-2.0
// The screens where something is typed: the story, where, when, who, how, and the person's own data.
#include <fmt/format.h>

#include <algorithm>

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

/// The day in words that an officer understands next week too.
std::string day_words(const ui::Ui& ui, const Model& model, int days_ago) {
  const record::Date today = record::local_date(model.unix_ms, record::utc_offset_min(model.zone));
  const char* name = days_ago == 0 ? ui.tr("Hari ini") : ui.tr("Kemarin");
  return fmt::format("{} ({})", name, record::short_date(today.plus_days(-days_ago), model.state.settings.language));
}

/// Answers to "when" for those who do not want to type.
std::optional<std::string> when_buttons(ui::Ui& ui, const Model& model, const Area& area) {
  std::vector<std::pair<const char*, std::string>> answers;
  if (record::clock_is_sane(model.unix_ms)) {
    answers.emplace_back("when.today", day_words(ui, model, 0));
    answers.emplace_back("when.yesterday", day_words(ui, model, 1));
  }
  answers.emplace_back("when.week", ui.tr("Dalam minggu ini"));
  answers.emplace_back("when.long", ui.tr("Sudah lama"));
  const float gap = ui.gap(20);
  const float width = (area.width - gap) / 2;
  const float height = (area.height - gap) / 2;
  std::optional<std::string> out;
  for (std::size_t i = 0; i < answers.size(); i++) {
    const Area place{area.x + static_cast<float>(i % 2) * (width + gap),
                     area.y + static_cast<float>(i / 2) * (height + gap), width, height};
    if (ui::button(ui, answers[i].first, place, answers[i].second.c_str(), {.face = Face::label})) {
      out = answers[i].second;
    }
  }
  return out;
}

struct Room {
  Area left;      ///< question and field
  Area keyboard;  ///< with its bed
};

Room room_of(const ui::Ui& ui, bool digits) {
  const Area place = body(ui);
  const Area screen = ui.screen();
  const float footer_top = place.bottom() + ui.px(24);
  if (ui.metrics().portrait()) {
    const float height = digits ? ui::keypad_height(ui) : ui::keyboard_height(ui);
    const Area keyboard{0, footer_top - height, screen.width, height};
    return {{place.x, place.y, place.width, keyboard.y - ui.px(24) - place.y}, keyboard};
  }
  const float header_bottom = place.y - ui.px(24);
  const float left_width = std::round(screen.width * 0.4167F);
  const Area keyboard{place.x + left_width + ui.px(40), header_bottom, 0, footer_top - header_bottom};
  return {{place.x, place.y, left_width, place.height},
          {keyboard.x, keyboard.y, screen.width - keyboard.x, keyboard.height}};
}

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
  const Room room = room_of(ui, digits);
  Area rest = question(ui, model, room.left, {words.title, words.hint});

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

  const float gap = ui.px(20);
  float below = 0;
  const float chips = field == Field::when ? 2 * ui.target(88) + ui.gap(20) : 0;
  if (chips > 0) below += chips + gap;
  const float notice = wrong ? ui::notice_height(ui, trouble, rest.width) : 0;
  if (wrong) below += notice + gap;
  int lines = most_lines;
  while (lines > 1 && ui::field_height(ui, lines, !look.counter.empty()) + below > rest.height) lines--;
  const float height =
      std::min(ui::field_height(ui, lines, !look.counter.empty()), std::max(rest.height - below, ui.target(80)));
  ui::field(ui, "field", {rest.x, rest.y, rest.width, height}, text, look);
  float y = rest.y + height + gap;
  if (wrong) {
    ui::notice(ui, "problem", {rest.x, y, rest.width, notice}, ui::Tone::warning, ui::Icon::error, trouble);
    y += notice + gap;
  }
  bool changed = false;
  if (chips > 0) {
    if (const auto answer = when_buttons(ui, model, {rest.x, y, rest.width, std::min(chips, rest.bottom() - y)})) {
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
