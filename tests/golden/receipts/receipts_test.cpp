// SPDX-License-Identifier: Apache-2.0
// Receipts against golden pictures, and their QR codes against an independent reader (zbarimg).
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "printer/render/render.h"
#include "tests/golden/receipts/pictures.h"
#include "tests/golden/receipts/samples.h"

namespace anjungan::render {
namespace {

struct Case {
  const char* name;
  receipt::Content (*content)();
  receipt::Medium medium;
};

constexpr receipt::Medium k_fine = receipt::roll(512, 180);  // the head of a TM-T88

const std::array<Case, 9> k_cases = {{{"sample-80mm", receipt::sample, receipt::k_roll_80},
                                      {"sample-58mm", receipt::sample, receipt::k_roll_58},
                                      {"sample-512", receipt::sample, k_fine},
                                      {"sample-a4", receipt::sample, receipt::k_a4},
                                      {"anonymous-80mm", receipt::anonymous, receipt::k_roll_80},
                                      {"reprint-80mm", receipt::reprint, receipt::k_roll_80},
                                      {"counter-80mm", receipt::counter, receipt::k_roll_80},
                                      {"nasty-80mm", receipt::nasty, receipt::k_roll_80},
                                      {"nasty-58mm", receipt::nasty, receipt::k_roll_58}}};

class Receipts : public testing::TestWithParam<Case> {};

TEST_P(Receipts, LookAsTheyShould) {
  const Case& one = GetParam();
  compare(one.name, to_png(to_bitmap(receipt::layout(one.content(), one.medium)), 8));
}

TEST_P(Receipts, AnIndependentReaderReadsTheCode) {
  const Case& one = GetParam();
  const receipt::Content content = one.content();
  const fs::path png = k_actual / (std::string(one.name) + "-qr.png");
  write(png, to_png(to_bitmap(receipt::layout(content, one.medium)), 16));
  EXPECT_EQ(read_qr(png), content.qr + "\n");
  // A photograph of the paper: fewer pixels, softer edges.
  const fs::path worse = k_actual / (std::string(one.name) + "-worse.png");
  ASSERT_EQ(std::system(("convert " + png.string() + " -resize 74% -gaussian-blur 0x1 " + worse.string()).c_str()), 0);
  EXPECT_EQ(read_qr(worse), content.qr + "\n");
}

TEST_P(Receipts, StaysWithinItsPaper) {
  const Case& one = GetParam();
  const receipt::Page page = receipt::layout(one.content(), one.medium);
  EXPECT_EQ(page.width, one.medium.width);
  EXPECT_LT(page.height, 5'000);
  for (const receipt::Box& any : page.boxes) {
    if (const auto* qr = std::get_if<receipt::QrBox>(&any)) {
      EXPECT_GE(qr->module, 4) << "dots a module";
      EXPECT_GE(qr->x, 0);
      EXPECT_LE(qr->x + qr->code.size * qr->module, page.width);
      EXPECT_LE(qr->y + qr->code.size * qr->module, page.height);
    }
    if (const auto* shape = std::get_if<receipt::ShapeBox>(&any)) {
      EXPECT_LE(shape->x + shape->width, page.width);
      EXPECT_LE(shape->y + shape->height, page.height);
    }
  }
  if (one.medium.height > 0) {
    EXPECT_EQ(page.height, one.medium.height);
  }
}

/// A strict reader of the few commands we send: anything else in front of a command is a failure.
TEST_P(Receipts, PrinterGetsPicturesAlone) {
  const Case& one = GetParam();
  const Bitmap bitmap = to_bitmap(receipt::layout(one.content(), one.medium));
  const Bytes bytes = to_escpos(bitmap);
  std::size_t at = 0;
  const auto next = [&](std::initializer_list<int> expected) {
    for (const int byte : expected) {
      ASSERT_LT(at, bytes.size());
      ASSERT_EQ(bytes[at++], byte);
    }
  };
  next({0x1b, '@', 0x1b, '3', 0});
  Bytes picture;
  while (at + 8 <= bytes.size() && bytes[at] == 0x1d && bytes[at + 1] == 'v') {
    next({0x1d, 'v', '0', 0});
    const std::size_t stride = bytes[at] + 256U * bytes[at + 1];
    const std::size_t lines = bytes[at + 2] + 256U * bytes[at + 3];
    at += 4;
    ASSERT_EQ(stride, static_cast<std::size_t>(bitmap.stride));
    ASSERT_LE(lines, 64U);
    ASSERT_LE(at + stride * lines, bytes.size());
    picture.insert(picture.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                   bytes.begin() + static_cast<std::ptrdiff_t>(at + stride * lines));
    at += stride * lines;
  }
  EXPECT_EQ(picture, bitmap.bits);
  next({0x1d, 'V', 66, 24});
  EXPECT_EQ(at, bytes.size());
}

/// Millimetres of a receipt's parts.
struct Measures {
  double width, height, module;
};
Measures measures(const receipt::Medium& medium) {
  const receipt::Page page = receipt::layout(receipt::sample(), medium);
  const double mm = 25.4 / medium.dpi;
  Measures out{page.width * mm, page.height * mm, 0};
  for (const receipt::Box& any : page.boxes) {
    if (const auto* qr = std::get_if<receipt::QrBox>(&any)) out.module = qr->module * mm;
  }
  return out;
}

TEST(Resolutions, AReceiptHasTheSameSizeOnPaper) {
  const Measures usual = measures(receipt::k_roll_80);
  const Measures fine = measures(k_fine);
  EXPECT_NEAR(fine.width, 72.2, 0.1);
  EXPECT_NEAR(fine.width, usual.width, 0.3);
  EXPECT_NEAR(fine.height / usual.height, 1, 0.04);
  EXPECT_GE(fine.module, 0.5) << "millimetres a module";
  const fs::path pdf = k_actual / "sample-512-size.pdf";
  write(pdf, to_pdf(to_bitmap(receipt::layout(receipt::sample(), k_fine)), 180));
  EXPECT_NE(output_of("pdfinfo " + pdf.string()).find("Page size:       204.8 x "), std::string::npos)
      << output_of("pdfinfo " + pdf.string());
}

TEST_P(Receipts, PdfHasItsTextAsText) {
  const Case& one = GetParam();
  const fs::path pdf = k_actual / (std::string(one.name) + ".pdf");
  write(pdf, to_pdf(receipt::layout(one.content(), one.medium)));
  const std::string text = output_of("pdftotext -layout " + pdf.string() + " -");
  EXPECT_NE(text.find("3273-0012-000427-3"), std::string::npos) << text;
  EXPECT_NE(text.find("Tanda terima laporan"), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(All, Receipts, testing::ValuesIn(k_cases), [](const auto& one) {
  std::string name = one.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

TEST(CleanText, NothingOfItIsACommand) {
  for (int c = 0; c < 256; c++) {
    const std::string text = "a" + std::string(1, static_cast<char>(c)) + "b";
    for (const char out : receipt::clean_text(text, 100)) EXPECT_GE(static_cast<unsigned char>(out), 0x20) << c;
  }
  EXPECT_EQ(receipt::clean_text("  a \n\n b  ", 100), "a b");
  EXPECT_EQ(receipt::clean_text("abcdef", 3), "abc…");
  EXPECT_EQ(receipt::clean_text("\xf0\x9f", 9), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(receipt::clean_text("\xed\xa0\x80", 9), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace anjungan::render
