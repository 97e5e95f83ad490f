// SPDX-License-Identifier: Apache-2.0
// The staff panel: its PIN, the printers and the receipts that wait, and what can be done to one of them.
#include <fmt/format.h>

#include <algorithm>

#include "kiosk/screens/all.h"

namespace anjungan::screens {

using session::Deed;
using session::PinState;
using session::StaffJob;
using session::StaffPanel;
using session::StaffPrinter;
using session::Told;
using ui::Area;
using ui::Face;
using ui::Icon;

namespace {

const char* condition_words(const ui::Ui& ui, std::string_view condition) {
  if (condition == "ready") return ui.tr("Siap");
  if (condition == "low-paper") return ui.tr("Kertas hampir habis");
  if (condition == "media-empty") return ui.tr("Kertas habis");
  if (condition == "cover-open") return ui.tr("Tutup printer terbuka");
  if (condition == "offline") return ui.tr("Printer tidak terhubung");
  if (condition == "paused") return ui.tr("Dihentikan sementara");
  if (condition == "spooler-down") return ui.tr("Layanan cetak tidak berjalan");
  if (condition == "error" || condition == "rejected") return ui.tr("Printer bermasalah");
  return ui.tr("Keadaan belum diketahui");
}

const char* printer_words(const ui::Ui& ui, bool fallback) {
  return fallback ? ui.tr("Printer cadangan") : ui.tr("Printer struk");
}

/// "10.32 WIB", with the day before it where that is not today.
std::string clock_of(const Model& model, std::int64_t ms) {
  const auto language = model.state.settings.language;
  const int offset = record::utc_offset_min(model.zone);
  const record::Date day = record::local_date(ms, offset);
  const std::string time = record::time_of_day(ms, model.zone, language);
  return day == record::local_date(model.unix_ms, offset) ? time : record::short_date(day, language) + ", " + time;
}

std::string job_words(const ui::Ui& ui, const StaffJob& job) {
  if (job.for_staff && job.reason == "uncertain") {
    return ui.tr("Berulang kali dicetak tanpa kepastian: periksa kertas, lalu putuskan");
  }
  if (job.for_staff) return ui.tr("Menunggu keputusan petugas");
  if (job.state == "unknown") return ui.tr("Belum pasti tercetak");
  if (job.reason.empty() || job.reason == "asked") {
    return job.state == "sending" ? ui.tr("Sedang dicetak") : ui.tr("Menunggu giliran");
  }
  return condition_words(ui, job.reason);
}

std::string printer_line(const ui::Ui& ui, const Model& model, const StaffPrinter& printer) {
  std::string out = condition_words(ui, printer.condition);
  if (printer.since_ms != 0) {
    out += " " + fmt::format(fmt::runtime(ui.tr("sejak {}")), clock_of(model, printer.since_ms));
  }
  return out;
}

std::string queue_line(const ui::Ui& ui, const Model& model, const StaffPrinter& printer) {
  if (printer.waiting == 0) return ui.tr("Tidak ada struk yang menunggu");
  std::string out = fmt::format(fmt::runtime(ui.tr("{} struk menunggu")), printer.waiting);
  return out + ", " + fmt::format(fmt::runtime(ui.tr("tertua {}")), clock_of(model, printer.oldest_ms));
}

/// Cards of one width, over pages where they do not fit.
void cards(ui::Ui& ui, Local& local, const Area& area, std::vector<ui::Choice> choices, const std::string& told,
           Told tone, const std::function<void(std::size_t)>& chosen) {
  Blocks blocks;
  if (!told.empty()) {
    blocks.push_back({ui::notice_height(ui, told, area.width), [&ui, told, tone](const Area& place) {
                        const bool bad = tone == Told::refused;
                        ui::notice(ui, "told", place, bad ? ui::Tone::warning : ui::Tone::info,
                                   bad ? Icon::error : Icon::info, told);
                      }});
  }
  for (std::size_t i = 0; i < choices.size(); i++) {
    ui::Choice& one = choices[i];
    one.face = Face::strong;
    one.tight = true;
    blocks.push_back({ui::choice_height(ui, one, area.width), [&ui, &chosen, i, one](const Area& place) {
                        if (ui::choice(ui, one, place)) chosen(i);
                      }});
  }
  column(ui, local, area, blocks, ui.gap(16), ui.tr("Pilihan lain"));
}

std::string told_words(const ui::Ui& ui, Told told) {
  switch (told) {
    case Told::done:
      return ui.tr("Sudah dilakukan.");
    case Told::under_way:
      return ui.tr("Sedang dilakukan. Keadaan di bawah ini mengikuti.");
    case Told::refused:
      return ui.tr("Tidak dapat dilakukan. Keadaannya sudah berubah; periksa lagi.");
    case Told::nothing:
      return {};
  }
  return {};
}

std::string test_words(const ui::Ui& ui, const StaffPrinter& printer) {
  if (printer.test == "sending") return ui.tr("Halaman uji sedang dicetak.");
  if (printer.test == "printed") return ui.tr("Halaman uji sudah tercetak.");
  if (printer.test == "sent") return ui.tr("Halaman uji sudah terkirim; printer ini tidak memastikan kertasnya.");
  if (printer.test == "failed" || printer.test == "unknown") return ui.tr("Halaman uji tidak tercetak.");
  return ui.tr("Untuk memeriksa huruf, kode QR dan pemotong.");
}

std::string paper_words(const ui::Ui& ui, const Model& model, const StaffPrinter& printer) {
  if (!printer.changed) return ui.tr("Sentuh setelah memasang gulungan baru.");
  const auto metres = [&](std::int64_t mm) {
    std::string text = fmt::format("{:.1f}", static_cast<double>(mm) / 1'000);
    if (model.state.settings.language != record::Language::english) std::replace(text.begin(), text.end(), '.', ',');
    return text;
  };
  if (printer.roll_mm == 0) return fmt::format(fmt::runtime(ui.tr("Terpakai {} meter.")), metres(printer.used_mm));
  return fmt::format(fmt::runtime(ui.tr("Terpakai {} dari {} meter.")), metres(printer.used_mm),
                     metres(printer.roll_mm));
}

/// Bar on top, bar below, the question; returns the place of the cards.
Area page(ui::Ui& ui, const Model& model, Local& local, const Question& words, bool first, std::optional<Intent>& out) {
  header(ui, model, local);
  Footer look{.staff = false};
  if (first) look.back_label = ui.tr("Tutup");
  out = footer(ui, model, look);
  return ask(ui, model, words);
}

}  // namespace

std::optional<Intent> draw_staff_pin(ui::Ui& ui, const Model& model, Local& local) {
  const StaffPanel& panel = *model.state.staff;
  ui::TextBuffer& typed = *local.text;
  if (typed.text() != panel.pin.str()) typed.set(panel.pin.str());
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model,
                                     {.back_label = ui.tr("Tutup"),
                                      .staff = false,
                                      .next = "staff.open",
                                      .next_label = ui.tr("Buka"),
                                      .next_icon = Icon::lock});
  if (ui.fired("staff.open")) out = session::EnterPin{};
  const TypingRoom room = typing_room(ui, ui::keypad_height(ui));
  std::string trouble;
  if (panel.pin_state == PinState::wrong) trouble = ui.tr("PIN ini tidak tepat.");
  if (panel.pin_state == PinState::closed) {
    trouble = fmt::format(fmt::runtime(ui.tr("Terlalu banyak PIN yang salah. Coba lagi {} menit lagi.")),
                          (panel.wait_s + 59) / 60);
  }
  if (panel.pin_state == PinState::not_set) trouble = ui.tr("PIN belum dibuat. Jalankan anjunganctl staff-pin.");
  const float gap = ui.gap(20);
  const float notice = trouble.empty() ? 0 : ui::notice_height(ui, trouble, room.left.width);
  const float height = ui::field_height(ui, 1, false);
  const char* hint =
      panel.pin_state == PinState::checking ? ui.tr("PIN sedang diperiksa.") : ui.tr("Ketik PIN petugas.");
  const Area rest = question(ui, model, room.left, {ui.tr("Panel petugas"), hint, ""},
                             room.left.height - height - (trouble.empty() ? 0 : notice + gap));
  // Nobody behind the officer reads it.
  ui::TextBuffer dots(k_most_pin);
  std::string hidden;
  for (std::size_t i = 0; i < typed.length(); i++) hidden += "•";
  dots.set(hidden);
  ui::Field look;
  look.wrong = !trouble.empty();
  look.wide = true;
  ui::field(ui, "field", {rest.x, rest.y, rest.width, height}, dots, look);
  if (!trouble.empty()) {
    ui::notice(ui, "problem", {rest.x, rest.y + height + gap, rest.width, notice}, ui::Tone::warning, Icon::error,
               trouble);
  }
  if (const auto press = ui::keypad(ui, room.keyboard, false); press && ui::apply(*press, typed)) {
    out = session::TypePin{typed.text()};
  }
  return out;
}

std::optional<Intent> draw_staff(ui::Ui& ui, const Model& model, Local& local) {
  const StaffPanel& panel = *model.state.staff;
  const session::StaffView& view = panel.view;
  const std::size_t waiting = view.jobs.size();
  const std::string hint = waiting == 0 ? std::string(ui.tr("Tidak ada struk yang menunggu"))
                                        : fmt::format(fmt::runtime(ui.tr("{} struk menunggu")), waiting);
  std::optional<Intent> out;
  const Area rest = page(ui, model, local, {ui.tr("Panel petugas"), hint, ""}, true, out);
  std::vector<ui::Choice> choices;
  std::vector<Intent> intents;
  for (const StaffPrinter& one : view.printers) {
    choices.push_back({"staff.printer." + one.name, Icon::print, printer_words(ui, one.fallback),
                       printer_line(ui, model, one) + " · " + queue_line(ui, model, one)});
    intents.emplace_back(session::ShowPrinter{one.name});
  }
  for (const StaffJob& one : view.jobs) {
    const bool fallback = std::any_of(view.printers.begin(), view.printers.end(), [&](const StaffPrinter& printer) {
      return printer.fallback && printer.name == one.printer;
    });
    std::string words =
        job_words(ui, one) + " · " + fmt::format(fmt::runtime(ui.tr("sejak {}")), clock_of(model, one.created_ms));
    if (view.printers.size() > 1) words += std::string(" · ") + printer_words(ui, fallback);
    choices.push_back({fmt::format("staff.job.{}", one.id), Icon::receipt, one.number, words});
    intents.emplace_back(session::ShowJob{one.id});
  }
  if (!view.receipts.empty()) {
    choices.push_back(
        {"staff.receipts", Icon::search, ui.tr("Cetak ulang struk"), ui.tr("Dari struk yang sudah tercetak di sini.")});
    intents.emplace_back(session::ShowReceipts{});
  }
  cards(ui, local, rest, std::move(choices), told_words(ui, panel.told), panel.told,
        [&](std::size_t i) { out = intents[i]; });
  return out;
}

std::optional<Intent> draw_staff_printer(ui::Ui& ui, const Model& model, Local& local) {
  const StaffPanel& panel = *model.state.staff;
  const auto& printers = panel.view.printers;
  const auto found = std::find_if(printers.begin(), printers.end(),
                                  [&](const StaffPrinter& one) { return one.name == panel.printer; });
  const StaffPrinter printer = found == printers.end() ? StaffPrinter{} : *found;
  std::optional<Intent> out;
  const Area rest = page(ui, model, local,
                         {printer_words(ui, printer.fallback),
                          printer_line(ui, model, printer) + " · " + queue_line(ui, model, printer), ""},
                         false, out);
  std::vector<ui::Choice> choices;
  std::vector<Deed> deeds;
  const auto offer = [&](Deed deed, const char* key, Icon icon, const char* title, std::string hint) {
    choices.push_back({key, icon, title, std::move(hint)});
    deeds.push_back(deed);
  };
  offer(Deed::test_page, "staff.test", Icon::print, ui.tr("Cetak halaman uji"), test_words(ui, printer));
  offer(Deed::paper_changed, "staff.paper", Icon::receipt, ui.tr("Kertas sudah diganti"),
        paper_words(ui, model, printer));
  if (printer.condition == "paused") {
    offer(Deed::resume, "staff.resume", Icon::check, ui.tr("Cetak lagi"),
          printer.paused ? ui.tr("Struk yang menunggu dicetak sekarang.")
                         : ui.tr("Bila tetap terhenti, panggil teknisi: antrean CUPS berhenti."));
  } else {
    offer(Deed::pause, "staff.pause", Icon::block, ui.tr("Hentikan sementara"),
          ui.tr("Struk menunggu sampai Anda mencetak lagi."));
  }
  cards(ui, local, rest, std::move(choices), told_words(ui, panel.told), panel.told,
        [&](std::size_t i) { out = session::StaffDeed{deeds[i], printer.name, 0, ""}; });
  return out;
}

std::optional<Intent> draw_staff_job(ui::Ui& ui, const Model& model, Local& local) {
  const StaffPanel& panel = *model.state.staff;
  const auto& jobs = panel.view.jobs;
  const auto found = std::find_if(jobs.begin(), jobs.end(), [&](const StaffJob& one) { return one.id == panel.job; });
  const StaffJob job = found == jobs.end() ? StaffJob{} : *found;
  std::optional<Intent> out;
  const Area rest =
      page(ui, model, local,
           {job.number,
            job_words(ui, job) + " · " + fmt::format(fmt::runtime(ui.tr("sejak {}")), clock_of(model, job.created_ms)),
            ui.tr("Struk yang belum tercetak")},
           false, out);
  std::vector<ui::Choice> choices;
  std::vector<session::StaffDeed> deeds;
  if (job.state != "sending") {
    choices.push_back({"staff.retry", Icon::print, ui.tr("Cetak sekarang"),
                       ui.tr("Bertanda CETAK ULANG bila mungkin sudah keluar.")});
    deeds.push_back({Deed::retry, "", job.id, ""});
  }
  for (const StaffPrinter& one : panel.view.printers) {
    if (one.name == job.printer) continue;
    choices.push_back({"staff.move." + one.name, Icon::arrow_forward,
                       fmt::format(fmt::runtime(ui.tr("Pindahkan ke {}")), printer_words(ui, one.fallback)),
                       printer_line(ui, model, one)});
    deeds.push_back({Deed::move, one.name, job.id, ""});
  }
  choices.push_back({"staff.abandon", Icon::close, ui.tr("Batalkan cetak"),
                     ui.tr("Laporan tetap tersimpan; struknya tidak dicetak.")});
  deeds.push_back({Deed::abandon, "", job.id, ""});
  cards(ui, local, rest, std::move(choices), told_words(ui, panel.told), panel.told,
        [&](std::size_t i) { out = deeds[i]; });
  return out;
}

std::optional<Intent> draw_staff_receipts(ui::Ui& ui, const Model& model, Local& local) {
  const StaffPanel& panel = *model.state.staff;
  std::optional<Intent> out;
  const Area rest =
      page(ui, model, local, {ui.tr("Cetak ulang struk"), ui.tr("Pilih nomor laporan. Yang terbaru di atas."), ""},
           false, out);
  std::vector<ui::Choice> choices;
  for (const session::StaffReceipt& one : panel.view.receipts) {
    choices.push_back({"staff.receipt." + one.number, Icon::receipt, one.number, clock_of(model, one.issued_ms)});
  }
  cards(ui, local, rest, std::move(choices), "", Told::nothing,
        [&](std::size_t i) { out = session::ShowReceipt{panel.view.receipts[i].number}; });
  return out;
}

std::optional<Intent> draw_staff_receipt(ui::Ui& ui, const Model& model, Local& local) {
  const StaffPanel& panel = *model.state.staff;
  std::optional<Intent> out;
  const Area rest =
      page(ui, model, local, {panel.number, ui.tr("Serahkan hanya kepada pelapornya."), ui.tr("Cetak ulang struk")},
           false, out);
  cards(ui, local, rest,
        {{"staff.reprint", Icon::print, ui.tr("Cetak dengan kode akses baru"),
          ui.tr("Struk lama tidak berlaku lagi. Tanpa nama dan isi laporan.")}},
        "", Told::nothing, [&](std::size_t) { out = session::StaffDeed{Deed::reprint, "", 0, panel.number}; });
  return out;
}

}  // namespace anjungan::screens
