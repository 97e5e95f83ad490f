// SPDX-License-Identifier: Apache-2.0
// Boxes onto a Cairo surface in dots; shared by picture and PDF.
#pragma once

#include <cairo.h>

#include "printer/receipt/page.h"

namespace anjungan::render {

void draw_text(cairo_t* cairo, const receipt::Page& page);
void draw_shapes(cairo_t* cairo, const receipt::Page& page);
void draw_qr(cairo_t* cairo, const receipt::Page& page);

}  // namespace anjungan::render
