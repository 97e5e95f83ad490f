// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screens/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "kiosk/ui/control.h"

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;

namespace {

/// On a small panel the words need more than the design gives.
float header_height(const ui::Ui& ui) {
  const float words = std::round(1.3F * ui.metrics().em(Face::label) + 1.2F * ui.metrics().em(Face::button));
  return std::max(ui.px(ui.metrics().portrait() ? 132 : 104), words + ui.px(16));
}
float strip_height(const ui::Ui& ui) { return ui.px(20); }
float footer_height(const ui::Ui& ui) { return ui.px(ui.metrics().portrait() ? 196 : 140); }

const char* step_title(const ui::Ui& ui, int step) {
  switch (step) {
    case 1:
      return ui.tr("Persiapan");
    case 2:
      return ui.tr("Jenis laporan");
    case 3:
      return ui.tr("Topik");
    case 4:
      return ui.tr("Cerita Anda");
    case 5:
      return ui.tr("Tempat dan waktu");
    case 6:
      return ui.tr("Data diri");
    default:
      return ui.tr("Periksa");
  }
}

/// "12 Nov 2026": the bar on top is narrow, and both languages shorten a month to its first three letters.
std::string brief_date(const Model& model, record::Language language) {
  std::string out = record::short_date(record::local_date(model.unix_ms, record::utc_offset_min(model.zone)), language);
  const std::size_t month = out.find(' ') + 1;
  const std::size_t year = out.rfind(' ');
  return out.substr(0, std::min(month + 3, year)) + out.substr(year);
}

}  // namespace

void header(ui::Ui& ui, const Model& model, Local& local) {
  const auto& theme = ui.theme();
  const bool called = model.state.staff_called;
  const Area bar{0, 0, ui.screen().width, header_height(ui)};
  const ui::Colour ground = called ? theme.warning_soft : theme.card;
  ui.fill(bar, ground);
  const Area strip{0, bar.height, bar.width, strip_height(ui)};
  if (theme.high_contrast) ui.fill({0, bar.height - ui.px(2), bar.width, ui.px(2)}, theme.line);
  ui::kawung_strip(ui, strip, theme.accent);

  const float margin = ui.px(48);
  const float sign = ui.px(72);
  if (called) {
    ui.icon({margin + sign / 2, bar.centre().y}, ui::Icon::support_agent, ui::IconSize::medium, theme.warning);
  } else {
    ui::kawung_sign(ui, {margin, std::round(bar.centre().y - sign / 2), sign, sign}, theme.accent);
  }

  const auto language = model.state.settings.language;
  const std::string time =
      record::clock_is_sane(model.unix_ms) ? record::time_of_day(model.unix_ms, model.zone, language) : std::string();
  const std::string date =
      record::clock_is_sane(model.unix_ms) ? brief_date(model, language) : std::string(ui.tr("Jam belum tepat"));
  const float clock_width =
      std::max(ui.fonts().width(Face::button, time), ui.fonts().width(Face::label, date)) + ui.px(4);
  const Area clock{bar.width - margin - clock_width, 0, clock_width, bar.height};
  ui::Ui::Ink bold{Face::button, theme.ink, ground, Align::right, 1.2F};
  ui::Ui::Ink plain{Face::label, called ? theme.ink : theme.muted, ground, Align::right, 1.3F};
  const float both = ui.line_height(bold) + ui.line_height(plain);
  const float top = std::round(bar.centre().y - both / 2);
  if (time.empty()) {
    ui.line(clock, plain, date, "clock");
  } else {
    ui.text({clock.x, top, clock.width, ui.line_height(bold)}, bold, time, "clock");
    ui.text({clock.x, top + ui.line_height(bold), clock.width, ui.line_height(plain)}, plain, date, "date");
  }

  const ui::Button look{.icon = ui::Icon::format_size, .face = Face::label};
  const float button_width = ui::button_width(ui, ui.tr("Tampilan"), look);
  const float button_height = std::min(ui.target(88), bar.height - ui.px(12));
  const float button_x = clock.x - ui.gap(28) - button_width;
  if (ui::button(ui, "display", {button_x, std::round(bar.centre().y - button_height / 2), button_width, button_height},
                 ui.tr("Tampilan"), look))
    local.display_open = true;

  const float left = margin + sign + ui.px(24);
  const float room = button_x - ui.gap(20) - left;
  bold.align = plain.align = Align::left;
  if (called) {
    ui.line({left, 0, room, bar.height}, bold,
            ui.fonts().width(Face::button, ui.tr("Petugas sudah dipanggil")) <= room ? ui.tr("Petugas sudah dipanggil")
                                                                                     : ui.tr("Petugas dipanggil"),
            "staff.called");
    return;
  }
  // A long name of a government takes two lines of the smaller face; the hall's name is what people look for.
  const bool one_line = ui.fonts().width(Face::label, model.brand.government) <= room;
  const auto hall_face = ui.fonts().width(Face::button, model.brand.hall) <= room
                             ? bold
                             : ui::Ui::Ink{Face::label, theme.ink, ground, Align::left, 1.3F};
  if (one_line) {
    const float high = ui.line_height(plain) + ui.line_height(hall_face);
    const float y = std::round(bar.centre().y - high / 2);
    ui.text({left, y, room, ui.line_height(plain)}, plain, model.brand.government, "government");
    ui.text({left, y + ui.line_height(plain), room, ui.line_height(hall_face) * 2}, hall_face, model.brand.hall,
            "hall");
  } else {
    ui.line({left, 0, room, bar.height}, hall_face, model.brand.hall, "hall");
  }
}

