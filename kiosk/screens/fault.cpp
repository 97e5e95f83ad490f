// SPDX-License-Identifier: Apache-2.0
// What outranks every screen of a citizen: the kiosk cannot take a report now.
#include <fmt/format.h>

#include <cmath>

#include "kiosk/screens/all.h"

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;
using ui::Icon;

std::optional<Intent> draw_fault(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model, {.back = false});
  const session::Faults& faults = model.state.faults;
  const char* title = ui.tr("Anjungan ini sedang tidak melayani");
  const char* text = ui.tr("Silakan memakai anjungan lain atau datang ke loket.");
  const char* staff = ui.tr("Untuk petugas: terminal belum terdaftar di pusat.");
  if (!faults.not_enrolled && faults.storage_damaged) {
    staff = ui.tr("Untuk petugas: penyimpanan rusak atau tidak terbaca.");
  } else if (!faults.not_enrolled && faults.storage_read_only) {
    staff = ui.tr("Untuk petugas: penyimpanan tidak dapat ditulisi.");
  } else if (!faults.not_enrolled && faults.storage_full) {
    staff = ui.tr("Untuk petugas: penyimpanan penuh.");
  }
  const Area place = body(ui);
  const float size = ui.px(150);
  auto big = ui.ink(Face::title, Align::centre);
  const auto plain = ui.ink(Face::body, Align::centre);
  const auto small = ui.muted(Face::caption, Align::centre);
  std::vector<Block> blocks;
  blocks.push_back({size, [=, &ui](const Area& area) {
                      ui.disc({area.centre().x, area.y + size / 2}, size / 2, ui.theme().warning_soft);
                      ui.icon({area.centre().x, area.y + size / 2}, Icon::block, ui::IconSize::large,
                              ui.theme().warning);
                    }});
  append_text(ui, blocks, big, title, place.width, ui.px(28));
  append_text(ui, blocks, plain, text, place.width, ui.px(14));
  if (model.state.screen != session::Screen::attract && !model.state.draft.story.empty()) {
    append_text(ui, blocks, plain, ui.tr("Yang sudah Anda ketik belum terkirim."), place.width, ui.px(14));
  }
  append_text(ui, blocks, plain, ui.tr("Perlu bantuan?") + (" " + model.brand.help), place.width, ui.px(28));
  append_text(ui, blocks, small, staff, place.width, ui.px(48));
  const float top = std::round(place.height * 0.12F);
  column(ui, local, {place.x, place.y + top, place.width, place.height - top}, blocks, 0);
  return out;
}

}  // namespace anjungan::screens
