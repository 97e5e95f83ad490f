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

void choice_cards(ui::Ui& ui, Local& local, const Area& area, std::vector<ui::Choice> choices,
                  const std::function<void(std::size_t)>& chosen) {
  Blocks blocks;
  float gap = ui.gap(24);
  const auto place = [&] {
    blocks.clear();
    for (std::size_t i = 0; i < choices.size(); i++) {
      blocks.push_back({ui::choice_height(ui, choices[i], area.width), [&, i](const Area& card) {
                          if (ui::choice(ui, choices[i], card)) chosen(i);
                        }});
    }
  };
  place();
  if (height_of(blocks, gap) > area.height) {
    for (ui::Choice& one : choices) one.tight = true;
    gap = ui.gap(16);
    place();
  }
  column(ui, local, area, blocks, gap, ui.tr("Pilihan lain"));
}

/// Names alone: on one line each, or on two where that saves pages.
void names(ui::Ui& ui, Local& local, const Area& area, const std::vector<ui::Choice>& choices, int most_columns,
           const std::function<void(std::size_t)>& chosen) {
  Grid best;
  std::size_t fewest = choices.size() + 1;
  for (int columns = 1; columns <= most_columns; columns++) {
    const float width = cell_width(ui, area, columns);
    Grid look{columns, ui.target(96), 0};
    bool fits = columns == 1;
    if (!fits)
      fits = std::all_of(choices.begin(), choices.end(),
                         [&](const ui::Choice& one) { return ui::choice_fits(ui, one, width); });
    if (!fits) break;
    for (const ui::Choice& one : choices)
      look.cell_height = std::max(look.cell_height, ui::choice_height(ui, one, width));
    look.most_height = look.cell_height + ui.px(24);
    const std::size_t pages = grid_pages(ui, area, look, choices.size());
    if (pages > fewest || (pages == fewest && look.cell_height > best.cell_height)) continue;
    best = look;
    fewest = pages;
  }
  grid(ui, local, area, best, choices.size(), [&](std::size_t i, const Area& place) {
    if (ui::choice(ui, choices[i], place)) chosen(i);
  });
}

/// The arrangement with the fewest pages whose words stand on two lines: icons above the words, or else beside them.
Grid topics(const ui::Ui& ui, const Area& area, std::vector<ui::Tile>& tiles) {
  Grid best;
  bool best_across = false;
  std::size_t fewest = tiles.size() + 1;
  for (const bool across : {false, true}) {
    for (int columns = ui.metrics().portrait() ? 3 : 4; columns >= 1; columns--) {
      const float width = cell_width(ui, area, columns);
      Grid look{columns, 0, ui.px(across ? 150 : 258)};
      bool fits = true;
      for (ui::Tile& one : tiles) {
        one.across = across;
        fits = fits && ui::tile_fits(ui, one, width);
        look.cell_height = std::max(look.cell_height, ui::tile_height(ui, one, width));
      }
      const std::size_t pages = grid_pages(ui, area, look, tiles.size());
      if (!fits || pages >= fewest) continue;
      best = look;
      best_across = across;
      fewest = pages;
    }
  }
  for (ui::Tile& one : tiles) one.across = best_across;
  return best;
}

}  // namespace

std::optional<Intent> draw_kind(ui::Ui& ui, const Model& model, Local& local) {
  header(ui, model, local);
  std::optional<Intent> out = footer(ui, model, {});
  const Area rest = ask(ui, model, {ui.tr("Apa yang ingin Anda sampaikan?"), ""});
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
  const Area rest = ask(ui, model, {ui.tr("Tentang apa laporan Anda?"), ui.tr("Pilih satu yang paling dekat.")});
  const auto& categories = model.rules.catalogue->categories;
  std::vector<ui::Tile> tiles;
  for (const catalogue::Category& one : categories) {
    tiles.push_back({"category." + one.id, ui::icon_named(one.icon), one.label.in(model.state.settings.language),
                     one.id == parent});
  }
  const Grid look = topics(ui, rest, tiles);
  grid(ui, local, rest, look, tiles.size(), [&](std::size_t i, const Area& place) {
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
  const Area rest = ask(ui, model, {parent->label.in(language), ui.tr("Apa yang paling sesuai?")});
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
  const Area rest = ask(ui, model, {ui.tr("Di kecamatan mana?"), ui.tr("Tempat kejadian, bukan tempat tinggal Anda.")});
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
  const Area rest = ask(ui, model, {ui.tr("Di kelurahan mana?"), ui.tr("Kecamatan") + (" " + district->name)});
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
  const Area rest = ask(ui, model, {ui.tr("Bolehkah nama Anda disebut?"), ui.tr("Ketiganya ditangani sama baiknya.")});
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
