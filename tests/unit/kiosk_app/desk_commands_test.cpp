// SPDX-License-Identifier: Apache-2.0
// The desk and the centre's commands: each ends once, as an event, whatever comes between.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <map>

#include "kiosk/app/desk.h"
#include "sync/record/command.h"
#include "sync/settings/remote.h"
#include "sync/slip/slip.h"
#include "sync/store/files.h"
#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "tests/unit/kiosk_app/desk_fixture.h"

namespace anjungan::app {
namespace {

namespace fs = std::filesystem;
using record::Command;
using record::CommandEnd;

constexpr std::int64_t k_far_ms = 4'000'000'000'000;

class DeskCommands : public DeskFixture {
 protected:
  void SetUp() override {
    DeskFixture::SetUp();
    m_terminal.brought_back = true;
  }

  /// Until it holds, or a minute is over.
  bool await(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      while (m_desk->next()) continue;
      std::unique_lock guard(m_mutex);
      m_wake.wait_for(guard, std::chrono::milliseconds(20), [this] { return m_woken; });
      m_woken = false;
    }
    return true;
  }

  /// The centre brings a catalogue: its four files, in the order of record::k_catalogue_files.
  record::Uuid bring(const std::array<std::string, 4>& files, std::size_t left_out = 0) {
    Command command;
    command.verb = record::Verb::catalogue;
    store::Orders orders;
    orders.parts = record::cut_catalogue(files, command).value();
    orders.parts.resize(orders.parts.size() - left_out);
    save(orders);
    return order(command);
  }
  static std::array<std::string, 4> bandung() {
    std::array<std::string, 4> out;
    for (std::size_t i = 0; i < out.size(); i++) {
      out[i] = record::to_text(store::read_file(std::string(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung/") +
                                                    std::string(record::k_catalogue_files[i]),
                                                1 << 20)
                                   .value());
    }
    return out;
  }
  /// As main() does it: the same process begins anew with what lies in the data folder.
  void reload() {
    const record::Uuid command = m_desk->reload_for();
    begin_again();
    m_terminal.reloaded_for = command;
    start();
  }
  /// What the next process reads, before it opens its desk.
  void begin_again() {
    m_desk.reset();
    settings::Terminal own;
    own.data = m_terminal.settings.data;
    own.runtime = m_terminal.settings.runtime;
    own.printer_folder = m_terminal.settings.printer_folder;
    own.ballast_mib = own.low_water_mib = 0;
    settings::take_remote(own);
    m_terminal.settings = own;
    auto city =
        catalogue::load_catalogue(own.catalogue.empty() ? ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung" : own.catalogue);
    ASSERT_TRUE(city) << city.error().text;
    m_terminal.catalogue = *std::move(city);
    m_terminal.reloaded_for = {};
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
    auto store = store::SyncStore::open(m_terminal.settings.data);
    ASSERT_TRUE(store) << store.error().text;
    ASSERT_TRUE(store->save({}, {}, orders));
    ring();
  }
  void ring() const { store::ring(store::app_bell(m_terminal.settings.runtime)); }

  static Command restart(record::Program program) {
    Command out;
    out.verb = record::Verb::restart;
    out.program = program;
    return out;
  }

  static Command hall(const std::string& name) {
    Command out;
    out.verb = record::Verb::settings;
    if (!name.empty()) out.text = "[brand]\nhall = \"" + name + "\"\n";
    return out;
  }

  /// What the events say, by command; a second one for the same command is a failure.
  std::map<std::string, record::CommandOutcome> ends() {
    std::map<std::string, record::CommandOutcome> out;
    auto reader = store::IntakeReader::open(m_terminal.settings.data);
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
};

TEST_F(DeskCommands, ARestartIsAskedForAndDoneWhenTheProcessIsYounger) {
  start();
  const record::Uuid id = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::restart; }));
  EXPECT_TRUE(ends().empty()) << "not yet";
  // A desk that is opened anew in the same process still asks.
  m_desk.reset();
  start();
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::restart; }));
  // The next process.
  m_desk.reset();
  m_terminal.commands_before = last_command(m_terminal);
  start();
  const auto end = await_end(id);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::done);
  EXPECT_EQ(m_desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, WhereNobodyWouldStartItAgainARestartIsRefused) {
  m_terminal.brought_back = false;
  start();
  const auto end = await_end(order(restart(record::Program::kiosk)));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::refused);
  EXPECT_NE(end->reason.find("systemd"), std::string::npos);
  EXPECT_EQ(m_desk->leave(), Leave::stay);
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
  EXPECT_EQ(m_desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, TooLateIsExpiredAndTakenBackIsCancelledEvenWhileItWaits) {
  start();
  const auto late = await_end(order(restart(record::Program::kiosk), 1'000));
  ASSERT_TRUE(late);
  EXPECT_EQ(late->end, CommandEnd::expired);
  const record::Uuid id = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::restart; }));
  cancel(id);
  const auto cancelled = await_end(id);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->end, CommandEnd::cancelled);
  EXPECT_EQ(m_desk->leave(), Leave::stay);
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
    auto store = store::SyncStore::open(m_terminal.settings.data);
    ASSERT_TRUE(store->save_command_outcome(id, "done", "events 1 to 9"));
  }
  ring();
  const auto end = await_end(id);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::done);
  EXPECT_EQ(end->reason, "events 1 to 9");
  m_desk.reset();
  start();
  ASSERT_TRUE(await_end(order(restart(record::Program::kiosk), 1'000)));
  EXPECT_EQ(ends().size(), 3U);
}

/// Whoever writes this file waits until it is let go: as a printer that is in the middle of a receipt.
class Jam {
 public:
  explicit Jam(std::string path) : m_path(std::move(path)) { EXPECT_EQ(::mkfifo(m_path.c_str(), 0600), 0); }
  ~Jam() {
    let_go();
    ::close(m_file);
  }
  Jam(const Jam&) = delete;
  Jam& operator=(const Jam&) = delete;
  void let_go() {
    if (m_file >= 0) return;
    m_file = ::open(m_path.c_str(), O_RDWR | O_CLOEXEC);
    // The whole receipt has room, so nobody needs to read it.
    EXPECT_GE(::fcntl(m_file, F_SETPIPE_SZ, 1 << 20), 1 << 20);
  }

 private:
  std::string m_path;
  int m_file = -1;
};

TEST_F(DeskCommands, ARestartWaitsForTheReceiptAtThePrinter) {
  record::TrackingNumber number;
  number.region = static_cast<std::uint16_t>(m_terminal.catalogue.region_code);
  number.running = 1;
  fs::create_directories(m_terminal.settings.printer_folder);
  Jam jam(m_terminal.settings.printer_folder + "/" + slip::job_title(number, 0) + ".pdf.new");
  start();
  record::Complaint complaint;
  complaint.category = "jalan.lubang";
  complaint.story = "Lubang besar di depan pasar.";
  complaint.privacy = record::Privacy::anonymous;
  m_desk->order(session::SubmitComplaint{complaint});
  const auto print = [&]() -> std::optional<store::PrintState> {
    auto reader = store::IntakeReader::open(m_terminal.settings.data);
    const auto receipts = reader ? reader->receipts().value() : std::vector<store::IntakeReader::Receipt>();
    if (receipts.empty()) return std::nullopt;
    return receipts.front().print;
  };
  ASSERT_TRUE(await([&] { return print() == store::PrintState::sending; }));
  order(restart(record::Program::kiosk));
  // Each of these ends at a look that finds the restart waiting too; the second, once the look before is over.
  for (int look = 0; look < 2; look++) {
    const record::Uuid behind = order(restart(record::Program::kiosk));
    cancel(behind);
    ASSERT_TRUE(await_end(behind));
    EXPECT_EQ(m_desk->leave(), Leave::stay);
  }
  EXPECT_EQ(print(), store::PrintState::sending);
  jam.let_go();
  EXPECT_TRUE(await([&] {
    ring();
    return m_desk->leave() == Leave::restart;
  }));
}

TEST_F(DeskCommands, WhatIsBehindARestartComesAfterIt) {
  start();
  const record::Uuid first = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::restart; }));
  const record::Uuid second = order(restart(record::Program::kiosk));
  m_desk.reset();
  m_terminal.commands_before = last_command(m_terminal);
  start();
  ASSERT_TRUE(await_end(second));
  EXPECT_EQ(ends().at(first.str()).end, CommandEnd::done);
  EXPECT_EQ(ends().at(second.str()).end, CommandEnd::done) << "one restart does both";
}

