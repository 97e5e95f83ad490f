// SPDX-License-Identifier: Apache-2.0
#include "printer/render/target.h"

namespace anjungan::render {

Target target_of(const receipt::Medium& medium) {
  return {medium, medium.height > 0 ? Format::pdf : Format::escpos, Escpos{}};
}

Encoded encode(const receipt::Page& page, const Target& target) {
  switch (target.format) {
    case Format::escpos:
      return {"application/vnd.cups-raw", to_escpos(page, target.escpos)};
    case Format::pwg:
      return {"image/pwg-raster", to_pwg(to_bitmap(page), page.medium.dpi)};
    case Format::pdf:
      break;
  }
  return {"application/pdf", to_pdf(page)};
}

}  // namespace anjungan::render
