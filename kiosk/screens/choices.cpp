// SPDX-License-Identifier: Apache-2.0
// The screens where one thing is chosen: kind, topic, district, village, identity.
#include <algorithm>

#include "kiosk/screens/all.h"

namespace anjungan::screens {

using ui::Area;
using ui::Face;
using ui::Icon;

namespace {

/// The way on where something was chosen before: going back must not force to choose again.
Footer onward(const ui::Ui& ui, bool chosen) {
  Footer out;
  if (!chosen) return out;
  out.next = "next";
  out.next_label = ui.tr("Lanjut");
  return out;
}

void choice_cards(ui::Ui& ui, Local& local, const Area& area, const std::vector<ui::Choice>& choices,
                  const std::function<void(std::size_t)>& chosen) {
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < choices.size(); i++) {
    blocks.push_back({ui::choice_height(ui, choices[i], area.width), [&, i](const Area& place) {
                        if (ui::choice(ui, choices[i], place)) chosen(i);
                      }});
  }
  column(ui, local, area, blocks, ui.gap(24));
}

/// Names alone, in as many columns as the longest one allows.
void names(ui::Ui& ui, Local& local, const Area& area, const std::vector<ui::Choice>& choices, int most_columns,
           const std::function<void(std::size_t)>& chosen) {
  float widest = 0;
  for (const ui::Choice& one : choices) widest = std::max(widest, ui.fonts().width(Face::strong, one.title));
  const float gap = ui.gap(24);
  const float needed = std::min(widest + 2 * ui.px(28), area.width);
  Grid look;
  look.columns = std::clamp(static_cast<int>((area.width + gap) / (needed + gap)), 1, most_columns);
  const float width = (area.width - gap * static_cast<float>(look.columns - 1)) / static_cast<float>(look.columns);
  for (const ui::Choice& one : choices)
    look.cell_height = std::max(look.cell_height, ui::choice_height(ui, one, width));
  look.cell_height = std::max(look.cell_height, ui.target(96));
  look.most_height = look.cell_height + ui.px(24);
  grid(ui, local, area, look, choices.size(), [&](std::size_t i, const Area& place) {
    if (ui::choice(ui, choices[i], place)) chosen(i);
  });
}

}  // namespace

std::optional<Intent> draw_kind(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model, {});
  const Area rest =
      within_reach(ui, model, question(ui, model, body(ui), {ui.tr("Apa yang ingin Anda sampaikan?"), ""}));
  constexpr record::ComplaintClass kinds[] = {record::ComplaintClass::complaint, record::ComplaintClass::aspiration,
                                              record::ComplaintClass::information};
  const std::vector<ui::Choice> choices = {
      {"kind.complaint", Icon::report_problem, ui.tr("Pengaduan"),
       ui.tr("Ada layanan atau fasilitas yang tidak semestinya."), false, Face::choice},
      {"kind.aspiration", Icon::lightbulb_outline, ui.tr("Aspirasi"), ui.tr("Saya punya usul atau masukan."), false,
       Face::choice},
      {"kind.information", Icon::help_outline, ui.tr("Permintaan informasi"),
       ui.tr("Saya ingin bertanya atau meminta keterangan."), false, Face::choice},
  };
  choice_cards(ui, local, rest, choices, [&](std::size_t i) { out = session::ChooseKind{kinds[i]}; });
  return out;
}

