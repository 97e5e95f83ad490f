// SPDX-License-Identifier: Apache-2.0
// Alarms: the rules alone, and a centre that keeps them.
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "sync/central/watch/alarms.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

constexpr std::int64_t k_hour = 3'600'000;
constexpr std::int64_t k_day = 24 * k_hour;

/// Noon of a day in western Indonesia.
std::int64_t noon(const char* date) { return record::Date::parse(date)->days() * k_day + 5 * k_hour; }

class Rules : public testing::Test {
 protected:
  Rules() {
    Device one;
    one.id = {3273, 12};
    one.state = DeviceState::active;
    one.office = "MPP Kota Bandung";
    one.enrolled_ms = noon("2026-11-02");
    one.seen_ms = now;
    one.acked_seq = one.stored_seq = one.told_seq = 50;
    facts.devices = {one};
    facts.free_bytes = 1ULL << 40U;
  }

  Device& device() { return facts.devices[0]; }

  /// Looks `later` after the last look; the kinds that are open.
  std::vector<std::string> look_after(std::int64_t later) {
    now += later;
    if (tended) {
      facts.backup_ms = now;
      facts.verified = Verified{now, true};
    }
    last = look(conditions(facts, options, holidays, now), read_seen(write_seen(last.memory)), now);
    std::vector<std::string> out;
    for (const Alarm& one : last.open) {
      out.emplace_back(alarm_name(one.kind));
      EXPECT_FALSE(one.text.empty() || one.remedy.empty());
    }
    return out;
  }
  using Kinds = std::vector<std::string>;

  std::int64_t now = noon("2026-11-25");  // a Wednesday
  bool tended = true;                     ///< backed up and verified all the time
  WatchFacts facts;
  WatchOptions options;
  record::Holidays holidays;
  Look last;
};

TEST_F(Rules, QuietWhileAllIsWell) { EXPECT_EQ(look_after(0), Kinds{}); }

TEST_F(Rules, ASilentTerminalIsToldOnceAndUntilItSpeaks) {
  EXPECT_EQ(look_after(24 * k_hour), Kinds{});
  EXPECT_EQ(look_after(1), Kinds{"silent"});
  EXPECT_EQ(last.open[0].device, "3273-0012");
  EXPECT_EQ(last.open[0].office, "MPP Kota Bandung");
  EXPECT_EQ(last.open[0].since_ms, device().seen_ms) << "since it was heard, not since it was noticed";
  EXPECT_EQ(last.begun.size(), 1U);
  EXPECT_EQ(look_after(k_hour), Kinds{"silent"});
  EXPECT_TRUE(last.begun.empty());
  device().seen_ms = now;
  EXPECT_EQ(look_after(1), Kinds{});
  ASSERT_EQ(last.ended.size(), 1U);
  EXPECT_EQ(last.ended[0].kind, AlarmKind::silent);
}

TEST_F(Rules, AClosedHallIsNotSilent) {
  device().seen_ms = noon("2026-11-27");  // Friday
  now = noon("2026-11-29");
  EXPECT_EQ(look_after(0), Kinds{}) << "Sunday";
  now = noon("2026-11-30");
  EXPECT_EQ(look_after(0), Kinds{}) << "Monday noon: 12 hours of Friday and 12 of Monday, and no more";
  EXPECT_EQ(look_after(1), Kinds{"silent"});
  holidays = {*record::Date::parse("2026-11-30")};
  EXPECT_EQ(look_after(1), Kinds{}) << "a holiday";
}

TEST_F(Rules, WhereACourierComesSilenceIsLonger) {
  options.by_courier = {"3273-0099"};
  EXPECT_EQ(look_after(24 * k_hour + 1), Kinds{"silent"}) << "another terminal's courier";
  options.by_courier = {"3273-0012"};
  options.courier_after = 3 * k_day;
  EXPECT_EQ(look_after(0), Kinds{});
  now = noon("2026-11-30");  // Monday: two and a half of working days
  EXPECT_EQ(look_after(0), Kinds{});
  EXPECT_EQ(look_after(k_day + 1), Kinds{"silent"});
  EXPECT_NE(last.open[0].remedy.find("courier"), std::string::npos);
}

TEST_F(Rules, OneThatNeverSpokeIsSilentSinceItsEnrolment) {
  device().seen_ms = 0;
  device().enrolled_ms = now;
  EXPECT_EQ(look_after(k_hour), Kinds{});
  EXPECT_EQ(look_after(k_day), Kinds{"silent"});
}

TEST_F(Rules, PendingAndRevokedOnesTellNothing) {
  for (const DeviceState state : {DeviceState::pending, DeviceState::revoked}) {
    device().state = state;
    device().seen_ms = 0;
    device().stored_seq = 90;
    device().quarantined = 4;
    EXPECT_EQ(look_after(30 * k_day), Kinds{});
  }
}

