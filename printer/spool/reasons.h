// SPDX-License-Identifier: Apache-2.0
// IPP's printer-state-reasons, read by what they mean.
#pragma once

#include <string>
#include <vector>

#include "printer/spool/printer.h"
#include "printer/status/status_file.h"

namespace anjungan::spool {

/// The worst condition among `reasons` ("media-empty-error", "cover-open-warning", ...), ready when none matters. The
/// endings -error, -warning and -report are only trusted for words nobody knows: such an error is an error.
[[nodiscard]] PrinterView condition_of(const std::vector<std::string>& reasons);

/// CUPS's word and that of the device's watcher together. CUPS knows a printer only while a job runs there, and keeps
/// what it last knew; so for an idle one the watcher's counts, and one that hangs leaves it `unknown`. `printing`: the
/// queue has a job at the device; then whichever names a fault counts, CUPS's first.
[[nodiscard]] PrinterView with_watcher(PrinterView cups, const status::Seen& seen, bool printing);

}  // namespace anjungan::spool
