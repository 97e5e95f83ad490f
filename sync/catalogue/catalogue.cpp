// SPDX-License-Identifier: Apache-2.0
#include "sync/catalogue/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#define TOML_EXCEPTIONS 1
// It asserts what a file says before it refuses it with a message.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include "sync/record/toml_text.h"

namespace anjungan::catalogue {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_most_bytes = 1024 * 1024;

/// Thrown and caught in this file: a place in a data file and what is wrong there.
struct Refusal {
  std::string text;
};

class Reader {
 public:
  Reader(std::string_view file, std::string_view source) : m_file(file) {
    if (source.size() > k_most_bytes) throw Refusal{fmt::format("{}: larger than 1 MiB", m_file)};
    if (const auto line = record::toml_stray_line(source)) {
      throw Refusal{fmt::format("{}:{}: letters beyond a-z stand in quotes", m_file, *line)};
    }
    try {
      m_table = toml::parse(source, m_file);
    } catch (const toml::parse_error& error) {
      throw Refusal{fmt::format("{}:{}: {}", m_file, error.source().begin.line, error.description())};
    }
  }

  [[nodiscard]] const toml::table& table() const { return m_table; }

  [[noreturn]] void refuse(const toml::node& node, std::string_view why) const {
    throw Refusal{fmt::format("{}:{}: {}", m_file, node.source().begin.line, why)};
  }

  void only(const toml::table& table, std::initializer_list<std::string_view> keys) const {
    for (const auto& [key, value] : table) {
      if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
        refuse(value, fmt::format("{}: there is no such key", key.str()));
      }
    }
  }

  std::string text(const toml::table& table, std::string_view key) const {
    const auto value = table[key].value<std::string>();
    if (!value || value->empty() || value->size() > 200) refuse(table, fmt::format("{}: a short text is needed", key));
    return *value;
  }

  int number(const toml::table& table, std::string_view key, int least, int most) const {
    const auto value = table[key].value<std::int64_t>();
    if (!value || *value < least || *value > most) {
      refuse(table, fmt::format("{}: must be a whole number from {} to {}", key, least, most));
    }
    return static_cast<int>(*value);
  }

