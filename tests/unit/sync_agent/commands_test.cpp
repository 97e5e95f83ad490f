// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sync/agent/agent.h"
#include "sync/record/command.h"
#include "tests/unit/sync_agent/terminal.h"

// What the centre orders the agent to do: once each, whatever is repeated, lost or killed.
namespace anjungan::agent {
namespace {

using record::Command;
using record::CommandEnd;
using test::settle;
using test::Terminal;

constexpr std::int64_t k_far_ms = 1'900'000'000'000;

class Orders : public testing::Test {
 protected:
  record::Uuid tell(Command command, std::int64_t expires_ms = k_far_ms) {
    command.id.bytes.fill(static_cast<std::uint8_t>(++m_told));
    command.expires_ms = expires_ms;
    const std::string body = record::write_command(command).value();
    tell_raw(command.id, body);
    return command.id;
  }
  void tell_raw(const record::Uuid& id, const std::string& body) {
    terminal.centre.tell({++m_cursor, "command", id.str(), record::Bytes(body.begin(), body.end())});
  }
  void cancel(const record::Uuid& id) { terminal.centre.tell({++m_cursor, "command-cancel", id.str(), {}}); }

  static Command resend(std::uint64_t first, std::uint64_t last) {
    Command out;
    out.verb = record::Verb::resend;
    out.first = first;
    out.last = last;
    return out;
  }
  static Command restart(record::Program program) {
    Command out;
    out.verb = record::Verb::restart;
    out.program = program;
    return out;
  }
  // What the agent has noted for the app; empty while it is to be done.
  store::KeptCommand kept(const record::Uuid& id) {
    const auto all = store::SyncReader::open(terminal.folder.path("data")).value().commands().value();
    for (const store::KeptCommand& one : all) {
      if (one.id == id) return one;
    }
    ADD_FAILURE() << "not kept";
    return {};
  }
  // Counts what the centre was sent although it had it.
  void count_duplicates() {
    terminal.centre.before_signing = [this](wire::SyncAnswer& answer) {
      for (const wire::EventResult one : answer.results) duplicates += one == wire::EventResult::duplicate ? 1 : 0;
    };
  }

  Terminal terminal;
  std::size_t duplicates = 0;

