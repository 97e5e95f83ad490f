// SPDX-License-Identifier: Apache-2.0
// IPP's printer-state-reasons, read by what they mean.
#pragma once

#include <string>
#include <vector>

#include "printer/spool/printer.h"

namespace anjungan::spool {

/// The worst condition among `reasons` ("media-empty-error", "cover-open-warning", ...), ready when none matters. The
/// endings -error, -warning and -report are only trusted for words nobody knows: such an error is an error.
[[nodiscard]] PrinterView condition_of(const std::vector<std::string>& reasons);

}  // namespace anjungan::spool
