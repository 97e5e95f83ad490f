// SPDX-License-Identifier: Apache-2.0
// The printer and the hall's words that a terminal's configuration names.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "printer/render/target.h"
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

/// What the printer needs of a page. `section` stands before the key in an error ("printer."): `invalid` with what
/// to do when the profile is not there, cannot be read, or contradicts medium or mode.
[[nodiscard]] record::Result<render::Target> target_of(const std::string& section, settings::Medium medium,
                                                       const std::string& profile, settings::PrintMode mode);
[[nodiscard]] record::Result<render::Target> printer_target(const settings::Terminal& terminal);
[[nodiscard]] record::Result<render::Target> fallback_target(const settings::Terminal& terminal);

/// The first printer and, where one is configured, the fallback. `terminal` is not kept. Fails as target_of().
[[nodiscard]] record::Result<std::vector<Station>> stations_of(const settings::Terminal& terminal);

/// Fails as target_of(), and with `io` when the virtual printer's folder cannot be made. A CUPS queue is only looked at
/// when it is used.
[[nodiscard]] record::Result<std::unique_ptr<spool::Printer>> open_printer(const settings::Terminal& terminal);

/// Office, place and address come from the configuration where it names them, else from the enrolment.
[[nodiscard]] Hall hall_of(const settings::Terminal& terminal, const store::Identity& identity);

}  // namespace anjungan::slip
