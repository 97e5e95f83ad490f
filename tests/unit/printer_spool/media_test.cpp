// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/media.h"

#include <gtest/gtest.h>

namespace anjungan::spool {
namespace {

TEST(Media, ReadsTheSizeAtANamesEnd) {
  EXPECT_EQ(size_of_name("iso_a4_210x297mm"), (PaperSize{21'000, 29'700}));
  EXPECT_EQ(size_of_name("na_index-3x5_3x5in"), (PaperSize{7'620, 12'700}));
  EXPECT_EQ(size_of_name("na_letter_8.5x11in"), (PaperSize{21'590, 27'940}));
  EXPECT_EQ(size_of_name("custom_max_80x2000mm"), (PaperSize{8'000, 200'000}));
  for (const char* strange :
       {"", "_", "a4", "iso-a4", "main-roll", "custom_max_80mm", "custom_max_x2000mm", "custom_max_80x2000",
        "custom_max_80x2000pt", "custom_max_-8x20mm", "custom_max_0x20mm", "custom_max_nanxinfmm",
        "custom_max_1e9x20mm", "custom_max_80x20x2mm", "custom_max_99999999999x20mm", "custom_max_80 x 20mm"})
    EXPECT_EQ(size_of_name(strange), std::nullopt) << strange;
}

TEST(Media, ARollGivesTheReceiptItsOwnLength) {
  const std::vector<std::string> roll = {"om_receipt_80x297mm", "custom_min_50x25mm", "custom_max_80x2000mm"};
  EXPECT_EQ(media_for(roll, {7'207, 11'261}), "custom_struk_73x113mm");
  EXPECT_EQ(media_for(roll, {8'008, 18'768}), "custom_struk_80x188mm") << "640 dots of a head of 80 mm";
  EXPECT_EQ(media_for(roll, {4'800, 1'200}), "custom_struk_50x25mm") << "a short one on the least that it takes";
  EXPECT_EQ(media_for(roll, {8'000, 200'010}), "custom_struk_80x2000mm");
}

TEST(Media, ElseTheSmallestSheetThatHoldsAllOfIt) {
  const std::vector<std::string> sheets = {"iso_a4_210x297mm", "om_long_80x297mm", "om_short_80x100mm", "main"};
  EXPECT_EQ(media_for(sheets, {7'207, 9'900}), "om_short_80x100mm");
  EXPECT_EQ(media_for(sheets, {7'207, 18'700}), "om_long_80x297mm");
  EXPECT_EQ(media_for(sheets, {10'000, 18'700}), "iso_a4_210x297mm");
  EXPECT_EQ(media_for({"custom_max_80x100mm", "om_long_80x297mm"}, {7'207, 18'700}), "om_long_80x297mm");
}

TEST(Media, NothingIsCutOff) {
  const auto refused = media_for({"custom_min_50x25mm", "custom_max_80x100mm", "om_short_80x120mm"}, {7'207, 18'768});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
  EXPECT_EQ(refused.error().text, "the page is 73 x 188 mm, and the queue's largest paper 80 x 120 mm");
  EXPECT_FALSE(media_for({"custom_min_50x25mm", "custom_max_58x2000mm"}, {7'207, 18'768}));
}

TEST(Media, AQueueThatNamesNoSizeIsNotTold) {
  EXPECT_EQ(media_for({}, {7'207, 18'768}), "");
  EXPECT_EQ(media_for({"main-roll", "custom_min_50x25mm"}, {7'207, 18'768}), "");
}

}  // namespace
}  // namespace anjungan::spool
