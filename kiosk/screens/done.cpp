// SPDX-License-Identifier: Apache-2.0
// Saving, the number, thanks.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kiosk/screens/all.h"
#include "kiosk/screens/phrases.h"

namespace anjungan::screens {

using session::Print;
using ui::Align;
using ui::Area;
using ui::Face;
using ui::Icon;

namespace {

/// A number as large as it fits, on one line.
Block big_line(ui::Ui& ui, const std::string& text, const char* key, float width, ui::Colour ground, Face largest) {
  Face face = largest;
  for (const Face smaller : {Face::number, Face::title, Face::choice, Face::strong, Face::button, Face::label}) {
    if (ui.metrics().em(smaller) > ui.metrics().em(largest)) continue;
    face = smaller;
    if (ui.fonts().width(smaller, text) <= width) break;
  }
  const ui::Ui::Ink ink{face, ui.theme().ink, ground, Align::centre, 1.15F};
  return {ui.line_height(ink), [=, &ui](const Area& area) { ui.text(area, ink, text, key); }};
}

Block safe(ui::Ui& ui, float width, float gap) {
  const auto ink = ui.ink(Face::strong, Align::centre);
  const char* words = ui.tr("Laporan Anda aman dan sudah tersimpan.");
  return {ui.text_height(ink, words, width), [=, &ui](const Area& area) { ui.text(area, ink, words, "safe"); }, gap};
}

/// `why` stands only where there is room beside the picture.
Block qr_card(ui::Ui& ui, const Model& model, const char* what, const char* why, float width) {
  const ui::Ui::Ink title{Face::strong, ui.theme().ink, ui.theme().card, Align::left, 1.25F};
  const ui::Ui::Ink text{Face::body, ui.theme().muted, ui.theme().card, Align::left, 1.35F};
  const float inset = ui.px(28);
  const float side = std::min(ui.px(424), width * 0.46F);
  const float left = inset + side + ui.px(36);
  const float room = width - left - inset;
  const float words = ui.text_height(title, what, room) + ui.px(8) + ui.text_height(text, why, room);
  // Narrow or large letters: the words go below the picture.
  const bool below = words > 1.2F * side;
  const float wide = width - 2 * inset;
  const float words_below = ui.text_height(title, what, wide);
  const float height = below ? side + words_below + 3 * inset : std::max(side, words) + 2 * inset;
  return {height, [=, &ui, &model](const Area& area) {
            ui::card(ui, area);
            const float x = below ? area.centre().x - side / 2 : area.x + inset;
            const float y = below ? area.y + inset : area.centre().y - side / 2;
            if (model.qr != nullptr) ui::qr_picture(ui, "qr", {x, y, side, side}, model.qr->size, model.qr->dark);
            if (below) {
              auto middle = title;
              middle.align = Align::centre;
              ui.text({area.x + inset, y + side + inset, wide, 0}, middle, what);
              return;
            }
            float at = std::round(area.centre().y - words / 2);
            at += ui.text({area.x + left, at, room, 0}, title, what);
            ui.text({area.x + left, at + ui.px(8), room, 0}, text, why);
          }};
}

const char* print_words(const ui::Ui& ui, const session::Receipt& receipt) {
  switch (receipt.print) {
    case Print::printed:
      return receipt.elsewhere ? ui.tr("Struk sudah tercetak di printer cadangan. Silakan minta kepada petugas.")
                               : ui.tr("Struk sudah tercetak. Silakan ambil.");
    case Print::sent:
      return receipt.elsewhere ? ui.tr("Struk sudah dikirim ke printer cadangan. Silakan minta kepada petugas.")
                               : ui.tr("Struk sudah dikirim ke printer. Silakan ambil.");
    case Print::waiting:
      return ui.tr("Struk menunggu giliran cetak");
    default:
      return ui.tr("Struk sedang dicetak");
  }
}

Block print_panel(ui::Ui& ui, const session::Receipt& receipt, float share, float width) {
  const bool over = receipt.print == Print::printed || receipt.print == Print::sent;
  const char* words = print_words(ui, receipt);
  const ui::Ui::Ink ink{Face::strong, ui.theme().ink, ui.theme().soft, Align::left, 1.25F};
  const float inset = ui.px(36);
  const float left = ui.px(150);
  const float room = width - left - inset;
  const float text = ui.text_height(ink, words, room);
  const float bar = over ? 0 : ui.px(16) + ui.px(18);
  return {std::max(text + bar + 2 * inset, ui.px(140)), [=, &ui](const Area& area) {
            ui.fill(area, ui.theme().soft, ui.px(24));
            if (ui.theme().high_contrast) ui.border(area, ui.theme().accent, ui.px(6), ui.px(24));
            ui.icon({area.x + ui.px(80), area.centre().y}, over ? Icon::receipt : Icon::print, ui::IconSize::medium,
                    ui.theme().accent);
            float y = std::round(area.centre().y - (text + bar) / 2);
            y += ui.text({area.x + left, y, room, 0}, ink, words, "print");
            if (!over) ui::progress(ui, "print.progress", {area.x + left, y + ui.px(18), room, ui.px(16)}, share);
          }};
}

void deadlines(ui::Ui& ui, const Model& model, const session::Receipt& receipt, Blocks& blocks, float width) {
  if (!receipt.due) return;
  const auto language = model.state.settings.language;
  auto strong = ui.ink(Face::strong);
  strong.line_height = 1.3F;
  const auto plain = ui.ink(Face::body);
  append_text(
      ui, blocks, strong,
      fmt::format(fmt::runtime(ui.tr("Dijawab paling lambat {}.")), record::long_date(receipt.due->answer, language)),
      width, ui.px(28));
  append_text(
      ui, blocks, plain,
      fmt::format(fmt::runtime(ui.tr("Bila sampai {} belum ditindaklanjuti, Anda berhak melapor ke Ombudsman RI.")),
                  record::short_date(receipt.due->ombudsman, language)),
      width, ui.px(6));
}

/// How far a print is, as far as one can know: it moves while it lasts and is full when it is over.
float print_share(const session::Receipt& receipt) {
  switch (receipt.print) {
    case Print::waiting:
      return 0.08F;
    case Print::printing:
      return 0.6F;
    default:
      return 1;
  }
}

/// Not printed: what is needed to go home with the number all the same.
void unprinted(ui::Ui& ui, const Model& model, const session::Receipt& receipt, Blocks& blocks, float width) {
  const float inset = ui.px(28);
  const float wide = width - 2 * inset;
  const ui::Colour ground = ui.theme().card;
  const ui::Ui::Ink label{Face::body, ui.theme().muted, ground, Align::centre, 1.3F};
  const Block number = big_line(ui, receipt.number.str(), "number", wide, ground, Face::number);
  const Block code = big_line(ui, receipt.code.str(), "code", wide, ground, Face::title);
  const float qr = ui.px(ui.metrics().portrait() ? 330 : 250);
  const float height = 2 * ui.line_height(label) + number.height + code.height + qr + 2 * inset + ui.px(36);
  blocks.push_back({height,
                    [=, &ui, &model](const Area& area) {
                      ui::card(ui, area);
                      float y = area.y + inset;
                      const float x = area.x + inset;
                      y += ui.text({x, y, wide, 0}, label, ui.tr("Nomor laporan Anda"));
                      number.draw({x, y, wide, number.height});
                      y += number.height + ui.px(12);
                      y += ui.text({x, y, wide, 0}, label, ui.tr("Kode akses"));
                      code.draw({x, y, wide, code.height});
                      y += code.height + ui.px(24);
                      if (model.qr != nullptr) {
                        ui::qr_picture(ui, "qr", {area.centre().x - qr / 2, y, qr, qr}, model.qr->size, model.qr->dark);
                      }
                    },
                    ui.px(20)});
  const ui::Ui::Ink strong{Face::strong, ui.theme().ink, ground, Align::centre, 1.3F};
  const ui::Ui::Ink plain{Face::body, ui.theme().ink, ground, Align::centre, 1.3F};
  const float half = (width - ui.gap(24)) / 2;
  const float room = half - 2 * ui.px(20);
  struct Way {
    Icon icon;
    const char* first;
    std::string second;
  };
  const Way ways[] = {{Icon::photo_camera, ui.tr("Foto layar ini"), ui.tr("dengan ponsel Anda")},
                      {Icon::support_agent, ui.tr("atau minta petugas"), ui.tr("mencetak struk Anda")}};
  float most = 0;
  for (const Way& way : ways)
    most = std::max(most, ui.text_height(strong, way.first, room) + ui.text_height(plain, way.second, room));
  blocks.push_back({most + ui.px(64) + 2 * ui.px(24) + ui.px(8), [=, &ui](const Area& area) {
                      for (int i = 0; i < 2; i++) {
                        const Area one{area.x + static_cast<float>(i) * (half + ui.gap(24)), area.y, half, area.height};
                        ui::card(ui, one);
                        const Way& way = ways[i];
                        float y = one.y + ui.px(24);
                        ui.icon({one.centre().x, y + ui.px(32)}, way.icon, ui::IconSize::medium, ui.theme().accent);
                        y += ui.px(64) + ui.px(8);
                        y += ui.text({one.x + ui.px(20), y, room, 0}, strong, way.first);
                        ui.text({one.x + ui.px(20), y, room, 0}, plain, way.second);
                      }
                    }});
}

}  // namespace

std::optional<Intent> draw_saving(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model, {.back = false});
  const Area place = body(ui);
  Blocks blocks;
  const bool slow = model.state.saving_slow;
  append_sign(ui, blocks,
              {Icon::hourglass_empty, ui.theme().accent, ui.theme().soft,
               slow ? ui.tr("Masih menyimpan laporan Anda") : ui.tr("Menyimpan laporan Anda"),
               slow ? ui.tr("Mohon jangan pergi dan jangan mengisi ulang. Silakan panggil petugas.")
                    : ui.tr("Mohon tunggu sebentar.")},
              place.width);
  if (slow && model.state.faults.any()) {
    append_text(ui, blocks, ui.muted(Face::caption, Align::centre), staff_line(ui, model.state.faults), place.width,
                ui.px(48));
  }
  message(ui, local, place, blocks, 0);
  return out;
}

