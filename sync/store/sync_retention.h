// SPDX-License-Identifier: Apache-2.0
// How long a terminal keeps what the centre has.
#pragma once

#include <cstdint>

namespace anjungan::store {

inline constexpr std::int64_t k_day_ms = 24 * 3'600'000;
/// Longer than the centre keeps its backups: what a restored centre lacks is still on the terminal.
inline constexpr std::int64_t k_keep_days = 90;

}  // namespace anjungan::store