TEST_F(DeskCommands, ACatalogueIsInForceOnceTheProgramHasBegunAnew) {
  start();
  auto files = bandung();
  files[0] += "\n[[agency]]\nid = \"baru\"\nname = \"Dinas Baru\"\n";
  files[2] = "# " + std::string(70'000, 'x') + "\n" + files[2];  // more than one part
  const record::Uuid id = bring(files);
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  EXPECT_TRUE(ends().empty()) << "not yet";
  EXPECT_EQ(m_desk->reload_for(), id);
  reload();
  const auto end = await_end(id);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->end, CommandEnd::done) << end->reason;
  EXPECT_NE(m_terminal.catalogue.agency("baru"), nullptr);
  EXPECT_EQ(m_desk->leave(), Leave::stay);

  // And back.
  Command none;
  none.verb = record::Verb::catalogue;
  const record::Uuid back = order(none);
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  reload();
  ASSERT_TRUE(await_end(back));
  EXPECT_EQ(ends().at(back.str()).end, CommandEnd::done);
  EXPECT_EQ(m_terminal.catalogue.agency("baru"), nullptr);
  for (const auto& entry : fs::directory_iterator(m_terminal.settings.data + "/remote")) {
    ADD_FAILURE() << entry.path() << " was left behind";
  }
}

