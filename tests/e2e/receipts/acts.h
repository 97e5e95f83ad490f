// SPDX-License-Identifier: Apache-2.0
// What befalls the receipts, in an order that one number decides.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "printer/simulator/receipt_printer.h"

namespace anjungan::receipts {

enum class What {
  paper,    // out
  cover,    // open
  power,    // of the printer, off
  reset,    // of the network line
  stall,    // the printer takes nothing and says nothing
  rubbish,  // between its answers, and nothing else
  cups_end,
  cups_kill,
  cups_hang,
  struk_kill,
  terminal_kill,
  pause,  // cupsdisable
};

enum class When {
  before,  // a receipt is handed in
  middle,  // of the picture
  last,    // the paper is cut, the confirmation not given
};

struct Act {
  What what = What::paper;
  When when = When::middle;
  bool rubbish = false;    ///< the printer says rubbish between its answers, too
  bool forgetful = false;  ///< it forgets what it has not printed when paper or cover fail
  std::string point{};     ///< where the terminal dies
  int lines = 0;           ///< on paper before it happens (middle)
  int hold_ms = 0;         ///< how long it stays; at least until the screen names it, unless it is short
  bool brief = false;      ///< gone before anybody looks
  bool overlap = false;    ///< the next one does not wait until everything is mended and printed

  [[nodiscard]] std::string str() const;
  /// What the screen calls it; empty for what passes by itself.
  [[nodiscard]] std::string name() const;
  /// A printer that is full and out of paper says nothing any more. One that has told what it lacks is named by that;
  /// one whose word was lost, or that does not tell by itself, can only be called offline.
  [[nodiscard]] bool may_be_silent(const simulator::PrinterOptions& printer) const;
};

struct Plan {
  simulator::PrinterOptions printer;
  std::vector<Act> acts;
};

/// A printer, and each fault at each moment once, in an order of its own for each seed; so many rounds of them.
[[nodiscard]] Plan plan(std::uint64_t seed, int rounds);

}  // namespace anjungan::receipts
