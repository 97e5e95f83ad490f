// SPDX-License-Identifier: Apache-2.0
// The first screen, the language and the consent.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "kiosk/screens/all.h"

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;
using ui::Icon;

namespace {

void stage_ornament(ui::Ui& ui) {
  const float step = ui.px(60);
  const float rows = 2;
  for (float y = 0; y < rows; y++) {
    for (float x = 0; x * step < ui.screen().width; x++) {
      const bool odd = static_cast<int>(x + y) % 2 != 0;
      ui.leaf({step / 2 + x * step, step / 2 + y * step}, ui.px(38), ui.px(19), odd ? -45 : 45,
              ui.theme().stage_ornament);
    }
  }
}

/// "10.32 WIB" of today, "11 Nov" of an earlier day: both languages shorten a month to its first three letters.
std::string moment(const Model& model, std::int64_t at_ms) {
  const auto language = model.state.settings.language;
  const int offset = record::utc_offset_min(model.zone);
  const record::Date day = record::local_date(at_ms, offset);
  if (day == record::local_date(model.unix_ms, offset)) return record::time_of_day(at_ms, model.zone, language);
  const std::string date = record::short_date(day, language);
  return date.substr(0, date.find(' ') + 4);
}

/// What of this terminal's records has reached the centre: for staff who pass by.
void sync_light(ui::Ui& ui, const Model& model, const Area& area) {
  const session::Uplink& uplink = model.state.uplink;
  if (!uplink.known || (uplink.waiting == 0 && uplink.confirmed_ms == 0)) return;
  const ui::Ui::Ink ink{Face::label, ui.theme().on_stage, ui.theme().stage, Align::left, 1.3F};
  const Icon icon = uplink.waiting == 0 ? Icon::check : uplink.reachable ? Icon::sync : Icon::cloud_off;
  std::string words;
  if (uplink.waiting == 0) {
    words = fmt::format(fmt::runtime(ui.tr("Terkirim ke pusat {}")), moment(model, uplink.confirmed_ms));
  } else if (uplink.confirmed_ms == 0) {
    words = fmt::format(fmt::runtime(ui.tr("{} menunggu dikirim")), uplink.waiting);
  } else {
    words = fmt::format(fmt::runtime(ui.tr("{} menunggu dikirim, terakhir {}")), uplink.waiting,
                        moment(model, uplink.confirmed_ms));
  }
  ui.icon({area.x + ui.px(22), area.centre().y}, icon, ui::IconSize::small, ui.theme().on_stage);
  ui.line({area.x + ui.px(60), area.y, area.width - ui.px(60), area.height}, ink, words, "sync");
}

}  // namespace

