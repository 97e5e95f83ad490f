// SPDX-License-Identifier: Apache-2.0
#include "printer/render/target.h"

namespace anjungan::render {

Target target_of(const receipt::Medium& medium) {
  return {medium, medium.height > 0 ? Format::pdf : Format::raster, Escpos{}};
}

Encoded encode(const receipt::Page& page, const Target& target) {
  switch (target.format) {
    case Format::raster:
      return {"application/vnd.cups-raw", to_escpos(to_bitmap(page), target.escpos)};
    case Format::pdf:
      break;
  }
  return {"application/pdf", to_pdf(page)};
}

}  // namespace anjungan::render
