// SPDX-License-Identifier: Apache-2.0
// What a centre on either database remembers of its alarms.
#include <gmock/gmock.h>

#include "tests/contract/central_store/both_stores.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using testing::HasSubstr;

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

  static Verdict shown(Hall& hall, const store::Issued& issued) {
    const auto sight = hall.centre->look_at_receipt(record::token_url("x", issued.token));
    EXPECT_TRUE(sight) << sight.error().text;
    return sight->verdict;
  }

  /// What the audit says, oldest first: who and what.
  std::string audit(Hall& hall) const {
    hall.centre.reset();
    std::string out;
    {
      auto store = open_store(m_url, hall.terminal.root + "/central");
      EXPECT_TRUE(store) << store.error().text;
      EXPECT_TRUE((*store)->read([&](Reader& in) -> record::Result<void> {
        const auto rows = in.audit(0, 1'000);
        for (const AuditLink& one : rows.value()) out += one.row.who + ": " + one.row.what + "\n";
        return {};
      }));
    }
    hall.open_centre();
    return out;
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

TEST_P(RememberedAlarms, AnAcceptedLossEndsItsAlarmForGood) {
  Hall hall(m_url);
  EXPECT_EQ(told(*hall.centre), "");
  hall.enrol();
  const auto lost = hall.submit();
  const auto also = hall.submit();
  const auto here = hall.submit();
  const auto nothing = hall.centre->accept_loss(lost.number.str(), "admin");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().kind, record::ErrorKind::not_found);
  EXPECT_THAT(nothing.error().text, HasSubstr("there is none"));

  send_spoilt(hall, 3);
  EXPECT_EQ(shown(hall, lost), Verdict::missing);
  EXPECT_EQ(shown(hall, also), Verdict::missing);
  EXPECT_EQ(told(*hall.centre), "loss 3273-0001;loss 3273-0001;quarantine 3273-0001;");
  const auto wrong = hall.centre->accept_loss(here.number.str(), "admin");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, record::ErrorKind::not_found);
  EXPECT_THAT(wrong.error().text, HasSubstr(here.number.str() + " has no open loss alarm"));
  EXPECT_THAT(wrong.error().text, HasSubstr("there are those of " + lost.number.str() + " " + also.number.str()));
  EXPECT_EQ(hall.centre->accept_loss("3273", "admin").error().kind, record::ErrorKind::invalid);

  const auto accepted = hall.centre->accept_loss(lost.number.str(), "admin");
  ASSERT_TRUE(accepted) << accepted.error().text;
  EXPECT_EQ(*accepted, lost.number.str());
  EXPECT_EQ(told(*hall.centre), "loss 3273-0001;quarantine 3273-0001;") << "the other one stands";
  EXPECT_THAT(audit(hall), HasSubstr("admin: accepted as lost: the report of receipt " + lost.number.str() +
                                     ", event 1 of 3273-0001\n"));
  EXPECT_EQ(shown(hall, lost), Verdict::missing) << "its citizen hears the truth";
  EXPECT_EQ(told(*hall.centre), "loss 3273-0001;quarantine 3273-0001;") << "and nobody is told once more";
  const auto again = hall.centre->accept_loss(lost.number.str(), "admin");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().text, HasSubstr("accepted before"));
}

TEST_P(RememberedAlarms, AnAcceptedLossThatComesAfterAllIsTakenIn) {
  Hall hall(m_url);
  hall.enrol();
  const auto lost = hall.submit();
  send_spoilt(hall, 1);
  EXPECT_EQ(shown(hall, lost), Verdict::missing);
  EXPECT_EQ(told(*hall.centre), "loss 3273-0001;");
  ASSERT_TRUE(hall.centre->accept_loss(lost.number.str(), "admin"));
  EXPECT_EQ(told(*hall.centre), "");
  const auto answer = hall.send(hall.batch(1, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->results, std::vector<wire::EventResult>{wire::EventResult::stored});
  EXPECT_EQ(told(*hall.centre), "");
  EXPECT_EQ(shown(hall, lost), Verdict::known);
  EXPECT_THAT(audit(hall),
              HasSubstr("accepted as lost, and found: the report of receipt " + lost.number.str() + " is here\n"));
  EXPECT_EQ(told(*hall.centre), "");
  const auto over = hall.centre->accept_loss(lost.number.str(), "admin");
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().text, testing::Not(HasSubstr("accepted before"))) << "it is remembered no longer";
}

}  // namespace
}  // namespace anjungan::central
