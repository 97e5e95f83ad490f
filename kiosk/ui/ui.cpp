// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/ui.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "kiosk/ui/raster.h"
#include "kiosk/ui/shape.h"

namespace anjungan::ui {
namespace {

ImU32 packed(Colour colour) { return IM_COL32(colour.red, colour.green, colour.blue, colour.alpha); }

ImGuiContext* new_context() {
  ImGuiContext* context = ImGui::CreateContext();
  ImGui::SetCurrentContext(context);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  return context;
}

}  // namespace

void Ui::ContextEnd::operator()(ImGuiContext* context) const { ImGui::DestroyContext(context); }

Ui::Ui() : m_context(new_context()), m_fonts(*ImGui::GetIO().Fonts) {}

Ui::~Ui() = default;

void Ui::begin(Frame frame) {
  m_frame = std::move(frame);
  m_tree.clear();
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {m_frame.metrics.width(), m_frame.metrics.height()};
  io.DeltaTime = 1.0F / 60;
  ImGui::NewFrame();
  m_list = ImGui::GetBackgroundDrawList();
  fill(screen(), theme().background);
}

const ImDrawData& Ui::end() {
  m_list = nullptr;
  ImGui::Render();
  return *ImGui::GetDrawData();
}

Atlas Ui::atlas() const {
  const ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
  return {fonts.TexPixelsAlpha8, fonts.TexWidth, fonts.TexHeight, fonts.TexUvWhitePixel};
}

std::vector<Target> Ui::targets() const {
  std::vector<Target> out;
  for (const Node& node : m_tree) {
    if (node.target && !node.below_dialog) out.push_back({node.key, node.area, node.enabled, node.role == Role::key});
  }
  return out;
}

void Ui::fill(const Area& area, Colour colour, float radius) {
  if (area.width <= 0 || area.height <= 0) return;
  if (radius < 0.5F) {
    m_list->AddRectFilled({area.x, area.y}, {area.right(), area.bottom()}, packed(colour));
    return;
  }
  shape::fill(*m_list, shape::rectangle(area, radius), packed(colour));
}

void Ui::border(const Area& area, Colour colour, float width, float radius) {
  shape::stroke(*m_list, shape::rectangle(area.inset(width / 2), radius - width / 2), true, width, packed(colour));
}

void Ui::disc(Point centre, float radius, Colour colour) {
  shape::fill(*m_list, shape::ellipse(centre, radius, radius), packed(colour));
}

void Ui::arc(Point centre, float radius, float share, float width, Colour colour) {
  if (share <= 0) return;
  shape::stroke(*m_list, shape::arc(centre, radius, share), false, width, packed(colour));
}

void Ui::leaf(Point centre, float along, float across, float degrees, Colour colour) {
  shape::fill(*m_list, shape::ellipse(centre, along, across, static_cast<double>(degrees)), packed(colour));
}

void Ui::leaf_outline(Point centre, float along, float across, float degrees, Colour colour, float width) {
  shape::stroke(*m_list, shape::ellipse(centre, along, across, static_cast<double>(degrees)), true, width,
                packed(colour));
}

void Ui::icon(Point centre, Icon icon, IconSize size, Colour colour) {
  if (icon == Icon::none) return;
  const ImFont* font = m_fonts.icons(size);
  const ImFontGlyph* glyph = font->FindGlyph(static_cast<ImWchar>(icon));
  if (glyph == nullptr) return;
  // By the em box, not the ink: pictograms are drawn to sit in it.
  const float half = font->FontSize / 2;
  font->RenderChar(m_list, font->FontSize, {std::round(centre.x - half), std::round(centre.y - half)}, packed(colour),
                   static_cast<ImWchar>(icon));
}

Ui::Ink Ui::ink(Face face, Align align) const {
  return {face, theme().ink, theme().background, align, face == Face::title ? 1.15F : 1.4F};
}

Ui::Ink Ui::muted(Face face, Align align) const { return {face, theme().muted, theme().background, align, 1.4F}; }

float Ui::line_height(const Ink& ink) const { return std::round(metrics().em(ink.face) * ink.line_height); }

std::vector<std::string_view> Ui::lines(Face face, std::string_view text, float width) const {
  return break_lines(text, width, [&](std::string_view part) { return m_fonts.width(face, part); });
}

float Ui::text_height(const Ink& ink, std::string_view text, float width) const {
  if (text.empty()) return 0;
  return line_height(ink) * static_cast<float>(lines(ink.face, text, width).size());
}

float Ui::draw_text(const Area& area, const Ink& ink, std::string_view text) {
  if (text.empty()) return 0;
  const ImFont* font = m_fonts.face(ink.face);
  const float step = line_height(ink);
  const float em = metrics().em(ink.face);
  // FreeType's releases round a face's ascent differently: the line of the letters' feet is ours.
  const float lift = std::ceil(em * k_noto_ascent) - std::round(font->Ascent);
  float y = area.y;
  for (std::string_view one : lines(ink.face, text, area.width)) {
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    const float width = m_fonts.width(ink.face, one);
    const float spare = area.width - width;
    const float x = area.x + (ink.align == Align::left ? 0 : ink.align == Align::centre ? spare / 2 : spare);
    m_list->AddText(font, font->FontSize, {std::round(x), std::round(y + (step - em * k_noto_height) / 2) + lift},
                    packed(ink.colour), one.data(), one.data() + one.size());
    y += step;
  }
  return y - area.y;
}

float Ui::text(const Area& area, const Ink& ink, std::string_view text, const char* key) {
  if (text.empty()) return 0;
  const float height = draw_text(area, ink, text);
  float widest = 0;
  for (std::string_view one : lines(ink.face, text, area.width)) {
    while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
    widest = std::max(widest, m_fonts.width(ink.face, one));
  }
  Node node;
  node.key = key != nullptr ? key : "text." + std::to_string(m_tree.size());
  node.role = ink.face == Face::title || ink.face == Face::headline ? Role::title : Role::text;
  node.label = text;
  const float spare = area.width - widest;
  node.area = {area.x + (ink.align == Align::left     ? 0
                         : ink.align == Align::centre ? spare / 2
                                                      : spare),
               area.y, widest, height};
  node.room = area;
  node.foreground = ink.colour;
  node.background = ink.ground;
  node.large = metrics().em(ink.face) >= 32;
  node.cut = widest > area.width + 1 || (area.height > 0 && height > area.height + 1);
  add(std::move(node));
  return height;
}

void Ui::line(const Area& area, const Ink& ink, std::string_view one, const char* key) {
  const float height = line_height(ink);
  text({area.x, std::round(area.y + (area.height - height) / 2), area.width, height}, ink, one, key);
}

Node& Ui::add(Node node) {
  node.focused = !node.key.empty() && focused(node.key);
  m_tree.push_back(std::move(node));
  return m_tree.back();
}

void Ui::focus_ring(const Area& area, float radius) {
  const float away = px(4) + px(6);
  border(area.inset(-away), theme().accent, px(6), radius + away);
}

void Ui::veil() {
  for (Node& node : m_tree) node.below_dialog = true;
  fill(screen(), theme().veil);
}

}  // namespace anjungan::ui
