// SPDX-License-Identifier: Apache-2.0
// What every benchmark program prints: one JSON object a line, read by table.py.
#pragma once

#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

namespace anjungan::bench {

/// Milliseconds of a steady clock, with fractions.
inline double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Milliseconds this thread has computed: what a pure function takes, whoever else wants the machine's cores.
inline double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The value below which `share` (0..1) of the values lie; the vector is not empty.
inline double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
  return values[at];
}

inline double median(const std::vector<double>& values) { return quantile(values, 0.5); }

enum class Must { at_most, at_least };
struct Limit {
  Must must;
  double value;
};

/// Without a limit the figure is published only. `name` needs no escaping.
inline void print_figure(std::string_view name, double value, std::string_view unit,
                         std::optional<Limit> limit = std::nullopt) {
  if (limit) {
    const bool at_most = limit->must == Must::at_most;
    const bool holds = at_most ? value <= limit->value : value >= limit->value;
    fmt::print(R"({{"name":"{}","value":{:.6g},"unit":"{}","op":"{}","limit":{:g},"holds":{}}})"
               "\n",
               name, value, unit, at_most ? "<=" : ">=", limit->value, holds);
  } else {
    fmt::print(R"({{"name":"{}","value":{:.6g},"unit":"{}","op":null,"limit":null,"holds":null}})"
               "\n",
               name, value, unit);
  }
}

}  // namespace anjungan::bench
