// SPDX-License-Identifier: Apache-2.0
// A small window that shows the newest receipt of a virtual printer: the paper slot of a desk without a printer.
#pragma once

#include <string>

#include "sync/record/result.h"

namespace anjungan::app {

/// Until the window is closed or the program is told to end. `folder` may be made later. Fails with `unavailable`
/// without a screen.
[[nodiscard]] record::Result<void> show_receipts(const std::string& folder);

}  // namespace anjungan::app
