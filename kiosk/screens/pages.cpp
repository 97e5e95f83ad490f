// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screens/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "kiosk/ui/widgets.h"

namespace anjungan::screens {

using ui::Align;
using ui::Area;
using ui::Face;

namespace {

/// What a page of a list needs to lead to the others.
float pages_height(const ui::Ui& ui) { return ui.target(92); }
/// What is left for the list above it.
float paged_height(const ui::Ui& ui, const Area& area) { return area.height - pages_height(ui) - ui.gap(24); }

void page_buttons(ui::Ui& ui, Local& local, const Area& area, int pages, const char* onward) {
  const bool first = local.page == 0;
  const bool last = local.page + 1 >= pages;
  const float y = area.bottom() - pages_height(ui);
  const ui::Button back{.icon = ui::Icon::arrow_back, .enabled = !first};
  const ui::Button on{.icon = ui::Icon::arrow_forward, .icon_behind = true, .enabled = !last};
  const char* backward = ui.tr("Sebelumnya");
  const float gap = ui.gap(24);
  const float side = std::round((area.width - 2 * gap) * 0.36F);
  float left = side;
  float right = side;
  if (ui::button_width(ui, onward, on) > side) {
    left = ui::button_width(ui, backward, back);
    right = std::min(ui::button_width(ui, onward, on), area.width - left - 2 * gap - ui.px(140));
  }
  if (ui::button(ui, "page.back", {area.x, y, left, pages_height(ui)}, backward, back)) local.page--;
  const Area middle{area.x + left + gap, y, area.width - left - right - 2 * gap, pages_height(ui)};
  ui.line(middle, ui.muted(Face::label, Align::centre),
          fmt::format(fmt::runtime(ui.tr("{} dari {}")), local.page + 1, pages), "page.number");
  if (ui::button(ui, "page.next", {area.right() - right, y, right, pages_height(ui)}, onward, on)) local.page++;
}

float space_above(const Block& block, float gap) { return block.gap < 0 ? gap : block.gap; }

/// The first block of each page, and the end.
std::vector<std::size_t> page_starts(const Blocks& blocks, float gap, float height) {
  std::vector<std::size_t> starts = {0};
  float used = 0;
  for (std::size_t i = 0; i < blocks.size(); i++) {
    const float space = i == starts.back() ? 0 : space_above(blocks[i], gap);
    if (i != starts.back() && used + space + blocks[i].height > height + 1) {
      starts.push_back(i);
      used = blocks[i].height;
      continue;
    }
    used += space + blocks[i].height;
  }
  starts.push_back(blocks.size());
  return starts;
}

struct Part {
  const Blocks& blocks;
  float x = 0;
  float width = 0;
  std::vector<std::size_t> starts = {};
};

void draw_parts(ui::Ui& ui, Local& local, const Area& area, std::vector<Part> parts, float gap, const char* onward) {
  const auto divide = [&](float height) {
    std::size_t pages = 1;
    for (Part& part : parts) {
      part.starts = page_starts(part.blocks, gap, height);
      pages = std::max(pages, part.starts.size() - 1);
    }
    return static_cast<int>(pages);
  };
  int pages = divide(area.height);
  if (pages > 1) pages = divide(paged_height(ui, area));
  local.page = std::clamp(local.page, 0, pages - 1);
  const auto page = static_cast<std::size_t>(local.page);
  for (const Part& part : parts) {
    if (page + 1 >= part.starts.size()) continue;
    float y = area.y;
    for (std::size_t i = part.starts[page]; i < part.starts[page + 1]; i++) {
      const Block& block = part.blocks[i];
      if (i != part.starts[page]) y += space_above(block, gap);
      if (block.draw) block.draw({part.x, y, part.width, block.height});
      y += block.height;
    }
  }
  if (pages > 1) page_buttons(ui, local, area, pages, onward != nullptr ? onward : ui.tr("Lanjutkan membaca"));
}

std::size_t rows_in(const ui::Ui& ui, const Grid& look, float height) {
  const float gap = ui.gap(24);
  return std::max<std::size_t>(1, static_cast<std::size_t>((height + gap) / (look.cell_height + gap)));
}

std::size_t rows_for(const Grid& look, std::size_t count) {
  const auto columns = static_cast<std::size_t>(look.columns);
  return (count + columns - 1) / columns;
}

}  // namespace

float height_of(const Blocks& blocks, float gap) {
  float out = 0;
  for (std::size_t i = 0; i < blocks.size(); i++) out += blocks[i].height + (i == 0 ? 0 : space_above(blocks[i], gap));
  return out;
}

void column(ui::Ui& ui, Local& local, const Area& area, const Blocks& blocks, float gap, const char* onward) {
  draw_parts(ui, local, area, {{blocks, area.x, area.width}}, gap, onward);
}

float column_width(const ui::Ui& ui, const Area& area) { return std::floor((area.width - ui.gap(48)) / 2); }

void columns(ui::Ui& ui, Local& local, const Area& area, const Blocks& left, const Blocks& right, float gap) {
  const float width = column_width(ui, area);
  draw_parts(ui, local, area, {{left, area.x, width}, {right, area.right() - width, width}}, gap, nullptr);
}

void message(ui::Ui& ui, Local& local, const Area& area, const Blocks& blocks, float gap) {
  const float spare = std::max(0.0F, area.height - height_of(blocks, gap));
  const float top = std::round(std::min(area.height * 0.14F, spare / 2));
  column(ui, local, {area.x, area.y + top, area.width, area.height - top}, blocks, gap);
}

void append_sign(ui::Ui& ui, Blocks& blocks, const Sign& sign, float width) {
  const bool portrait = ui.metrics().portrait();
  const float size = ui.px(portrait ? 150 : 110);
  blocks.push_back({size, [=, &ui](const Area& area) {
                      const ui::Point middle{area.centre().x, area.y + size / 2};
                      ui.disc(middle, size / 2, sign.ground);
                      if (sign.ground == ui.theme().background) ui.arc(middle, size / 2, 1, ui.px(6), sign.on);
                      ui.icon(middle, sign.icon, ui::IconSize::large, sign.on);
                    }});
  // Height is dear where the panel is wide.
  const std::size_t most_lines = portrait ? 2 : 1;
  auto title = ui.ink(Face::title, Align::centre);
  for (const Face face : {Face::title, Face::choice, Face::strong}) {
    title.face = face;
    if (ui.lines(face, sign.title, width).size() <= most_lines) break;
  }
  blocks.push_back({ui.text_height(title, sign.title, width),
                    [=, &ui](const Area& area) { ui.text(area, title, sign.title, "title"); },
                    ui.px(portrait ? 24 : 16)});
  if (!sign.text.empty()) append_text(ui, blocks, ui.muted(Face::body, Align::centre), sign.text, width, ui.px(10));
}

void append_text(ui::Ui& ui, Blocks& blocks, const ui::Ui::Ink& ink, std::string_view text, float width, float gap) {
  for (const std::string_view line : ui.lines(ink.face, text, width)) {
    blocks.push_back({ui.line_height(ink),
                      [&ui, ink, one = std::string(line)](const Area& area) {
                        if (!one.empty()) ui.text(area, ink, one);
                      },
                      gap});
    gap = 0;
  }
}

float cell_width(const ui::Ui& ui, const Area& area, int columns) {
  const auto count = static_cast<float>(columns);
  return std::floor((area.width - ui.gap(24) * (count - 1)) / count);
}

std::size_t grid_pages(const ui::Ui& ui, const Area& area, const Grid& look, std::size_t count) {
  const std::size_t needed = rows_for(look, count);
  if (needed <= rows_in(ui, look, area.height)) return 1;
  const std::size_t rows = rows_in(ui, look, paged_height(ui, area));
  return (needed + rows - 1) / rows;
}

void grid(ui::Ui& ui, Local& local, const Area& area, const Grid& look, std::size_t count,
          const std::function<void(std::size_t, const Area&)>& draw) {
  const float gap = ui.gap(24);
  const auto columns = static_cast<std::size_t>(look.columns);
  const std::size_t pages = grid_pages(ui, area, look, count);
  const float room = pages > 1 ? paged_height(ui, area) : area.height;
  const std::size_t rows = pages > 1 ? rows_in(ui, look, room) : rows_for(look, count);
  local.page = std::clamp(local.page, 0, static_cast<int>(pages) - 1);
  float height = look.cell_height;
  if (look.most_height > height && rows > 0) {
    height = std::clamp(std::floor((room + gap) / static_cast<float>(rows)) - gap, height, look.most_height);
  }
  const float width = cell_width(ui, area, look.columns);
  const std::size_t first = static_cast<std::size_t>(local.page) * rows * columns;
  for (std::size_t i = first; i < std::min(count, first + rows * columns); i++) {
    const std::size_t at = i - first;
    draw(i, {area.x + static_cast<float>(at % columns) * (width + gap),
             area.y + static_cast<float>(at / columns) * (height + gap), width, height});
  }
  if (pages > 1) page_buttons(ui, local, area, static_cast<int>(pages), ui.tr("Pilihan lain"));
}

}  // namespace anjungan::screens
