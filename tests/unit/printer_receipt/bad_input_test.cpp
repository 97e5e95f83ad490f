// SPDX-License-Identifier: Apache-2.0
// What no receipt should be asked to print, and what then stands on the paper.
#include <gtest/gtest.h>

#include "printer/receipt/content.h"
#include "printer/receipt/page.h"

namespace anjungan::receipt {
namespace {

Content plain() {
  Content out;
  out.title = "Tanda terima laporan";
  out.number = "3273-0012-000427-5";
  out.qr = "https://lapor.example.go.id/t#x";
  out.rows = {{"Pelapor", "Sumiati Contoh", true}};
  out.code = "7K4M-Q2XD-9TRN-H5WC";
  return out;
}

int qr_boxes(const Page& page) {
  int count = 0;
  for (const Box& one : page.boxes) count += std::holds_alternative<QrBox>(one) ? 1 : 0;
  return count;
}

void expect_inside(const Page& page) {
  for (const Box& one : page.boxes) {
    if (const auto* qr = std::get_if<QrBox>(&one)) {
      EXPECT_GE(qr->x, 0);
      EXPECT_LE(qr->x + qr->code.size * qr->module, page.width);
    }
  }
}

TEST(BadInput, AQrTextLongerThanACodeHoldsLeavesNumberAndAccessCode) {
  Content content = plain();
  content.qr.append(5'000, 'x');
  const Page page = layout(content, k_roll_80);
  EXPECT_EQ(qr_boxes(page), 0);
  EXPECT_GT(page.height, layout(Content{}, k_roll_80).height);
}

TEST(BadInput, ACodeIsNeverWiderThanThePaper) {
  for (const std::size_t length : {10U, 100U, 300U, 600U, 1'000U, 1'500U, 2'000U}) {
    Content content = plain();
    content.qr.append(length, 'x');
    for (const Medium* medium : {&k_roll_58, &k_roll_80}) expect_inside(layout(content, *medium));
  }
}

TEST(BadInput, EmptyRowsLeaveNoTrace) {
  Content content = plain();
  const int before = layout(content, k_roll_80).height;
  for (int i = 0; i < 100; i++) content.rows.push_back({"Label", "", i % 2 == 0});
  EXPECT_EQ(layout(content, k_roll_80).height, before);
}

TEST(BadInput, TenKilobytesOfANameAreCut) {
  Content content = plain();
  content.rows[0].value.assign(10'000, 'W');
  EXPECT_LT(layout(content, k_roll_58).height, 5'000);
}

}  // namespace
}  // namespace anjungan::receipt
