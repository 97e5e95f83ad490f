// SPDX-License-Identifier: Apache-2.0
// Calendar days, working days and the dates by which a complaint must be verified, answered and closed.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/result.h"

namespace anjungan::record {

/// A day of the Gregorian calendar, without a time or a zone.
struct Date {
  int year = 1970;
  int month = 1;  ///< 1..12
  int day = 1;    ///< 1..31

  [[nodiscard]] static Date from_days(std::int64_t days_since_1970);
  /// YYYY-MM-DD of a day that exists, years 1900..2199. Fails with `invalid`.
  [[nodiscard]] static Result<Date> parse(std::string_view text);
  [[nodiscard]] static bool exists(int year, int month, int day);

  [[nodiscard]] std::int64_t days() const;  ///< since 1970-01-01
  [[nodiscard]] std::string str() const;    ///< YYYY-MM-DD
  [[nodiscard]] int weekday() const;        ///< 0 = Sunday .. 6 = Saturday
  [[nodiscard]] Date plus_days(int count) const { return from_days(days() + count); }

  auto operator<=>(const Date&) const = default;
};

/// National holidays and cuti bersama, sorted; part of the city's catalogue.
using Holidays = std::vector<Date>;

[[nodiscard]] bool is_working_day(const Date& date, const Holidays& holidays);
/// The `count`-th working day after `from`; `from` itself does not count.
[[nodiscard]] Date plus_working_days(Date from, int count, const Holidays& holidays);
/// Working days after `from` up to and with `to`; 0 when `to` is not later.
[[nodiscard]] int working_days_between(Date from, Date to, const Holidays& holidays);

enum class ComplaintClass { complaint, aspiration, information };
[[nodiscard]] const char* class_name(ComplaintClass value);
[[nodiscard]] Result<ComplaintClass> parse_class(std::string_view name);

/// Working days, and calendar days for the Ombudsman; the defaults are SP4N-LAPOR's.
struct Limits {
  int verify = 3;
  int answer_information = 5;
  int answer = 14;
  int close = 10;      ///< after the answer
  int ombudsman = 60;  ///< calendar days after receipt
};

struct DueDates {
  Date verify;
  Date answer;
  Date close;
  Date ombudsman;

  bool operator==(const DueDates&) const = default;
};

[[nodiscard]] DueDates due_dates(Date received, ComplaintClass kind, const Limits& limits, const Holidays& holidays);

}  // namespace anjungan::record