std::optional<Intent> footer(ui::Ui& ui, const Model& model, const Footer& look) {
  const auto& theme = ui.theme();
  const Area screen = ui.screen();
  const Area bar{0, screen.height - footer_height(ui), screen.width, footer_height(ui)};
  ui.fill(bar, theme.card);
  ui.fill({0, bar.y, bar.width, ui.px(2)}, theme.line);
  const float margin = ui.px(48);
  const float height = std::min(ui.target(116), bar.height - ui.px(24));
  const float y = std::round(bar.centre().y - height / 2);
  const float gap = ui.gap(24);
  float left = margin;
  float right = bar.width - margin;
  std::optional<Intent> out;

  if (look.next != nullptr) {
    const ui::Button way{.weight = ui::Weight::primary, .icon = look.next_icon, .icon_behind = true};
    const float width = std::min(std::max(ui::button_width(ui, look.next_label, way), ui.px(244)), ui.px(470));
    right -= width;
    ui::button(ui, look.next, {right, y, width, height}, look.next_label, way);
    right -= gap;
  }
  if (look.other != nullptr) {
    const float width = ui::button_width(ui, look.other_label, {});
    right -= width;
    ui::button(ui, look.other, {right, y, width, height}, look.other_label);
    right -= gap;
  }
  if (look.back) {
    const ui::Button way{.icon = ui::Icon::arrow_back};
    const char* label = look.back_label != nullptr ? look.back_label : ui.tr("Kembali");
    const float width = std::min(ui::button_width(ui, label, way), ui.px(420));
    if (ui::button(ui, "back", {left, y, width, height}, label, way)) out = session::Back{};
    left += width + gap;
  }
  if (look.staff) {
    const bool called = model.state.staff_called;
    const ui::Button way{.icon = ui::Icon::support_agent};
    const char* label = called ? ui.tr("Batalkan panggilan") : ui.tr("Panggil petugas");
    const float width = std::min(ui::button_width(ui, label, way), right - left);
    if (ui::button(ui, "staff", {left, y, width, height}, label, way)) out = session::CallStaff{!called};
  }
  return out;
}

Area body(const ui::Ui& ui) {
  const float top = header_height(ui) + strip_height(ui) + ui.px(ui.metrics().portrait() ? 40 : 24);
  const float margin = ui.px(48);
  return {margin, top, ui.screen().width - 2 * margin, ui.screen().height - footer_height(ui) - ui.px(24) - top};
}

namespace {

/// How large the question is written, and what of it is left out where there is too little room for it.
struct Writing {
  Face title;
  Face hint;
  bool hinted = true;
  bool stepped = true;
};
constexpr Writing k_writings[] = {
    {Face::title, Face::body},     {Face::choice, Face::body},           {Face::strong, Face::body},
    {Face::strong, Face::caption}, {Face::strong, Face::caption, false}, {Face::strong, Face::caption, false, false}};

}  // namespace

