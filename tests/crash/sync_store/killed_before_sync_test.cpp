// SPDX-License-Identifier: Apache-2.0
// A program is killed between writing and syncing, others read what it left, then the power fails: nobody may have
// acted upon what is gone.
#include <gtest/gtest.h>

#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "tests/crash/sync_store/power_loss_disk.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

constexpr PowerLossDisk::Process k_app = 1;
constexpr PowerLossDisk::Process k_agent = 2;

TEST(KilledBeforeSync, WhatTheAgentReadsIsThereAfterAPowerCut) {
  TerminalFolder folder;
  const record::Complaint complaint = TerminalFolder::complaint();
  std::size_t left_behind = 0;
  for (std::uint64_t seed = 0; seed < 200; seed++) {
    PowerLossDisk disk(seed, {});
    disk.run_as(k_app);
    auto store = folder.open();
    ASSERT_TRUE(store) << store.error().text;
    ASSERT_TRUE((*store)->submit(folder.submission(complaint)));
    disk.kill_after(k_app, 1 + seed % 20);
    const bool counted = (*store)->submit(folder.submission(complaint)).has_value();
    disk.kill_after(k_app, 0);
    store->reset();
    disk.bury(k_app);

    disk.run_as(k_agent);
    std::size_t read = 0;
    {
      auto reader = IntakeReader::open(folder.data());
      ASSERT_TRUE(reader) << reader.error().text;
      read = reader->events_from(1, 10, 1'000'000).value().size();
      disk.kill_after(k_agent, 0);
    }
    if (read == 2 && !counted) left_behind++;
    disk.restart();
    std::filesystem::remove(folder.runtime() + "/intake.suspect");  // the dead write no notes
    store = folder.open();
    ASSERT_TRUE(store) << store.error().text;
    EXPECT_GE((*store)->last_seq(), read) << "seed " << seed;
  }
  EXPECT_GT(left_behind, 5U) << "no kill has hit the moment: this proves nothing";
}

TEST(KilledBeforeSync, WhatTheNextAgentKnowsIsThereAfterAPowerCut) {
  TerminalFolder folder;
  std::size_t left_behind = 0;
  for (std::uint64_t seed = 0; seed < 200; seed++) {
    PowerLossDisk disk(seed, {});
    disk.run_as(k_agent);
    {
      auto store = SyncStore::open(folder.root);
      ASSERT_TRUE(store) << store.error().text;
      SyncState state;
      state.join_counter = 1;
      ASSERT_TRUE(store->save(state, {}));
      state.join_counter = 2;
      disk.kill_after(k_agent, 1 + seed % 10);
      const bool saved = store->save(state, {}).has_value();
      disk.kill_after(k_agent, 0);
      left_behind += saved ? 0U : 1U;
    }
    disk.bury(k_agent);
    std::uint64_t known = 0;
    {
      auto store = SyncStore::open(folder.root);
      ASSERT_TRUE(store) << store.error().text;
      known = store->state().value().join_counter;
      disk.kill_after(k_agent, 0);
    }
    disk.restart();
    auto store = SyncStore::open(folder.root);
    ASSERT_TRUE(store) << store.error().text;
    EXPECT_EQ(store->state().value().join_counter, known) << "seed " << seed;
  }
  EXPECT_GT(left_behind, 5U);
}

}  // namespace
}  // namespace anjungan::store
