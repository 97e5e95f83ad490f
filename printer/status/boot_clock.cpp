// SPDX-License-Identifier: Apache-2.0
#include "printer/status/boot_clock.h"

#include <ctime>

namespace anjungan::status {

std::int64_t since_boot_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000;
}

}  // namespace anjungan::status
