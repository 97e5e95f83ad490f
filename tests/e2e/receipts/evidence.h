// SPDX-License-Identifier: Apache-2.0
// What lies in front of the printer, judged beside what was handed to it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "printer/simulator/interpreter.h"

namespace anjungan::receipts {

/// Complete copies of one number: the sheet and the mark of each, 0 for none.
struct Copy {
  std::size_t sheet = 0;
  int mark = 0;
};

struct Evidence {
  std::map<std::string, std::vector<Copy>> complete;  ///< by number: whole, in one piece, nothing else on the sheet
  std::map<std::string, int> unmarked;  ///< by number: whole, however the sheet looks otherwise, without a mark
  int broken = 0;                       ///< sheets with less than a receipt
};

/// `folder` is the terminal's.
[[nodiscard]] Evidence judge(const std::vector<simulator::Sheet>& sheets, const std::string& folder);

/// Whether the black bar of a reprint is on top of it.
[[nodiscard]] bool has_bar(const render::Bitmap& picture);

/// What a reader of QR codes that is not ours sees on the sheet; kept as `png`.
[[nodiscard]] std::string qr_of(const render::Bitmap& picture, const std::string& png);

}  // namespace anjungan::receipts
