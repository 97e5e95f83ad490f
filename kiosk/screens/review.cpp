// SPDX-License-Identifier: Apache-2.0
// Everything that was said, to read once more and to mend.
#include <algorithm>

#include "kiosk/screens/all.h"
#include "kiosk/screens/phrases.h"

namespace anjungan::screens {

using record::Field;
using session::Screen;
using ui::Align;
using ui::Area;
using ui::Face;

namespace {

struct Row {
  Screen edit;
  std::string label;
  std::string value;
};

const char* kind_word(const ui::Ui& ui, record::ComplaintClass kind) {
  switch (kind) {
    case record::ComplaintClass::complaint:
      return ui.tr("Pengaduan");
    case record::ComplaintClass::aspiration:
      return ui.tr("Aspirasi");
    case record::ComplaintClass::information:
      return ui.tr("Permintaan informasi");
  }
  return "";
}

const char* privacy_word(const ui::Ui& ui, record::Privacy privacy) {
  switch (privacy) {
    case record::Privacy::open:
      return ui.tr("Dengan nama saya");
    case record::Privacy::anonymous:
      return ui.tr("Anonim");
    case record::Privacy::confidential:
      return ui.tr("Rahasia");
  }
  return "";
}

/// A NIK is shown by its last four digits: others may stand behind.
std::string masked(const std::string& nik) {
  if (nik.size() <= 4) return nik;
  std::string out;
  for (std::size_t i = 0; i < nik.size() - 4; i++) out += "•";
  return out + nik.substr(nik.size() - 4);
}

std::vector<Row> rows_of(const ui::Ui& ui, const Model& model) {
  const auto& draft = model.state.draft;
  const auto& catalogue = *model.rules.catalogue;
  const auto language = model.state.settings.language;
  std::vector<Row> out;
  out.push_back({Screen::kind, ui.tr("Jenis"), kind_word(ui, draft.kind)});
  const std::string parent_id = draft.category.substr(0, draft.category.find('.'));
  const auto* parent = catalogue.category(parent_id);
  const auto* child = catalogue.category(draft.category);
  std::string topic = parent != nullptr ? parent->label.in(language) : std::string();
  if (child != nullptr && child != parent) topic += ": " + child->label.in(language);
  out.push_back({Screen::category, ui.tr("Topik"), topic});
  out.push_back({Screen::story, field_label(ui, Field::story), draft.story});
  std::string region;
  if (const auto* village = catalogue.village(draft.village)) region = village->name + ", ";
  if (const auto* district = catalogue.district(draft.district)) region += ui.tr("Kecamatan") + (" " + district->name);
  out.push_back({Screen::district, ui.tr("Wilayah"), region});
  for (const Field field : {Field::place, Field::when, Field::who, Field::how})
    out.push_back({session::screen_of(field), field_label(ui, field), draft.text(field)});
  out.push_back({Screen::identity, ui.tr("Nama disebut?"), privacy_word(ui, draft.privacy)});
  if (draft.privacy != record::Privacy::anonymous) {
    for (const Field field : {Field::name, Field::phone, Field::nik, Field::address}) {
      out.push_back({session::screen_of(field), field_label(ui, field),
                     field == Field::nik ? masked(draft.nik) : draft.text(field)});
    }
  }
  return out;
}

}  // namespace

std::optional<Intent> draw_review(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out =
      footer(ui, model, {.next = "submit", .next_label = ui.tr("Kirim"), .next_icon = ui::Icon::check});
  if (ui.fired("submit")) out = session::Submit{};
  const Area rest = ask(ui, model, {ui.tr("Sudah benar?"), ui.tr("Sentuh Ubah untuk memperbaiki jawaban.")});

  const auto label = ui.muted(Face::caption);
  auto value = ui.ink(Face::body);
  const float button_height = ui.target(80);
  const ui::Button look{.icon = ui::Icon::edit, .face = Face::label};
  const float button_width = ui::button_width(ui, ui.tr("Ubah"), look);
  const float text_width = rest.width - button_width - ui.gap(24);
  Blocks blocks;
  if (model.state.not_sent) {
    const char* told = ui.tr("Laporan belum terkirim. Sentuh Kirim sekali lagi atau panggil petugas.");
    blocks.push_back({ui::notice_height(ui, told, rest.width) + ui.gap(14),
                      [=, &ui](const Area& area) {
                        ui::notice(ui, "not.sent", {area.x, area.y, area.width, area.height - ui.gap(14)},
                                   ui::Tone::warning, ui::Icon::error, told);
                      },
                      0});
  }
  const std::vector<Row> rows = rows_of(ui, model);
  for (std::size_t i = 0; i < rows.size(); i++) {
    const Row& row = rows[i];
    const bool given = !row.value.empty();
    value.colour = given ? ui.theme().ink : ui.theme().muted;
    const std::string text = given ? row.value : ui.tr("(tidak diisi)");
    const auto lines = ui.lines(Face::body, text, text_width);
    const float head = std::max(button_height, ui.line_height(label) + ui.line_height(value)) + ui.px(10);
    // The line that parts two answers goes with the one above it, so that no page begins with it.
    blocks.push_back(
        {head,
         [=, &ui, &out, first = std::string(lines.front()), key = std::string(session::screen_name(row.edit)),
          edit = row.edit, name = row.label](const Area& area) {
           ui.fill({area.x, area.y, area.width, ui.px(2)}, ui.theme().line);
           float y = area.y + ui.px(10);
           const float both = ui.line_height(label) + ui.line_height(value);
           if (both < button_height) y += (button_height - both) / 2;
           y += ui.text({area.x, y, text_width, ui.line_height(label)}, label, name);
           ui.text({area.x, y, text_width, ui.line_height(value)}, value, first);
           if (ui::button(ui, ("edit." + key).c_str(),
                          {area.right() - button_width, area.y + ui.px(10), button_width, button_height}, ui.tr("Ubah"),
                          look))
             out = session::Edit{edit};
         },
         i == 0 ? 0 : ui.gap(14)});
    for (std::size_t line = 1; line < lines.size(); line++) {
      blocks.push_back({ui.line_height(value),
                        [=, &ui, one = std::string(lines[line])](const Area& area) {
                          if (!one.empty()) ui.text({area.x, area.y, text_width, area.height}, value, one);
                        },
                        0});
    }
  }
  column(ui, local, rest, blocks, 0);
  return out;
}

}  // namespace anjungan::screens
