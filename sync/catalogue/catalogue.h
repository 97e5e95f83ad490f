// SPDX-License-Identifier: Apache-2.0
// A city's own data: what complaints can be about, who answers, where, and which days do not count. Four TOML files in
// one folder (assets/catalogue/bandung is the first); another city is another folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sync/record/calendar.h"
#include "sync/record/clock.h"

namespace anjungan::catalogue {

/// A text in each language of the product.
struct Label {
  std::string indonesian;
  std::string english;

  [[nodiscard]] const std::string& in(record::Language language) const {
    return language == record::Language::english ? english : indonesian;
  }
};

struct Category {
  std::string id;    ///< "jalan", a child "jalan.lubang"
  std::string icon;  ///< a Material Icons name; empty for children
  Label label;
  std::string agency;              ///< id of the body that answers
  std::vector<Category> children;  ///< of the first level only
};

struct Agency {
  std::string id;
  std::string name;
};

struct Village {
  std::string id;
  std::string name;
};

struct District {
  std::string id;
  std::string name;
  std::vector<Village> villages;
};

struct Catalogue {
  int region_code = 0;
  std::string region_name;
  std::vector<Category> categories;
  std::vector<Agency> agencies;
  std::vector<District> districts;
  record::Holidays holidays;
  record::Limits limits;

  /// Null when there is no such id.
  [[nodiscard]] const Category* category(std::string_view id) const;
  [[nodiscard]] const Agency* agency(std::string_view id) const;
  [[nodiscard]] const District* district(std::string_view id) const;
  [[nodiscard]] const Village* village(std::string_view id) const;
};

/// The four files' texts, for tests.
struct Sources {
  std::string categories;
  std::string agencies;
  std::string region;
  std::string holidays;
};

/// Strict: unknown keys, duplicate ids and agencies that do not exist are refused with file and line.
[[nodiscard]] record::Result<Catalogue> parse_catalogue(const Sources& sources);

/// Reads categories.toml, agencies.toml, region.toml and holidays.toml, each at most 1 MiB.
[[nodiscard]] record::Result<Catalogue> load_catalogue(const std::string& folder);

}  // namespace anjungan::catalogue
