// SPDX-License-Identifier: Apache-2.0
// What a centre on either database remembers of its alarms.
#include "tests/contract/central_store/both_stores.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

const record::Bytes k_rubbish = {'{', 0xff};

class RememberedAlarms : public BothStores {
 protected:
  /// Everything that is open: kind and terminal.
  static std::string told(Centre& centre) {
    WatchOptions options;
    options.disk_low_bytes = 0;  // whatever this machine has
    centre.watch(options);
    const auto alarms = centre.look_for_alarms();
    EXPECT_TRUE(alarms) << alarms.error().text;
    std::string out;
    for (const Alarm& one : alarms.value()) out += std::string(alarm_name(one.kind)) + " " + one.device + ";";
    return out;
  }

  /// Its first events up to `last`, rubbish in place of the first. That one and the second, which does not follow it,
  /// go to quarantine and count as confirmed.
  static void send_spoilt(Hall& hall, std::uint64_t last) {
    auto request = hall.batch(1, last);
    request.events[0] = k_rubbish;
    ASSERT_TRUE(hall.send(request));
  }
};

INSTANTIATE_TEST_SUITE_P(Both, RememberedAlarms, testing::Bool(), store_name);

// As an upgraded centre has it.
TEST_P(RememberedAlarms, WhatWasInQuarantineBeforeTheFirstLookIsNoNews) {
  Hall hall(m_url);
  hall.enrol();
  for (int n = 0; n < 2; n++) hall.submit();
  send_spoilt(hall, 1);
  EXPECT_EQ(told(*hall.centre), "");
  hall.open_centre();
  EXPECT_EQ(told(*hall.centre), "") << "nor after a restart";
  auto second = hall.batch(2, 2);
  second.prev = record::hash(k_rubbish);
  ASSERT_TRUE(hall.send(second));
  EXPECT_EQ(told(*hall.centre), "quarantine 3273-0001;");
}

TEST_P(RememberedAlarms, ALookThatFoundNothingIsAFirstLookToo) {
  Hall hall(m_url);
  EXPECT_EQ(told(*hall.centre), "");
  hall.enrol();
  hall.submit();
  send_spoilt(hall, 1);
  hall.open_centre();
  EXPECT_EQ(told(*hall.centre), "quarantine 3273-0001;");
}

}  // namespace
}  // namespace anjungan::central