std::optional<Intent> draw_attract(ui::Ui& ui, const Model& model, Local& local) {
  const auto& theme = ui.theme();
  const Area screen = ui.screen();
  const bool portrait = ui.metrics().portrait();
  ui.fill(screen, theme.stage);
  stage_ornament(ui);

  const float margin = ui.px(72);
  const ui::Colour on = theme.on_stage;
  const ui::Colour ground = theme.stage;
  float y = ui.px(portrait ? 220 : 150);
  const float sign = ui.px(110);
  ui::kawung_sign(ui, {margin, y, sign, sign}, on);
  const float names = margin + sign + ui.px(28);

  const ui::Button display{.weight = ui::Weight::stage_quiet, .icon = Icon::format_size};
  const float display_width = ui::button_width(ui, ui.tr("Tampilan"), display);
  const Area display_area{screen.width - margin - display_width, y + (sign - ui.target(100)) / 2, display_width,
                          ui.target(100)};
  if (ui::button(ui, "display", display_area, ui.tr("Tampilan"), display)) local.display_open = true;

  const float room = display_area.x - ui.gap(24) - names;
  ui::Ui::Ink first{Face::button, on, ground, Align::left, 1.25F};
  first.face = Face::label;
  ui::Ui::Ink second{Face::button, on, ground, Align::left, 1.25F};
  const float high =
      ui.text_height(first, model.brand.government, room) + ui.text_height(second, model.brand.hall, room);
  float line = std::round(y + sign / 2 - high / 2);
  line += ui.text({names, line, room, 0}, first, model.brand.government, "government");
  ui.text({names, line, room, 0}, second, model.brand.hall, "hall");

  const float middle = std::round(screen.width * 0.5F);
  const float bottom = screen.height - ui.px(portrait ? 96 : 64);
  const float help_height = ui.target(60);
  const Area foot{margin, bottom - help_height, screen.width - 2 * margin, help_height};
  const float x = portrait ? margin : middle + ui.px(40);
  const float width = screen.width - margin - x;
  const float start_height = ui.px(portrait ? 220 : 240);
  const float track_height = ui.target(portrait ? 150 : 190);
  const float both = start_height + ui.gap(40) + track_height;
  // The words end where the buttons or the line below begin; a long sentence takes a smaller face.
  const float column = portrait ? screen.width - 2 * margin : middle - margin;
  const float words_end = portrait ? foot.y - 2 * ui.px(40) - both : foot.y - ui.px(16);
  ui::Ui::Ink headline{Face::headline, on, ground, Align::left, 1.08F};
  ui::Ui::Ink body{Face::field, on, ground, Align::left, 1.4F};
  const char* words = ui.tr("Ada keluhan?\nSampaikan\ndi sini.");
  const char* more = ui.tr("Gratis. Tanpa akun. Anda pulang membawa nomor laporan dan bukti tertulis.");
  if (ui.text_height(headline, words, column) > ui.px(420)) headline.face = Face::title;
  const float between = ui.px(portrait ? 48 : 28);
  const float headline_height = ui.text_height(headline, words, column) + between;
  const float highest = y + sign + ui.px(portrait ? 72 : 32);
  for (const Face face : {Face::field, Face::body, Face::caption}) {
    body.face = face;
    if (highest + headline_height + ui.text_height(body, more, column) <= words_end) break;
  }
  const float words_height = headline_height + ui.text_height(body, more, column);
  y = std::max(highest, std::min(ui.px(portrait ? 560 : 380), words_end - words_height));
  y += ui.text({margin, y, column, 0}, headline, words, "title") + between;
  y += ui.text({margin, y, column, 0}, body, more, "hint");

  const float start_y = portrait ? std::max(ui.px(1250), y + ui.px(40)) : ui.px(372);
  const Area start{x, start_y, width, start_height};
  const Area track{x, start.bottom() + ui.gap(40), width, track_height};
  std::optional<Intent> out;
  if (ui::button(ui, "start", start, ui.tr("Sentuh untuk mulai"),
                 {.weight = ui::Weight::stage_primary, .icon = Icon::touch_app, .face = Face::title}))
    out = session::Start{};
  if (ui::button(ui, "track", track, ui.tr("Lihat kabar laporan saya"),
                 {.weight = ui::Weight::stage_quiet, .icon = Icon::search, .face = Face::choice}))
    out = session::StartTracking{};

  const std::string time = record::clock_is_sane(model.unix_ms)
                               ? record::time_of_day(model.unix_ms, model.zone, model.state.settings.language)
                               : std::string();
  ui::Ui::Ink small{Face::button, on, ground, Align::right, 1.3F};
  small.face = Face::label;
  const float clock_width = ui.fonts().width(Face::label, time) + ui.px(4);
  if (!time.empty()) ui.line({foot.right() - clock_width, foot.y, clock_width, foot.height}, small, time, "clock");
  small.align = Align::left;
  ui.icon({foot.x + ui.px(22), foot.centre().y}, Icon::support_agent, ui::IconSize::small, on);
  ui.line({foot.x + ui.px(60), foot.y, foot.width - ui.px(60) - clock_width - ui.px(24), foot.height}, small,
          ui.tr("Perlu bantuan?") + (" " + model.brand.help), "help");
  sync_light(ui, model, {foot.x, foot.bottom() - ui.px(10), foot.width, ui.px(48)});
  return out;
}