TEST_F(DeskCommands, ABadCatalogueIsRefusedAndTheOldOneStays) {
  start();
  auto files = bandung();
  files[0] += "\n[[agency]]\nid = \"baru\"\nname = \"Dinas Baru\"\n";
  bring(files);
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  reload();
  const std::string before = m_terminal.settings.remote.catalogue;
  auto broken = bandung();
  broken[1] += "\n[[category]]\nid = 7\n";
  const auto refused = await_end(bring(broken));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->end, CommandEnd::refused);
  EXPECT_NE(refused->reason.find("categories.toml:"), std::string::npos) << refused->reason;
  auto elsewhere = bandung();
  elsewhere[3].replace(elsewhere[3].find("3273"), 4, "3578");
  const auto other = await_end(bring(elsewhere));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->end, CommandEnd::refused);
  EXPECT_NE(other->reason.find("region.toml"), std::string::npos) << other->reason;
  const auto missing = await_end(bring({"a", "b", "c", "d"}, 1));
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->end, CommandEnd::refused);
  EXPECT_NE(missing->reason.find("parts"), std::string::npos);
  EXPECT_EQ(m_desk->leave(), Leave::stay);
  settings::Terminal now;
  now.data = m_terminal.settings.data;
  settings::take_remote(now);
  EXPECT_EQ(now.remote.catalogue, before);
  EXPECT_TRUE(catalogue::load_catalogue(now.catalogue));
}

