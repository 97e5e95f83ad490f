// SPDX-License-Identifier: Apache-2.0
// In what language a laid-out page goes to a printer.
#pragma once

#include "printer/render/render.h"

namespace anjungan::render {

enum class Format {
  escpos,  ///< as a picture, or in the printer's own characters where the medium has columns
  pwg,     ///< PWG raster, for a driverless IPP printer
  pdf,
};

/// A printer as the pages for it need it.
struct Target {
  receipt::Medium medium;
  Format format = Format::escpos;
  Escpos escpos;
};

/// Pictures for a roll, PDF for a page.
[[nodiscard]] Target target_of(const receipt::Medium& medium);

struct Encoded {
  const char* type = "";  ///< MIME
  Bytes bytes;
};

[[nodiscard]] Encoded encode(const receipt::Page& page, const Target& target);

}  // namespace anjungan::render
