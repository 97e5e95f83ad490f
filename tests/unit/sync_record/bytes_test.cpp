// SPDX-License-Identifier: Apache-2.0
#include "sync/record/bytes.h"

#include <gtest/gtest.h>

#include "sync/record/uuid.h"

namespace anjungan::record {
namespace {

TEST(Bytes, SpellingsComeBack) {
  for (std::size_t size = 0; size < 70; size++) {
    Bytes bytes(size);
    fill_random(bytes);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

TEST(Bytes, WritesTheVectorsOfTheRfc) {
  EXPECT_EQ(to_base64url(view_of("f")), "Zg");
  EXPECT_EQ(to_base64url(view_of("fo")), "Zm8");
  EXPECT_EQ(to_base64url(view_of("foobar")), "Zm9vYmFy");
  EXPECT_EQ(to_base64url(Bytes{0xfb, 0xff, 0xfe}), "-__-");
  std::string behind = "x";
  append_base64url(behind, view_of("fo"));
  append_hex(behind, Bytes{0x0f, 0xa0});
  EXPECT_EQ(behind, "xZm80fa0");
}

TEST(Bytes, RefusesLooseSpellings) {
  for (const char* text : {"=", "AA==", "A", "AA\n", "A A", "+/8", "AB"}) EXPECT_FALSE(from_base64url(text)) << text;
  for (const char* text : {"0", "0g", " 00", "zz"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Bytes, DomainsNeverMeet) {
  EXPECT_NE(hash_in("a", view_of("b")), hash_in("ab", view_of("")));
  EXPECT_NE(hash_in("a", view_of("b")), hash(view_of("ab")));
}

TEST(Uuid, ReadsWhatItWrote) {
  for (const std::int64_t ms : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{1'795'000'000'000}}) {
    const Uuid id = Uuid::make(ms);
    EXPECT_EQ(Uuid::parse(id.str()), id);
    EXPECT_EQ(id.str()[14], '7');
  }
  EXPECT_FALSE(Uuid::parse("0195e7a0-0000-7000-8000-00000000000G"));
  EXPECT_FALSE(Uuid::parse("0195e7a00000700080000000000000000000"));
}

}  // namespace
}  // namespace anjungan::record
