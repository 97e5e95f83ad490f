// SPDX-License-Identifier: Apache-2.0
// The screen's words. Indonesian is what the code says; another language is one gettext catalogue, CODE.po, compiled by
// msgfmt to FOLDER/CODE/LC_MESSAGES/anjungan.mo.
//
// The file is read here and not by the C library: glibc before 2.41 translates in the locale C.UTF-8 when LANGUAGE asks
// for it, later ones do not, and a kiosk has no other locale and changes its language for each citizen.
#pragma once

#include <memory>
#include <string>

#include "sync/record/result.h"

namespace anjungan::ui {

class Words {
 public:
  /// Indonesian: the texts as they stand in the code.
  Words();
  /// The compiled catalogue of `language` ("en") in `folder`, at most 1 MiB. Fails with `not_found`, or `corrupt` and
  /// the file's name.
  [[nodiscard]] static record::Result<Words> read(const std::string& folder, const std::string& language);

  /// The text in this language, `indonesian` itself where the catalogue lacks it; valid as long as any copy of this.
  [[nodiscard]] const char* tr(const char* indonesian) const;
  /// True when tr() has it (always for Indonesian).
  [[nodiscard]] bool has(const char* indonesian) const;
  [[nodiscard]] const std::string& language() const { return m_language; }

 private:
  struct Catalogue;
  std::string m_language;
  std::shared_ptr<const Catalogue> m_catalogue;  ///< none for Indonesian
};

}  // namespace anjungan::ui