TEST_F(DeskCommands, KilledBetweenTwoStepsACatalogueIsStillTakenUpOnce) {
  start();
  const record::Uuid id = bring(bandung());
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  // The process dies here; the next one finds it in force and says so, without beginning anew again.
  begin_again();
  m_terminal.commands_before = last_command(m_terminal);
  start();
  ASSERT_TRUE(await_end(id));
  EXPECT_EQ(m_desk->leave(), Leave::stay);
  m_desk.reset();
  start();
  ASSERT_TRUE(await_end(order(restart(record::Program::kiosk), 1'000)));
  EXPECT_EQ(ends().at(id.str()).end, CommandEnd::done);
  EXPECT_EQ(m_desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, WhatIsTakenBackBeforeItIsInForceNeverComesIntoForce) {
  m_terminal.settings.hall = settings::Terminal{}.hall;
  start();
  const record::Uuid first = order(hall("Balai Baru"));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  cancel(first);
  ASSERT_TRUE(await_end(first));
  EXPECT_EQ(ends().at(first.str()).end, CommandEnd::cancelled);
  EXPECT_EQ(m_desk->leave(), Leave::stay);
  const record::Uuid catalogue = bring(bandung());
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  cancel(catalogue);
  ASSERT_TRUE(await_end(catalogue));
  EXPECT_EQ(ends().at(catalogue.str()).end, CommandEnd::cancelled);
  reload();
  EXPECT_EQ(m_terminal.settings.hall, settings::Terminal{}.hall);
  EXPECT_TRUE(m_terminal.settings.catalogue.empty());
}

TEST_F(DeskCommands, WhatExpiresBeforeItIsInForceNeverComesIntoForce) {
  start();
  const record::Uuid before = order(hall("Balai Lama"));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  reload();
  ASSERT_TRUE(await_end(before));
  // A citizen is at the screen for so long; then the process is killed behind the end.
  constexpr std::int64_t k_day_ms = 86'400'000;
  const record::Uuid late = order(hall("Balai Baru"), record::SystemClock().unix_ms() + k_day_ms);
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  {
    auto store = store::SyncStore::open(m_terminal.settings.data);
    auto state = store->state();
    ASSERT_TRUE(state);
    state->clock_offset_ms = 2 * k_day_ms;
    ASSERT_TRUE(store->save(*state, {}));
  }
  ring();
  ASSERT_TRUE(await_end(late));
  EXPECT_EQ(ends().at(late.str()).end, CommandEnd::expired);
  reload();
  EXPECT_EQ(m_terminal.settings.hall, "Balai Lama") << "what was in force before";
}

TEST_F(DeskCommands, WhatDoesNotComeIntoForceIsPutBack) {
  start();
  const record::Uuid id = order(hall("Balai Baru"));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  // terminal.toml cannot be read just then: this process goes on as it was.
  m_desk.reset();
  m_terminal.reloaded_for = id;
  m_terminal.settings.remote.trouble = "terminal.toml:3: nothing of ours";
  start();
  ASSERT_TRUE(await_end(id));
  EXPECT_EQ(ends().at(id.str()).end, CommandEnd::refused);
  EXPECT_EQ(ends().at(id.str()).reason, "terminal.toml:3: nothing of ours");
  reload();
  EXPECT_EQ(m_terminal.settings.hall, settings::Terminal{}.hall) << "refused, and in force all the same";
}

TEST_F(DeskCommands, OneBehindAnotherThatWaitsMayEndAndThenTheFirstStillComes) {
  start();
  const record::Uuid first = order(hall("Balai Baru"));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  const record::Uuid second = order(hall("Balai Lain"));
  cancel(second);
  ASSERT_TRUE(await_end(second));
  EXPECT_EQ(ends().at(second.str()).end, CommandEnd::cancelled);
  EXPECT_EQ(m_desk->leave(), Leave::reload);
  EXPECT_EQ(m_desk->reload_for(), first);
  reload();
  ASSERT_TRUE(await_end(first));
  EXPECT_EQ(ends().at(first.str()).end, CommandEnd::done);
  EXPECT_EQ(m_terminal.settings.hall, "Balai Baru");
}

TEST_F(DeskCommands, WhatLiesThereUnreadableGoesWithTheOrderBack) {
  const std::string path = settings::remote_settings(m_terminal.settings.data);
  fs::create_directories(fs::path(path).parent_path());
  ASSERT_TRUE(store::write_file(path, record::Bytes{'[', '\n'}, 0600));
  begin_again();
  ASSERT_FALSE(m_terminal.settings.remote.trouble.empty());
  start();
  const record::Uuid back = order(hall(""));
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  reload();
  ASSERT_TRUE(await_end(back));
  EXPECT_EQ(ends().at(back.str()).end, CommandEnd::done);
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(DeskCommands, ARestartThatWouldNotComeBackIsRefused) {
  m_terminal.config = m_folder + "/terminal.toml";
  ASSERT_TRUE(store::write_file(m_terminal.config, record::Bytes{'[', '\n'}, 0600));
  start();
  const record::Uuid id = order(restart(record::Program::kiosk));
  ASSERT_TRUE(await_end(id));
  EXPECT_EQ(ends().at(id.str()).end, CommandEnd::refused);
  EXPECT_NE(ends().at(id.str()).reason.find("terminal.toml"), std::string::npos) << ends().at(id.str()).reason;
  EXPECT_EQ(m_desk->leave(), Leave::stay);
}

TEST_F(DeskCommands, AnAgentsWordNobodyKnowsEndsIt) {
  start();
  Command resend;
  resend.verb = record::Verb::resend;
  const record::Uuid id = order(resend);
  {
    auto store = store::SyncStore::open(m_terminal.settings.data);
    ASSERT_TRUE(store->save_command_outcome(id, "danced", ""));
  }
  ring();
  ASSERT_TRUE(await_end(id));
  EXPECT_EQ(ends().at(id.str()).end, CommandEnd::not_understood);
}

TEST_F(DeskCommands, SettingsAreCheckedTakenUpAndTakenBack) {
  start();
  Command command;
  command.verb = record::Verb::settings;
  command.text = "[centre]\nurl = \"https://elsewhere.example\"\n";
  const auto refused = await_end(order(command));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->end, CommandEnd::refused);
  EXPECT_EQ(refused->reason, "settings:2: centre.url: cannot be set from afar; a technician sets it in terminal.toml");
  command.text = "[brand]\nhall = \"Balai Baru\"\n";
  const record::Uuid id = order(command);
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  reload();
  ASSERT_TRUE(await_end(id));
  EXPECT_EQ(ends().at(id.str()).end, CommandEnd::done);
  EXPECT_EQ(m_terminal.settings.hall, "Balai Baru");
  command.text.clear();
  const record::Uuid back = order(command);
  ASSERT_TRUE(await([&] { return m_desk->leave() == Leave::reload; }));
  reload();
  ASSERT_TRUE(await_end(back));
  EXPECT_EQ(m_terminal.settings.hall, settings::Terminal{}.hall);
}

TEST_F(DeskCommands, WhatATechnicianShutsOutIsRefused) {
  m_terminal.settings.remote.accept = false;
  start();
  Command command;
  command.verb = record::Verb::settings;
  command.text = "[brand]\nhall = \"Balai Baru\"\n";
  const auto refused = await_end(order(command));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->end, CommandEnd::refused);
  EXPECT_NE(refused->reason.find("remote.accept"), std::string::npos);
  EXPECT_FALSE(fs::exists(m_terminal.settings.data + "/remote"));
}

}  // namespace
}  // namespace anjungan::app
