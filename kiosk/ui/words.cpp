// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/words.h"

#include <libintl.h>

#include <clocale>
#include <cstdlib>

namespace anjungan::ui {
namespace {

/// The catalogues' folder bears this name where gettext expects a locale's.
constexpr const char* k_locale = "kiosk";

}  // namespace

void Words::open(const std::string& folder, const std::string& language) {
  // In the locale "C" gettext translates nothing; C.UTF-8 is part of Debian's libc and needs no generated locale.
  std::setlocale(LC_MESSAGES, "C.UTF-8");
  setenv("LANGUAGE", k_locale, 1);
  bindtextdomain(language.c_str(), folder.c_str());
  bind_textdomain_codeset(language.c_str(), "UTF-8");
}

const char* Words::tr(const char* indonesian) const {
  return m_language == "id" ? indonesian : dgettext(m_language.c_str(), indonesian);
}

// gettext answers with the very pointer it was given when it has no translation.
bool Words::has(const char* indonesian) const { return m_language == "id" || tr(indonesian) != indonesian; }

}  // namespace anjungan::ui
