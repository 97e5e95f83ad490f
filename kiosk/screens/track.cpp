// SPDX-License-Identifier: Apache-2.0
// A report followed by its access code: typing the code, and what the centre answers.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kiosk/screens/all.h"
#include "kiosk/screens/case_view.h"

namespace anjungan::screens {

using session::TrackState;
using ui::Align;
using ui::Area;
using ui::Face;
using ui::Icon;

namespace {

const char* status_title(const ui::Ui& ui, const std::string& status) {
  if (status == "received") return ui.tr("Laporan diterima");
  if (status == "verified") return ui.tr("Sudah diperiksa");
  if (status == "disposed") return ui.tr("Diteruskan ke instansi");
  if (status == "in_progress") return ui.tr("Sedang dikerjakan");
  if (status == "resolved") return ui.tr("Sudah diselesaikan");
  if (status == "closed") return ui.tr("Laporan ditutup");
  return ui.tr("Sedang diproses");
}

std::string step_title(const ui::Ui& ui, const CaseStep& step) {
  if (step.kind == "received") return ui.tr("Laporan diterima");
  if (step.kind == "verified") return ui.tr("Diperiksa");
  if (step.kind == "disposed" && !step.agency.empty())
    return fmt::format(fmt::runtime(ui.tr("Diteruskan ke {}")), step.agency);
  if (step.kind == "disposed") return ui.tr("Diteruskan ke instansi");
  if (step.kind == "followup") return ui.tr("Tindak lanjut");
  if (step.kind == "resolved") return ui.tr("Diselesaikan");
  if (step.kind == "closed") return ui.tr("Ditutup");
  return ui.tr("Kabar baru");
}

std::string attachments(const ui::Ui& ui, const CaseView& one) {
  if (one.attachments == 0) return {};
  if (one.attachments_held == one.attachments)
    return fmt::format(fmt::runtime(ui.tr("Lampiran lengkap ({})")), one.attachments);
  if (one.attachments == 1) return ui.tr("Lampiran menyusul");
  return fmt::format(fmt::runtime(ui.tr("Lampiran menyusul: {} dari {} sudah diterima")), one.attachments_held,
                     one.attachments);
}

Icon step_icon(const CaseStep& step) { return step.kind == "followup" ? Icon::build : Icon::check; }

/// One entry of the timeline: a circle on the line, a title, what is below it.
void entry(ui::Ui& ui, Blocks& blocks, Icon icon, bool over, bool last, const std::string& title,
           const std::string& under, const std::string& said, float width) {
  const float size = ui.px(92);
  const float indent = size + ui.px(36);
  auto bold = ui.ink(Face::strong);
  bold.line_height = 1.25F;
  const auto plain = ui.muted(Face::body);
  const float room = width - indent;
  const float words = ui.text_height(bold, title, room) + ui.text_height(plain, under, room);
  const float head = std::max(size, words) + (said.empty() ? ui.px(28) : 0);
  const auto rail = [=, &ui](const Area& area, float from) {
    if (!last) ui.fill({area.x + size / 2 - ui.px(4), from, ui.px(8), area.bottom() - from + 1}, ui.theme().accent);
  };
  blocks.push_back({head,
                    [=, &ui](const Area& area) {
                      rail(area, area.y + size);
                      const ui::Point centre{area.x + size / 2, area.y + size / 2};
                      if (over) {
                        ui.disc(centre, size / 2, ui.theme().accent);
                      } else {
                        ui.disc(centre, size / 2, ui.theme().edge);
                        ui.disc(centre, size / 2 - ui.px(4), ui.theme().card);
                      }
                      ui.icon(centre, icon, ui::IconSize::small,
                              over ? (ui.theme().high_contrast ? ui.theme().background : ui.theme().on_primary)
                                   : ui.theme().muted);
                      float y = area.y + (words < size ? (size - words) / 2 : 0);
                      y += ui.text({area.x + indent, y, room, 0}, bold, title);
                      ui.text({area.x + indent, y, room, 0}, plain, under);
                    },
                    0});
  if (said.empty()) return;
  const auto lines = ui.lines(Face::body, said, room);
  for (std::size_t i = 0; i < lines.size(); i++) {
    const float below = i + 1 == lines.size() ? ui.px(28) : 0;
    blocks.push_back({ui.line_height(plain) + below,
                      [=, &ui, one = std::string(lines[i])](const Area& area) {
                        rail(area, area.y);
                        const auto ink = ui.ink(Face::body);
                        if (!one.empty()) ui.text({area.x + indent, area.y, room, ui.line_height(ink)}, ink, one);
                      },
                      0});
  }
}

void timeline(ui::Ui& ui, const Model& model, const CaseView& one, Blocks& blocks, float width) {
  const auto language = model.state.settings.language;
  const auto day = [&](std::int64_t ms) {
    return record::long_date(record::local_date(ms, one.utc_offset_min), language);
  };
  const auto seen = [&](const char* kind) {
    return std::any_of(one.steps.begin(), one.steps.end(), [&](const CaseStep& step) { return step.kind == kind; });
  };
  struct Due {
    const char* title;
    record::Date date;
  };
  std::vector<Due> due;
  const bool resolved = seen("resolved");
  if (!resolved && !seen("closed")) {
    if (one.verify_by && !seen("verified") && !seen("disposed"))
      due.push_back({ui.tr("Diperiksa paling lambat"), *one.verify_by});
    if (one.answer_by) due.push_back({ui.tr("Dijawab paling lambat"), *one.answer_by});
  } else if (one.close_by && !seen("closed")) {
    due.push_back({ui.tr("Ditutup bila tidak disanggah"), *one.close_by});
  }
  for (std::size_t i = 0; i < one.steps.size(); i++) {
    const CaseStep& step = one.steps[i];
    std::string under = day(step.at_ms);
    if (step.kind == "received" && !one.office.empty()) under += " · " + one.office;
    if (step.evidence) under += std::string(" · ") + ui.tr("dengan bukti");
    const bool last = due.empty() && i + 1 == one.steps.size();
    const std::string said = step.kind == "received" ? attachments(ui, one) : step.text;
    entry(ui, blocks, step_icon(step), true, last, step_title(ui, step), under, said, width);
  }
  for (std::size_t i = 0; i < due.size(); i++) {
    entry(ui, blocks, Icon::schedule, false, i + 1 == due.size(), due[i].title,
          record::long_date(due[i].date, language), "", width);
  }
  if (one.ombudsman_from && !resolved && !seen("closed")) {
    const std::string note =
        fmt::format(fmt::runtime(ui.tr("Bila sampai {} belum ada tindak lanjut, Anda berhak melapor ke Ombudsman RI.")),
                    record::short_date(*one.ombudsman_from, language));
    blocks.push_back(
        {ui::notice_height(ui, note, width),
         [&ui, note](const Area& area) { ui::notice(ui, "ombudsman", area, ui::Tone::info, Icon::info, note); },
         ui.px(16)});
  }
}

void found(ui::Ui& ui, const Model& model, Local& local, const CaseView& one) {
  const std::string as_of =
      fmt::format(fmt::runtime(ui.tr("Kabar dari pusat: {}, {}")),
                  record::short_date(record::local_date(one.as_of_ms, record::utc_offset_min(model.zone)),
                                     model.state.settings.language),
                  record::time_of_day(one.as_of_ms, model.zone, model.state.settings.language));
  const Area rest =
      ask(ui, model, {status_title(ui, one.status), as_of, std::string(ui.tr("Nomor laporan")) + " · " + one.number});
  Blocks blocks;
  timeline(ui, model, one, blocks, rest.width);
  column(ui, local, rest, blocks, 0);
}

void answer(ui::Ui& ui, Local& local, Icon icon, const char* title, const char* text) {
  const Area place = body(ui);
  Blocks blocks;
  append_sign(ui, blocks, {icon, ui.theme().accent, ui.theme().soft, title, text}, place.width);
  message(ui, local, place, blocks, 0);
}

}  // namespace

std::optional<Intent> draw_track_code(ui::Ui& ui, const Model& model, Local& local) {
  ui::TextBuffer& text = *local.text;
  header(ui, model, local);
  std::optional<Intent> out =
      footer(ui, model, {.next = "track.ask", .next_label = ui.tr("Cari"), .next_icon = Icon::search});
  if (ui.fired("track.ask")) out = session::AskCode{};
  const TypingRoom room = typing_room(ui, ui::keyboard_height(ui));
  ui::Field look;
  look.wrong = model.state.track.wrong;
  look.wide = true;
  look.hint = "0000-0000-0000-0000";
  std::size_t typed = 0;
  for (const char c : text.text()) typed += c != '-' && c != ' ' ? 1U : 0U;
  look.counter = fmt::format(fmt::runtime(ui.tr("{} dari 16")), typed);
  const char* trouble = ui.tr("Kode ini belum tepat. Cocokkan tiap huruf dan angka dengan struk.");
  const float notice = look.wrong ? ui::notice_height(ui, trouble, room.left.width) : 0;
  const float gap = ui.gap(20);
  const float below = look.wrong ? gap + notice : 0;
  // On two lines the code is nearly whole: the counter gives way to them.
  const int lines = std::clamp(ui::field_lines(ui, text, look, room.left.width), 1, 2);
  if (lines > 1) look.counter.clear();
  const float height = ui::field_height(ui, lines, lines == 1);
  const Area rest =
      question(ui, model, room.left,
               {ui.tr("Ketik kode akses Anda"), ui.tr("16 huruf dan angka di struk, di bawah kode QR."), ""},
               std::min(room.left.height * 0.5F, room.left.height - height - below));
  ui::field(ui, "field", {rest.x, rest.y, rest.width, height}, text, look);
  if (look.wrong) {
    ui::notice(ui, "problem", {rest.x, rest.y + height + gap, rest.width, notice}, ui::Tone::warning, Icon::error,
               trouble);
  }
  const auto press = ui::keyboard(ui, room.keyboard, local.keyboard, false, true);
  if (press && ui::apply(*press, text)) {
    // Groups of four are made as one types; the text stays what the receipt shows.
    if (press->kind == ui::KeyPress::Kind::text && text.caret() == text.text().size()) {
      // Who copies the hyphens of the receipt too has them already.
      const bool twice = text.text().ends_with("--") || text.text().ends_with("- ");
      if (twice) text.backspace();
      std::size_t run = 0;
      for (std::size_t i = text.text().size(); i > 0 && text.text()[i - 1] != '-'; i--) run++;
      if (run == 4 && text.length() < text.most()) text.insert("-");
    }
    out = session::TypeCode{text.text()};
  }
  return out;
}

std::optional<Intent> draw_track_result(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out =
      footer(ui, model, {.next = "finish", .next_label = ui.tr("Selesai"), .next_icon = Icon::check});
  if (ui.fired("finish")) out = session::EndNow{};
  switch (model.state.track.state) {
    case TrackState::found:
      if (const auto one = read_case(model.state.track.case_json.str())) {
        found(ui, model, local, *one);
        return out;
      }
      answer(ui, local, Icon::error, ui.tr("Kabar tidak terbaca"),
             ui.tr("Cobalah lagi sebentar lagi, atau panggil petugas."));
      return out;
    case TrackState::typing:
    case TrackState::asking:
      answer(ui, local, Icon::sync, ui.tr("Menanyakan ke pusat"), ui.tr("Mohon tunggu sebentar."));
      return out;
    case TrackState::unknown:
      answer(ui, local, Icon::search, ui.tr("Laporan tidak ditemukan"),
             ui.tr("Mungkin laporan belum sampai di pusat, atau kode akses sudah diganti. Cobalah lagi nanti atau "
                   "panggil petugas."));
      return out;
    case TrackState::throttled:
      answer(ui, local, Icon::hourglass_empty, ui.tr("Tunggu sebentar"),
             ui.tr("Terlalu banyak kode dicoba dari sini. Cobalah lagi beberapa menit lagi."));
      return out;
    case TrackState::offline:
      answer(ui, local, Icon::cloud_off, ui.tr("Pusat sedang tidak terhubung"),
             ui.tr("Laporan Anda tetap aman. Cobalah lagi nanti, atau pindai kode QR di struk dengan ponsel Anda."));
      return out;
  }
  return out;
}

}  // namespace anjungan::screens
