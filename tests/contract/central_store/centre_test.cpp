// SPDX-License-Identifier: Apache-2.0
// The whole centre over both databases: several instances, copies, rebuilt projections.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "sync/central/ingest/copy_store.h"
#include "sync/store/files.h"
#include "tests/contract/central_store/both_stores.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using record::Result;
using wire::EventResult;

/// Another instance on the store of `hall`, with the same keys in a data folder of its own.
std::unique_ptr<Centre> second_instance(const Hall& hall, const std::string& name) {
  const std::string folder = hall.terminal.root + "/" + name;
  std::filesystem::create_directories(folder);
  std::filesystem::copy(hall.terminal.root + "/central/keys", folder + "/keys",
                        std::filesystem::copy_options::recursive);
  auto memory = open_store(hall.store_url, folder);
  EXPECT_TRUE(memory) << memory.error().text;
  auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  auto opened = Centre::open(std::move(*memory), folder, "https://x", std::move(*catalogue), hall.terminal.clock);
  EXPECT_TRUE(opened) << opened.error().text;
  return std::move(*opened);
}

/// Everything the projections hold, as one text.
std::string shown(Centre& centre) {
  std::string out;
  const auto complaints = centre.complaints("", 1'000).value();
  for (const ComplaintRow& row : complaints) {
    const auto one = centre.complaint(row.number).value();
    out += row.number + " " + row.status + " " + row.agency + " " + std::to_string(row.received_ms) + " " +
           row.due->answer.str() + "\n";
    for (const Step& step : one.steps) {
      out += "  " + step.kind + " " + std::to_string(step.at_ms) + " " + step.agency + " " + step.text + "\n";
    }
  }
  return out;
}

void act_on(Hall& hall, const std::string& number) {
  ASSERT_TRUE(hall.centre->act(number, {Action::verify, "", "", ""}, "admin"));
  ASSERT_TRUE(hall.centre->act(number, {Action::dispose, "dsdabm", "", ""}, "admin"));
  ASSERT_TRUE(hall.centre->act(number, {Action::follow_up, "", "Sudah diperiksa.", ""}, "admin"));
}

TEST(Alarms, TwoInstancesOfOneStoreTellTheSame) {
  ASSERT_TRUE(server().running()) << server().why();
  Hall hall(server().new_database());
  hall.enrol();
  const auto other = second_instance(hall, "second");
  WatchOptions options;
  options.disk_low_bytes = 0;  // whatever this machine has
  hall.centre->watch(options);
  other->watch(options);
  ASSERT_TRUE(hall.send(hall.batch(1, 0)));
  EXPECT_TRUE(hall.centre->look_for_alarms()->empty());
  hall.terminal.clock.now_ms += 6LL * 86'400'000;  // from a Saturday on
  EXPECT_EQ(other->look_for_alarms()->at(0).kind, AlarmKind::silent);
  const auto told = hall.centre->look_for_alarms();
  ASSERT_EQ(told->size(), 1U) << "a PostgreSQL is backed up by its own tools";
  EXPECT_EQ(told->at(0).device, "3273-0001");
  ASSERT_TRUE(hall.send(hall.batch(1, 0)));
  EXPECT_TRUE(other->look_for_alarms()->empty());
}

TEST(Threat03, TheSameBatchPostedToTwoIsStoredOnce) {
  ASSERT_TRUE(server().running()) << server().why();
  Hall hall(server().new_database());
  hall.enrol();
  const auto other = second_instance(hall, "second");
  for (int n = 0; n < 20; n++) hall.submit();
  const auto message = wire::encode_sync_request(hall.batch(1, 20), hall.device_key);
  ASSERT_TRUE(message);
  std::vector<std::thread> threads;
  for (int n = 0; n < 16; n++) {
    Centre& centre = n % 2 == 0 ? *hall.centre : *other;
    threads.emplace_back([&] { EXPECT_EQ(centre.sync(*message).status, 200U); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(other->stats().value()[0].events, 20U);
  EXPECT_EQ(other->stats().value()[0].device.duplicates, 15U * 20U);
  EXPECT_EQ(other->stats().value()[0].device.conflicts, 0U);
  EXPECT_EQ(other->complaints("", 100)->size(), 20U);
}

TEST(Instances, GiveEachTerminalACodeOfItsOwn) {
  ASSERT_TRUE(server().running()) << server().why();
  Hall hall(server().new_database());
  const auto other = second_instance(hall, "second");
  std::vector<std::thread> threads;
  for (int n = 0; n < 12; n++) {
    threads.emplace_back([&, n] {
      Centre& centre = n % 2 == 0 ? *hall.centre : *other;
      const auto code = wire::EnrolCode::parse(centre.make_enrol_code(3273, "MPP", "")->code);
      const auto request =
          wire::encode_enrol_request(*code, "test", record::SigningKey::generate(), record::SigningKey::generate());
      EXPECT_EQ(centre.enrol(*request).status, 202U);
    });
  }
  for (auto& thread : threads) thread.join();
  const auto devices = other->devices().value();
  ASSERT_EQ(devices.size(), 12U);
  EXPECT_EQ(devices.back().id.terminal, 12);
}

TEST(Instances, OneUnderOtherKeysIsRefused) {
  ASSERT_TRUE(server().running()) << server().why();
  Hall hall(server().new_database());
  auto memory = open_store(hall.store_url, hall.terminal.root + "/stranger");
  ASSERT_TRUE(memory);
  auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung");
  const auto opened = Centre::open(std::move(*memory), hall.terminal.root + "/stranger", "", std::move(*catalogue),
                                   hall.terminal.clock);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, record::ErrorKind::conflict);
}

INSTANTIATE_TEST_SUITE_P(Both, BothStores, testing::Bool(), store_name);

TEST_P(BothStores, RebuiltProjectionsAreWhatTheyWere) {
  Hall hall(m_url);
  hall.enrol();
  const auto first = hall.submit();
  hall.submit();
  const auto reissued = hall.store->reissue(first.number, "lost", "struk", nullptr);
  ASSERT_TRUE(reissued);
  hall.terminal.clock.now_ms += 3'600'000;
  auto late = hall.batch(1, 3);
  late.created_ms -= 7'200'000;  // a clock that is two hours behind
  ASSERT_TRUE(hall.send(late));
  act_on(hall, first.number.str());
  const std::string before = shown(*hall.centre);
  const auto events = hall.centre->rebuild("admin");
  ASSERT_TRUE(events) << events.error().text;
  EXPECT_EQ(*events, 3U + 3U);
  EXPECT_EQ(shown(*hall.centre), before);
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", first.token))->verdict, Verdict::voided);
  EXPECT_EQ(hall.centre->look_at_code(reissued->code.str())->verdict, Verdict::known);
}

TEST_P(BothStores, AnUntouchedStoreIsSoundAndItsAuditHeadIsFoundAgain) {
  Hall hall(m_url);
  hall.enrol();
  hall.submit();
  hall.submit();
  const auto third = hall.submit();
  auto request = hall.batch(1, 3);
  request.events[0] = record::Bytes{'{', 0xff};
  ASSERT_TRUE(hall.send(request));
  const auto before = hall.centre->verify(std::nullopt).value();
  EXPECT_TRUE(before.sound()) << before.findings.front();
  EXPECT_EQ(before.events, 1U);
  EXPECT_EQ(before.audit_rows, 3U);
  act_on(hall, third.number.str());
  EXPECT_TRUE(hall.centre->verify(before.audit_head)->sound());
  record::Hash other = before.audit_head;
  other[0] ^= 1;
  EXPECT_FALSE(hall.centre->verify(other)->sound());
}

std::ptrdiff_t quarantine_alarms(Centre& centre) {
  const auto alarms = centre.look_for_alarms().value();
  return std::ranges::count(alarms, AlarmKind::quarantine, &Alarm::kind);
}

TEST_P(BothStores, ACopyHoldsTheSameAndTerminalsGoOn) {
  Hall hall(m_url);
  EXPECT_EQ(quarantine_alarms(*hall.centre), 0);
  hall.enrol();
  hall.submit();
  hall.submit();
  const auto third = hall.submit();
  auto request = hall.batch(1, 3);
  request.events[0] = record::Bytes{'{', 0xff};  // so the second does not follow it
  ASSERT_TRUE(hall.send(request));
  act_on(hall, third.number.str());
  const std::string before = shown(*hall.centre);
  EXPECT_EQ(quarantine_alarms(*hall.centre), 1);
  hall.centre.reset();

  const std::string folder = hall.terminal.root + "/central";
  const std::string to_folder = hall.terminal.root + "/copied";
  const std::string to_url = GetParam() ? std::string() : server().new_database();
  {
    auto from = open_store(m_url, folder).value();
    auto to = open_store(to_url, to_folder).value();
    const auto keys = load_or_make_keys(folder, 0).value();
    const auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung").value();
    const auto copied = copy_store(*from, *to, keys, catalogue);
    ASSERT_TRUE(copied) << copied.error().text;
    EXPECT_EQ(copied->devices, 1U);
    EXPECT_EQ(copied->events, 1U + 3U);
    EXPECT_EQ(copied->quarantined, 2U);
    const auto again = copy_store(*from, *to, keys, catalogue);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().kind, record::ErrorKind::conflict);
  }
  std::filesystem::remove_all(to_folder + "/keys");
  std::filesystem::create_directories(to_folder);
  std::filesystem::copy(folder + "/keys", to_folder + "/keys", std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(folder);
  std::filesystem::rename(to_folder, folder);
  hall.store_url = to_url;
  hall.open_centre();
  ASSERT_TRUE(hall.centre);
  EXPECT_EQ(shown(*hall.centre), before);
  EXPECT_EQ(quarantine_alarms(*hall.centre), 1) << "its alarms go along";
  hall.submit();
  const auto answer = hall.send(hall.batch(4, 4));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 4U);
  EXPECT_NE(answer->epoch, hall.grant.epoch);
  EXPECT_EQ(answer->standing, wire::Standing::welcome);
}

record::Command restart_until(std::int64_t expires_ms) {
  record::Command out;
  out.verb = record::Verb::restart;
  out.program = record::Program::kiosk;
  out.expires_ms = expires_ms;
  return out;
}

TEST_P(BothStores, ACommandIsTracedFromTheOrderToItsEnd) {
  Hall hall(m_url);
  hall.enrol();
  const std::uint64_t audited = hall.centre->verify(std::nullopt)->audit_rows;
  const std::int64_t ordered_ms = hall.terminal.clock.now_ms;
  const auto order = hall.centre->order("3273-0001", restart_until(ordered_ms + 1'000'000), "sari");
  ASSERT_TRUE(order) << order.error().text;
  EXPECT_EQ(order->devices, std::vector<std::string>{"3273-0001"});
  auto shown_now = hall.centre->commands("").value();
  ASSERT_EQ(shown_now.size(), 1U);
  EXPECT_EQ(shown_now[0].what, "restart kiosk");
  EXPECT_EQ(shown_now[0].by, "sari");
  EXPECT_EQ(shown_now[0].ordered_ms, ordered_ms);
  EXPECT_FALSE(shown_now[0].received);

  auto answer = hall.send(hall.batch(1, 0));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->feed.size(), 1U);
  EXPECT_EQ(answer->feed[0].kind, "command");
  EXPECT_EQ(answer->feed[0].subject, order->id);
  const auto body = record::parse_command(record::to_text(answer->feed[0].body));
  ASSERT_TRUE(body) << body.error().text;
  EXPECT_EQ(body->id.str(), order->id);
  EXPECT_FALSE(hall.centre->commands("3273-0001")->front().received) << "the answer may be lost";
  answer = hall.send(hall.batch(1, 0));
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->feed.empty());
  EXPECT_TRUE(hall.centre->commands("3273-0001")->front().received);

  hall.terminal.clock.now_ms += 5'000;
  const record::Uuid id = record::Uuid::parse(order->id).value();
  ASSERT_TRUE(hall.store->end_command({id, record::CommandEnd::refused, "no systemd"}));
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  shown_now = hall.centre->commands("3273-0001").value();
  EXPECT_EQ(shown_now[0].outcome, "refused");
  EXPECT_EQ(shown_now[0].reason, "no systemd");
  EXPECT_EQ(shown_now[0].outcome_ms, ordered_ms + 5'000);
  ASSERT_TRUE(hall.centre->rebuild("admin"));
  EXPECT_EQ(hall.centre->commands("")->front().outcome, "refused");

  // Who ordered what stands in the chained audit.
  auto memory = hall.centre->verify(std::nullopt);
  ASSERT_TRUE(memory);
  EXPECT_TRUE(memory->sound());
  EXPECT_EQ(memory->audit_rows, audited + 2) << "ordered, rebuilt";
}

TEST_P(BothStores, ACatalogueGoesBeforeItsCommandAndABadOneGoesNowhere) {
  Hall hall(m_url);
  hall.enrol();
  const std::int64_t soon = hall.terminal.clock.now_ms + 1'000;
  const auto text = [](const char* file) {
    return record::to_text(
        store::read_file(std::string(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung/") + file, 1 << 20).value());
  };
  catalogue::Sources files{text("categories.toml"), text("agencies.toml"), text("region.toml"), text("holidays.toml")};
  catalogue::Sources bad = files;
  bad.agencies = "[[agency]]\nid = 7\n";
  const auto refused = hall.centre->order_catalogue("all", bad, soon, "x");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("agencies.toml"), std::string::npos);
  record::Command settings;
  settings.verb = record::Verb::settings;
  settings.expires_ms = soon;
  settings.text = "[terminal]\ndata = \"/tmp\"\n";
  EXPECT_NE(hall.centre->order("all", settings, "x").error().text.find("cannot be set from afar"), std::string::npos);
  EXPECT_TRUE(hall.centre->commands("")->empty());

  files.holidays = "# " + std::string(200'000, 'x') + "\n" + files.holidays;
  ASSERT_TRUE(hall.centre->order_catalogue("3273-0001", files, soon, "x"));
  EXPECT_TRUE(hall.centre->commands("")->front().what.starts_with("catalogue "));
  std::vector<record::Bytes> parts;
  for (bool more = true; more;) {
    const auto answer = hall.send(hall.batch(1, 0));
    ASSERT_TRUE(answer);
    more = answer->feed_more;
    for (const wire::FeedItem& item : answer->feed) {
      if (item.kind == "part") {
        EXPECT_EQ(item.subject, record::to_hex(record::hash(item.body)));
        parts.push_back(item.body);
        continue;
      }
      const auto command = record::parse_command(record::to_text(item.body));
      ASSERT_TRUE(command) << command.error().text;
      const auto joined = record::join_catalogue(*command, parts);
      ASSERT_TRUE(joined) << joined.error().text;
      EXPECT_EQ((*joined)[2], files.holidays);
      EXPECT_EQ((*joined)[3], files.region);
    }
  }
  EXPECT_EQ(parts.size(), 4U);
}

TEST_P(BothStores, ACommandThatIsTakenBackSaysSoToTheTerminal) {
  Hall hall(m_url);
  hall.enrol();
  const auto order = hall.centre->order("all", restart_until(hall.terminal.clock.now_ms + 1), "admin").value();
  EXPECT_EQ(hall.centre->cancel_command("0192f0c1-2a3b-7c4d-8e5f-60718293a4b5", "x").error().kind,
            record::ErrorKind::not_found);
  EXPECT_EQ(hall.centre->cancel_command("' OR 1", "x").error().kind, record::ErrorKind::invalid);
  const auto cancelled = hall.centre->cancel_command(order.id, "budi");
  ASSERT_TRUE(cancelled) << cancelled.error().text;
  EXPECT_EQ(cancelled->devices, order.devices);
  EXPECT_EQ(hall.centre->cancel_command(order.id, "budi").error().kind, record::ErrorKind::conflict);
  const auto answer = hall.send(hall.batch(1, 0));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->feed.size(), 2U);
  EXPECT_EQ(answer->feed[0].kind, "command");
  EXPECT_EQ(answer->feed[1].kind, "command-cancel");
  EXPECT_EQ(answer->feed[1].subject, order.id);
  EXPECT_EQ(hall.centre->commands("")->front().cancelled_by, "budi");
  EXPECT_TRUE(hall.centre->commands("")->front().outcome.empty()) << "the terminal has the last word";
}

TEST_P(BothStores, NobodyCanBeOrderedWhoIsNotThereNorMoreThanAreKept) {
  Hall hall(m_url);
  hall.enrol();
  const std::int64_t soon = hall.terminal.clock.now_ms + 1'000;
  EXPECT_EQ(hall.centre->order("3273-0777", restart_until(soon), "x").error().kind, record::ErrorKind::not_found);
  EXPECT_EQ(hall.centre->order("3273-0001", restart_until(soon - 1'000), "x").error().kind, record::ErrorKind::invalid);
  std::string first;
  for (int n = 0; n < 100; n++) {
    const auto order = hall.centre->order("3273-0001", restart_until(soon), "x");
    ASSERT_TRUE(order) << order.error().text;
    if (n == 0) first = order->id;
  }
  EXPECT_EQ(hall.centre->order("3273-0001", restart_until(soon), "x").error().kind, record::ErrorKind::conflict);
  EXPECT_EQ(hall.centre->commands("3273-0001")->size(), 100U);
  // One that has ended makes room.
  ASSERT_TRUE(hall.store->end_command({record::Uuid::parse(first).value(), record::CommandEnd::done, ""}));
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  ASSERT_TRUE(hall.centre->order("3273-0001", restart_until(soon), "x"));
  EXPECT_NE(hall.centre->commands("3273-0001")->front().id, first);
  ASSERT_TRUE(hall.centre->revoke("3273-0001", 0));
  EXPECT_EQ(hall.centre->order("3273-0001", restart_until(soon), "x").error().kind, record::ErrorKind::conflict);
  EXPECT_EQ(hall.centre->order("all", restart_until(soon), "x").error().kind, record::ErrorKind::not_found);
}

TEST_P(BothStores, OneTerminalsLogKeepsNoOrderFromTheOthers) {
  Hall hall(m_url);
  hall.enrol();
  hall.centre.reset();
  {
    auto memory = open_store(m_url, hall.terminal.root + "/central").value();
    const auto added = memory->write([&](Writer& out) -> record::Result<void> {
      for (const std::uint16_t terminal : {std::uint16_t{2}, std::uint16_t{3}}) {
        Device device;
        device.id = {3273, terminal};
        device.state = DeviceState::active;
        if (auto put = out.add_device(device); !put) return put;
      }
      return out.set_meta("commands 3273-0002", record::view_of(std::string_view("[{")));
    });
    ASSERT_TRUE(added) << added.error().text;
  }
  hall.open_centre();
  const std::int64_t soon = hall.terminal.clock.now_ms + 1'000;
  for (int n = 0; n < 100; n++) ASSERT_TRUE(hall.centre->order("3273-0003", restart_until(soon), "x"));

  const auto order = hall.centre->order("all", restart_until(soon), "x");
  ASSERT_TRUE(order) << order.error().text;
  EXPECT_EQ(order->devices, std::vector<std::string>{"3273-0001"});
  ASSERT_EQ(order->left_out.size(), 2U);
  EXPECT_EQ(order->left_out[0].device, "3273-0002");
  EXPECT_NE(order->left_out[0].why.find("cannot be read"), std::string::npos);
  EXPECT_EQ(order->left_out[1].device, "3273-0003");
  EXPECT_NE(order->left_out[1].why.find("100 wait"), std::string::npos);
  EXPECT_EQ(hall.centre->commands("3273-0001")->front().id, order->id);
  const auto cancelled = hall.centre->cancel_command(order->id, "x");
  ASSERT_TRUE(cancelled) << cancelled.error().text;
  EXPECT_EQ(cancelled->devices, order->devices);
  ASSERT_EQ(cancelled->left_out.size(), 1U);
  EXPECT_EQ(cancelled->left_out[0].device, "3273-0002");
  // One that is named is refused with the reason; of none that can tell, nobody says that there is no such command.
  EXPECT_EQ(hall.centre->order("3273-0002", restart_until(soon), "x").error().kind, record::ErrorKind::corrupt);
  const auto nowhere = hall.centre->cancel_command("0192f0c1-2a3b-7c4d-8e5f-60718293a4b5", "x");
  EXPECT_NE(nowhere.error().text.find("3273-0002 cannot be read"), std::string::npos);
}

// Threat 23: an insider with the database's own tools.
TEST(Threat23, AnInsidersEditsAndRemovalsAreFound) {
  const auto verdict_after = [](const char* sql) {
    Hall hall;
    hall.enrol();
    for (int n = 0; n < 3; n++) hall.submit();
    EXPECT_TRUE(hall.send(hall.batch(1, 3)));
    hall.centre.reset();
    auto database = store::Database::open(hall.terminal.root + "/central/central.db", store::Database::Mode::writer);
    for (const char* trigger : {"DROP TRIGGER event_is_append_only_1", "DROP TRIGGER event_is_append_only_2",
                                "DROP TRIGGER audit_is_append_only_1", "DROP TRIGGER audit_is_append_only_2", sql}) {
      EXPECT_TRUE(database->run(trigger)) << trigger;
    }
    hall.open_centre();
    return hall.centre->verify(std::nullopt).value();
  };
  EXPECT_TRUE(verdict_after("SELECT 1").sound());
  for (const char* sql :
       {"DELETE FROM event WHERE seq = 2", "DELETE FROM event WHERE seq = 3",
        "UPDATE event SET bytes = CAST(replace(CAST(bytes AS TEXT), 'coblong', 'cidadap') AS BLOB) WHERE seq = 2",
        "UPDATE event SET id = randomblob(16) WHERE seq = 1", "UPDATE audit SET who = 'somebody' WHERE id = 2",
        "DELETE FROM audit WHERE id = 2", "DELETE FROM audit WHERE id = 1"}) {
    EXPECT_FALSE(verdict_after(sql).sound()) << sql;
  }
}

// Threat 5: yesterday's backup takes the place of a server that was lost.
TEST(Threat05, AfterARestoreTerminalsSendWhatTheBackupLacks) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 3; n++) hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 3)));
  const std::string folder = hall.terminal.root + "/central";
  const std::string backup = hall.terminal.root + "/backup";
  const auto backed_up = hall.centre->back_up(backup, "admin");
  ASSERT_TRUE(backed_up) << backed_up.error().text;
  EXPECT_EQ(hall.centre->back_up(backup, "admin").error().kind, record::ErrorKind::conflict);
  EXPECT_EQ(hall.centre->back_up("backup", "admin").error().kind, record::ErrorKind::invalid);

  // A day goes on: more events, and a terminal that the backup never heard of.
  std::vector<store::Issued> after;
  for (int n = 0; n < 4; n++) after.push_back(hall.submit());
  for (int n = 0; n < 3; n++) ASSERT_TRUE(hall.send(hall.batch(4, 7)));
  const auto lost = wire::EnrolCode::parse(hall.centre->make_enrol_code(3273, "MPP", "")->code);
  ASSERT_EQ(hall.centre
                ->enrol(*wire::encode_enrol_request(*lost, "test", record::SigningKey::generate(),
                                                    record::SigningKey::generate()))
                .status,
            202U);
  ASSERT_EQ(hall.centre->devices()->size(), 2U);

  hall.centre.reset();
  std::filesystem::remove_all(folder);
  std::filesystem::rename(backup, folder);
  hall.open_centre();
  ASSERT_TRUE(hall.centre);
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", after[0].token))->verdict, Verdict::pending);
  auto answer = hall.send(hall.batch(8, 7));  // nothing new, says the terminal
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, wire::Standing::welcome);
  EXPECT_NE(answer->epoch, hall.grant.epoch);
  EXPECT_EQ(answer->acked_seq, 3U);
  ASSERT_EQ(answer->need.size(), 1U);
  EXPECT_EQ(answer->need[0], (wire::SeqRange{4, 7}));
  answer = hall.send(hall.batch(4, 7));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 7U);
  EXPECT_EQ(answer->results, std::vector<EventResult>(4, EventResult::stored));
  EXPECT_EQ(hall.centre->complaints("", 100)->size(), 7U);
  EXPECT_EQ(hall.centre->look_at_receipt(record::token_url("x", after[3].token))->verdict, Verdict::known);
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->sound());
  // The code that the lost enrolment had is not given a second time.
  const auto next = wire::EnrolCode::parse(hall.centre->make_enrol_code(3273, "MPP", "")->code);
  ASSERT_EQ(hall.centre
                ->enrol(*wire::encode_enrol_request(*next, "test", record::SigningKey::generate(),
                                                    record::SigningKey::generate()))
                .status,
            202U);
  EXPECT_GT(hall.centre->devices()->back().id.terminal, 2);
}

}  // namespace
}  // namespace anjungan::central
