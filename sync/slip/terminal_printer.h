// SPDX-License-Identifier: Apache-2.0
// The printer and the hall's words that a terminal's configuration names.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "printer/spool/printer.h"
#include "sync/settings/settings.h"
#include "sync/slip/slip.h"

namespace anjungan::slip {

/// One printer that the configuration names.
struct Station {
  std::string name;    ///< "struk", "fallback"
  std::string device;  ///< for people: "CUPS queue struk"
  int roll_mm = 0;
  std::function<record::Result<std::unique_ptr<spool::Printer>>()> open;
};

/// The first printer and, where one is configured, the fallback. `terminal` is not kept.
[[nodiscard]] std::vector<Station> stations_of(const settings::Terminal& terminal);

/// Fails with `io` when the virtual printer's folder cannot be made. A CUPS queue is only looked at when it is used.
[[nodiscard]] record::Result<std::unique_ptr<spool::Printer>> open_printer(const settings::Terminal& terminal);

/// Office, place and address come from the configuration where it names them, else from the enrolment.
[[nodiscard]] Hall hall_of(const settings::Terminal& terminal, const store::Identity& identity);

}  // namespace anjungan::slip