 private:
  int m_told = 0;
  std::uint64_t m_cursor = 0;
};

TEST_F(Orders, AResendSendsTheRangeOnceMoreAndNothingElse) {
  terminal.kiosk->add(40);
  Uplink uplink = terminal.start(nullptr, 10);
  EXPECT_EQ(settle(uplink).next, Next::rest);
  count_duplicates();
  const record::Uuid id = tell(resend(5, 27));
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(duplicates, 23U);
  EXPECT_EQ(kept(id).outcome, "done");
  EXPECT_EQ(kept(id).reason, "events 5 to 27");
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
  settle(uplink);
  EXPECT_EQ(duplicates, 23U) << "done is done";
}

TEST_F(Orders, AllMeansWhatTheCentreHasConfirmedAndNewEventsGoFirst) {
  terminal.kiosk->add(20);
  Uplink uplink = terminal.start(nullptr, 10);
  settle(uplink);
  terminal.kiosk->add(5);
  count_duplicates();
  const record::Uuid id = tell(resend(1, record::k_last_seq));
  const Exchange first = uplink.exchange();
  EXPECT_EQ(first.sent, 5U);
  EXPECT_EQ(duplicates, 0U);
  terminal.kiosk->add(1);
  (void)uplink.exchange();
  EXPECT_EQ(terminal.centre.last_request().from_seq, 26U) << "what is new goes before what is asked for again";
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(duplicates, 26U);
  EXPECT_EQ(kept(id).outcome, "done");
}

TEST_F(Orders, AResendThatIsKilledAtAnyStepGoesOnAndEnds) {
  terminal.kiosk->add(30);
  {
    Uplink uplink = terminal.start();
    settle(uplink);
  }
  count_duplicates();
  const record::Uuid id = tell(resend(1, 30));
  // Each life sends one batch, and every second answer is lost.
  for (int life = 0; life < 12; life++) {
    Uplink uplink = terminal.start(nullptr, 10);
    const bool lost = life % 2 == 1;
    terminal.direct.spoil = [&](HttpAnswer answer) -> record::Result<HttpAnswer> {
      if (lost) return record::fail(record::ErrorKind::unavailable, "lost");
      return answer;
    };
    (void)uplink.exchange();
  }
  EXPECT_EQ(kept(id).outcome, "done");
  EXPECT_GE(duplicates, 30U);
  EXPECT_LE(duplicates, 60U) << "an answer that was lost costs one batch";
}

TEST_F(Orders, OfPurgedEventsOnlyTheRestIsSentAndOfNoneThatIsSaid) {
  terminal.kiosk->add(30);
  Uplink uplink = terminal.start();
  settle(uplink);
  terminal.kiosk->purge(21);
  count_duplicates();
  const record::Uuid some = tell(resend(1, 25));
  const record::Uuid none = tell(resend(1, 20));
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(duplicates, 5U);
  EXPECT_EQ(kept(some).outcome, "done");
  EXPECT_EQ(kept(none).outcome, "refused");
  EXPECT_NE(kept(none).reason.find("none of these events"), std::string::npos);
}

TEST_F(Orders, ARestartIsAskedForOnceAndDoneWhenTheProgramIsAnotherOne) {
  record::Uuid id;
  {
    Uplink uplink = terminal.start();
    settle(uplink);
    id = tell(restart(record::Program::agent));
    settle(uplink);
    EXPECT_TRUE(uplink.restart_asked());
    EXPECT_TRUE(kept(id).outcome.empty()) << "not yet";
  }
  Uplink uplink = terminal.start();
  EXPECT_EQ(kept(id).outcome, "done");
  settle(uplink);
  EXPECT_FALSE(uplink.restart_asked());
}

TEST_F(Orders, TheAgentsLifeEndsCleanlyWhenItIsToBeStartedAnew) {
  tell(restart(record::Program::agent));
  const Stop stop;
  Agent::Options options;
  options.runtime_folder = terminal.folder.path("run");
  Agent agent(options, terminal.start(), std::nullopt, std::nullopt, stop);
  EXPECT_EQ(agent.run(), RunEnd::asked_to_restart);
}

TEST_F(Orders, WhereNobodyWouldStartItAgainARestartIsRefused) {
  Uplink uplink = terminal.start(nullptr, 200, false);
  const record::Uuid id = tell(restart(record::Program::agent));
  settle(uplink);
  EXPECT_FALSE(uplink.restart_asked());
  EXPECT_EQ(kept(id).outcome, "refused");
  EXPECT_NE(kept(id).reason.find("systemd"), std::string::npos);
}

// `anjunganctl import` while the agent does not run: neither refused by a process that is not meant, nor done by it.
TEST_F(Orders, WhoStandsInForTheAgentLeavesItsRestartToIt) {
  record::Uuid id;
  record::Uuid cancelled;
  {
    Uplink uplink = terminal.start(nullptr, 200, false, true);
    id = tell(restart(record::Program::agent), test::ToyCentre::k_server_ms + 1'000);
    settle(uplink);
    EXPECT_FALSE(uplink.restart_asked());
    EXPECT_EQ(kept(id).outcome, "");
  }
  {
    Uplink uplink = terminal.start(nullptr, 200, false, true);
    EXPECT_EQ(kept(id).outcome, "") << "younger than the order, and not the agent";
  }
  terminal.clock.now_ms += 60'000;
  {
    Uplink uplink = terminal.start(nullptr, 200, false, true);
    EXPECT_EQ(kept(id).outcome, "") << "whether it was too late is the agent's to say";
    cancelled = tell(restart(record::Program::agent));
    cancel(cancelled);
    settle(uplink);
  }
  Uplink uplink = terminal.start();
  EXPECT_EQ(kept(id).outcome, "done");
  EXPECT_EQ(kept(cancelled).outcome, "cancelled");
  settle(uplink);
  EXPECT_FALSE(uplink.restart_asked());
}

TEST_F(Orders, AfterANewEpochWhatHasEndedIsNotDoneAgain) {
  terminal.kiosk->add(10);
  Uplink uplink = terminal.start();
  settle(uplink);
  count_duplicates();
  const record::Uuid id = tell(resend(1, 10));
  settle(uplink);
  EXPECT_EQ(duplicates, 10U);
  terminal.kiosk->end_command({id, CommandEnd::done, ""});
  terminal.centre.restore([](std::uint64_t) { return false; });
  settle(uplink);
  EXPECT_EQ(terminal.centre.last_request().feed_cursor, 0U) << "the feed was read from its beginning";
  EXPECT_EQ(duplicates, 10U);
}

TEST_F(Orders, WhatTheAppHasRecordedIsNotDoneAgainEvenIfTheAgentForgotIt) {
  terminal.kiosk->add(10);
  {
    Uplink uplink = terminal.start();
    settle(uplink);
  }
  count_duplicates();
  const record::Uuid sent = tell(resend(1, 10));
  const record::Uuid restarted = tell(restart(record::Program::agent));
  terminal.kiosk->end_command({sent, CommandEnd::done, ""});
  terminal.kiosk->end_command({restarted, CommandEnd::done, ""});
  Uplink uplink = terminal.start();
  settle(uplink);
  EXPECT_EQ(duplicates, 0U);
  EXPECT_FALSE(uplink.restart_asked());
}

TEST_F(Orders, TooLateIsExpiredAndTakenBackIsCancelled) {
  terminal.kiosk->add(10);
  Uplink uplink = terminal.start();
  settle(uplink);
  count_duplicates();
  // By the centre's clock, whatever the terminal's says.
  const record::Uuid late = tell(resend(1, 10), test::ToyCentre::k_server_ms - 1);
  terminal.clock.now_ms = 0;
  const record::Uuid cancelled = tell(restart(record::Program::agent));
  cancel(cancelled);
  settle(uplink);
  EXPECT_EQ(kept(late).outcome, "expired");
  EXPECT_EQ(kept(cancelled).outcome, "cancelled");
  EXPECT_FALSE(uplink.restart_asked());
  EXPECT_EQ(duplicates, 0U);
}

TEST_F(Orders, WhatIsNotItsOwnIsLeftToTheApp) {
  Uplink uplink = terminal.start();
  const record::Uuid kiosk = tell(restart(record::Program::kiosk));
  record::Uuid unknown;
  unknown.bytes.fill(0xaa);
  tell_raw(unknown, R"({"v":1,"verb":"dance"})");
  terminal.centre.tell({100, "command", "no id", {}});
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_TRUE(kept(kiosk).outcome.empty());
  EXPECT_TRUE(kept(unknown).outcome.empty());
  EXPECT_FALSE(uplink.restart_asked());
}

TEST_F(Orders, APartIsKeptOnlyUnderItsOwnName) {
  Uplink uplink = terminal.start();
  const record::Bytes bytes{'c', 'i', 't', 'y'};
  const record::Bytes others{'x'};
  terminal.centre.tell({1, "part", record::to_hex(record::hash(bytes)), bytes});
  terminal.centre.tell({2, "part", record::to_hex(record::hash(others)), bytes});
  EXPECT_EQ(settle(uplink).next, Next::rest);
  auto reader = store::SyncReader::open(terminal.folder.path("data")).value();
  EXPECT_EQ(*reader.part(record::hash(bytes)), bytes);
  EXPECT_EQ(*reader.part(record::hash(others)), std::nullopt);
}

TEST_F(Orders, ARottenEventIsNotSentAgainInOtherBytes) {
  terminal.kiosk->add(10);
  Uplink uplink = terminal.start();
  settle(uplink);
  terminal.kiosk.reset();
  {
    auto disk = store::Database::open(terminal.folder.path("data/intake.db"), store::Database::Mode::writer).value();
    ASSERT_TRUE(
        disk.run("UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'story', 'stork') AS BLOB) "
                 "WHERE seq = 4"));
  }
  std::size_t conflicts = 0;
  terminal.centre.before_signing = [&](wire::SyncAnswer& answer) {
    for (const wire::EventResult one : answer.results) {
      duplicates += one == wire::EventResult::duplicate ? 1 : 0;
      conflicts += one == wire::EventResult::conflict ? 1 : 0;
    }
  };
  const record::Uuid id = tell(resend(1, 10));
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(conflicts, 0U) << "the centre would lock this terminal";
  EXPECT_EQ(duplicates, 9U);
  EXPECT_EQ(kept(id).outcome, "done");
}

}  // namespace
}  // namespace anjungan::agent
