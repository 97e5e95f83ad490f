// SPDX-License-Identifier: Apache-2.0
#include "printer/receipt/type_setter.h"

#include <cmath>

#include "printer/receipt/page.h"

namespace anjungan::receipt {

TypeSetter::TypeSetter() : m_map(pango_cairo_font_map_new()), m_context(pango_font_map_create_context(m_map)) {
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
  pango_cairo_context_set_font_options(m_context, options);
  cairo_font_options_destroy(options);
  // The paper reads from left to right, whatever script a name begins with.
  pango_context_set_base_dir(m_context, PANGO_DIRECTION_LTR);
  pango_context_set_language(m_context, pango_language_from_string("id"));
}

TypeSetter::~TypeSetter() {
  for (auto& [key, description] : m_fonts) pango_font_description_free(description);
  g_object_unref(m_context);
  g_object_unref(m_map);
}

TypeSetter& TypeSetter::here() {
  thread_local TypeSetter setter;
  return setter;
}

const PangoFontDescription* TypeSetter::font(const Type& type) {
  const std::pair<int, bool> key{static_cast<int>(std::lround(type.size * 8)), type.bold};
  const auto found = m_fonts.find(key);
  if (found != m_fonts.end()) return found->second;
  PangoFontDescription* description = pango_font_description_from_string(type.bold ? "Noto Sans Bold" : "Noto Sans");
  pango_font_description_set_absolute_size(description, type.size * PANGO_SCALE);
  m_fonts.emplace(key, description);
  return description;
}

std::shared_ptr<_PangoLayout> TypeSetter::set(const std::string& text, const Type& type, int width, Align align) {
  std::shared_ptr<_PangoLayout> layout(pango_layout_new(m_context), [](_PangoLayout* gone) { g_object_unref(gone); });
  pango_layout_set_font_description(layout.get(), font(type));
  pango_layout_set_auto_dir(layout.get(), FALSE);
  if (width > 0) {
    pango_layout_set_width(layout.get(), width * PANGO_SCALE);
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  }
  if (type.line > 0)
    pango_layout_set_line_spacing(layout.get(), static_cast<float>(type.line / 1.362));  // Noto's own is 1.362 em
  if (align == Align::centre) pango_layout_set_alignment(layout.get(), PANGO_ALIGN_CENTER);
  pango_layout_set_text(layout.get(), text.c_str(), static_cast<int>(text.size()));
  return layout;
}

int height_of(const TextBox& box) {
  int height = 0;
  pango_layout_get_pixel_size(box.text.get(), nullptr, &height);
  return height;
}

int TypeSetter::width_of(const std::string& text, const Type& type) {
  int width = 0;
  pango_layout_get_pixel_size(set(text, type, 0, Align::left).get(), &width, nullptr);
  return width;
}

}  // namespace anjungan::receipt
