// SPDX-License-Identifier: Apache-2.0
// The desk and the centre's commands: each ends once, as an event, whatever comes between.
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <map>

#include "kiosk/app/desk.h"
#include "sync/record/command.h"
#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"

namespace anjungan::app {
namespace {

namespace fs = std::filesystem;
using record::Command;
using record::CommandEnd;

constexpr std::int64_t k_far_ms = 4'000'000'000'000;

class DeskCommands : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "anjungan-desk-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    m_folder = name;
    terminal.sample = true;
    terminal.brought_back = true;
    terminal.settings.data = m_folder + "/data";
    terminal.settings.runtime = m_folder + "/run";
    terminal.settings.ballast_mib = 0;
    terminal.settings.low_water_mib = 0;
    terminal.settings.printer_folder = m_folder + "/receipts";
    auto city = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
    ASSERT_TRUE(city) << city.error().text;
    terminal.catalogue = *std::move(city);
  }
  void TearDown() override {
    desk.reset();
    fs::remove_all(m_folder);
  }

  void start() {
    desk = std::make_unique<Desk>(terminal, [this] {
      const std::lock_guard guard(m_mutex);
      m_woken = true;
      m_wake.notify_one();
    });
  }

  /// Until it holds, or a minute is over.
  bool await(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      while (desk->next()) continue;
      std::unique_lock guard(m_mutex);
      m_wake.wait_for(guard, std::chrono::milliseconds(20), [this] { return m_woken; });
      m_woken = false;
    }
    return true;
  }

  record::Uuid order(Command command, std::int64_t expires_ms = k_far_ms) {
    command.id = record::Uuid::make(1);
    command.expires_ms = expires_ms;
    return order_raw(command.id, record::write_command(command).value());
  }
  record::Uuid order_raw(const record::Uuid& id, const std::string& body) {
    store::Orders orders;
    orders.commands.push_back({id, record::Bytes(body.begin(), body.end())});
    save(orders);
    return id;
  }
  void cancel(const record::Uuid& id) {
    store::Orders orders;
    orders.cancelled.push_back(id);
    save(orders);
  }
  void save(const store::Orders& orders) {
    auto store = store::SyncStore::open(terminal.settings.data);
    ASSERT_TRUE(store) << store.error().text;
    ASSERT_TRUE(store->save({}, {}, orders));
    ring();
  }
  void ring() const { store::ring(store::app_bell(terminal.settings.runtime)); }

  static Command restart(record::Program program) {
    Command out;
    out.verb = record::Verb::restart;
    out.program = program;
    return out;
  }

  /// What the events say, by command; a second one for the same command is a failure.
  std::map<std::string, record::CommandOutcome> ends() {
    std::map<std::string, record::CommandOutcome> out;
    auto reader = store::IntakeReader::open(terminal.settings.data);
    if (!reader) return out;
    const auto events = reader->events_from(1, 100, 1 << 20);
    EXPECT_TRUE(events);
    for (const store::StoredEvent& one : *events) {
      const auto event = record::parse_event(one.bytes);
      if (event->type != record::EventType::device_command) continue;
      const auto outcome = record::command_outcome(event->facts);
      EXPECT_TRUE(outcome);
      EXPECT_TRUE(out.emplace(outcome->id.str(), *outcome).second) << "told twice";
    }
    return out;
  }
  std::optional<record::CommandOutcome> await_end(const record::Uuid& id) {
    if (!await([&] { return ends().contains(id.str()); })) return std::nullopt;
    return ends().at(id.str());
  }

  Terminal terminal;
  std::unique_ptr<Desk> desk;

 private:
  std::string m_folder;
  std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_woken = false;
};

