// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screens/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;

namespace {

float header_height(const ui::Ui& ui) { return ui.px(ui.metrics().portrait() ? 132 : 104); }
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

/// What a page of a list needs to lead to the others.
float pages_height(const ui::Ui& ui) { return ui.target(92); }

void page_buttons(ui::Ui& ui, Local& local, const Area& area, int pages, const char* onward) {
  const float gap = ui.gap(24);
  const float side = std::round((area.width - 2 * gap) * 0.36F);
  const bool first = local.page == 0;
  const bool last = local.page + 1 >= pages;
  const ui::Button back{.icon = ui::Icon::arrow_back, .enabled = !first};
  const ui::Button on{.icon = ui::Icon::arrow_forward, .icon_behind = true, .enabled = !last};
  if (ui::button(ui, "page.back", {area.x, area.y, side, area.height}, ui.tr("Sebelumnya"), back)) local.page--;
  auto ink = ui.muted(Face::label, Align::centre);
  const Area middle{area.x + side + gap, area.y, area.width - 2 * (side + gap), area.height};
  ui.line(middle, ink, fmt::format(fmt::runtime(ui.tr("{} dari {}")), local.page + 1, pages), "page.number");
  if (ui::button(ui, "page.next", {area.right() - side, area.y, side, area.height}, onward, on)) local.page++;
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
    const ui::Button way{
        .weight = ui::Weight::primary, .icon = look.next_icon, .icon_behind = true, .enabled = look.next_enabled};
    const float width = std::min(std::max(ui::button_width(ui, look.next_label, way), ui.px(244)), ui.px(470));
    right -= width;
    ui::button(ui, look.next, {right, y, width, height}, look.next_label, way);
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

Area question(ui::Ui& ui, const Model& model, const Area& area, const Question& words) {
  float y = area.y;
  if (const auto step = session::step_of(model.state.screen)) {
    const auto caption = ui.muted(Face::caption);
    const std::string text =
        fmt::format(fmt::runtime(ui.tr("Langkah {} dari {} · {}")), *step, session::k_steps, step_title(ui, *step));
    y += ui.text({area.x, y, area.width, 0}, caption, text, "step");
    y += ui.px(8);
    ui::steps(ui, {area.x, y, area.width, ui.px(14)}, *step, session::k_steps);
    y += ui.px(14) + ui.px(ui.metrics().portrait() ? 32 : 20);
  }
  const std::pair<Face, Face> sizes[] = {
      {Face::title, Face::body}, {Face::choice, Face::body}, {Face::strong, Face::body}, {Face::strong, Face::caption}};
  const float most = area.height * (ui.metrics().portrait() ? 0.3F : 0.42F);
  auto title = ui.ink(Face::title);
  auto hint = ui.muted(Face::body);
  for (const auto& [title_face, hint_face] : sizes) {
    title.face = title_face;
    title.line_height = 1.2F;
    hint.face = hint_face;
    if (ui.text_height(title, words.title, area.width) + ui.text_height(hint, words.hint, area.width) <= most) break;
  }
  y += ui.text({area.x, y, area.width, 0}, title, words.title, "title");
  if (!words.hint.empty()) {
    y += ui.px(8);
    y += ui.text({area.x, y, area.width, 0}, hint, words.hint, "hint");
  }
  y += ui.px(ui.metrics().portrait() ? 28 : 20);
  return {area.x, y, area.width, area.bottom() - y};
}

Area within_reach(const ui::Ui& ui, const Model& model, const Area& area) {
  if (!model.wheelchair || !ui.metrics().portrait()) return area;
  const float top = std::max(area.y, std::round(ui.screen().height / 2));
  return {area.x, top, area.width, area.bottom() - top};
}

void column(ui::Ui& ui, Local& local, const Area& area, const std::vector<Block>& blocks, float gap) {
  // Each page: the first block of it, until the next page's.
  const auto pages_of = [&](float height) {
    std::vector<std::size_t> starts = {0};
    float used = 0;
    for (std::size_t i = 0; i < blocks.size(); i++) {
      const float space = i == starts.back() ? 0 : blocks[i].gap < 0 ? gap : blocks[i].gap;
      if (i != starts.back() && used + space + blocks[i].height > height + 1) {
        starts.push_back(i);
        used = blocks[i].height;
        continue;
      }
      used += space + blocks[i].height;
    }
    starts.push_back(blocks.size());
    return starts;
  };
  std::vector<std::size_t> starts = pages_of(area.height);
  const bool paged = starts.size() > 2;
  if (paged) starts = pages_of(area.height - pages_height(ui) - ui.gap(24));
  const int pages = static_cast<int>(starts.size()) - 1;
  local.page = std::clamp(local.page, 0, pages - 1);
  float y = area.y;
  const std::size_t first = starts[static_cast<std::size_t>(local.page)];
  for (std::size_t i = first; i < starts[static_cast<std::size_t>(local.page) + 1]; i++) {
    if (i != first) y += blocks[i].gap < 0 ? gap : blocks[i].gap;
    if (blocks[i].draw) blocks[i].draw({area.x, y, area.width, blocks[i].height});
    y += blocks[i].height;
  }
  if (paged) {
    page_buttons(ui, local, {area.x, area.bottom() - pages_height(ui), area.width, pages_height(ui)}, pages,
                 ui.tr("Lanjutkan membaca"));
  }
}

void append_text(ui::Ui& ui, std::vector<Block>& blocks, const ui::Ui::Ink& ink, std::string_view text, float width,
                 float gap, float indent) {
  for (const std::string_view line : ui.lines(ink.face, text, width - indent)) {
    blocks.push_back({ui.line_height(ink),
                      [&ui, ink, indent, one = std::string(line)](const Area& area) {
                        if (!one.empty())
                          ui.text({area.x + indent, area.y, area.width - indent, area.height}, ink, one);
                      },
                      gap});
    gap = 0;
  }
}

void grid(ui::Ui& ui, Local& local, const Area& area, const Grid& look, std::size_t count,
          const std::function<void(std::size_t, const Area&)>& draw) {
  const float gap = ui.gap(24);
  const auto columns = static_cast<std::size_t>(look.columns);
  const auto rows_in = [&](float height) {
    return std::max<std::size_t>(1, static_cast<std::size_t>((height + gap) / (look.cell_height + gap)));
  };
  const std::size_t needed = (count + columns - 1) / columns;
  std::size_t rows = rows_in(area.height);
  const bool paged = needed > rows;
  if (paged) rows = rows_in(area.height - pages_height(ui) - gap);
  const std::size_t pages = std::max<std::size_t>(1, (needed + rows - 1) / rows);
  local.page = std::clamp(local.page, 0, static_cast<int>(pages) - 1);
  const std::size_t shown = paged ? rows : needed;
  float height = look.cell_height;
  if (look.most_height > height && shown > 0) {
    const float room = (paged ? area.height - pages_height(ui) - gap : area.height) + gap;
    height = std::clamp(std::floor(room / static_cast<float>(shown)) - gap, height, look.most_height);
  }
  const float width = std::floor((area.width - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
  const std::size_t first = static_cast<std::size_t>(local.page) * rows * columns;
  for (std::size_t i = first; i < std::min(count, first + shown * columns); i++) {
    const std::size_t at = i - first;
    draw(i, {area.x + static_cast<float>(at % columns) * (width + gap),
             area.y + static_cast<float>(at / columns) * (height + gap), width, height});
  }
  if (paged) {
    page_buttons(ui, local, {area.x, area.bottom() - pages_height(ui), area.width, pages_height(ui)},
                 static_cast<int>(pages), ui.tr("Pilihan lain"));
  }
}

}  // namespace anjungan::screens
