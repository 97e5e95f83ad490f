// SPDX-License-Identifier: Apache-2.0
// Threats to the centre, by the numbers of tests/README.md, met through its own messages.
#include <sqlite3.h>

#include <set>

#include "sync/central/api/api.h"
#include "sync/record/event.h"
#include "sync/wire/http.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using wire::EventResult;
using wire::Standing;

/// Everything that must not move when nothing was believed.
std::vector<std::string> standing_of(Hall& hall) {
  std::vector<std::string> out;
  const auto stats = hall.centre->stats();
  EXPECT_TRUE(stats);
  for (const Centre::DeviceStats& one : *stats) {
    const Device& device = one.device;
    out.push_back(device.id.str() + " " + device_state_name(device.state) + " " + std::to_string(one.events) + " " +
                  std::to_string(device.acked_seq) + " " + std::to_string(device.join_counter) + " " +
                  std::to_string(device.seen_ms) + " " + std::to_string(device.clock_offset_ms) + " " +
                  std::to_string(device.conflicts) + " " + std::to_string(device.quarantined));
  }
  return out;
}

TEST(Threat02, ARequestCutAtAnyByteStoresNothingAndTheWholeOneEverythingOnce) {
  Hall hall;
  hall.enrol();
  for (int n = 0; n < 3; n++) hall.submit();
  const auto message = wire::encode_sync_request(hall.batch(1, 3), hall.device_key);
  ASSERT_TRUE(message);
  const auto before = standing_of(hall);
  for (std::size_t size = 0; size < message->size(); size++) {
    const auto part = record::Bytes(message->begin(), message->begin() + static_cast<std::ptrdiff_t>(size));
    ASSERT_NE(hall.centre->sync(part).status, 200U) << size;
  }
  EXPECT_EQ(standing_of(hall), before);
  // The answer is lost each time: the terminal sends the same again.
  for (int n = 0; n < 5; n++) ASSERT_EQ(hall.centre->sync(*message).status, 200U);
  EXPECT_EQ(hall.centre->stats()->front().events, 3U);
  EXPECT_EQ(hall.centre->complaints("", 100)->size(), 3U);
}

TEST(Threat05, AStoreThatForgotItsAnswersBeginsANewEpochAndLocksNobody) {
  Hall hall;
  hall.enrol();
  hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  hall.join_counter += 7;  // what a store that was put back from a plain copy does not remember
  auto answer = hall.send(hall.batch(1, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::welcome);
  EXPECT_NE(answer->epoch, hall.grant.epoch);
  EXPECT_EQ(answer->join_counter, hall.join_counter);
  const wire::Epoch epoch = hall.grant.epoch = answer->epoch;
  ASSERT_TRUE(hall.centre->revoke("3273-0001", 0));
  hall.join_counter += 7;
  answer = hall.send(hall.batch(2, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->epoch, epoch) << "whoever is not believed begins none";
}

TEST(Threat06, ARequestThatTheNetworkKeptBackLocksNobody) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const auto kept_back = wire::encode_sync_request(hall.batch(1, 1), hall.device_key);
  ASSERT_TRUE(kept_back);
  for (int n = 0; n < 5; n++) ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const auto before = standing_of(hall);
  for (int n = 0; n < 3; n++) ASSERT_EQ(hall.centre->sync(*kept_back).status, 200U);
  EXPECT_EQ(standing_of(hall), before) << "it changes nothing";
  const auto answer = hall.send(hall.batch(1, 1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::welcome);
}

TEST(Threat06, BothHistoriesOfACopiedDiskAreKept) {
  Hall hall;
  hall.enrol();
  hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  auto copy = hall.batch(2, 1);
  hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(2, 2)));
  // The copy goes on from the same event with one of its own, under a counter that still fits.
  record::Event event = record::parse_event(hall.batch(2, 2).events.front()).value();
  event.id = record::Uuid::make(event.time_ms);
  copy.events = {*record::write_event(event)};
  copy.last_seq = 2;
  copy.join_counter = hall.join_counter;
  const auto answer = hall.send(copy);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::locked);
  EXPECT_EQ(answer->results.front(), EventResult::conflict);
  const Device device = hall.centre->devices()->front();
  EXPECT_EQ(device.acked_seq, 2U);
  EXPECT_EQ(device.quarantined, 1U);
}

