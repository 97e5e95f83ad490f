// SPDX-License-Identifier: Apache-2.0
// The orders of the command line to a PrinterDesk as texts, for the control socket. An order is a JSON object such as
// {"order":"move","job":7,"to":"fallback"}; README.md lists them. The answer is {"printers":[...]}, {"jobs":[...]},
// {"outcome":"done"|"under-way"} or {"error":{"kind":...,"text":...}}.
#pragma once

#include <string>
#include <string_view>

#include "sync/slip/printer_desk.h"

namespace anjungan::slip {

/// Never fails: what cannot be read or done is an answer too. At most 100 kB.
[[nodiscard]] std::string answer_order(PrinterDesk& desk, std::string_view order);

}  // namespace anjungan::slip
