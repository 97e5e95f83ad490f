// SPDX-License-Identifier: Apache-2.0
// What outranks every screen of a citizen: the kiosk cannot take a report now.
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
  const auto plain = ui.ink(Face::body, Align::centre);
  const auto small = ui.muted(Face::caption, Align::centre);
  Blocks blocks;
  append_sign(ui, blocks, {Icon::block, ui.theme().warning, ui.theme().warning_soft, title, text}, place.width);
  if (model.state.screen != session::Screen::attract && !model.state.draft.story.empty()) {
    append_text(ui, blocks, plain, ui.tr("Yang sudah Anda ketik belum terkirim."), place.width, ui.px(14));
  }
  append_text(ui, blocks, plain, ui.tr("Perlu bantuan?") + (" " + model.brand.help), place.width, ui.px(28));
  append_text(ui, blocks, small, staff, place.width, ui.px(48));
  message(ui, local, place, blocks, 0);
  return out;
}

}  // namespace anjungan::screens