namespace {

void printed(ui::Ui& ui, const Model& model, const session::Receipt& receipt, Blocks& words, Blocks& shown,
             float width) {
  append_sign(ui, words,
              {Icon::check, ui.theme().on_success, ui.theme().success, ui.tr("Laporan Anda sudah tersimpan"),
               ui.tr("Ini nomor laporan Anda")},
              width);
  words.push_back(big_line(ui, receipt.number.str(), "number", width, ui.theme().background, Face::number));
  shown.push_back(qr_card(ui, model, ui.tr("Foto kode ini dengan ponsel Anda"),
                          ui.tr("untuk melihat kabar laporan kapan saja. Tanpa ponsel? Bawa struk ke anjungan mana "
                                "pun."),
                          width));
  shown.push_back(print_panel(ui, receipt, print_share(receipt), width));
}

/// Beside each other: what happened with number and code, and the QR code to be photographed.
void unprinted_beside(ui::Ui& ui, const Model& model, const session::Receipt& receipt, Blocks& words, Blocks& shown,
                      float width) {
  const ui::Colour ground = ui.theme().background;
  const auto label = ui.muted(Face::caption, Align::centre);
  const auto named = [&](const char* name, Block value, float gap) {
    append_text(ui, words, label, name, width, gap);
    value.gap = 0;
    words.push_back(std::move(value));
  };
  named(ui.tr("Nomor laporan Anda"), big_line(ui, receipt.number.str(), "number", width, ground, Face::number),
        ui.px(16));
  named(ui.tr("Kode akses"), big_line(ui, receipt.code.str(), "code", width, ground, Face::choice), ui.px(8));
  words.push_back(safe(ui, width, ui.px(16)));
  shown.push_back(qr_card(ui, model, ui.tr("Foto layar ini dengan ponsel Anda"), "", width));
  const char* staff = ui.tr("Atau minta petugas mencetak struk Anda.");
  shown.push_back({ui::notice_height(ui, staff, width), [=, &ui](const Area& area) {
                     ui::notice(ui, "ask.staff", area, ui::Tone::info, Icon::support_agent, staff);
                   }});
}

}  // namespace

