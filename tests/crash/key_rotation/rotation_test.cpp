// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <filesystem>
#include <random>

#include "sync/store/files.h"
#include "sync/wire/http.h"
#include "tests/crash/key_rotation/hall.h"
#include "tests/crash/key_rotation/killed.h"

namespace anjungan::test {
namespace {

using central::Verdict;
using store::KeysToGo;

TEST(KeyRotation, KilledBeforeEveryCallThatTouchesItsDiskItEndsUpWithTheNewKeys) {
  Hall hall;
  std::size_t begun = 0;
  std::size_t deaths = 0;
  for (std::size_t at = 1;; at++) {
    ASSERT_LT(at, 1000U);
    const store::Identity before = hall.identity();
    const auto which = at % 3 == 0 ? KeysToGo::receipt : at % 3 == 1 ? KeysToGo::both : KeysToGo::device;
    const Fate fate = run_until_killed(at, hall.direct, [&](ChildWorld& world) {
      Life life(hall.terminal(), world.transport, hall.clock);
      world.say("");  // counted from here on
      life.order(which);
      life.round();
      life.round();
      world.say(life.file());
      life.settle();
    });
    deaths += fate.killed ? 1 : 0;
    // What the next start finds, it goes on with: old or new keys, whichever the centre holds.
    {
      Life life(hall.terminal(), hall.direct, hall.clock);
      const std::string receipt = life.file();
      EXPECT_NE(hall.verdict(receipt), Verdict::forged) << at;
      life.settle();
      EXPECT_EQ(hall.verdict(receipt), Verdict::known) << at;
    }
    for (const std::string& receipt : fate.spoken) {
      if (!receipt.empty()) {
        EXPECT_EQ(hall.verdict(receipt), Verdict::known) << at;
      }
    }
    ASSERT_NO_FATAL_FAILURE(hall.expect_settled()) << at;
    const store::Identity after = hall.identity();
    const bool changed = after.receipt_key != before.receipt_key || after.device_key != before.device_key;
    begun += changed ? 1 : 0;
    if (changed) {
      EXPECT_EQ(after.receipt_key != before.receipt_key, which != KeysToGo::device) << at;
      EXPECT_EQ(after.device_key != before.device_key, which != KeysToGo::receipt) << at;
    }
    ASSERT_FALSE(testing::Test::HasFailure()) << "killed before call " << at;
    if (!fate.killed) break;
  }
  EXPECT_GT(deaths, 20U);
  RecordProperty("deaths", static_cast<int>(deaths));
  EXPECT_GT(begun, deaths / 2);
  EXPECT_EQ(hall.device().key_changes, begun);
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->sound());
}

TEST(KeyRotation, LostAnswersLockNobodyOut) {
  Hall hall;
  std::mt19937 dice(20261126);
  std::vector<std::string> receipts;
  auto life = std::make_unique<Life>(hall.terminal(), hall.direct, hall.clock);
  std::size_t lost = 0;
  hall.direct.loses = [&](std::string_view) {
    const bool loses = dice() % 4 != 0;
    lost += loses ? 1 : 0;
    return loses;
  };
  for (int round = 0; round < 200; round++) {
    if (dice() % 5 == 0) life->order(dice() % 2 == 0 ? KeysToGo::both : KeysToGo::device);
    if (dice() % 3 == 0) receipts.push_back(life->file());
    life->round();
    if (dice() % 10 == 0) {
      life.reset();
      if (dice() % 2 == 0) hall.open_centre();
      life = std::make_unique<Life>(hall.terminal(), hall.direct, hall.clock);
    }
    if (!receipts.empty()) {
      ASSERT_NE(hall.verdict(receipts.back()), Verdict::forged);
    }
  }
  hall.direct.loses = nullptr;
  life->settle();
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  EXPECT_GT(lost, 100U);
  EXPECT_GT(hall.device().key_changes, 5U);
  for (const std::string& one : receipts) EXPECT_EQ(hall.verdict(one), Verdict::known);
}

TEST(KeyRotation, AThiefWithACopyOfTheDiskIsLeftBehind) {
  Hall hall;
  {
    Life life(hall.terminal(), hall.direct, hall.clock);
    life.file();
    life.settle();
  }
  std::filesystem::copy(hall.terminal(), hall.path("stolen"), std::filesystem::copy_options::recursive);
  Life life(hall.terminal(), hall.direct, hall.clock);
  life.order(KeysToGo::both);
  life.settle();
  Life thief(hall.path("stolen"), hall.direct, hall.clock);
  const std::string forged = [&] {
    thief.file();
    return thief.file();
  }();
  EXPECT_EQ(thief.round().next, agent::Next::back_off);
  thief.order(KeysToGo::both);
  EXPECT_EQ(thief.round().next, agent::Next::back_off);
  // He locks nobody either, as somebody with a copied disk did before.
  life.file();
  life.settle();
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  EXPECT_EQ(hall.verdict(forged), Verdict::forged);
}

TEST(KeyRotation, ARestoredCentreIsShownWhatItHasForgotten) {
  Hall hall;
  auto life = std::make_unique<Life>(hall.terminal(), hall.direct, hall.clock);
  std::vector<std::string> receipts{life->file()};
  life->order(KeysToGo::both);
  life->settle();
  ASSERT_TRUE(hall.centre->back_up(hall.path("backup"), "admin"));
  for (int change = 0; change < 3; change++) {
    receipts.push_back(life->file());
    life->order(KeysToGo::both);
    life->settle();
  }
  hall.restore_centre();
  const std::size_t sent = hall.direct.rotations;
  life->settle();
  // Two of the three that it lacks are refused, the oldest of all is answered, then the three are shown.
  EXPECT_EQ(hall.direct.rotations - sent, 6U);
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  for (const std::string& one : receipts) EXPECT_EQ(hall.verdict(one), Verdict::known);
  // One that was under way meanwhile goes on.
  ASSERT_TRUE(hall.centre->back_up(hall.path("backup"), "admin"));
  life->order(KeysToGo::both);
  life->settle();
  life->order(KeysToGo::device);
  hall.restore_centre();
  life->settle();
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  EXPECT_EQ(hall.identity().key_changes.size(), 6U);
}

// The device key stays, so the centre refuses no batch: nothing but the new epoch says that it has forgotten.
TEST(KeyRotation, ARestoredCentreIsShownAReceiptKeyThatChangedAlone) {
  Hall hall;
  auto life = std::make_unique<Life>(hall.terminal(), hall.direct, hall.clock);
  std::vector<std::string> receipts{life->file()};
  life->settle();
  ASSERT_TRUE(hall.centre->back_up(hall.path("backup"), "admin"));
  for (int change = 0; change < 2; change++) {
    life->order(KeysToGo::receipt);
    life->settle();
    receipts.push_back(life->file());
    life->settle();
  }
  hall.restore_centre();
  receipts.push_back(life->file());
  // It may end at any moment.
  (void)life->round();
  life.reset();
  life = std::make_unique<Life>(hall.terminal(), hall.direct, hall.clock);
  life->settle();
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  for (const std::string& one : receipts) EXPECT_EQ(hall.verdict(one), Verdict::known);
  const std::size_t sent = hall.direct.rotations;
  life->file();
  life->settle();
  EXPECT_EQ(hall.direct.rotations, sent) << "once an epoch";
}

// A centre that has forgotten more than this terminal keeps, or another one behind the same name.
TEST(KeyRotation, ACentreThatKnowsNoneOfTheKeysIsNotShownEachOfThemForEver) {
  Hall hall;
  Life life(hall.terminal(), hall.direct, hall.clock);
  life.settle();
  ASSERT_TRUE(hall.centre->back_up(hall.path("backup"), "admin"));
  for (int change = 0; change < 66; change++) {
    life.order(KeysToGo::both);
    life.settle();
  }
  hall.restore_centre();
  const std::size_t sent = hall.direct.rotations;
  EXPECT_EQ(life.round().next, agent::Next::back_off);
  EXPECT_EQ(hall.direct.rotations - sent, 2U) << "the newest and the oldest tell";
}

// Left by an enrolment of before, or rotten.
TEST(KeyRotation, ARequestThatIsNotItsOwnIsMadeAnew) {
  Hall hall;
  Life life(hall.terminal(), hall.direct, hall.clock);
  life.settle();
  const std::string path = hall.terminal() + "/keys/rotation.request";
  ASSERT_TRUE(store::write_file(path, record::Bytes(300, 7), 0640));
  const std::size_t sent = hall.direct.rotations;
  life.settle();
  EXPECT_EQ(hall.direct.rotations, sent);
  EXPECT_FALSE(std::filesystem::exists(path));

  // The centre has taken it, the answer is lost, and the file rots: the same keys make the same request.
  hall.direct.loses = [](std::string_view to) { return to == wire::k_rotate_path; };
  life.order(KeysToGo::both);
  (void)life.round();
  EXPECT_EQ(hall.device().key_changes, 1U);
  auto request = store::read_file(path, 4096).value();
  request[100] ^= 1U;
  ASSERT_TRUE(store::write_file(path, request, 0640));
  hall.direct.loses = nullptr;
  life.settle();
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  EXPECT_EQ(hall.device().key_changes, 1U);
}

TEST(KeyRotation, TheCentresWishIsFollowedOnce) {
  Hall hall;
  Life life(hall.terminal(), hall.direct, hall.clock);
  life.settle();
  const store::Identity before = hall.identity();
  ASSERT_TRUE(hall.centre->ask_rotation("3273-0001", "both", "admin"));
  ASSERT_TRUE(hall.centre->ask_rotation("3273-0001", "both", "admin"));
  life.settle();
  life.settle();
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  EXPECT_NE(hall.identity().receipt_key, before.receipt_key);
  EXPECT_NE(hall.identity().device_key, before.device_key);
  EXPECT_EQ(hall.device().key_changes, 1U);
}

// The terminal keeps the changes it has to show; of more it forgets the oldest.
TEST(KeyRotation, MoreChangesThanItKeepsDoNoHarm) {
  Hall hall;
  Life life(hall.terminal(), hall.direct, hall.clock);
  for (int change = 0; change < 66; change++) {
    life.order(KeysToGo::both);
    life.settle();
  }
  ASSERT_NO_FATAL_FAILURE(hall.expect_settled());
  EXPECT_EQ(hall.identity().key_changes.size(), store::k_most_key_changes);
  EXPECT_EQ(hall.device().key_changes, 66U);
}

}  // namespace
}  // namespace anjungan::test
