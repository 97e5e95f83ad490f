// SPDX-License-Identifier: Apache-2.0
// What outranks every screen of a citizen: the kiosk cannot take a report now.
#include "kiosk/screens/all.h"

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;
using ui::Icon;

const char* staff_line(const ui::Ui& ui, const session::Faults& faults) {
  if (faults.not_enrolled) return ui.tr("Untuk petugas: terminal belum terdaftar di pusat.");
  if (faults.numbers_used_up)
    return ui.tr("Untuk petugas: nomor laporan terminal ini habis. Daftarkan ulang terminal.");
  if (faults.keys_unusable) return ui.tr("Untuk petugas: kunci pusat tidak dapat dipakai. Daftarkan ulang terminal.");
  if (faults.storage_damaged) return ui.tr("Untuk petugas: penyimpanan rusak atau tidak terbaca.");
  if (faults.storage_taken)
    return ui.tr(
        "Untuk petugas: penyimpanan dipakai program lain atau bukan yang terbaru. Jalankan anjunganctl doctor.");
  if (faults.storage_read_only) return ui.tr("Untuk petugas: penyimpanan tidak dapat ditulisi.");
  return ui.tr("Untuk petugas: penyimpanan penuh.");
}

std::optional<Intent> draw_fault(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model, {.back = false});
  const char* title = ui.tr("Anjungan ini sedang tidak melayani");
  const char* text = ui.tr("Silakan memakai anjungan lain atau datang ke loket.");
  const char* staff = staff_line(ui, model.state.faults);
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