  template <class Each>
  void each_table(const toml::table& table, std::string_view key, const Each& each) const {
    const toml::array* list = table[key].as_array();
    if (list == nullptr || list->empty() || list->size() > 1'000)
      refuse(table, fmt::format("{}: a list is needed", key));
    for (const toml::node& one : *list) {
      const toml::table* entry = one.as_table();
      if (entry == nullptr) refuse(one, fmt::format("{}: its entries must be tables", key));
      each(*entry);
    }
  }

  void unique(const toml::node& node, const std::string& id) {
    if (!m_ids.insert(id).second) refuse(node, fmt::format("id: {} stands twice", id));
  }

 private:
  std::string m_file;
  toml::table m_table;
  std::set<std::string> m_ids;
};

Label read_label(const Reader& in, const toml::table& table) {
  const toml::table* label = table["label"].as_table();
  if (label == nullptr) in.refuse(table, "label: label.id and label.en are needed");
  in.only(*label, {"id", "en"});
  return {in.text(*label, "id"), in.text(*label, "en")};
}

void read_agencies(const Sources& sources, Catalogue& out) {
  Reader in("agencies.toml", sources.agencies);
  in.only(in.table(), {"agency"});
  in.each_table(in.table(), "agency", [&](const toml::table& entry) {
    in.only(entry, {"id", "name"});
    out.agencies.push_back({in.text(entry, "id"), in.text(entry, "name")});
    in.unique(entry, out.agencies.back().id);
  });
}

bool is_child_id(const std::string& id, const std::string& parent) {
  return id.size() > parent.size() + 1 && id.rfind(parent + ".", 0) == 0 &&
         id.find('.', parent.size() + 1) == std::string::npos;
}

void read_categories(const Sources& sources, Catalogue& out) {
  Reader in("categories.toml", sources.categories);
  in.only(in.table(), {"category"});
  const auto answered_by = [&](const toml::table& entry) {
    std::string agency = in.text(entry, "agency");
    if (out.agency(agency) == nullptr) in.refuse(entry, fmt::format("agency: {} is not in agencies.toml", agency));
    return agency;
  };
  in.each_table(in.table(), "category", [&](const toml::table& entry) {
    in.only(entry, {"id", "icon", "label", "agency", "children"});
    Category category{in.text(entry, "id"), in.text(entry, "icon"), read_label(in, entry), answered_by(entry), {}};
    if (category.id.find('.') != std::string::npos) in.refuse(entry, "id: a point stands in its children's only");
    in.unique(entry, category.id);
    in.each_table(entry, "children", [&](const toml::table& child) {
      in.only(child, {"id", "label", "agency"});
      category.children.push_back({in.text(child, "id"), "", read_label(in, child), answered_by(child), {}});
      const std::string& id = category.children.back().id;
      // A complaint names the child alone; its parent is read from it.
      if (!is_child_id(id, category.id)) in.refuse(child, fmt::format("id: must be {}.something", category.id));
      in.unique(child, id);
    });
    out.categories.push_back(std::move(category));
  });
}

void read_region(const Sources& sources, Catalogue& out) {
  Reader in("region.toml", sources.region);
  in.only(in.table(), {"code", "name", "district"});
  out.region_code = in.number(in.table(), "code", 1, 9999);
  out.region_name = in.text(in.table(), "name");
  in.each_table(in.table(), "district", [&](const toml::table& entry) {
    in.only(entry, {"id", "name", "villages"});
    District district{in.text(entry, "id"), in.text(entry, "name"), {}};
    in.unique(entry, district.id);
    in.each_table(entry, "villages", [&](const toml::table& village) {
      in.only(village, {"id", "name"});
      district.villages.push_back({in.text(village, "id"), in.text(village, "name")});
      in.unique(village, district.villages.back().id);
    });
    out.districts.push_back(std::move(district));
  });
}

void read_holidays(const Sources& sources, Catalogue& out) {
  Reader in("holidays.toml", sources.holidays);
  in.only(in.table(), {"dates", "limits"});
  const toml::array* dates = in.table()["dates"].as_array();
  if (dates == nullptr || dates->size() > 1'000) in.refuse(in.table(), "dates: a list of dates is needed");
  for (const toml::node& one : *dates) {
    const auto date = one.value<toml::date>();
    if (!date || !record::Date::exists(date->year, date->month, date->day)) in.refuse(one, "dates: not a date");
    out.holidays.push_back({date->year, date->month, date->day});
  }
  std::sort(out.holidays.begin(), out.holidays.end());
  const toml::table* limits = in.table()["limits"].as_table();
  if (limits == nullptr) in.refuse(in.table(), "limits: the section is missing");
  in.only(*limits, {"verify", "answer_information", "answer", "close", "ombudsman"});
  out.limits = {in.number(*limits, "verify", 1, 365), in.number(*limits, "answer_information", 1, 365),
                in.number(*limits, "answer", 1, 365), in.number(*limits, "close", 1, 365),
                in.number(*limits, "ombudsman", 1, 365)};
}

}  // namespace

const Category* Catalogue::category(std::string_view id) const {
  for (const Category& one : categories) {
    if (one.id == id) return &one;
    for (const Category& child : one.children) {
      if (child.id == id) return &child;
    }
  }
  return nullptr;
}

const Agency* Catalogue::agency(std::string_view id) const {
  for (const Agency& one : agencies) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const District* Catalogue::district(std::string_view id) const {
  for (const District& one : districts) {
    if (one.id == id) return &one;
  }
  return nullptr;
}

const Village* Catalogue::village(std::string_view id) const {
  for (const District& one : districts) {
    for (const Village& village : one.villages) {
      if (village.id == id) return &village;
    }
  }
  return nullptr;
}

Result<Catalogue> parse_catalogue(const Sources& sources) {
  Catalogue out;
  try {
    read_agencies(sources, out);
    read_categories(sources, out);
    read_region(sources, out);
    read_holidays(sources, out);
  } catch (const Refusal& refusal) {
    return fail(ErrorKind::invalid, refusal.text);
  }
  return out;
}

Result<Catalogue> load_catalogue(const std::string& folder) {
  Sources sources;
  const std::pair<const char*, std::string*> files[] = {{"categories.toml", &sources.categories},
                                                        {"agencies.toml", &sources.agencies},
                                                        {"region.toml", &sources.region},
                                                        {"holidays.toml", &sources.holidays}};
  for (const auto& [name, content] : files) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    if (!file) return fail(ErrorKind::not_found, fmt::format("{}/{}: cannot be opened", folder, name));
    content->resize(k_most_bytes + 1);
    file.read(content->data(), static_cast<std::streamsize>(content->size()));
    content->resize(static_cast<std::size_t>(file.gcount()));
  }
  return parse_catalogue(sources);
}

}  // namespace anjungan::catalogue
