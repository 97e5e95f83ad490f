// SPDX-License-Identifier: Apache-2.0
// How many frames were drawn, and how long those took that an event of the citizen caused, from the event to the
// picture. Written when somebody asks (SIGUSR1) and at the end, as {"drawn": n, "median_ms": x, "worst_ms": y}.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace anjungan::app {

class Frames {
 public:
  /// A frame nobody caused: the clock, a worker's news.
  void count() { m_drawn++; }
  /// A frame that an event caused so long before.
  void count(double ms);
  [[nodiscard]] std::int64_t drawn() const { return m_drawn; }
  [[nodiscard]] double worst_ms() const;
  [[nodiscard]] double median_ms() const;
  /// Whole or not at all; false when it cannot be written.
  [[nodiscard]] bool write(const std::string& path) const;

 private:
  static constexpr std::size_t k_kept = 4'096;
  std::int64_t m_drawn = 0;
  std::size_t m_timed = 0;
  std::vector<double> m_times;  ///< the last k_kept
};

}  // namespace anjungan::app