TEST_F(Rules, AGapThatStaysIsAnAlarmAndAnotherOneBeginsAnew) {
  device().stored_seq = 60;
  device().told_seq = 60;
  EXPECT_EQ(look_after(0), Kinds{});
  EXPECT_EQ(look_after(options.gap_after - 1), Kinds{});
  device().acked_seq = 55;  // closed, and another one behind it
  EXPECT_EQ(look_after(1), Kinds{});
  const std::int64_t noticed = now;
  EXPECT_EQ(look_after(options.gap_after), Kinds{"gap"});
  EXPECT_EQ(last.open[0].since_ms, noticed);
  device().acked_seq = 60;
  EXPECT_EQ(look_after(1), Kinds{});
}

TEST_F(Rules, WaitingIsToldOnlyOfOneThatIsInTouch) {
  device().told_seq = 70;
  EXPECT_EQ(look_after(0), Kinds{});
  EXPECT_EQ(look_after(2 * k_hour), Kinds{}) << "it may be off: then silence is what there is to tell";
  device().seen_ms = now;
  EXPECT_EQ(look_after(1), Kinds{"waiting"});
  device().acked_seq = 60;
  EXPECT_EQ(look_after(1), Kinds{}) << "it goes on";
}

TEST_F(Rules, LockedClockNumbersAndDisk) {
  device().state = DeviceState::locked;
  EXPECT_EQ(look_after(0), Kinds{"locked"});
  device().state = DeviceState::active;
  device().clock_offset_ms = -options.clock_off - 1;
  EXPECT_EQ(look_after(0), Kinds{"clock"});
  EXPECT_NE(last.open[0].text.find("ahead"), std::string::npos);
  device().clock_offset_ms = options.clock_off;
  facts.running["3273-0012"] = options.numbers_from - 1;
  EXPECT_EQ(look_after(0), Kinds{});
  facts.running["3273-0012"] = options.numbers_from;
  facts.free_bytes = options.disk_low_bytes - 1;
  EXPECT_EQ(look_after(0), (Kinds{"numbers", "disk"}));
  EXPECT_EQ(last.open[1].device, "");
}

TEST_F(Rules, QuarantineIsToldForAWhileAfterItGrew) {
  device().quarantined = 2;
  EXPECT_EQ(look_after(0), Kinds{"quarantine"});
  device().seen_ms = now + options.quarantine_for;
  EXPECT_EQ(look_after(options.quarantine_for), Kinds{}) << "the same ones are not told for ever";
  device().quarantined = 3;
  EXPECT_EQ(look_after(0), Kinds{"quarantine"});
}

TEST_F(Rules, WhatWasInQuarantineBeforeTheFirstLookIsNoNews) {
  device().quarantined = 2;
  last.memory = first_memory(facts);
  EXPECT_EQ(look_after(0), Kinds{});
  EXPECT_EQ(look_after(1), Kinds{}) << "nor at the next one";
  device().quarantined = 3;
  EXPECT_EQ(look_after(0), Kinds{"quarantine"});
}

TEST_F(Rules, AttachmentsAreMissedAfterDays) {
  facts.missing["3273-0012"] = {"3273-0012", 2, 40};
  EXPECT_EQ(look_after(0), Kinds{});
  device().seen_ms = now + options.attachments_after;
  EXPECT_EQ(look_after(options.attachments_after), Kinds{"attachments"});
  facts.missing["3273-0012"] = {"3273-0012", 1, 41};
  EXPECT_EQ(look_after(0), Kinds{}) << "the oldest has come, another one is younger";
}

TEST_F(Rules, BackupsAndVerificationsGrowOld) {
  look_after(0);
  tended = false;
  device().seen_ms = now + 30 * k_day;
  EXPECT_EQ(look_after(options.backup_after + 1), Kinds{"backup"});
  facts.backs_up = false;
  EXPECT_EQ(look_after(0), Kinds{}) << "the database's own tools make them";
  EXPECT_EQ(look_after(options.verify_after), Kinds{"audit"});
  facts.verified = Verified{now, false};
  EXPECT_EQ(look_after(0), Kinds{"audit"}) << "something was found";
  options.verify_after = 0;
  EXPECT_EQ(look_after(0), Kinds{});
  facts = {};
  options = {};
  EXPECT_EQ(look_after(0), Kinds{}) << "a centre without terminals has nothing to lose yet";
}

