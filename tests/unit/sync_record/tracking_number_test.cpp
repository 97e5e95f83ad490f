// SPDX-License-Identifier: Apache-2.0
#include "sync/record/tracking_number.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace anjungan::record {
namespace {

std::vector<TrackingNumber> samples() {
  std::vector<TrackingNumber> out = {{3273, 12, 427}, {1, 1, 1}, {9999, 9999, 999'999}, {0, 0, 1}};
  std::mt19937 random(1);
  for (int n = 0; n < 500; n++) {
    out.push_back({static_cast<std::uint16_t>(random() % 10'000), static_cast<std::uint16_t>(random() % 10'000),
                   static_cast<std::uint32_t>(random() % 999'999 + 1)});
  }
  return out;
}

TEST(TrackingNumber, IsWrittenInFourGroups) {
  const TrackingNumber number{3273, 12, 427};
  EXPECT_EQ(number.str().substr(0, 17), "3273-0012-000427-");
  EXPECT_EQ(number.digits().size(), 15U);
}

TEST(TrackingNumber, ReadsWhatItWrote) {
  for (const TrackingNumber& number : samples()) {
    EXPECT_EQ(TrackingNumber::parse(number.str()), number);
    EXPECT_EQ(TrackingNumber::parse(number.digits()), number);
    EXPECT_EQ(TrackingNumber::unpack(number.packed()), number);
  }
}

TEST(TrackingNumber, CatchesEverySingleWrongDigit) {
  for (const TrackingNumber& number : samples()) {
    const std::string digits = number.digits();
    for (std::size_t at = 0; at < digits.size(); at++) {
      for (char other = '0'; other <= '9'; other++) {
        if (other == digits[at]) continue;
        std::string wrong = digits;
        wrong[at] = other;
        EXPECT_FALSE(TrackingNumber::parse(wrong)) << wrong;
      }
    }
  }
}

TEST(TrackingNumber, CatchesEverySwapOfNeighbours) {
  for (const TrackingNumber& number : samples()) {
    const std::string digits = number.digits();
    for (std::size_t at = 0; at + 1 < digits.size(); at++) {
      std::string wrong = digits;
      std::swap(wrong[at], wrong[at + 1]);
      if (wrong != digits) {
        EXPECT_FALSE(TrackingNumber::parse(wrong)) << wrong;
      }
    }
  }
}

TEST(TrackingNumber, RefusesWhatIsNone) {
  for (const char* text :
       {"", "-", "3273", "3273-0012-000427", "3273-0012-000427-55", "3273-0012-OOO427-5", "３２７３"}) {
    auto parsed = TrackingNumber::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_TRUE(parsed.error().text.starts_with("tracking number: ")) << parsed.error().text;
  }
  EXPECT_FALSE(TrackingNumber::parse(std::string(100'000, '1')));
}

}  // namespace
}  // namespace anjungan::record
