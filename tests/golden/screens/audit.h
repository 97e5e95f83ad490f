// SPDX-License-Identifier: Apache-2.0
// What must hold on every screen, from the semantic tree and the drawn pixels.
#pragma once

#include <string>
#include <vector>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/metrics.h"
#include "kiosk/ui/semantics.h"

namespace anjungan::screens {

/// Findings in words; empty when the screen is as it should be.
[[nodiscard]] std::vector<std::string> audit(const ui::Tree& tree, const ui::Canvas& picture,
                                             const ui::Metrics& metrics, bool high_contrast);

}  // namespace anjungan::screens