TEST_F(DeskCommands, ARestartIsAskedForAndDoneWhenTheProcessIsYounger) {
  start();
  const record::Uuid id = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await([&] { return desk->leave() == Leave::restart; }));
  EXPECT_TRUE(ends().empty()) << "not yet";
  // A desk that is opened anew in the same process still asks.
  desk.reset();
  start();
  ASSERT_TRUE(await([&] { return desk->leave() == Leave::restart; }));
  // The next process.
  desk.reset();
  terminal.commands_before = last_command(terminal);
  start();
  const auto end = await_end(id);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::done);
  EXPECT_EQ(desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, WhereNobodyWouldStartItAgainARestartIsRefused) {
  terminal.brought_back = false;
  start();
  const auto end = await_end(order(restart(record::Program::kiosk)));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::refused);
  EXPECT_NE(end->reason.find("systemd"), std::string::npos);
  EXPECT_EQ(desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, WhatCannotBeUnderstoodIsToldWithTheReason) {
  start();
  record::Uuid id;
  id.bytes.fill(0xab);
  order_raw(id, R"({"v":1,"id":")" + id.str() + R"(","verb":"dance","expires_ms":9})");
  const auto newer = await_end(id);
  ASSERT_TRUE(newer);
  EXPECT_EQ(newer->end, CommandEnd::not_understood);
  EXPECT_NE(newer->reason.find("verb"), std::string::npos);
  record::Uuid other;
  other.bytes.fill(0xcd);
  Command borrowed = restart(record::Program::kiosk);
  borrowed.id = id;
  borrowed.expires_ms = k_far_ms;
  order_raw(other, record::write_command(borrowed).value());
  ASSERT_TRUE(await_end(other));
  EXPECT_EQ(ends().at(other.str()).end, CommandEnd::not_understood);
  record::Uuid rubbish;
  rubbish.bytes.fill(0xef);
  order_raw(rubbish, std::string("\x00\xff{", 3));
  ASSERT_TRUE(await_end(rubbish));
  EXPECT_EQ(ends().at(rubbish.str()).end, CommandEnd::not_understood);
  EXPECT_EQ(desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, TooLateIsExpiredAndTakenBackIsCancelledEvenWhileItWaits) {
  start();
  const auto late = await_end(order(restart(record::Program::kiosk), 1'000));
  ASSERT_TRUE(late);
  EXPECT_EQ(late->end, CommandEnd::expired);
  const record::Uuid id = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await([&] { return desk->leave() == Leave::restart; }));
  cancel(id);
  const auto cancelled = await_end(id);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->end, CommandEnd::cancelled);
  EXPECT_EQ(desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, WhatTheAgentDidIsToldForItOnce) {
  start();
  Command resend;
  resend.verb = record::Verb::resend;
  const record::Uuid id = order(resend);
  const record::Uuid mark = order(restart(record::Program::kiosk), 1'000);
  ASSERT_TRUE(await_end(mark));
  EXPECT_FALSE(ends().contains(id.str())) << "the agent has not done it yet";
  {
    auto store = store::SyncStore::open(terminal.settings.data);
    ASSERT_TRUE(store->save_command_outcome(id, "done", "events 1 to 9"));
  }
  ring();
  const auto end = await_end(id);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::done);
  EXPECT_EQ(end->reason, "events 1 to 9");
  desk.reset();
  start();
  ASSERT_TRUE(await_end(order(restart(record::Program::kiosk), 1'000)));
  EXPECT_EQ(ends().size(), 3U);
}

TEST_F(DeskCommands, WhatIsBehindARestartComesAfterIt) {
  start();
  const record::Uuid first = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await([&] { return desk->leave() == Leave::restart; }));
  const record::Uuid second = order(restart(record::Program::kiosk));
  desk.reset();
  terminal.commands_before = last_command(terminal);
  start();
  ASSERT_TRUE(await_end(second));
  EXPECT_EQ(ends().at(first.str()).end, CommandEnd::done);
  EXPECT_EQ(ends().at(second.str()).end, CommandEnd::done) << "one restart does both";
}

}  // namespace
}  // namespace anjungan::app
