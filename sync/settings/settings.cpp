// SPDX-License-Identifier: Apache-2.0
#include "sync/settings/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <tuple>
#define TOML_EXCEPTIONS 1
// It asserts what a file says before it refuses it with a message.
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include "sync/record/command.h"
#include "sync/record/toml_text.h"
#include "sync/settings/remote.h"

namespace anjungan::settings {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_most_bytes = 64 * 1024;
constexpr std::size_t k_most_text = 1'000;

/// One value's place in the file, for messages.
struct Place {
  std::string_view file;
  std::string key;
  std::uint32_t line = 0;

  [[nodiscard]] tl::unexpected<record::Error> refuse(std::string_view why) const {
    return fail(ErrorKind::invalid, fmt::format("{}:{}: {}: {}", file, line, key, why));
  }
};

using Setter = std::function<Result<void>(const toml::node&, const Place&)>;

Setter text(std::string& out, std::size_t most = k_most_text) {
  return [&out, most](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<std::string>();
    if (!value) return place.refuse("must be a text in quotation marks");
    if (value->size() > most) return place.refuse(fmt::format("longer than {} bytes", most));
    for (const char c : *value) {
      if (static_cast<unsigned char>(c) < 0x20) return place.refuse("has a control character");
    }
    out = *value;
    return {};
  };
}

template <class T>
Setter number(T& out, std::int64_t least, std::int64_t most) {
  return [&out, least, most](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < least || *value > most) {
      return place.refuse(fmt::format("must be a whole number from {} to {}", least, most));
    }
    out = static_cast<T>(*value);
    return {};
  };
}

Setter decimal(double& out, double least, double most) {
  return [&out, least, most](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value<double>();
    if (!value || !(*value >= least && *value <= most)) {
      return place.refuse(fmt::format("must be a number from {} to {}", least, most));
    }
    out = *value;
    return {};
  };
}

Setter yes_no(bool& out) {
  return [&out](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<bool>();
    if (!value) return place.refuse("must be true or false");
    out = *value;
    return {};
  };
}

template <class T>
Setter one_of(T& out, std::vector<std::pair<std::string, T>> choices) {
  return [&out, choices = std::move(choices)](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<std::string>();
    std::string names;
    for (const auto& [name, meaning] : choices) {
      if (value && *value == name) {
        out = meaning;
        return {};
      }
      names += (names.empty() ? "\"" : ", \"") + name + "\"";
    }
    return place.refuse("must be one of " + names);
  };
}

Setter angle(int& out) {
  return [&out](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > 270 || *value % 90 != 0) return place.refuse("must be 0, 90, 180 or 270");
    out = static_cast<int>(*value);
    return {};
  };
}

Setter colour(std::string& out) {
  return [&out](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<std::string>();
    const bool shaped = value && value->size() == 7 && value->front() == '#' &&
                        value->find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!shaped) return place.refuse("must be a colour such as \"#0B5C6B\"");
    out = *value;
    return {};
  };
}

Setter url(std::string& out) {
  return [&out](const toml::node& node, const Place& place) -> Result<void> {
    const auto value = node.value_exact<std::string>();
    if (!value || value->size() > 200) return place.refuse("must be a URL in quotation marks");
    const bool local = value->starts_with("http://127.0.0.1") || value->starts_with("http://localhost") ||
                       value->starts_with("http://[::1]");
    if (!value->empty() && !value->starts_with("https://") && !local) {
      return place.refuse("must start with https:// (http:// is for this machine only)");
    }
    out = *value;
    while (!out.empty() && out.back() == '/') out.pop_back();
    return {};
  };
}

Setter print_mode(PrintMode& out) {
  return one_of<PrintMode>(out, {{"raster", PrintMode::raster},
                                 {"text", PrintMode::text},
                                 {"native", PrintMode::native},
                                 {"pwg", PrintMode::pwg}});
}

