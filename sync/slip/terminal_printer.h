// SPDX-License-Identifier: Apache-2.0
// The printer and the hall's words that a terminal's configuration names.
#pragma once

#include <memory>

#include "printer/spool/printer.h"
#include "sync/settings/settings.h"
#include "sync/slip/slip.h"

namespace anjungan::slip {

/// Fails with `io` when the virtual printer's folder cannot be made. A CUPS queue is only looked at when it is used.
[[nodiscard]] record::Result<std::unique_ptr<spool::Printer>> open_printer(const settings::Terminal& terminal);

/// Office, place and address come from the configuration where it names them, else from the enrolment.
[[nodiscard]] Hall hall_of(const settings::Terminal& terminal, const store::Identity& identity);

}  // namespace anjungan::slip
