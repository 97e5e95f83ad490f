// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/blob_room.h"

#include <gtest/gtest.h>

namespace anjungan::central {
namespace {

class BlobRoomTest : public testing::Test {
 protected:
  bool has(std::uint64_t size) { return room.has(device, size, 100, counting()).value(); }
  bool take(std::uint64_t size) { return room.take(device, size, 100, counting()).value(); }
  BlobRoom::Count counting() {
    return [this] {
      counted++;
      return record::Result<std::uint64_t>(held);
    };
  }

  wire::DeviceId device{3273, 12};
  std::chrono::steady_clock::time_point now;
  BlobRoom room{[this] { return now; }};
  std::uint64_t held = 40;
  int counted = 0;
};

TEST_F(BlobRoomTest, IsCountedOnceAMinuteAndFollowedBetween) {
  EXPECT_TRUE(has(60));
  EXPECT_FALSE(has(61));
  EXPECT_TRUE(take(30));
  EXPECT_FALSE(take(31));
  EXPECT_TRUE(take(30)) << "what was refused has taken nothing";
  EXPECT_FALSE(has(1));
  EXPECT_EQ(counted, 1);
  held = 50;  // another instance knows better
  now += std::chrono::seconds(59);
  EXPECT_FALSE(has(50));
  now += std::chrono::seconds(1);
  EXPECT_TRUE(has(50));
  EXPECT_EQ(counted, 2);
}

TEST_F(BlobRoomTest, WhatIsGivenBackIsThereAgain) {
  EXPECT_TRUE(take(60));
  room.give_back(device, 60);
  EXPECT_TRUE(take(60));
  room.give_back(device, 1'000);
  EXPECT_TRUE(has(100));
  EXPECT_FALSE(has(101));
}

TEST_F(BlobRoomTest, EachTerminalHasItsOwn) {
  EXPECT_TRUE(take(60));
  device.terminal = 13;
  held = 0;
  EXPECT_TRUE(take(100));
}

TEST_F(BlobRoomTest, AStoreThatCannotCountIsNoRoom) {
  const auto broken = [] { return record::Result<std::uint64_t>(record::fail(record::ErrorKind::io, "gone")); };
  EXPECT_FALSE(room.has(device, 1, 100, broken));
  EXPECT_FALSE(room.take(device, 1, 100, broken));
  EXPECT_TRUE(has(60)) << "nothing was remembered of it";
}

}  // namespace
}  // namespace anjungan::central