TEST(Threat06, AnUnlockedTerminalGoesOnWhereItStoodAndALivingCopyLocksItAgain) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const std::uint64_t copied = hall.join_counter;
  for (int n = 0; n < 3; n++) ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  EXPECT_FALSE(hall.centre->unlock("3273-0001")) << "it is not locked";
  const std::uint64_t original = hall.join_counter;
  hall.join_counter = copied;
  for (int n = 0; n < 2; n++) ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const std::uint64_t copy = hall.join_counter;
  ASSERT_EQ(hall.centre->devices()->front().state, DeviceState::locked);

  // What the original sends meanwhile is kept apart and comes again.
  hall.submit();
  hall.join_counter = original;
  auto answer = hall.send(hall.batch(2, 2));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::locked);
  EXPECT_EQ(answer->acked_seq, 1U);
  ASSERT_TRUE(hall.centre->unlock("3273-0001"));
  answer = hall.send(hall.batch(2, 2));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::welcome);
  EXPECT_EQ(answer->results.front(), EventResult::stored);
  EXPECT_EQ(answer->acked_seq, 2U);
  hall.join_counter = copy;
  answer = hall.send(hall.batch(3, 2));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->standing, Standing::locked);
}

TEST(KeyChange, EveryTerminalHearsOfTheNewKeyBeforeItIsUsed) {
  Hall hall;
  hall.enrol();
  EXPECT_EQ(hall.centre->switch_key("admin", false).error().kind, record::ErrorKind::conflict) << "none is announced";
  auto news = hall.centre->announce_key("admin");
  ASSERT_TRUE(news) << news.error().text;
  EXPECT_EQ(news->serial, 2U);
  EXPECT_EQ(news->not_told_yet, std::vector<std::string>{"3273-0001"});
  EXPECT_EQ(hall.centre->switch_key("admin", false).error().kind, record::ErrorKind::conflict) << "nobody knows it";
  // The answer that brings it is signed with the key that the terminal knows.
  auto answer = hall.send(hall.batch(1, 0));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->feed.size(), 1U);
  EXPECT_EQ(answer->feed.front().kind, "keys");
  const auto manifest = wire::open_key_manifest(answer->feed.front().body, hall.grant.root);
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->signing.size(), 2U);
  EXPECT_EQ(hall.centre->announce_key("admin")->not_told_yet.size(), 1U) << "sent, and not confirmed";
  ASSERT_TRUE(hall.send(hall.batch(1, 0)));
  news = hall.centre->announce_key("admin");
  ASSERT_TRUE(news);
  EXPECT_EQ(news->serial, 2U) << "it is announced already";
  EXPECT_TRUE(news->not_told_yet.empty());

  ASSERT_TRUE(hall.centre->switch_key("admin", false));
  hall.open_centre();
  const auto old_keys = hall.keys;
  hall.keys = {manifest->signing.back()};
  answer = hall.send(hall.batch(1, 0));
  ASSERT_TRUE(answer) << "signed with the new key alone";
  ASSERT_EQ(answer->feed.size(), 1U);
  const auto last = wire::open_key_manifest(answer->feed.front().body, hall.grant.root);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->signing, hall.keys);
  EXPECT_NE(last->signing, old_keys);
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->findings.empty());
}

TEST(KeyChange, NeedsTheRootKeyForAMoment) {
  Hall hall;
  hall.enrol();
  const std::string root = hall.terminal.root + "/central/keys/root.key";
  std::filesystem::rename(root, hall.terminal.root + "/root.key");
  EXPECT_EQ(hall.centre->announce_key("admin").error().kind, record::ErrorKind::not_found);
  std::filesystem::rename(hall.terminal.root + "/root.key", root);
  EXPECT_TRUE(hall.centre->announce_key("admin"));
}

