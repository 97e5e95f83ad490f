// SPDX-License-Identifier: Apache-2.0
#include "sync/record/calendar.h"

#include <algorithm>
#include <chrono>

#include "sync/record/digits.h"

namespace anjungan::record {
namespace {

std::chrono::year_month_day ymd(int year, int month, int day) {
  return std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month)} /
         std::chrono::day{static_cast<unsigned>(day)};
}

/// Working-day arithmetic stops somewhere even when the holiday list is nonsense.
constexpr int k_most_days = 4'000;

}  // namespace

Date Date::from_days(std::int64_t days_since_1970) {
  const std::chrono::year_month_day value{std::chrono::sys_days{
      std::chrono::days{static_cast<int>(std::clamp<std::int64_t>(days_since_1970, -700'000, 700'000))}}};
  return {static_cast<int>(value.year()), static_cast<int>(static_cast<unsigned>(value.month())),
          static_cast<int>(static_cast<unsigned>(value.day()))};
}

bool Date::exists(int year, int month, int day) {
  return year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
         ymd(year, month, day).ok();
}

Result<Date> Date::parse(std::string_view text) {
  bool shaped = text.size() == 10;
  for (std::size_t i = 0; shaped && i < text.size(); i++) {
    shaped = i == 4 || i == 7 ? text[i] == '-' : text[i] >= '0' && text[i] <= '9';
  }
  if (!shaped) return fail(ErrorKind::invalid, "date: not of the form YYYY-MM-DD");
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : text.substr(from, count)) value = value * 10 + (c - '0');
    return value;
  };
  const Date out{number(0, 4), number(5, 2), number(8, 2)};
  if (!exists(out.year, out.month, out.day)) return fail(ErrorKind::invalid, "date: there is no such day");
  return out;
}

std::int64_t Date::days() const { return std::chrono::sys_days{ymd(year, month, day)}.time_since_epoch().count(); }

std::string Date::str() const {
  std::string out;
  put_digits(out, static_cast<std::uint64_t>(year), 4);
  out.push_back('-');
  put_digits(out, static_cast<std::uint64_t>(month), 2);
  out.push_back('-');
  put_digits(out, static_cast<std::uint64_t>(day), 2);
  return out;
}

int Date::weekday() const {
  return static_cast<int>(std::chrono::weekday{std::chrono::sys_days{ymd(year, month, day)}}.c_encoding());
}

bool is_working_day(const Date& date, const Holidays& holidays) {
  const int weekday = date.weekday();
  return weekday != 0 && weekday != 6 && !std::binary_search(holidays.begin(), holidays.end(), date);
}

Date plus_working_days(Date from, int count, const Holidays& holidays) {
  for (int steps = 0; count > 0 && steps < k_most_days; steps++) {
    from = from.plus_days(1);
    if (is_working_day(from, holidays)) count--;
  }
  return from;
}

int working_days_between(Date from, Date to, const Holidays& holidays) {
  int count = 0;
  for (int steps = 0; from < to && steps < k_most_days; steps++) {
    from = from.plus_days(1);
    if (is_working_day(from, holidays)) count++;
  }
  return count;
}

const char* class_name(ComplaintClass value) {
  switch (value) {
    case ComplaintClass::complaint:
      return "complaint";
    case ComplaintClass::aspiration:
      return "aspiration";
    case ComplaintClass::information:
      return "information";
  }
  return "complaint";
}

Result<ComplaintClass> parse_class(std::string_view name) {
  for (const auto value : {ComplaintClass::complaint, ComplaintClass::aspiration, ComplaintClass::information}) {
    if (name == class_name(value)) return value;
  }
  return fail(ErrorKind::invalid, "class: must be complaint, aspiration or information");
}

DueDates due_dates(Date received, ComplaintClass kind, const Limits& limits, const Holidays& holidays) {
  DueDates out;
  out.verify = plus_working_days(received, limits.verify, holidays);
  const int answer = kind == ComplaintClass::information ? limits.answer_information : limits.answer;
  out.answer = plus_working_days(received, answer, holidays);
  out.close = plus_working_days(out.answer, limits.close, holidays);
  out.ombudsman = received.plus_days(limits.ombudsman);
  return out;
}

}  // namespace anjungan::record
