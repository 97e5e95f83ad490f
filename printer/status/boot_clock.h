// SPDX-License-Identifier: Apache-2.0
// Time that nobody sets: since boot, suspended or not.
#pragma once

#include <cstdint>

namespace anjungan::status {

[[nodiscard]] std::int64_t since_boot_ms();

}  // namespace anjungan::status
