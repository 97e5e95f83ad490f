// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/fonts.h"

#include <ft2build.h>
#include <imgui.h>
#include <imgui_freetype.h>
#include FT_FREETYPE_H
#include FT_ADVANCES_H

#include <cfloat>
#include <cmath>
#include <filesystem>
#include <memory>

namespace anjungan::ui {
namespace {

// Latin with Indonesian, English, Javanese and Sundanese letters, and the punctuation that screens and answers use.
constexpr ImWchar k_text_ranges[] = {0x20, 0x7E, 0xA0, 0x17F, 0x2010, 0x2026, 0x20AC, 0x20AC, 0x2190, 0x2193, 0};
// The large faces show our own words and numbers only.
constexpr ImWchar k_large_ranges[] = {0x20,   0x7E,   0xB7,   0xB7,   0xC0,   0xFF, 0x2013,
                                      0x2014, 0x2018, 0x201D, 0x2026, 0x2026, 0};

bool bold(Face face) {
  switch (face) {
    case Face::label:
    case Face::key:
    case Face::caption:
    case Face::body:
    case Face::field:
      return false;
    default:
      return true;
  }
}

bool large(Face face) { return face == Face::number || face == Face::headline || face == Face::title; }

/// Only the icons that are used: the font has a thousand.
const ImWchar* icon_ranges() {
  static const ImVector<ImWchar> ranges = [] {
    ImFontGlyphRangesBuilder builder;
    for (unsigned code = 0xE000; code <= 0xF0F0; code++) {
      if (is_icon(static_cast<std::uint16_t>(code))) builder.AddChar(static_cast<ImWchar>(code));
    }
    ImVector<ImWchar> out;
    builder.BuildRanges(&out);
    return out;
  }();
  return ranges.Data;
}

struct FreeTypeEnd {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};

/// How far letters stand apart, as the font says it.
class Advances {
 public:
  explicit Advances(const std::string& path) {
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0) return;
    m_library.reset(library);
    FT_Face face = nullptr;
    if (FT_New_Face(library, path.c_str(), 0, &face) == 0) m_face.reset(face);
  }

  /// Dear ImGui rounds each advance up, which spaces a line wider by half a pixel a letter: to the nearest instead.
  void apply(ImFont& font, float em) const {
    if (!m_face) return;
    for (ImFontGlyph& glyph : font.Glyphs) {
      FT_Fixed units = 0;
      const FT_UInt index = FT_Get_Char_Index(m_face.get(), glyph.Codepoint);
      if (index == 0 || FT_Get_Advance(m_face.get(), index, FT_LOAD_NO_SCALE, &units) != 0) continue;
      glyph.AdvanceX = std::round(static_cast<float>(units) * em / static_cast<float>(m_face->units_per_EM));
    }
    font.BuildLookupTable();
  }

 private:
  std::unique_ptr<FT_LibraryRec_, FreeTypeEnd> m_library;
  std::unique_ptr<FT_FaceRec_, FreeTypeEnd> m_face;
};

}  // namespace

record::Result<void> Fonts::build(const Metrics& metrics, const FontFiles& files) {
  const std::pair<const std::string*, const char*> needed[] = {{&files.regular, "fonts-noto-core"},
                                                               {&files.bold, "fonts-noto-core"},
                                                               {&files.icons, "fonts-material-design-icons-iconfont"}};
  for (const auto& [path, package] : needed) {
    std::error_code failed;
    if (!std::filesystem::is_regular_file(*path, failed)) {
      return record::fail(record::ErrorKind::not_found,
                          "the font " + *path + " is missing: install the package " + package);
    }
  }
  m_atlas->Clear();
  m_atlas->Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoBakedLines;
  m_atlas->FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  // Unhinted letters of this size are as crisp, and differ least between FreeType releases.
  m_atlas->FontBuilderFlags = ImGuiFreeTypeBuilderFlags_NoHinting;
  m_atlas->TexGlyphPadding = 1;
  for (const Face face : k_faces) {
    const std::string& path = bold(face) ? files.bold : files.regular;
    ImFontConfig config;
    config.OversampleH = config.OversampleV = 1;
    config.PixelSnapH = true;
    m_faces[static_cast<std::size_t>(face)] = m_atlas->AddFontFromFileTTF(
        path.c_str(), metrics.em(face) * k_noto_height, &config, large(face) ? k_large_ranges : k_text_ranges);
  }
  for (const IconSize size : k_icon_sizes) {
    m_icons[static_cast<std::size_t>(size)] =
        m_atlas->AddFontFromFileTTF(files.icons.c_str(), metrics.icon(size), nullptr, icon_ranges());
  }
  if (!m_atlas->Build()) return record::fail(record::ErrorKind::corrupt, "the fonts cannot be read by FreeType");
  const Advances regular_advances(files.regular);
  const Advances bold_advances(files.bold);
  for (const Face face : k_faces) {
    (bold(face) ? bold_advances : regular_advances).apply(*m_faces[static_cast<std::size_t>(face)], metrics.em(face));
  }
  return {};
}

float Fonts::width(Face which, std::string_view text) const {
  const ImFont* font = face(which);
  if (text.empty()) return 0;
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(), text.data() + text.size()).x;
}

}  // namespace anjungan::ui