std::optional<Intent> draw_category(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  const std::string& chosen = model.state.draft.category;
  const std::string parent = chosen.substr(0, chosen.find('.'));
  std::optional<Intent> out = footer(ui, model, {});
  const Area rest = within_reach(
      ui, model,
      question(ui, model, body(ui), {ui.tr("Tentang apa laporan Anda?"), ui.tr("Pilih satu yang paling dekat.")}));
  const auto& categories = model.rules.catalogue->categories;
  std::vector<ui::Tile> tiles;
  for (const catalogue::Category& one : categories) {
    tiles.push_back({"category." + one.id, ui::icon_named(one.icon), one.label.in(model.state.settings.language),
                     one.id == parent});
  }
  // As many columns as keep the words on two lines and, if it can be, all topics on one page.
  const bool portrait = ui.metrics().portrait();
  const int most = portrait ? 3 : 6;
  Grid best;
  for (int columns = most; columns >= 2; columns--) {
    const float width = (rest.width - ui.gap(24) * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    bool fits = true;
    float height = 0;
    for (const ui::Tile& one : tiles) {
      const float inside = width - 2 * ui.px(16);
      const auto lines = ui.lines(Face::strong, one.title, inside);
      fits = fits && lines.size() <= 2 &&
             std::all_of(lines.begin(), lines.end(), [](std::string_view line) { return !line.empty(); });
      // A word broken inside is too narrow a column.
      std::size_t begin = 0;
      while (begin < one.title.size()) {
        const std::size_t end = std::min(one.title.find(' ', begin), one.title.size());
        fits = fits && ui.fonts().width(Face::strong, one.title.substr(begin, end - begin)) <= inside;
        begin = end + 1;
      }
      height = std::max(height, ui::tile_height(ui, one, width));
    }
    best = {columns, height, ui.px(258)};
    if (fits) break;
  }
  grid(ui, local, rest, best, tiles.size(), [&](std::size_t i, const Area& place) {
    if (ui::tile(ui, tiles[i], place)) out = session::ChooseCategory{categories[i].id};
  });
  return out;
}

std::optional<Intent> draw_subcategory(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  const auto& draft = model.state.draft;
  const auto language = model.state.settings.language;
  const std::string parent_id = draft.category.substr(0, draft.category.find('.'));
  const catalogue::Category* parent = model.rules.catalogue->category(parent_id);
  const bool chosen = draft.category.find('.') != std::string::npos;
  std::optional<Intent> out = footer(ui, model, onward(ui, chosen));
  if (ui.fired("next")) out = session::Next{};
  if (parent == nullptr) return out;
  const Area rest = within_reach(
      ui, model, question(ui, model, body(ui), {parent->label.in(language), ui.tr("Apa yang paling sesuai?")}));
  std::vector<ui::Choice> choices;
  for (const catalogue::Category& one : parent->children) {
    choices.push_back(
        {"category." + one.id, Icon::none, one.label.in(language), "", one.id == draft.category, Face::strong});
  }
  const auto choose = [&](std::size_t i) { out = session::ChooseCategory{parent->children[i].id}; };
  names(ui, local, rest, choices, ui.metrics().portrait() ? 1 : 2, choose);
  return out;
}

std::optional<Intent> draw_district(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  const auto& districts = model.rules.catalogue->districts;
  std::optional<Intent> out = footer(ui, model, onward(ui, !model.state.draft.district.empty()));
  if (ui.fired("next")) out = session::Next{};
  const Area rest =
      within_reach(ui, model,
                   question(ui, model, body(ui),
                            {ui.tr("Di kecamatan mana?"), ui.tr("Tempat kejadian, bukan tempat tinggal Anda.")}));
  std::vector<ui::Choice> choices = {{"district.none", Icon::none, ui.tr("Saya tidak tahu"), "", false, Face::strong}};
  for (const catalogue::District& one : districts) {
    choices.push_back(
        {"district." + one.id, Icon::none, one.name, "", one.id == model.state.draft.district, Face::strong});
  }
  names(ui, local, rest, choices, ui.metrics().portrait() ? 3 : 5,
        [&](std::size_t i) { out = session::ChooseDistrict{i == 0 ? std::string() : districts[i - 1].id}; });
  return out;
}

std::optional<Intent> draw_village(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  const catalogue::District* district = model.rules.catalogue->district(model.state.draft.district);
  std::optional<Intent> out = footer(ui, model, onward(ui, !model.state.draft.village.empty()));
  if (ui.fired("next")) out = session::Next{};
  if (district == nullptr) return out;
  const Area rest = within_reach(
      ui, model,
      question(ui, model, body(ui), {ui.tr("Di kelurahan mana?"), ui.tr("Kecamatan") + (" " + district->name)}));
  std::vector<ui::Choice> choices = {{"village.none", Icon::none, ui.tr("Saya tidak tahu"), "", false, Face::strong}};
  for (const catalogue::Village& one : district->villages) {
    choices.push_back(
        {"village." + one.id, Icon::none, one.name, "", one.id == model.state.draft.village, Face::strong});
  }
  names(ui, local, rest, choices, ui.metrics().portrait() ? 2 : 4,
        [&](std::size_t i) { out = session::ChooseVillage{i == 0 ? std::string() : district->villages[i - 1].id}; });
  return out;
}

std::optional<Intent> draw_identity(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  const auto privacy = model.state.draft.privacy;
  const bool chosen = model.state.privacy_chosen;
  std::optional<Intent> out = footer(ui, model, onward(ui, chosen));
  if (ui.fired("next")) out = session::Next{};
  const Area rest =
      within_reach(ui, model,
                   question(ui, model, body(ui),
                            {ui.tr("Bolehkah nama Anda disebut?"), ui.tr("Ketiganya ditangani sama baiknya.")}));
  constexpr record::Privacy kinds[] = {record::Privacy::open, record::Privacy::anonymous,
                                       record::Privacy::confidential};
  const auto is = [&](record::Privacy one) { return chosen && privacy == one; };
  const std::vector<ui::Choice> choices = {
      {"identity.open", Icon::person, ui.tr("Dengan nama saya"),
       ui.tr("Nama Anda hanya dilihat instansi yang menjawab."), is(kinds[0]), Face::choice},
      {"identity.anonymous", Icon::visibility_off, ui.tr("Anonim"), ui.tr("Nama tidak kami tanyakan."), is(kinds[1]),
       Face::choice},
      {"identity.confidential", Icon::lock, ui.tr("Rahasia"), ui.tr("Seluruh laporan tertutup untuk umum."),
       is(kinds[2]), Face::choice},
  };
  choice_cards(ui, local, rest, choices, [&](std::size_t i) { out = session::ChoosePrivacy{kinds[i]}; });
  return out;
}

}  // namespace anjungan::screens