std::map<std::string, Setter> setters(Terminal& out) {
  return {
      {"terminal.data", text(out.data)},
      {"terminal.runtime", text(out.runtime, 80)},
      {"terminal.office", text(out.office, 100)},
      {"terminal.place", text(out.place, 100)},
      {"terminal.zone",
       one_of<record::Zone>(out.zone,
                            {{"WIB", record::Zone::wib}, {"WITA", record::Zone::wita}, {"WIT", record::Zone::wit}})},
      {"terminal.region", number(out.region, 0, 9999)},
      {"terminal.ballast_mib", number(out.ballast_mib, 0, 4096)},
      {"terminal.low_water_mib", number(out.low_water_mib, 0, 4096)},
      {"terminal.photo_low_water_mib", number(out.photo_low_water_mib, 0, 65536)},
      {"centre.url", url(out.centre_url)},
      {"centre.ca", text(out.centre_ca)},
      {"centre.public_url", url(out.public_url)},
      {"printer.kind",
       one_of<PrinterKind>(out.printer_kind, {{"virtual", PrinterKind::virtual_printer}, {"cups", PrinterKind::cups}})},
      {"printer.queue", text(out.printer_queue, 127)},
      {"printer.folder", text(out.printer_folder)},
      {"printer.profile", text(out.printer_profile, 40)},
      {"printer.mode", print_mode(out.printer_mode)},
      {"printer.medium",
       one_of<Medium>(out.medium, {{"80mm", Medium::roll_80}, {"58mm", Medium::roll_58}, {"a4", Medium::a4}})},
      {"printer.roll_m", number(out.roll_m, 0, 1'000)},
      {"printer.watch", text(out.printer_watch)},
      {"fallback.kind", one_of<PrinterKind>(out.fallback_kind, {{"none", PrinterKind::none},
                                                                {"virtual", PrinterKind::virtual_printer},
                                                                {"cups", PrinterKind::cups}})},
      {"fallback.queue", text(out.fallback_queue, 127)},
      {"fallback.folder", text(out.fallback_folder)},
      {"fallback.profile", text(out.fallback_profile, 40)},
      {"fallback.mode", print_mode(out.fallback_mode)},
      {"fallback.medium",
       one_of<Medium>(out.fallback_medium, {{"80mm", Medium::roll_80}, {"58mm", Medium::roll_58}, {"a4", Medium::a4}})},
      {"fallback.roll_m", number(out.fallback_roll_m, 0, 1'000)},
      {"fallback.after_s", number(out.fallback_after_s, 0, 600)},
      {"screen.width", number(out.width, 0, 8192)},
      {"screen.height", number(out.height, 0, 8192)},
      {"screen.px_per_mm", decimal(out.px_per_mm, 1, 20)},
      {"screen.rotate", angle(out.rotate)},
      {"screen.fullscreen", yes_no(out.fullscreen)},
      {"screen.wheelchair", yes_no(out.wheelchair)},
      {"brand.government", text(out.government, 60)},
      {"brand.hall", text(out.hall, 60)},
      {"brand.accent", colour(out.accent)},
      {"brand.help", text(out.help, 100)},
      {"brand.phone", text(out.phone, 40)},
      {"catalogue.folder", text(out.catalogue)},
      {"session.idle_s", number(out.idle_s, 10, 3'600)},
      {"session.warning_s", number(out.warning_s, 20, 600)},
      {"sync.base_s", number(out.base_s, 1, 3'600)},
      {"sync.cap_s", number(out.cap_s, 1, 86'400)},
      {"sync.batch", number(out.batch, 1, 200)},
      {"sync.poll_s", number(out.poll_s, 1, 3'600)},
      {"remote.accept", yes_no(out.remote.accept)},
  };
}

/// What does no harm from afar: words on screen and paper, times, and where the controls are. Nothing that names an
/// address, a key or a folder, and nothing after which a hall would have to send for a technician.
constexpr std::array<std::string_view, 9> k_remote_keys = {
    "brand.accent",     "brand.government",  "brand.hall",     "brand.help",       "brand.phone",
    "fallback.after_s", "screen.wheelchair", "session.idle_s", "session.warning_s"};

Result<toml::table> parse(std::string_view toml, std::string_view file_name) {
  if (const auto line = record::toml_stray_line(toml)) {
    return fail(ErrorKind::invalid, fmt::format("{}:{}: letters beyond a-z stand in quotes", file_name, *line));
  }
  try {
    return toml::parse(toml, file_name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::invalid,
                fmt::format("{}:{}: {}", file_name, error.source().begin.line, error.description()));
  }
}

using Each = std::function<Result<void>(const toml::node&, const Place&)>;

/// Every value of the file, by section and key.
Result<void> each_value(const toml::table& table, std::string_view file_name, const Each& each) {
  for (const auto& [section, content] : table) {
    const toml::table* keys = content.as_table();
    Place place{file_name, std::string(section.str()), content.source().begin.line};
    if (keys == nullptr) return place.refuse("must stand in a section such as [terminal]");
    for (const auto& [key, value] : *keys) {
      place.key = fmt::format("{}.{}", section.str(), key.str());
      place.line = value.source().begin.line;
      if (auto done = each(value, place); !done) return done;
    }
  }
  return {};
}

}  // namespace

Result<Terminal> parse_terminal(std::string_view toml, std::string_view file_name) {
  if (toml.size() > k_most_bytes) return fail(ErrorKind::invalid, fmt::format("{}: larger than 64 KiB", file_name));
  auto table = parse(toml, file_name);
  if (!table) return tl::unexpected(table.error());
  Terminal out;
  const auto known = setters(out);
  auto read = each_value(*table, file_name, [&](const toml::node& value, const Place& place) -> Result<void> {
    const auto setter = known.find(place.key);
    if (setter == known.end()) return place.refuse("there is no such key");
    return setter->second(value, place);
  });
  if (!read) return tl::unexpected(read.error());
  if (out.data.empty() || out.runtime.empty()) {
    return fail(ErrorKind::invalid, fmt::format("{}: terminal.data and terminal.runtime must not be empty", file_name));
  }
  if (out.printer_kind == PrinterKind::cups && out.printer_queue.empty()) {
    return fail(ErrorKind::invalid, fmt::format("{}: printer.queue: needed when printer.kind is \"cups\"", file_name));
  }
  for (const auto& [section, medium, profile] : {std::tuple("printer", out.medium, &out.printer_profile),
                                                 std::tuple("fallback", out.fallback_medium, &out.fallback_profile)}) {
    if (medium != Medium::a4 || profile->empty()) continue;
    return fail(ErrorKind::invalid,
                fmt::format("{}: {}.profile: is a roll printer's; leave it out, or {}.medium \"a4\"", file_name,
                            section, section));
  }
  if (out.fallback_kind == PrinterKind::cups && out.fallback_queue.empty()) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: fallback.queue: needed when fallback.kind is \"cups\"", file_name));
  }
  if (out.fallback_kind == PrinterKind::cups && out.printer_kind == PrinterKind::cups &&
      out.fallback_queue == out.printer_queue) {
    return fail(ErrorKind::invalid,
                fmt::format("{}: fallback.queue: must be another one than printer.queue", file_name));
  }
  return out;
}

Result<Terminal> load_terminal(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::not_found, fmt::format("{}: cannot be opened; name the file with --config", path));
  std::string content(k_most_bytes + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  auto out = parse_terminal(content, path);
  if (out) take_remote(*out);
  return out;
}

Result<void> apply_remote(Terminal& terminal, std::string_view toml) {
  constexpr std::string_view k_name = "settings";
  if (toml.size() > record::k_most_settings_bytes) return fail(ErrorKind::invalid, "settings: larger than 8 KiB");
  auto table = parse(toml, k_name);
  if (!table) return tl::unexpected(table.error());
  Terminal changed = terminal;
  changed.remote.values.clear();
  const auto known = setters(changed);
  auto read = each_value(*table, k_name, [&](const toml::node& value, const Place& place) -> Result<void> {
    const auto setter = known.find(place.key);
    if (setter == known.end()) return place.refuse("there is no such key");
    if (std::find(k_remote_keys.begin(), k_remote_keys.end(), place.key) == k_remote_keys.end()) {
      return place.refuse("cannot be set from afar; a technician sets it in terminal.toml");
    }
    if (auto set = setter->second(value, place); !set) return set;
    std::ostringstream written;
    if (const auto words = value.value_exact<std::string>()) {
      written << *words;
    } else {
      value.visit([&](const auto& one) { written << one; });
    }
    changed.remote.values.emplace_back(place.key, written.str());
    return {};
  });
  if (!read) return read;
  terminal = std::move(changed);
  return {};
}

std::string_view example() {
  return R"toml([terminal]
data = "/var/lib/anjungan"
runtime = "/run/anjungan"
office = "MPP Kota Bandung"
place = "Lantai 1"
zone = "WIB"
region = 3273
ballast_mib = 64
low_water_mib = 16
photo_low_water_mib = 256

[centre]
url = "https://lapor.example.go.id"
ca = ""

[printer]
kind = "virtual"
profile = "generic-80"
mode = "raster"
medium = "80mm"
roll_m = 0
watch = "/run/anjungan-struk"

[fallback]
kind = "none"
medium = "a4"
after_s = 0

[screen]
width = 1080
height = 1920
px_per_mm = 4.03
rotate = 0
fullscreen = true
wheelchair = false

[brand]
government = "Pemerintah Kota Bandung"
hall = "Mal Pelayanan Publik"
accent = "#0B5C6B"
help = "Petugas kami di Loket 1."
phone = "(022) 555-0142"

[session]
idle_s = 60
warning_s = 20

[sync]
base_s = 5
cap_s = 900
batch = 200
poll_s = 30

[remote]
accept = true
)toml";
}

}  // namespace anjungan::settings
