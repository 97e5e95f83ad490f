// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/octets.h"

#include <gtest/gtest.h>

#include <string>

namespace anjungan::wire {
namespace {

using record::Bytes;

TEST(Octets, FieldsComeBackAsWritten) {
  OctetWriter out;
  out.u8(0xAB);
  out.u16(0x0102);
  out.u32(0x03040506);
  out.u64(0x0708090A0B0C0D0E);
  out.text("Jalan Merdeka №5");
  out.block(Bytes{1, 2, 3});
  out.raw(Bytes{9, 9});
  EXPECT_EQ(record::to_hex(record::ByteView(out.bytes()).first(15)), "ab0102030405060708090a0b0c0d0e");
  const Bytes bytes = out.take();
  OctetReader in(bytes);
  EXPECT_EQ(in.u8("a"), 0xAB);
  EXPECT_EQ(in.u16("b"), 0x0102);
  EXPECT_EQ(in.u32("c"), 0x03040506U);
  EXPECT_EQ(in.u64("d"), 0x0708090A0B0C0D0EU);
  EXPECT_EQ(in.text("e", 100), "Jalan Merdeka №5");
  EXPECT_EQ(in.block("f", 100), (Bytes{1, 2, 3}));
  EXPECT_EQ(in.fixed<2>("g"), (std::array<std::uint8_t, 2>{9, 9}));
  EXPECT_TRUE(in.finish("test").has_value());
}

TEST(Octets, EveryTruncationIsAFaultThatNamesTheField) {
  OctetWriter out;
  out.u32(7);
  out.text("abc");
  out.block(Bytes{1, 2, 3});
  const Bytes bytes = out.take();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    OctetReader in(record::ByteView(bytes).first(size));
    in.u32("number");
    in.text("words", 10);
    in.block("bytes", 10);
    const auto ok = in.finish("test");
    ASSERT_FALSE(ok.has_value()) << size;
    const char* field = size < 4 ? "number" : size < 9 ? "words" : "bytes";
    EXPECT_NE(ok.error().text.find(field), std::string::npos) << ok.error().text;
  }
}

TEST(Octets, BytesLeftOverAreAFault) {
  const Bytes bytes{1, 2};
  OctetReader in(bytes);
  in.u8("only");
  const auto ok = in.finish("test");
  ASSERT_FALSE(ok.has_value());
  EXPECT_EQ(ok.error().kind, record::ErrorKind::invalid);
}

TEST(Octets, LengthsBeyondTheLimitAreAFaultBeforeAnythingIsCopied) {
  const Bytes text{0x00, 0x05, 'a', 'b', 'c', 'd', 'e'};
  OctetReader short_text(text);
  EXPECT_EQ(short_text.text("t", 4), "");
  EXPECT_FALSE(short_text.good());
  const Bytes huge{0xFF, 0xFF, 0xFF, 0xFF};
  OctetReader huge_block(huge);
  EXPECT_TRUE(huge_block.block("b", 0xFFFFFFFF).empty());
  EXPECT_FALSE(huge_block.good());
  const Bytes count{0x00, 0x03};
  OctetReader too_many(count);
  EXPECT_EQ(too_many.count("n", 2), 0U);
  EXPECT_FALSE(too_many.good());
}

TEST(Octets, PlainTextIsWellFormedUtf8WithoutControlCharacters) {
  for (const char* good :
       {"", "abc", "Kecamatan Coblong", "é", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBD", "\xC2\xA0"}) {
    EXPECT_TRUE(is_plain_text(good)) << good;
  }
  const std::string nul("a\0b", 3);
  for (const std::string& bad :
       {nul, std::string("\n"), std::string("\x1B[2J"), std::string("\x7F"), std::string("\xC2\x85"),
        std::string("\x80"), std::string("\xC0\xAF"), std::string("\xC1\xBF"), std::string("\xE0\x80\xAF"),
        std::string("\xED\xA0\x80"), std::string("\xF0\x80\x80\x80"), std::string("\xF4\x90\x80\x80"),
        std::string("\xF5\x80\x80\x80"), std::string("\xC3"), std::string("\xE2\x82"), std::string("\xF0\x9F\x98"),
        std::string("\xC3\x28"), std::string("\xE2\x28\xA1")}) {
    EXPECT_FALSE(is_plain_text(bad)) << record::to_hex(Bytes(bad.begin(), bad.end()));
  }
}

}  // namespace
}  // namespace anjungan::wire