TEST(Threat10, TenThousandGuessedCodesLearnNothingAndAreStopped) {
  Hall hall;
  hall.enrol();
  hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const HttpCounters counters;
  Api api(*hall.centre, hall.terminal.clock, counters, {});
  HttpRequest request;
  request.method = "POST";
  request.path = "/t/code";
  std::set<std::string> answers;
  int heard = 0;
  std::uint64_t misses = 0;
  for (int n = 0; n < 10'000; n++) {
    // A hundred phones; every third guess does not even have the check characters right.
    request.peer = "192.0.2." + std::to_string(n % 100);
    std::string code = record::AccessCode::random().str();
    if (n % 3 == 0) code.back() = code.back() == 'X' ? 'Y' : 'X';
    request.body = R"({"code":")" + code + R"("})";
    const HttpResponse response = api.serve(request);
    if (response.status == 200) {
      heard++;
      misses += n % 3 == 0 ? 0U : 1U;
      answers.insert(response.body);
    } else {
      ASSERT_EQ(response.status, 429U);
      EXPECT_GT(response.retry_after_s, 0);
    }
  }
  EXPECT_EQ(answers.size(), 1U) << "every wrong code has the same answer";
  EXPECT_EQ(heard, 500) << "five a phone";
  EXPECT_EQ(hall.centre->counters().code_misses, misses) << "the alarm's number, without slips of the finger";
  EXPECT_NE(metrics_text(counters, *hall.centre).find("anjungan_code_misses_total " + std::to_string(misses) + "\n"),
            std::string::npos);
  request.body = R"({"code":")" + record::AccessCode::random().str() + R"("})";
  for (int phone = 0; phone < 200; phone++) {
    request.peer = "198.51.100." + std::to_string(phone);
    static_cast<void>(api.serve(request));
  }
  EXPECT_EQ(hall.centre->counters().code_misses, misses + 100) << "six hundred for all together";
  hall.terminal.clock.now_ms += 60'001;
  EXPECT_EQ(api.serve(request).status, 200U) << "a minute later an honest one is heard again";
}

TEST(Threat11, ARepeatedRequestChangesNothingAndServesNoOtherCentre) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const auto message = wire::encode_sync_request(hall.batch(1, 1), hall.device_key);
  ASSERT_TRUE(message);
  ASSERT_EQ(hall.centre->sync(*message).status, 200U);
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  ASSERT_TRUE(hall.send(hall.batch(2, 1)));
  hall.terminal.clock.now_ms += 3'600'000;
  const auto before = standing_of(hall);
  for (int n = 0; n < 3; n++) EXPECT_EQ(hall.centre->sync(*message).status, 200U);
  EXPECT_EQ(standing_of(hall), before);
  EXPECT_EQ(hall.centre->complaints("", 100)->size(), 1U);
  // On other paths of the same centre, and at another centre.
  EXPECT_EQ(hall.centre->enrol(*message).status, 400U);
  EXPECT_EQ(hall.centre->question(*message).status, 400U);
  Hall other;
  other.enrol();
  EXPECT_EQ(other.centre->sync(*message).status, 401U);
}

