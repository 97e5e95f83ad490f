// SPDX-License-Identifier: Apache-2.0
#include "sync/record/access_code.h"

#include <gtest/gtest.h>

#include <random>

namespace anjungan::record {
namespace {

TEST(AccessCode, ReadsWhatItWrote) {
  for (int n = 0; n < 500; n++) {
    const AccessCode code = AccessCode::random();
    EXPECT_EQ(code.str().size(), 19U);
    EXPECT_EQ(AccessCode::parse(code.str()), code);
    EXPECT_EQ(AccessCode::parse(code.compact()), code);
  }
}

TEST(AccessCode, ForgivesCaseDashesAndLookAlikes) {
  const AccessCode code = AccessCode::from_data({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13});
  std::string text = code.str();
  for (char& c : text) {
    if (c == '0') c = 'o';
    if (c == '1') c = 'l';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  EXPECT_EQ(AccessCode::parse(" " + text + " "), code);
}

/// Every error of one character and every error of two, at all pairs of places and with all pairs of values.
TEST(AccessCode, CatchesEveryErrorOfUpToTwoCharacters) {
  const std::string right = AccessCode::from_data({7, 20, 4, 21, 23, 2, 29, 13, 9, 25, 24, 20, 31, 0}).compact();
  const std::string_view alphabet = AccessCode::k_alphabet;
  long tried = 0;
  for (std::size_t a = 0; a < right.size(); a++) {
    for (const char x : alphabet) {
      if (x == right[a]) continue;
      std::string one = right;
      one[a] = x;
      ASSERT_FALSE(AccessCode::parse(one)) << one;
      for (std::size_t b = a + 1; b < right.size(); b++) {
        for (const char y : alphabet) {
          if (y == right[b]) continue;
          std::string two = one;
          two[b] = y;
          ASSERT_FALSE(AccessCode::parse(two)) << two;
          tried++;
        }
      }
    }
  }
  EXPECT_EQ(tried, 16L * 15 / 2 * 31 * 31);
}

TEST(AccessCode, CatchesTwoWrongCharactersOfAnyCode) {
  std::mt19937 random(7);
  for (int n = 0; n < 60'000; n++) {
    std::string code = AccessCode::random().compact();
    const std::size_t a = random() % 16;
    const std::size_t b = random() % 16;
    const std::string before = code;
    code[a] = AccessCode::k_alphabet[random() % 32];
    code[b] = AccessCode::k_alphabet[random() % 32];
    if (code != before) {
      ASSERT_FALSE(AccessCode::parse(code)) << before << " " << code;
    }
  }
}

TEST(AccessCode, SaysWhatIsWrong) {
  EXPECT_NE(AccessCode::parse("7K4M").error().text.find("4 letters and digits instead of 16"), std::string::npos);
  EXPECT_NE(AccessCode::parse("7K4M-Q2XD-9TRN-H5W!").error().text.find("does not belong"), std::string::npos);
  EXPECT_FALSE(AccessCode::parse(std::string(1'000'000, 'A')));
}

}  // namespace
}  // namespace anjungan::record
