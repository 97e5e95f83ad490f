// SPDX-License-Identifier: Apache-2.0
#include "sync/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace anjungan::catalogue {
namespace {

const std::string k_bandung = ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung";

std::string file(const std::string& name) {
  std::ifstream in(k_bandung + "/" + name);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

Sources bandung() {
  return {file("categories.toml"), file("agencies.toml"), file("region.toml"), file("holidays.toml")};
}

TEST(Catalogue, BandungIsWhole) {
  auto city = load_catalogue(k_bandung);
  ASSERT_TRUE(city) << city.error().text;
  EXPECT_EQ(city->region_code, 3273);
  EXPECT_EQ(city->districts.size(), 30U);
  std::size_t villages = 0;
  for (const District& one : city->districts) villages += one.villages.size();
  EXPECT_EQ(villages, 151U);
  EXPECT_EQ(city->categories.size(), 12U);
  for (const Category& one : city->categories) {
    EXPECT_FALSE(one.icon.empty()) << one.id;
    EXPECT_GE(one.children.size(), 3U) << one.id;
    for (const Category& child : one.children) {
      EXPECT_TRUE(child.id.starts_with(one.id + ".")) << child.id;
      EXPECT_NE(child.label.indonesian, child.label.english) << child.id;
    }
  }
  EXPECT_EQ(city->category("jalan.lubang")->agency, "dsdabm");
  EXPECT_EQ(city->village("sumur-bandung.braga")->name, "Braga");
  EXPECT_EQ(city->category("nothing"), nullptr);
}

TEST(Catalogue, HolidaysGiveThePapersDates) {
  auto city = load_catalogue(k_bandung);
  ASSERT_TRUE(city);
  const auto due = record::due_dates({2026, 8, 12}, record::ComplaintClass::complaint, city->limits, city->holidays);
  EXPECT_EQ(due.answer.str(), "2026-09-03");
  EXPECT_EQ(due.close.str(), "2026-09-17");
}

TEST(Catalogue, AMistakeIsToldWithFileAndLine) {
  const auto refused = [](const Sources& sources) {
    auto read = parse_catalogue(sources);
    return read ? std::string() : read.error().text;
  };
  Sources bad = bandung();
  bad.agencies += "[[agency]]\nid = \"dishub\"\nname = \"Lagi\"\n";
  EXPECT_NE(refused(bad).find("dishub stands twice"), std::string::npos) << refused(bad);
  bad = bandung();
  bad.categories.replace(bad.categories.find("dsdabm"), 6, "nobody");
  EXPECT_NE(refused(bad).find("categories.toml:"), std::string::npos) << refused(bad);
  EXPECT_NE(refused(bad).find("nobody is not in agencies.toml"), std::string::npos) << refused(bad);
  bad = bandung();
  bad.holidays = "dates = [\"yesterday\"]";
  EXPECT_NE(refused(bad).find("holidays.toml:1"), std::string::npos) << refused(bad);
  bad = bandung();
  bad.region += "colour = 1\n";
  EXPECT_FALSE(refused(bad).empty());
  bad = bandung();
  for (const char* text : {"code = ", "[\n", "code.\n = 1"}) {
    bad.region = text;
    EXPECT_NE(refused(bad).find("region.toml:1"), std::string::npos) << refused(bad);
  }
}

TEST(Catalogue, AChildIsNamedAfterItsParent) {
  const auto refused = [](const std::string& parent, const std::string& child) {
    Sources bad = bandung();
    bad.categories += "[[category]]\nid = \"" + parent +
                      "\"\nicon = \"help\"\nagency = \"dishub\"\nlabel = {id = \"Baru\", en = \"New\"}\n"
                      "[[category.children]]\nid = \"" +
                      child + "\"\nagency = \"dishub\"\nlabel = {id = \"Baru\", en = \"New\"}\n";
    const auto read = parse_catalogue(bad);
    return read ? std::string() : read.error().text;
  };
  EXPECT_EQ(refused("baru", "baru.satu"), "");
  EXPECT_NE(refused("baru.dua", "baru.dua.satu").find("id: a point"), std::string::npos);
  for (const char* child : {"satu", "jalan.baru", "baru", "baru.", "baru.a.b", "barusatu"}) {
    EXPECT_NE(refused("baru", child).find("id: must be baru.something"), std::string::npos) << child;
  }
}

}  // namespace
}  // namespace anjungan::catalogue
