// SPDX-License-Identifier: Apache-2.0
// The centre's disk is full, or its syncs fail: no acknowledgement, and after the repair nothing is missing.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "sync/agent/journal.h"
#include "tests/simulation/fleet/network.h"
#include "tests/simulation/fleet/scene.h"
#include "tests/simulation/fleet/terminal.h"

namespace anjungan::simulation {
namespace {

TEST(Threat15, ACentreWhoseDiskFailsAcknowledgesNothingAndLacksNothingAfterwards) {
  spdlog::set_level(spdlog::level::off);
  agent::set_journal_level(agent::Level::silent);
  const Scene scene;
  for (const bool full : {true, false}) {
    World world(full ? 1 : 2);
    scene.reboot_all();
    SimulatedCentre centre(world, scene.centre_folder(), scene.catalogue(), scene.centre_image());
    SimulatedNetwork network(world, centre);
    Line line(network);
    SimulatedTerminal terminal(world, scene.terminal_folder(0), scene.terminal_image(0), line);
    ASSERT_TRUE(centre.start());
    terminal.file_complaint();
    ASSERT_EQ(terminal.sync(10).next, agent::Next::rest);
    for (int n = 0; n < 3; n++) terminal.file_complaint();

    full ? centre.fill_disk() : centre.disk().fail_syncs(100);
    for (int n = 0; n < 5; n++) {
      const agent::Exchange refused = terminal.sync(10);
      EXPECT_EQ(refused.next, agent::Next::back_off);
      EXPECT_EQ(refused.reason, "HTTP status 503");
      EXPECT_GE(refused.asked.count(), 1) << "Retry-After";
    }
    EXPECT_EQ(centre.instance().stats()->front().device.acked_seq, 1U);

    centre.empty_disk();
    centre.disk().fail_syncs(0);
    centre.kill();
    ASSERT_TRUE(centre.start());
    EXPECT_EQ(terminal.sync(50).next, agent::Next::rest);
    EXPECT_EQ(centre.instance().stats()->front().events, 4U);
    EXPECT_TRUE(centre.instance().verify(std::nullopt)->findings.empty());
    EXPECT_EQ(terminal.violation(), "");
  }
}

}  // namespace
}  // namespace anjungan::simulation
