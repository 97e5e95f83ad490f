// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/media.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace anjungan::spool {
namespace {

/// A head is named by whole millimetres and made of whole dots: 640 of them are 80.08 mm.
constexpr int k_slack = 100;
/// No paper is longer: 100 m.
constexpr double k_most = 10'000'000;

int whole_mm(int hundredths) { return (hundredths + 99) / 100; }

bool holds(PaperSize paper, PaperSize page) {
  return page.width <= paper.width + k_slack && page.length <= paper.length + k_slack;
}

std::string in_words(PaperSize size) {
  return std::to_string(whole_mm(size.width)) + " x " + std::to_string(whole_mm(size.length)) + " mm";
}

std::string custom(PaperSize page, PaperSize least, PaperSize most) {
  const auto mm = [](int wanted, int smallest, int largest) {
    return std::to_string(std::clamp(whole_mm(wanted), std::min(whole_mm(smallest), largest / 100), largest / 100));
  };
  return "custom_struk_" + mm(page.width, least.width, most.width) + "x" + mm(page.length, least.length, most.length) +
         "mm";
}

}  // namespace

std::optional<PaperSize> size_of_name(std::string_view name) {
  const std::size_t at = name.rfind('_');
  if (at == std::string_view::npos || name.size() < at + 6) return std::nullopt;
  const std::string_view unit = name.substr(name.size() - 2);
  if (unit != "mm" && unit != "in") return std::nullopt;
  const double factor = unit == "mm" ? 100 : 2'540;
  double numbers[2]{};
  const char* from = name.data() + at + 1;
  const char* end = name.data() + name.size() - 2;
  for (int i = 0; i < 2; i++) {
    const auto read = std::from_chars(from, end, numbers[i], std::chars_format::fixed);
    if (read.ec != std::errc() || !(numbers[i] > 0) || numbers[i] * factor > k_most) return std::nullopt;
    const bool between = i == 0 && read.ptr != end && *read.ptr == 'x';
    if (!between && (i == 0 || read.ptr != end)) return std::nullopt;
    from = read.ptr + 1;
  }
  return PaperSize{static_cast<int>(std::lround(numbers[0] * factor)),
                   static_cast<int>(std::lround(numbers[1] * factor))};
}

Result<std::string> media_for(const std::vector<std::string>& supported, PaperSize page) {
  PaperSize least;
  std::optional<PaperSize> most;
  std::optional<PaperSize> sheet;
  std::optional<PaperSize> largest;
  std::string name;
  const auto area = [](PaperSize one) { return static_cast<std::int64_t>(one.width) * one.length; };
  for (const std::string& one : supported) {
    const auto size = size_of_name(one);
    if (!size) continue;
    if (one.starts_with("custom_min_")) {
      least = *size;
      continue;
    }
    if (!largest || area(*size) > area(*largest)) largest = size;
    if (one.starts_with("custom_max_")) {
      most = size;
    } else if (holds(*size, page) && (!sheet || area(*size) < area(*sheet))) {
      sheet = size;
      name = one;
    }
  }
  if (most && holds(*most, page)) return custom(page, least, *most);
  if (sheet) return name;
  if (!largest) return std::string();
  return tl::unexpected(Error{
      ErrorKind::rejected, "the page is " + in_words(page) + ", and the queue's largest paper " + in_words(*largest)});
}

}  // namespace anjungan::spool