TEST_F(Rules, WhatIsKeptIsReadBackAndRubbishIsLeftOut) {
  const std::vector<Seen> memory = {{AlarmKind::gap, "3273-0012", 51, 1'700, true}, {AlarmKind::disk, "", 0, 5, false}};
  const auto back = read_seen("rubbish\n" + write_seen(memory) + "gap 3273-0012 x 5 1\nnothing 1 2 3 4\n");
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(write_seen(back), write_seen(memory));
  const Loss loss{"3273-0012", 7, 99, "3273-0012-000007-1", record::hash(record::view_of("x"))};
  const auto losses = read_losses(write_losses({loss}) + "a b c d e\n\n3273-0012 7 99 n zz\n");
  ASSERT_EQ(losses.size(), 1U);
  EXPECT_EQ(losses[0].secret_hash, loss.secret_hash);
}

/// Everything that is kept open by a centre: kind and terminal.
std::string told(Centre& centre) {
  std::string out;
  WatchOptions options;
  options.disk_low_bytes = 0;  // whatever this machine has
  centre.watch(options);
  const auto alarms = centre.look_for_alarms();
  EXPECT_TRUE(alarms);
  for (const Alarm& one : *alarms) out += std::string(alarm_name(one.kind)) + " " + one.device + ";";
  return out;
}

std::string audit_of(Hall& hall) {
  hall.centre.reset();
  auto store = open_store(hall.store_url, hall.terminal.root + "/central");
  EXPECT_TRUE(store);
  std::string out;
  EXPECT_TRUE((*store)->read([&](Reader& in) -> record::Result<void> {
    const auto rows = in.audit(0, 1'000);
    EXPECT_TRUE(rows);
    for (const AuditLink& one : *rows) out += one.row.what + "\n";
    return {};
  }));
  store->reset();
  hall.open_centre();
  return out;
}

TEST(Alarms, ALossThatSomebodyMetStaysUntilTheReportIsFound) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  EXPECT_EQ(told(*hall.centre), "");
  hall.centre.reset();
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((hall.terminal.root + "/central/central.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "DELETE FROM complaint", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  hall.open_centre();
  EXPECT_EQ(told(*hall.centre), "") << "nobody has met it yet";
  for (int n = 0; n < 3; n++) {
    EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", issued.token))->verdict, Verdict::missing);
  }
  EXPECT_EQ(told(*hall.centre), "loss 3273-0001;");
  const std::string audit = audit_of(hall);  // over a restart
  EXPECT_EQ(told(*hall.centre), "loss 3273-0001;");
  const std::size_t first = audit.find("loss alarm: receipt " + issued.number.str());
  EXPECT_NE(first, std::string::npos) << audit;
  EXPECT_EQ(audit.find("loss alarm: ", first + 1), std::string::npos) << "once\n" << audit;
  EXPECT_EQ(hall.centre->watched().alarms.size(), 1U);
  EXPECT_EQ(hall.centre->watched().alarms[0].office, "MPP Kota Bandung");
  ASSERT_TRUE(hall.centre->rebuild("admin"));
  EXPECT_EQ(told(*hall.centre), "");
  EXPECT_NE(audit_of(hall).find("loss alarm over"), std::string::npos);
}

/// Another moment each time.
class SteppingClock final : public record::Clock {
 public:
  [[nodiscard]] std::int64_t unix_ms() const override { return m_now++; }
  [[nodiscard]] std::int64_t monotonic_ms() const override { return 1'000; }
  [[nodiscard]] std::string boot_id() const override { return "00000000-0000-0000-0000-000000000000"; }

 private:
  mutable std::atomic<std::int64_t> m_now{1'795'256'520'000};
};

// The minute's look and somebody's own: what is told never goes back to what an earlier one had read.
TEST(Alarms, OneLooksAtATime) {
  const store::TerminalFolder folder;
  const SteppingClock clock;
  auto memory = open_store("", folder.root + "/central");
  ASSERT_TRUE(memory) << memory.error().text;
  auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  ASSERT_TRUE(catalogue);
  auto opened = Centre::open(std::move(*memory), folder.root + "/central", "https://x", std::move(*catalogue), clock);
  ASSERT_TRUE(opened) << opened.error().text;
  Centre& centre = **opened;
  std::mutex mutex;
  std::int64_t latest = 0;
  const auto looks = [&] {
    for (int n = 0; n < 50; n++) {
      EXPECT_TRUE(centre.look_for_alarms());
      const std::lock_guard guard(mutex);
      const std::int64_t looked = centre.watched().looked_ms;
      EXPECT_GE(looked, latest);
      latest = looked;
    }
  };
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; n++) threads.emplace_back(looks);
  for (auto& thread : threads) thread.join();
}

TEST(Alarms, ABackupAndAVerificationEndTheirs) {
  Hall hall;
  hall.enrol();
  hall.terminal.clock.now_ms += 8 * k_day;
  ASSERT_TRUE(hall.send(hall.batch(1, 0)));
  EXPECT_EQ(told(*hall.centre), "backup ;audit ;");
  ASSERT_TRUE(hall.centre->back_up(hall.terminal.root + "/backup", "admin"));
  EXPECT_EQ(told(*hall.centre), "audit ;");
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->findings.empty());
  EXPECT_EQ(told(*hall.centre), "");
  record::Hash unknown{};
  unknown.fill(1);
  EXPECT_FALSE(hall.centre->verify(unknown)->findings.empty());
  EXPECT_EQ(told(*hall.centre), "audit ;");
}

}  // namespace
}  // namespace anjungan::central
