// SPDX-License-Identifier: Apache-2.0
// The receipt's fixed drawings as masks that are made once a thread: stroking their curves takes longer than all of a
// receipt's text.
#pragma once

#include <cairo.h>

#include "printer/receipt/page.h"

namespace anjungan::render {

/// Draws the page's shapes into a grey (A8) picture; the same dots as draw_shapes.
void stamp_shapes(cairo_t* cairo, const receipt::Page& page);

}  // namespace anjungan::render
