// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/frames.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/store/files.h"

namespace anjungan::app {

void Frames::count(double ms) {
  if (m_times.size() < k_kept) {
    m_times.push_back(ms);
  } else {
    m_times[m_timed % k_kept] = ms;
  }
  m_timed++;
  m_drawn++;
}

double Frames::worst_ms() const { return m_times.empty() ? 0 : *std::max_element(m_times.begin(), m_times.end()); }

double Frames::median_ms() const {
  if (m_times.empty()) return 0;
  std::vector<double> sorted = m_times;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

bool Frames::write(const std::string& path) const {
  const std::string text =
      fmt::format("{{\"drawn\": {}, \"median_ms\": {:.2f}, \"worst_ms\": {:.2f}}}\n", m_drawn, median_ms(), worst_ms());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return store::write_file(path, {bytes, text.size()}, 0644).has_value();
}

}  // namespace anjungan::app
