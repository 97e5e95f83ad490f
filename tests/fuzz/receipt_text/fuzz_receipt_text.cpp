// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>

#include "printer/render/render.h"
#include "tests/golden/receipts/paper.h"
#include "tests/golden/receipts/samples.h"

// Any bytes in a receipt's fields: the paper stays short, what is drawn has no control characters, and the QR code is
// inside the page; in the printer's own characters no byte of it is a command. The first byte picks medium and field.

namespace anjungan::render {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_clean(const std::string& text) {
  const std::string clean = receipt::clean_text(text, receipt::k_most_value);
  for (const char c : clean) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  require(clean.size() <= 4 * (receipt::k_most_value + 1));
  require(receipt::clean_text(clean, receipt::k_most_value) == clean);
}

/// In the printer's own characters every byte must do what was meant: then the strict printer draws the page's dots.
void print_cells(const receipt::Content& content, const receipt::Medium& roll, bool native) {
  const receipt::Page page = receipt::layout(content, receipt::in_cells(roll, native));
  Escpos printer;
  printer.native_qr = native;
  const auto sheets = simulator::Paper::print(to_escpos(page, printer), {roll.width, 1, true});
  require(sheets.size() == 1 && sheets[0].problems.empty() && sheets[0].picture.bits == to_bitmap(page).bits);
}

void print(std::uint8_t choice, const std::string& text) {
  receipt::Content content = receipt::sample();
  std::string* const fields[] = {&content.rows[0].value,
                                 &content.rows[4].value,
                                 &content.rows[1].label,
                                 &content.hall,
                                 &content.number,
                                 &content.code,
                                 &content.qr,
                                 &content.rights,
                                 &content.time,
                                 &content.scan_title};
  const receipt::Medium media[] = {receipt::k_roll_80, receipt::k_roll_58, receipt::k_a4};
  *fields[choice % std::size(fields)] = text;
  const receipt::Page page = receipt::layout(content, media[choice / std::size(fields) % std::size(media)]);
  require(page.height > 0 && page.height < 12'000);
  for (const receipt::Box& any : page.boxes) {
    const auto* qr = std::get_if<receipt::QrBox>(&any);
    if (qr == nullptr) continue;
    const int side = qr->module * qr->code.size;
    require(qr->module > 0 && qr->x >= 0 && qr->y >= 0 && qr->x + side <= page.width && qr->y + side <= page.height);
  }
  const Bitmap bitmap = to_bitmap(page);
  require(bitmap.width == page.width && bitmap.height == page.height);
  require(to_escpos(bitmap).size() >= bitmap.bits.size());
  print_cells(content, choice % 2 == 0 ? receipt::k_roll_80 : receipt::k_roll_58, choice % 3 == 0);
}

}  // namespace
}  // namespace anjungan::render

/// Font libraries keep caches until the process ends.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\nleak:libpango\nleak:libcairo\n"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  anjungan::render::check_clean(text);
  anjungan::render::print(data[0], text);
  return 0;
}
