// SPDX-License-Identifier: Apache-2.0
// The printer's own characters as a preview and the simulated printer draw them: 12 by 24 dots each, bold one dot
// thicker, larger ones by repeating dots. A real printer has its own shapes in the same cells.
#pragma once

#include "printer/render/render.h"

namespace anjungan::render {

/// Sets the dots; what lies outside of the bitmap is left out. Called by any thread.
void set_cells(const receipt::CellBox& box, Bitmap& out);

}  // namespace anjungan::render
