// SPDX-License-Identifier: Apache-2.0
// Counts for a Prometheus server: sums over all terminals and people, so that no line tells of one of them; but for the
// alarms, which name the terminal's number and nothing else of it.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

namespace anjungan::central {

class Centre;

/// What the HTTP server counts. Any thread.
struct HttpCounters {
  std::atomic<std::uint64_t> connections{0};            ///< open now
  std::atomic<std::uint64_t> refused{0};                ///< told to come back later
  std::array<std::atomic<std::uint64_t>, 6> answers{};  ///< by the first digit of the status
  std::atomic<std::uint64_t> handling_us{0};            ///< sum of what handlers took
};

/// Prometheus' text format, version 0.0.4.
[[nodiscard]] std::string metrics_text(const HttpCounters& http, const Centre& centre);

}  // namespace anjungan::central
