// SPDX-License-Identifier: Apache-2.0
#include "sync/record/clock.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>

#include "sync/record/digits.h"

namespace anjungan::record {
namespace {

// 2026-01-01: no terminal was ever deployed before it.
constexpr std::int64_t k_oldest_sane_ms = 1'767'225'600'000;
constexpr std::int64_t k_day_ms = 86'400'000;

constexpr std::array<std::array<const char*, 12>, 2> k_months = {{
    {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
     "Desember"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"},
}};
constexpr std::array<std::array<const char*, 7>, 2> k_weekdays = {{
    {"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"},
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
}};

std::int64_t floor_div(std::int64_t value, std::int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

std::size_t row(Language language) { return language == Language::english ? 1 : 0; }

}  // namespace

int utc_offset_min(Zone zone) {
  switch (zone) {
    case Zone::wib:
      return 420;
    case Zone::wita:
      return 480;
    case Zone::wit:
      return 540;
  }
  return 420;
}

const char* zone_name(Zone zone) {
  switch (zone) {
    case Zone::wib:
      return "WIB";
    case Zone::wita:
      return "WITA";
    case Zone::wit:
      return "WIT";
  }
  return "WIB";
}

Result<Zone> parse_zone(std::string_view name) {
  for (const Zone zone : {Zone::wib, Zone::wita, Zone::wit}) {
    if (name == zone_name(zone)) return zone;
  }
  return fail(ErrorKind::invalid, "zone: must be WIB, WITA or WIT");
}

const char* language_code(Language language) { return language == Language::english ? "en" : "id"; }

Result<Language> parse_language(std::string_view code) {
  if (code == "id") return Language::indonesian;
  if (code == "en") return Language::english;
  return fail(ErrorKind::invalid, "language: must be id or en");
}

bool clock_is_sane(std::int64_t unix_ms) { return unix_ms >= k_oldest_sane_ms; }

Date local_date(std::int64_t unix_ms, int offset_min) {
  return Date::from_days(floor_div(unix_ms + std::int64_t{offset_min} * 60'000, k_day_ms));
}

std::string rfc3339(std::int64_t unix_ms) {
  const std::int64_t in_day = unix_ms - floor_div(unix_ms, k_day_ms) * k_day_ms;
  const auto since = static_cast<std::uint64_t>(in_day);
  std::string out = local_date(unix_ms, 0).str();
  out.reserve(24);
  out.push_back('T');
  put_digits(out, since / 3'600'000, 2);
  out.push_back(':');
  put_digits(out, since / 60'000 % 60, 2);
  out.push_back(':');
  put_digits(out, since / 1'000 % 60, 2);
  out.push_back('.');
  put_digits(out, since % 1'000, 3);
  out.push_back('Z');
  return out;
}

Result<std::int64_t> parse_rfc3339(std::string_view text) {
  static constexpr std::string_view k_shape = "dddd-dd-ddTdd:dd:dd.dddZ";
  bool shaped = text.size() == k_shape.size();
  for (std::size_t i = 0; shaped && i < text.size(); i++) {
    shaped = k_shape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == k_shape[i];
  }
  if (!shaped) return fail(ErrorKind::invalid, "time: not of the form 2026-11-21T10:32:07.123Z");
  const auto number = [&](std::size_t from, std::size_t count) {
    std::int64_t value = 0;
    for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
    return value;
  };
  const int year = static_cast<int>(number(0, 4));
  const int month = static_cast<int>(number(5, 2));
  const int day = static_cast<int>(number(8, 2));
  const std::int64_t hour = number(11, 2);
  const std::int64_t minute = number(14, 2);
  const std::int64_t second = number(17, 2);
  if (!Date::exists(year, month, day) || hour > 23 || minute > 59 || second > 59) {
    return fail(ErrorKind::invalid, "time: there is no such time");
  }
  return Date{year, month, day}.days() * k_day_ms + hour * 3'600'000 + minute * 60'000 + second * 1'000 + number(20, 3);
}

std::string short_date(const Date& date, Language language) {
  return fmt::format("{} {} {}", date.day, k_months[row(language)][static_cast<std::size_t>(date.month - 1)],
                     date.year);
}

std::string long_date(const Date& date, Language language) {
  return fmt::format("{}, {}", k_weekdays[row(language)][static_cast<std::size_t>(date.weekday())],
                     short_date(date, language));
}

std::string time_of_day(std::int64_t unix_ms, Zone zone, Language language) {
  const std::int64_t local = unix_ms + std::int64_t{utc_offset_min(zone)} * 60'000;
  const std::int64_t minutes = floor_div(local, 60'000) - floor_div(local, k_day_ms) * 1'440;
  return fmt::format("{:02}{}{:02} {}", minutes / 60, language == Language::english ? ':' : '.', minutes % 60,
                     zone_name(zone));
}

std::int64_t SystemClock::unix_ms() const {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t SystemClock::monotonic_ms() const {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000;
}

std::string SystemClock::boot_id() const {
  static const std::string id = [] {
    std::string line;
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::getline(file, line);
    return line.size() == 36 ? line : std::string("00000000-0000-0000-0000-000000000000");
  }();
  return id;
}

}  // namespace anjungan::record
