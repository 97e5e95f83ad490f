// SPDX-License-Identifier: Apache-2.0
// The one file that differs between ZXing-C++ 1.4 (Debian 12) and 2.3 (Debian 13).
#include <ZXing/BarcodeFormat.h>
#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <exception>

#include "printer/receipt/page.h"

namespace anjungan::receipt {

QrCode make_qr(const std::string& text) {
  if (text.empty()) return {};
  try {
    ZXing::MultiFormatWriter writer(ZXing::BarcodeFormat::QRCode);
    writer.setMargin(0).setEccLevel(4);  // 0..8 in steps of two: L, M, Q, H begin at 2, 4, 6, 8
    const ZXing::BitMatrix matrix = writer.encode(text, 0, 0);
    QrCode out;
    out.size = matrix.width();
    out.dark.resize(static_cast<std::size_t>(out.size) * static_cast<std::size_t>(out.size));
    for (int y = 0; y < out.size; y++) {
      for (int x = 0; x < out.size; x++) {
        out.dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(out.size) + static_cast<std::size_t>(x)] =
            matrix.get(x, y);
      }
    }
    return out;
  } catch (const std::exception&) {
    return {};  // longer than a QR code holds: the receipt still has its number and its access code
  }
}

}  // namespace anjungan::receipt