std::optional<Intent> draw_language(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model, {});
  const Area rest = ask(ui, model, {ui.tr("Pilih bahasa"), ui.tr("Choose your language")});
  // A language is offered in its own words, whatever is chosen now.
  const ui::Choice choices[] = {
      {"language.id", Icon::language, "Bahasa Indonesia", "Lanjut dalam bahasa Indonesia.", false, Face::choice},
      {"language.en", Icon::language, "English", "Continue in English.", false, Face::choice},
  };
  Blocks blocks;
  for (std::size_t i = 0; i < std::size(choices); i++) {
    blocks.push_back({ui::choice_height(ui, choices[i], rest.width), [&, i](const Area& area) {
                        if (ui::choice(ui, choices[i], area)) {
                          out = session::ChooseLanguage{i == 0 ? record::Language::indonesian
                                                               : record::Language::english};
                        }
                      }});
  }
  column(ui, local, rest, blocks, ui.gap(24));
  return out;
}

std::optional<Intent> draw_consent(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  Footer foot{.next = "consent.yes", .next_label = ui.tr("Saya setuju"), .next_icon = Icon::check};
  const bool portrait = ui.metrics().portrait();
  if (!portrait) {
    foot.other = "consent.no";
    foot.other_label = ui.tr("Saya tidak setuju");
  }
  std::optional<Intent> out = footer(ui, model, foot);
  if (ui.fired("consent.yes")) out = session::Consent{true};
  if (ui.fired("consent.no")) out = session::Consent{false};
  const Area rest = ask(
      ui, model, {ui.tr("Bolehkah data Anda kami simpan?"), ui.tr("Laporan ini memakai data Anda seperti berikut.")});
  struct Point {
    Icon icon;
    const char* title;
    const char* text;
  };
  const Point points[] = {
      {Icon::assignment_ind, ui.tr("Yang kami minta"), ui.tr("Cerita Anda. Nama dan telepon hanya bila Anda mau.")},
      {Icon::gavel, ui.tr("Untuk apa"), ui.tr("Hanya untuk menindaklanjuti laporan ini.")},
      {Icon::lock, ui.tr("Siapa yang melihat"),
       ui.tr("Instansi yang menjawab. Isian Anda disegel dan tidak dapat dibaca dari anjungan ini.")},
      {Icon::verified_user, ui.tr("Hak Anda"),
       ui.tr("Meminta data dilihat, diperbaiki atau dihapus di loket mana pun.")},
  };
  Blocks blocks;
  for (const Point& point : points) {
    const ui::Ui::Ink title{Face::strong, ui.theme().ink, ui.theme().card, Align::left, 1.3F};
    const ui::Ui::Ink text{Face::body, ui.theme().muted, ui.theme().card, Align::left, 1.35F};
    const float inset = ui.px(portrait ? 28 : 20);
    const float indent = ui.px(110);
    const float width = rest.width - 2 * inset - indent;
    const float height = ui.text_height(title, point.title, width) + ui.text_height(text, point.text, width);
    blocks.push_back({height + 2 * inset, [=, &ui](const Area& area) {
                        ui::card(ui, area);
                        ui.icon({area.x + inset + ui.px(40), area.centre().y}, point.icon, ui::IconSize::medium,
                                ui.theme().accent);
                        float y = area.y + inset;
                        y += ui.text({area.x + inset + indent, y, width, 0}, title, point.title);
                        ui.text({area.x + inset + indent, y, width, 0}, text, point.text);
                      }});
  }
  if (portrait) {
    blocks.push_back({ui.target(100), [&](const Area& area) {
                        const char* label = ui.tr("Saya tidak setuju");
                        const float width = std::min(ui::button_width(ui, label, {}), area.width);
                        ui::button(ui, "consent.no", {area.x, area.y, width, area.height}, label);
                      }});
  }
  column(ui, local, rest, blocks, ui.gap(portrait ? 20 : 14));
  return out;
}

}  // namespace anjungan::screens