TEST(Threat12, WhateverTheClockSaysOrderIsSeqAndTheDeadlineIsTrue) {
  constexpr std::int64_t k_day_ms = 86'400'000;
  Hall hall;
  hall.enrol();
  const std::int64_t now = hall.terminal.clock.now_ms;
  std::vector<std::string> numbers;
  for (const std::int64_t wrong : {std::int64_t{0}, -now, 3'650 * k_day_ms, -40 * k_day_ms}) {
    hall.terminal.clock.now_ms = now + wrong;
    numbers.push_back(hall.submit().number.str());
    const std::uint64_t seq = numbers.size();
    const auto request = hall.batch(seq, seq);  // carries the wrong time
    hall.terminal.clock.now_ms = now;           // the clock of the centre is the same object, and right
    const auto answer = hall.send(request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->standing, Standing::welcome);
    EXPECT_EQ(answer->acked_seq, seq);
    EXPECT_EQ(answer->server_time_ms, now);
    const auto row = hall.centre->complaint(numbers.back());
    ASSERT_TRUE(row);
    EXPECT_EQ(row->complaint.seq, seq);
    EXPECT_EQ(row->complaint.received_ms, now) << "corrected by what the clock was off at that moment";
    ASSERT_TRUE(row->complaint.due);
  }
  // Whatever a wrong clock has printed, or a dead one has not: the centre counts from the true day.
  const catalogue::Catalogue& catalogue = hall.centre->catalogue();
  const auto due = record::due_dates(record::local_date(now, 420), record::ComplaintClass::complaint, catalogue.limits,
                                     catalogue.holidays);
  for (std::size_t n = 1; n < numbers.size(); n++) {
    EXPECT_EQ(hall.centre->complaint(numbers[n])->complaint.due->close.str(), due.close.str()) << n;
  }
}

TEST(Threat13, EveryKindOfPoisonIsKeptApartAndWhatIsBehindItFlows) {
  Hall hall;
  hall.enrol();
  hall.submit();
  const std::string good = record::to_text(hall.batch(1, 1).events.front());
  const auto spoiled = [&](const std::string& at, const std::string& with) {
    std::string text = good;
    text.replace(text.find(at), at.size(), with);
    return record::Bytes(text.begin(), text.end());
  };
  const std::vector<record::Bytes> poison = {
      {},
      {0},
      record::Bytes(200'000, '['),
      record::Bytes(200'000, 'a'),
      spoiled("coblong", std::string("cob\0ong", 7)),
      spoiled("coblong", "cob\\u0000ng"),
      spoiled("coblong", "\\ud800"),
      spoiled("coblong", "\xed\xa0\x80"),
      spoiled("3273-0001", "3273-0002"),
      spoiled("\"seq\":1", "\"seq\":1e0"),
      spoiled("{", "{\"seq\":2,"),
  };
  for (std::size_t n = 0; n < poison.size(); n++) {
    Hall fresh;
    fresh.enrol();
    for (int event = 0; event < 3; event++) fresh.submit();
    auto request = fresh.batch(1, 3);
    request.events[0] = poison[n];
    const auto answer = fresh.send(request);
    ASSERT_TRUE(answer) << n << " has status " << fresh.status;
    EXPECT_EQ(answer->standing, Standing::welcome) << n;
    EXPECT_EQ(answer->results[0], EventResult::quarantined) << n;
    EXPECT_EQ(answer->results[2], EventResult::stored) << n;
    EXPECT_EQ(answer->acked_seq, 3U) << n;
    EXPECT_GE(fresh.centre->devices()->front().quarantined, 1U) << n;
  }
}

TEST(Threat22, TextsThatSpeakSqlAndPathsAreTexts) {
  Hall hall;
  hall.enrol();
  const auto issued = hall.submit();
  ASSERT_TRUE(hall.send(hall.batch(1, 1)));
  const HttpCounters counters;
  Api api(*hall.centre, hall.terminal.clock, counters, {});
  for (const std::string text :
       {"' OR '1'='1", "'; DROP TABLE event; --", "\" OR 1=1 --", "%' UNION SELECT * FROM device --",
        "../keys/root.key", "..%2fkeys%2froot.key", "/s/../keys/root.key", "\\..\\keys", "%00"}) {
    EXPECT_TRUE(hall.centre->complaints(text, 10)->empty()) << text;
    EXPECT_FALSE(hall.centre->complaint(text)) << text;
    EXPECT_FALSE(hall.centre->confirm(text)) << text;
    EXPECT_FALSE(hall.centre->revoke(text, 0)) << text;
    EXPECT_FALSE(hall.centre->open_personal(text, "admin")) << text;
    EXPECT_FALSE(hall.centre->look_at_code(text)) << text;
    EXPECT_EQ(hall.centre->look_at_receipt(text)->verdict, Verdict::forged) << text;
    HttpRequest request;
    request.method = "GET";
    for (const char* before : {"", "/", "/s/", "/t/"}) {
      request.path = before + text;
      EXPECT_EQ(api.serve(request).status, 404U) << request.path;
    }
    // As the office of a terminal it is kept as it is.
    ASSERT_TRUE(hall.centre->make_enrol_code(3273, text, text)) << text;
  }
  EXPECT_EQ(hall.centre->stats()->front().events, 1U);
  EXPECT_EQ(hall.centre->complaint(issued.number.str())->complaint.number, issued.number.str());
}

}  // namespace
}  // namespace anjungan::central
