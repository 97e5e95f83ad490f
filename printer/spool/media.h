// SPDX-License-Identifier: Apache-2.0
// What a laid-out page is printed on, by PWG 5101.1's names for sizes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "printer/spool/printer.h"

namespace anjungan::spool {

/// In hundredths of a millimetre.
struct PaperSize {
  int width = 0;
  int length = 0;

  bool operator==(const PaperSize&) const = default;
};

/// Of a name that ends in its size, as "na_index-3x5_3x5in" and "custom_max_80x2000mm" do; nothing for others.
[[nodiscard]] std::optional<PaperSize> size_of_name(std::string_view name);

/// Its own length where the queue takes sizes between a smallest and a largest one; else the smallest sheet that holds
/// all of it. Empty when the queue names no size. `rejected` where the page would be cut off: half a receipt is worse
/// than one that waits.
[[nodiscard]] Result<std::string> media_for(const std::vector<std::string>& supported, PaperSize page);

}  // namespace anjungan::spool
