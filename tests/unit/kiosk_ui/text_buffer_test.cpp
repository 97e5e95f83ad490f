// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/text_buffer.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace anjungan::ui {
namespace {

TEST(TextBuffer, TypesAndTakesBack) {
  TextBuffer buffer(10);
  EXPECT_TRUE(buffer.insert("Apa"));
  EXPECT_TRUE(buffer.insert("é👍"));
  EXPECT_EQ(buffer.length(), 5U);
  EXPECT_TRUE(buffer.backspace());
  EXPECT_TRUE(buffer.backspace());
  EXPECT_EQ(buffer.text(), "Apa");
  buffer.move_left();
  buffer.insert("X");
  EXPECT_EQ(buffer.text(), "ApXa");
  buffer.clear();
  EXPECT_FALSE(buffer.backspace());
}

TEST(TextBuffer, HoldsNoMoreThanItMay) {
  TextBuffer buffer(4);
  EXPECT_TRUE(buffer.insert("éééééé"));
  EXPECT_EQ(buffer.text(), "éééé");
  EXPECT_FALSE(buffer.insert("a"));
}

TEST(TextBuffer, LeavesOutWhatIsNoText) {
  TextBuffer buffer(100);
  EXPECT_FALSE(buffer.insert("\x1b\x07\r\n\x7f\xff\xc0\xaf\xed\xa0\x80"));
  buffer.insert(
      "a\nb\x01"
      "c");
  EXPECT_EQ(buffer.text(), "abc");
  TextBuffer lines(100, true);
  lines.insert("a\nb");
  EXPECT_EQ(lines.text(), "a\nb");
}

/// Against a plain list of code points, whatever is done.
TEST(TextBuffer, AgreesWithAList) {
  const std::string pieces[] = {"a", "é", "€", "👍", "\n", "\x01", "\xff"};
  for (unsigned seed = 0; seed < 200; seed++) {
    std::mt19937 random(seed);
    TextBuffer buffer(20);
    std::vector<std::string> list;
    std::size_t caret = 0;
    for (int n = 0; n < 100; n++) {
      switch (random() % 6) {
        case 0:
          buffer.backspace();
          if (caret > 0) list.erase(list.begin() + static_cast<std::ptrdiff_t>(--caret));
          break;
        case 1:
          buffer.move_left();
          if (caret > 0) caret--;
          break;
        case 2:
          buffer.move_right();
          if (caret < list.size()) caret++;
          break;
        default: {
          const std::string& piece = pieces[random() % std::size(pieces)];
          buffer.insert(piece);
          if (piece[0] != '\n' && piece[0] != '\x01' && piece[0] != '\xff' && list.size() < 20) {
            list.insert(list.begin() + static_cast<std::ptrdiff_t>(caret++), piece);
          }
        }
      }
      std::string expected;
      for (const std::string& one : list) expected += one;
      ASSERT_EQ(buffer.text(), expected) << seed;
      ASSERT_EQ(buffer.length(), list.size());
    }
  }
}

}  // namespace
}  // namespace anjungan::ui
