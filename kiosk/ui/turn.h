// SPDX-License-Identifier: Apache-2.0
// Copies a part of the canvas as it lies on the panel.
#pragma once

#include <cstdint>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/placement.h"

namespace anjungan::ui {

/// `part` is in the panel's pixels and inside both the panel and the turned canvas; `to` is its first pixel's place,
/// `pitch` the pixels from one row there to the next.
void turn(const Canvas& canvas, const Placement& placement, const Rect& part, std::uint32_t* to, std::ptrdiff_t pitch);

}  // namespace anjungan::ui
