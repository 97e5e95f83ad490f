// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/carried.h"

#include <filesystem>

#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using record::ErrorKind;

record::Bytes message(const Hall& hall, std::uint64_t from, std::uint64_t to, std::int64_t created_ms = 0) {
  wire::SyncRequest batch = hall.batch(from, to);
  batch.join_counter = wire::k_carried;
  if (created_ms != 0) batch.created_ms = created_ms;
  return wire::encode_sync_request(batch, hall.device_key).value();
}

TEST(Carried, IsTakenInLikeABatchOfTheNetworkAndLeavesTheJoinCounterAlone) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 4; n++) hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const std::uint64_t counter = hall.join_counter;
  const record::Bytes request = message(hall, 2, 4);
  for (int again = 0; again < 3; again++) {
    const auto carried = hall.centre->take_carried(request, "admin");
    ASSERT_TRUE(carried) << carried.error().text;
    const auto answer =
        wire::open_sync_answer(carried->answer, {hall.grant.device, wire::message_digest(request), 3, hall.keys});
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->acked_seq, 4U);
    EXPECT_EQ(answer->join_counter, wire::k_carried);
    EXPECT_EQ(answer->results.front(), again == 0 ? wire::EventResult::stored : wire::EventResult::duplicate);
  }
  EXPECT_EQ(hall.join_counter, counter);
  const auto network = hall.send(hall.batch(5, 4));
  ASSERT_TRUE(network);
  EXPECT_EQ(network->standing, wire::Standing::welcome);
  EXPECT_EQ(hall.centre->devices()->front().state, DeviceState::active);
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->findings.empty());
}

TEST(Threat11, ACarriedRequestIsNothingForTheNetworkNorTheOtherWayRound) {
  Hall hall;
  hall.enrol();
  hall.submit();
  EXPECT_EQ(hall.centre->sync(message(hall, 1, 1)).status, 400U);
  EXPECT_EQ(hall.centre->devices()->front().state, DeviceState::active) << "whoever found the stick locks nobody";
  EXPECT_EQ(hall.centre->stats()->front().events, 0U);
  const auto network =
      hall.centre->take_carried(*wire::encode_sync_request(hall.batch(1, 1), hall.device_key), "admin");
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().kind, ErrorKind::invalid);
  wire::SyncRequest elsewhere = hall.batch(1, 1);
  elsewhere.join_counter = wire::k_carried;
  elsewhere.centre[0] ^= 1U;
  EXPECT_EQ(hall.centre->take_carried(*wire::encode_sync_request(elsewhere, hall.device_key), "admin").error().kind,
            ErrorKind::denied);
  wire::SyncRequest nobody = hall.batch(1, 1);
  nobody.device.terminal = 99;
  EXPECT_EQ(hall.centre->take_carried(*wire::encode_sync_request(nobody, hall.device_key), "admin").error().kind,
            ErrorKind::not_found);
  record::Bytes cut = message(hall, 1, 1);
  cut.resize(cut.size() - 1);
  EXPECT_EQ(hall.centre->take_carried(cut, "admin").error().kind, ErrorKind::invalid);
  EXPECT_EQ(hall.centre->stats()->front().events, 0U);
}

// A copy of the folder does not know that it is one, and no stick carries a counter that would tell.
TEST(Threat05, WhatAPlainCopyForgotIsToldByAStickOnWhichNothingWaits) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 3; n++) hall.submit();
  const std::string folder = hall.terminal.root + "/central";
  ASSERT_TRUE(hall.centre->take_carried(message(hall, 1, 1), "admin"));
  hall.centre.reset();
  std::filesystem::copy(folder, folder + ".copy", std::filesystem::copy_options::recursive);
  hall.open_centre();
  const auto said = hall.centre->take_carried(message(hall, 2, 3), "admin");
  ASSERT_EQ(said->said.acked_seq, 3U);
  const wire::Epoch epoch = said->said.epoch;
  const record::Bytes nothing_waits = message(hall, 4, 3);
  for (int again = 0; again < 2; again++) {
    EXPECT_EQ(hall.centre->take_carried(nothing_waits, "admin")->said.epoch, epoch) << "nothing is forgotten";
  }
  hall.centre.reset();
  std::filesystem::remove_all(folder);
  std::filesystem::rename(folder + ".copy", folder);
  hall.open_centre();
  const auto unsure = hall.centre->take_carried(message(hall, 3, 3), "admin");
  EXPECT_EQ(unsure->said.epoch, epoch) << "the file before this one may be lost";
  EXPECT_EQ(unsure->said.acked_seq, 1U);
  const auto told = hall.centre->take_carried(nothing_waits, "admin");
  ASSERT_TRUE(told) << told.error().text;
  EXPECT_NE(told->said.epoch, epoch);
  EXPECT_EQ(told->said.acked_seq, 1U);
  ASSERT_EQ(told->said.need.size(), 1U);
  EXPECT_EQ(told->said.need[0].first, 2U);
  EXPECT_EQ(hall.centre->take_carried(nothing_waits, "admin")->said.epoch, told->said.epoch)
      << "a stick of the old epoch proves it once";
  hall.grant.epoch = told->said.epoch;
  EXPECT_EQ(hall.centre->take_carried(message(hall, 2, 3), "admin")->said.acked_seq, 3U);
  EXPECT_EQ(hall.centre->devices()->front().state, DeviceState::active);
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->findings.empty());
}

TEST(Threat12, AJourneyOfWeeksMakesNoReportYounger) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const std::int64_t filed = hall.terminal.clock.now_ms;
  const record::Bytes request = message(hall, 1, 1);
  hall.terminal.clock.now_ms += 30LL * 86'400'000;
  ASSERT_TRUE(hall.centre->take_carried(request, "admin"));
  EXPECT_NEAR(static_cast<double>(hall.centre->complaints("", 1)->front().received_ms), static_cast<double>(filed),
              60'000);
  EXPECT_EQ(hall.centre->devices()->front().clock_offset_ms, 0);
}

TEST(Threat12, ATerminalWhoseClockIsAheadIsCorrectedByWhatCannotBe) {
  Hall hall;
  hall.enrol();
  hall.terminal.clock.now_ms += 400LL * 86'400'000;
  hall.submit();
  const record::Bytes request = message(hall, 1, 1, hall.terminal.clock.now_ms);
  hall.terminal.clock.now_ms -= 400LL * 86'400'000;
  ASSERT_TRUE(hall.centre->take_carried(request, "admin"));
  EXPECT_LE(hall.centre->complaints("", 1)->front().received_ms, hall.terminal.clock.now_ms);
}

}  // namespace
}  // namespace anjungan::central