std::optional<Intent> draw_done(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out =
      footer(ui, model, {.back = false, .next = "finish", .next_label = ui.tr("Selesai"), .next_icon = Icon::check});
  if (ui.fired("finish")) out = session::EndNow{};
  if (!model.state.receipt) return out;
  const session::Receipt& receipt = *model.state.receipt;
  const Area place = body(ui);
  const bool portrait = ui.metrics().portrait();
  const float width = portrait ? place.width : column_width(ui, place);
  const float gap = ui.gap(portrait ? 28 : 20);
  Blocks words;
  Blocks shown;
  const bool uncertain = receipt.print == Print::uncertain;
  if (!uncertain && receipt.print != Print::not_printed) {
    printed(ui, model, receipt, words, shown, width);
  } else {
    append_sign(
        ui, words,
        {Icon::receipt, ui.theme().warning, ui.theme().warning_soft,
         uncertain ? ui.tr("Struk belum pasti tercetak") : ui.tr("Struk belum tercetak"),
         uncertain ? ui.tr("Periksa tempat keluar struk. Tidak ada yang utuh?") : print_reason(ui, receipt.reason)},
        width);
    if (portrait) {
      words.push_back(safe(ui, width, ui.px(4)));
      unprinted(ui, model, receipt, shown, width);
    } else {
      unprinted_beside(ui, model, receipt, words, shown, width);
    }
  }
  deadlines(ui, model, receipt, portrait ? shown : words, width);
  if (portrait) {
    words.insert(words.end(), shown.begin(), shown.end());
    column(ui, local, place, words, gap);
    return out;
  }
  // The circle is the first to give way to words.
  if (height_of(words, gap) > place.height) words.erase(words.begin());
  columns(ui, local, place, words, shown, gap);
  return out;
}

std::optional<Intent> draw_thanks(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(
      ui, model,
      {.back = false, .staff = false, .next = "finish", .next_label = ui.tr("Selesai"), .next_icon = Icon::check});
  if (ui.fired("finish")) out = session::EndNow{};
  const Area place = body(ui);
  Blocks blocks;
  append_sign(ui, blocks,
              {Icon::check, ui.theme().on_success, ui.theme().success, ui.tr("Terima kasih"),
               ui.tr("Simpan struk Anda. Dengan kode di atasnya Anda dapat melihat kabar laporan kapan saja.")},
              place.width);
  message(ui, local, place, blocks, 0);
  return out;
}

}  // namespace anjungan::screens
