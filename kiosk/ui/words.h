// SPDX-License-Identifier: Apache-2.0
// The screen's words. Indonesian is what the code says; another language is one gettext catalogue, CODE.po, compiled
// to FOLDER/kiosk/LC_MESSAGES/CODE.mo.
//
// One text domain a language lets a program change its language for each citizen without touching its environment:
// GNU gettext looks a domain up below the LANGUAGE that was set once, at start.
#pragma once

#include <string>

namespace anjungan::ui {

class Words {
 public:
  /// Once, before the first thread starts: sets the process's message locale and LANGUAGE. `folder` holds the compiled
  /// catalogues of `language` (a gettext domain such as "en").
  static void open(const std::string& folder, const std::string& language);

  /// `language` is "id" for the texts as they stand in the code.
  explicit Words(std::string language = "id") : m_language(std::move(language)) {}

  /// The text in this language; `indonesian` itself where the catalogue lacks it.
  [[nodiscard]] const char* tr(const char* indonesian) const;
  /// True when tr() has it (always for Indonesian).
  [[nodiscard]] bool has(const char* indonesian) const;
  [[nodiscard]] const std::string& language() const { return m_language; }

 private:
  std::string m_language;
};

}  // namespace anjungan::ui
