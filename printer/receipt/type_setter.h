// SPDX-License-Identifier: Apache-2.0
// Text into shaped, wrapped Pango layouts, sizes in dots. One a thread, kept: setting up fonts takes longer than a
// receipt.
#pragma once

#include <pango/pangocairo.h>

#include <map>
#include <memory>
#include <string>

namespace anjungan::receipt {

enum class Align { left, centre };

struct Type {
  double size = 24;  ///< em in dots
  bool bold = false;
  double line = 1.25;  ///< distance of base lines in ems of the font's own height; 0 = the font's
};

class TypeSetter {
 public:
  /// This thread's.
  static TypeSetter& here();

  [[nodiscard]] std::shared_ptr<_PangoLayout> set(const std::string& text, const Type& type, int width, Align align);
  /// The width of the text in one line.
  [[nodiscard]] int width_of(const std::string& text, const Type& type);

  TypeSetter(const TypeSetter&) = delete;
  TypeSetter& operator=(const TypeSetter&) = delete;
  ~TypeSetter();

 private:
  TypeSetter();
  const PangoFontDescription* font(const Type& type);

  PangoFontMap* m_map;
  PangoContext* m_context;
  std::map<std::pair<int, bool>, PangoFontDescription*> m_fonts;
};

}  // namespace anjungan::receipt