Area question(ui::Ui& ui, const Model& model, const Area& area, const Question& words, float most) {
  const bool portrait = ui.metrics().portrait();
  const auto step = session::step_of(model.state.screen);
  std::string above =
      step ? fmt::format(fmt::runtime(ui.tr("Langkah {} dari {} · {}")), *step, session::k_steps, step_title(ui, *step))
           : words.caption;
  const auto caption = ui.muted(Face::caption);
  const float bars = step ? ui.px(8) + ui.px(14) + ui.px(portrait ? 32 : 20) : ui.px(8);
  if (const std::size_t dot = above.find(" · ");
      dot != std::string::npos && ui.lines(caption.face, above, area.width).size() > 1)
    above.replace(dot, std::string_view(" · ").size(), "\n");
  auto title = ui.ink(Face::title);
  title.line_height = 1.2F;
  auto hint = ui.muted(Face::body);
  Writing writing = k_writings[0];
  for (const Writing& one : k_writings) {
    writing = one;
    title.face = one.title;
    hint.face = one.hint;
    const ui::Wording fit = ui::fit_words(ui, std::array{one.title}, words.title, area.width, most, 9, 1.2F);
    float height = fit.height + ui.px(portrait ? 28 : 20);
    if (one.stepped && !above.empty()) height += ui.text_height(caption, above, area.width) + bars;
    if (one.hinted && !words.hint.empty()) height += ui.px(8) + ui.text_height(hint, words.hint, area.width);
    if (!fit.cut && height <= most) break;
  }
  float y = area.y;
  if (writing.stepped && !above.empty()) {
    y += ui.text({area.x, y, area.width, 0}, caption, above, "step");
    if (step) ui::steps(ui, {area.x, y + ui.px(8), area.width, ui.px(14)}, *step, session::k_steps);
    y += bars;
  }
  y += ui.text({area.x, y, area.width, 0}, title, words.title, "title");
  if (writing.hinted && !words.hint.empty()) {
    y += ui.px(8);
    y += ui.text({area.x, y, area.width, 0}, hint, words.hint, "hint");
  }
  y += ui.px(portrait ? 28 : 20);
  return {area.x, y, area.width, area.bottom() - y};
}

Area ask(ui::Ui& ui, const Model& model, const Question& words) {
  const Area place = body(ui);
  if (!ui.metrics().portrait()) {
    const float width = std::round(place.width * 0.34F);
    (void)question(ui, model, {place.x, place.y, width, place.height}, words, place.height);
    const float x = place.x + width + ui.px(56);
    return {x, place.y, place.right() - x, place.height};
  }
  const Area rest = question(ui, model, place, words, std::round(place.height * 0.37F));
  if (!model.wheelchair) return rest;
  const float top = std::max(rest.y, std::round(ui.screen().height / 2));
  return {rest.x, top, rest.width, rest.bottom() - top};
}

TypingRoom typing_room(const ui::Ui& ui, float keyboard_height) {
  const Area place = body(ui);
  const Area screen = ui.screen();
  const bool portrait = ui.metrics().portrait();
  const float air = ui.px(24);
  const float bottom = screen.height - footer_height(ui);
  if (portrait) {
    const Area keyboard{0, bottom - keyboard_height, screen.width, keyboard_height};
    return {{place.x, place.y, place.width, keyboard.y - air - place.y}, keyboard};
  }
  // Large letters need the width more than the keys do.
  const bool large = ui.metrics().text_step() >= 2;
  const float keys = 10 * ui.target(large ? 70 : 86) + 9 * ui.gap(12) + 2 * ui.px(24);
  const float x = std::min(std::round(screen.width * (large ? 0.55F : 0.4625F)), screen.width - keys);
  const float top = header_height(ui) + strip_height(ui);
  return {{place.x, place.y, x - ui.px(40) - place.x, place.height}, {x, top, screen.width - x, bottom - top}};
}

}  // namespace anjungan::screens
