// SPDX-License-Identifier: Apache-2.0
#include "sync/record/secret_text.h"

#include <gtest/gtest.h>

#include <new>

namespace anjungan::record {
namespace {

/// Storage that outlives the object in it, to look at what the object leaves behind.
struct Place {
  alignas(SecretText) unsigned char bytes[sizeof(SecretText)]{};
  /// Byte by byte and volatile: the compiler takes what a dead object leaves for indeterminate.
  [[nodiscard]] bool holds(std::string_view text) const {
    std::string left;
    for (const volatile unsigned char& byte : bytes) left.push_back(static_cast<char>(byte));
    return left.find(text) != std::string::npos;
  }
};

TEST(SecretText, LeavesNothingWhereItLay) {
  Place place;
  auto* text = new (place.bytes) SecretText("Sumiati Contoh");  // short enough to lie in the object itself
  ASSERT_TRUE(place.holds("Contoh"));
  text->~SecretText();
  EXPECT_FALSE(place.holds("Contoh"));
}

TEST(SecretText, LeavesNothingWhereItWasMovedFromOrReplaced) {
  Place from;
  Place to;
  auto* first = new (from.bytes) SecretText("Sumiati Contoh");
  auto* second = new (to.bytes) SecretText(std::move(*first));
  EXPECT_EQ(second->str(), "Sumiati Contoh");
  *second = SecretText("x");
  first->~SecretText();
  EXPECT_FALSE(from.holds("umiati"));
  EXPECT_FALSE(to.holds("umiati"));
  second->~SecretText();
}

TEST(SecretText, IsWipedWhollyThoughItHasBecomeShorter) {
  Place place;
  auto* text = new (place.bytes) std::string("Sumiati Contoh");
  static_assert(sizeof(std::string) <= sizeof(SecretText));
  text->resize(3);
  wipe(*text);
  EXPECT_FALSE(place.holds("Contoh"));
  text->~basic_string();
}

}  // namespace
}  // namespace anjungan::record
