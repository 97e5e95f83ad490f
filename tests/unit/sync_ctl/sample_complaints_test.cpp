// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/sample_complaints.h"

#include <gtest/gtest.h>

#include <set>

namespace anjungan::ctl {
namespace {

TEST(SampleComplaints, PassEveryCheckAndUseTheCatalogueOnly) {
  const auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  ASSERT_TRUE(catalogue.has_value()) << catalogue.error().text;
  std::mt19937_64 random(7);
  std::set<std::string> topics;
  std::set<record::Privacy> privacies;
  for (int i = 0; i < 2000; ++i) {
    const record::Complaint complaint = sample_complaint(*catalogue, random);
    EXPECT_TRUE(record::check(complaint).empty());
    EXPECT_NE(catalogue->category(complaint.category), nullptr);
    EXPECT_NE(catalogue->district(complaint.district), nullptr);
    EXPECT_NE(catalogue->village(complaint.village), nullptr);
    if (complaint.privacy == record::Privacy::anonymous) {
      EXPECT_TRUE(complaint.name.empty());
    }
    if (!complaint.nik.empty()) {
      EXPECT_EQ(complaint.nik.substr(0, 6), "000000") << "a person who exists";
    }
    topics.insert(complaint.category);
    privacies.insert(complaint.privacy);
  }
  EXPECT_GT(topics.size(), 10U);
  EXPECT_EQ(privacies.size(), 3U);
}

TEST(SampleComplaints, TheSameSeedMakesTheSame) {
  const auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  ASSERT_TRUE(catalogue.has_value());
  std::mt19937_64 one(7);
  std::mt19937_64 two(7);
  std::mt19937_64 three(8);
  const auto a = sample_complaint(*catalogue, one);
  const auto b = sample_complaint(*catalogue, two);
  const auto c = sample_complaint(*catalogue, three);
  EXPECT_EQ(a.story + a.place + a.name, b.story + b.place + b.name);
  EXPECT_NE(a.story + a.place + a.name, c.story + c.place + c.name);
}

}  // namespace
}  // namespace anjungan::ctl
