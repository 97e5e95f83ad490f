// SPDX-License-Identifier: Apache-2.0
#include "sync/record/json_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace anjungan::record {
namespace {

std::string spelled(std::string_view text) {
  std::string out;
  put_json_string(out, text);
  return out;
}

TEST(JsonText, EscapesEveryCharacterInEveryPlace) {
  // Wherever it stands within a run of eight, and beside characters of more than one byte.
  for (int c = 0; c < 128; c++) {
    for (std::size_t at = 0; at < 20; at++) {
      for (const char* around : {"a", "é", "\""}) {
        std::string text;
        for (std::size_t n = 0; n < at; n++) text += around;
        text.push_back(static_cast<char>(c));
        for (std::size_t n = 0; n < 9; n++) text += around;
        const std::string written = spelled(text);
        for (const char one : written) ASSERT_FALSE(static_cast<unsigned char>(one) < 0x20 || one == 0x7f);
        const auto read = nlohmann::json::parse(written, nullptr, false);
        ASSERT_TRUE(read.is_string()) << c;
        ASSERT_EQ(read.get<std::string>(), text) << c;
      }
    }
  }
}

TEST(JsonText, KeepsTheSpellingOfTheFormat) {
  EXPECT_EQ(spelled("a\"b\\c\nd\te\x7f/"), R"("a\"b\\c\nd\u0009e\u007f/")");
  EXPECT_EQ(spelled(""), R"("")");
}

TEST(JsonText, PutsCommasBetweenMembers) {
  std::string out = "{";
  put_json_member(out, "a", "b");
  put_json_number(out, "n", -9'007'199'254'740'993);
  out.push_back('}');
  EXPECT_EQ(out, R"({"a":"b","n":-9007199254740993})");
}

}  // namespace
}  // namespace anjungan::record
