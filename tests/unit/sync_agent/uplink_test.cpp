// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/uplink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/unit/sync_agent/terminal.h"

namespace anjungan::agent {
namespace {

using test::settle;
using test::Terminal;

TEST(Uplink, DeliversEveryEventVerbatimInBatchesAndRemembersIt) {
  Terminal terminal;
  terminal.kiosk->add(23);
  {
    Uplink uplink = terminal.start(nullptr, 10);
    EXPECT_EQ(uplink.waiting(), 23U);
    const Exchange first = uplink.exchange();
    EXPECT_EQ(first.next, Next::again);
    EXPECT_EQ(first.sent, 10U);
    EXPECT_EQ(first.acked_seq, 10U);
    const Exchange last = settle(uplink);
    EXPECT_EQ(last.next, Next::rest);
    EXPECT_EQ(last.sent, 3U);
    EXPECT_EQ(uplink.waiting(), 0U);
  }
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 23U);
  EXPECT_EQ(terminal.centre.sync_requests(), 3U);
  terminal.kiosk->add(1);
  Uplink again = terminal.start();
  EXPECT_EQ(again.exchange().sent, 1U);
  EXPECT_EQ(terminal.centre.last_request().from_seq, 24U);
  EXPECT_EQ(terminal.centre.last_request().prev, record::hash(terminal.events_on_disk().at(23)));
}

TEST(Uplink, ATerminalWhoseKioskNeverRanAsksForNews) {
  Terminal terminal;
  terminal.kiosk.reset();
  std::filesystem::remove(terminal.folder.path("data/intake.db"));
  std::filesystem::remove(terminal.folder.path("data/intake.db-wal"));
  std::filesystem::remove(terminal.folder.path("data/intake.db-shm"));
  Uplink uplink = terminal.start();
  const Exchange done = uplink.exchange();
  EXPECT_EQ(done.next, Next::rest) << done.reason;
  EXPECT_EQ(terminal.centre.last_request().from_seq, 1U);
  EXPECT_EQ(terminal.centre.last_request().last_seq, 0U);
  EXPECT_GT(terminal.state_on_disk().last_contact_ms, 0);
}

TEST(Threat25, NothingButASignedAnswerIsAnAcknowledgement) {
  Terminal terminal;
  terminal.kiosk->add(5);
  Uplink uplink = terminal.start();
  const std::string page = "<html><body>Welcome to Hotel Wi-Fi! Please log in.</body></html>";
  for (const long status : {200L, 204L, 301L, 302L, 401L, 403L, 404L, 500L, 502L, 511L}) {
    terminal.direct.spoil = [&](HttpAnswer answer) {
      // The centre stored everything, but what comes back is the portal's page.
      answer.status = status;
      answer.body.assign(page.begin(), page.end());
      return answer;
    };
    const Exchange done = uplink.exchange();
    EXPECT_EQ(done.next, Next::back_off) << status;
    EXPECT_FALSE(done.reason.empty());
    EXPECT_EQ(uplink.state().acked_seq, 0U) << status;
  }
  terminal.direct.spoil = [](HttpAnswer answer) {
    answer.body.clear();
    return answer;
  };
  EXPECT_EQ(uplink.exchange().next, Next::back_off);
  // A real answer under a wrong status is no acknowledgement either.
  terminal.direct.spoil = [](HttpAnswer answer) {
    answer.status = 201;
    return answer;
  };
  EXPECT_EQ(uplink.exchange().next, Next::back_off);
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 0U);
  terminal.direct.spoil = nullptr;
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 5U);
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
}

TEST(Threat25, EveryByteOfAnAcknowledgementThatIsTouchedMakesItWorthless) {
  Terminal terminal;
  terminal.kiosk->add(2);
  Uplink uplink = terminal.start();
  std::size_t size = 1;
  for (std::size_t at = 0; at < size; ++at) {
    terminal.direct.spoil = [&](HttpAnswer answer) {
      size = answer.body.size();
      answer.body[at] = static_cast<std::uint8_t>(answer.body[at] ^ 0x01);
      return answer;
    };
    const Exchange done = uplink.exchange();
    ASSERT_EQ(done.next, Next::back_off) << "byte " << at;
    ASSERT_EQ(uplink.state().acked_seq, 0U) << "byte " << at;
  }
  EXPECT_GT(size, 100U);
}

TEST(Uplink, AnAnswerToAnEarlierRequestIsRefused) {
  Terminal terminal;
  terminal.kiosk->add(1);
  Uplink uplink = terminal.start();
  HttpAnswer earlier;
  terminal.direct.spoil = [&](HttpAnswer answer) {
    earlier = answer;
    return answer;
  };
  EXPECT_EQ(uplink.exchange().next, Next::rest);
  terminal.kiosk->add(1);
  terminal.direct.spoil = [&](HttpAnswer) { return earlier; };
  const Exchange replayed = uplink.exchange();
  EXPECT_EQ(replayed.next, Next::back_off);
  EXPECT_THAT(replayed.reason, testing::HasSubstr("another request"));
  EXPECT_EQ(uplink.state().acked_seq, 1U);
}

TEST(Uplink, AnotherTerminalsAcknowledgementIsRefused) {
  Terminal terminal;
  terminal.kiosk->add(1);
  Uplink uplink = terminal.start();
  terminal.direct.spoil = [&](HttpAnswer answer) {
    wire::SyncAnswer forged;
    forged.acked_seq = 1;
    forged.results = {wire::EventResult::stored};
    answer.body = wire::encode_sync_answer(forged, {3273, 13}, {}, terminal.centre.signing_key()).value();
    return answer;
  };
  const Exchange done = uplink.exchange();
  EXPECT_EQ(done.next, Next::back_off);
  EXPECT_THAT(done.reason, testing::HasSubstr("another terminal"));
  EXPECT_EQ(uplink.state().acked_seq, 0U);
}

TEST(Uplink, RetryAfterIsPassedOn) {
  Terminal terminal;
  Uplink uplink = terminal.start();
  terminal.direct.spoil = [](HttpAnswer answer) {
    answer.status = 503;
    answer.retry_after = std::chrono::seconds{77};
    return answer;
  };
  const Exchange done = uplink.exchange();
  EXPECT_EQ(done.next, Next::back_off);
  EXPECT_EQ(done.asked.count(), 77);
}

TEST(Uplink, MoreAckedThanThisDiskHoldsMeansARestoredDisk) {
  Terminal terminal;
  terminal.kiosk->add(3);
  {
    Uplink uplink = terminal.start();
    EXPECT_EQ(settle(uplink).next, Next::rest);
  }
  // The disk comes back from a copy made before the first event.
  terminal.kiosk.reset();
  for (const char* name : {"data/intake.db", "data/intake.db-wal", "data/intake.db-shm"}) {
    std::filesystem::remove(terminal.folder.path(name));
  }
  const std::size_t before = terminal.centre.sync_requests();
  Uplink uplink = terminal.start();
  const Exchange done = uplink.exchange();
  EXPECT_EQ(done.next, Next::stop);
  EXPECT_THAT(done.reason, testing::HasSubstr("enrol the terminal anew"));
  EXPECT_EQ(terminal.centre.sync_requests(), before) << "nothing may be sent from such a disk";
}

TEST(Uplink, AnAckAboveTheNewestEventStopsEvenWhenSigned) {
  Terminal terminal;
  terminal.kiosk->add(2);
  terminal.centre.before_signing = [](wire::SyncAnswer& answer) { answer.acked_seq = 9; };
  Uplink uplink = terminal.start();
  EXPECT_EQ(uplink.exchange().next, Next::stop);
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 0U);
}

TEST(Uplink, AnAckOfAnotherEventWithTheSameSeqStops) {
  Terminal terminal;
  terminal.kiosk->add(2);
  terminal.centre.before_signing = [](wire::SyncAnswer& answer) { answer.acked_hash.back() ^= 1; };
  Uplink uplink = terminal.start();
  const Exchange done = uplink.exchange();
  EXPECT_EQ(done.next, Next::stop);
  EXPECT_THAT(done.reason, testing::HasSubstr("another event 2"));
  EXPECT_EQ(terminal.state_on_disk().acked_seq, 0U);
}

TEST(Uplink, ACentreRestoredFromABackupGetsWhatItLost) {
  Terminal terminal;
  terminal.kiosk->add(40);
  Uplink uplink = terminal.start(nullptr, 7);
  EXPECT_EQ(settle(uplink).next, Next::rest);
  terminal.centre.tell({4, "case", "3273-0012-000001-7", record::Bytes{'{', '}'}});
  terminal.centre.restore([](std::uint64_t seq) { return seq > 31; });
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
  EXPECT_EQ(uplink.state().acked_seq, 40U);
  EXPECT_EQ(terminal.state_on_disk().epoch, uplink.state().epoch);
  EXPECT_EQ(terminal.centre.last_request().epoch, uplink.state().epoch);
}

TEST(Uplink, OnlyTheRangesTheCentreLacksAreSentAgain) {
  Terminal terminal;
  terminal.kiosk->add(40);
  Uplink uplink = terminal.start();
  EXPECT_EQ(settle(uplink).next, Next::rest);
  terminal.centre.restore([](std::uint64_t seq) { return seq == 5 || (seq >= 20 && seq <= 22) || seq > 38; });
  std::size_t sent = 0;
  for (Exchange done = uplink.exchange();; done = uplink.exchange()) {
    sent += done.sent;
    if (done.next != Next::again) break;
  }
  EXPECT_EQ(terminal.centre.events(), terminal.events_on_disk());
  EXPECT_EQ(sent, 1U + 3U + 2U);
}

TEST(Uplink, AfterANewEpochTheFeedStartsAgain) {
  Terminal terminal;
  terminal.kiosk->add(1);
  terminal.centre.tell({50, "case", "3273-0012-000001-7", record::Bytes{'1'}});
  Uplink uplink = terminal.start();
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(uplink.state().feed_cursor, 50U);
  terminal.centre.restore([](std::uint64_t) { return false; });
  Exchange done = uplink.exchange();
  EXPECT_EQ(done.next, Next::again);
  done = uplink.exchange();
  EXPECT_EQ(terminal.centre.last_request().feed_cursor, 0U);
  EXPECT_EQ(uplink.state().feed_cursor, 50U);
}

TEST(Uplink, ACentreThatTakesNothingIsNotAskedInAHotLoop) {
  Terminal terminal;
  terminal.kiosk->add(3);
  terminal.centre.before_signing = [](wire::SyncAnswer& answer) {
    answer.acked_seq = 0;
    answer.acked_hash = {};
    answer.results.assign(3, wire::EventResult::conflict);
  };
  Uplink uplink = terminal.start();
  EXPECT_EQ(uplink.exchange().next, Next::back_off);
  EXPECT_EQ(uplink.exchange().next, Next::back_off);
}

TEST(Uplink, LockedAndRevokedAreShownAndAckNothing) {
  for (const wire::Standing standing : {wire::Standing::locked, wire::Standing::revoked}) {
    Terminal terminal;
    terminal.kiosk->add(2);
    terminal.centre.before_signing = [&](wire::SyncAnswer& answer) { answer.standing = standing; };
    Uplink uplink = terminal.start();
    const Exchange done = uplink.exchange();
    EXPECT_EQ(done.next, Next::back_off);
    EXPECT_EQ(terminal.state_on_disk().standing, static_cast<int>(standing));
    EXPECT_EQ(terminal.state_on_disk().acked_seq, 0U);
    EXPECT_FALSE(terminal.state_on_disk().last_error.empty());
    terminal.centre.before_signing = nullptr;
    EXPECT_EQ(settle(uplink).next, Next::rest) << "an administrator's unlocking is noticed";
    EXPECT_EQ(terminal.state_on_disk().standing, 1);
    EXPECT_TRUE(terminal.state_on_disk().last_error.empty());
  }
}

TEST(Uplink, ManyLostAnswersInARowLockNobody) {
  Terminal terminal;
  terminal.kiosk->add(1);
  Uplink uplink = terminal.start();
  terminal.direct.spoil = [](const HttpAnswer&) -> record::Result<HttpAnswer> {
    return record::fail(record::ErrorKind::unavailable, "lost");
  };
  for (int i = 0; i < 50; ++i) EXPECT_EQ(uplink.exchange().next, Next::back_off);
  terminal.direct.spoil = nullptr;
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.centre.events().size(), 1U);
}

TEST(Uplink, ACopyOfTheDiskIsLockedByTheJoinCounter) {
  Terminal terminal;
  terminal.kiosk->add(1);
  const std::string copy = terminal.folder.path("copy");
  std::filesystem::copy(terminal.folder.path("data"), copy, std::filesystem::copy_options::recursive);
  {
    Uplink original = terminal.start();
    for (int i = 0; i < 3; ++i) EXPECT_EQ(original.exchange().next, Next::rest);
  }
  Uplink::Parts parts{copy,
                      store::load_identity(copy).value(),
                      store::load_key(copy, store::KeyUse::device).value(),
                      store::SyncStore::open(copy).value(),
                      &terminal.direct,
                      &terminal.clock};
  Uplink clone = Uplink::open(std::move(parts)).value();
  EXPECT_EQ(clone.exchange().next, Next::back_off);
  EXPECT_EQ(clone.state().standing, static_cast<int>(wire::Standing::locked));
}

TEST(Uplink, CaseNewsAreKeptWithTheCursor) {
  Terminal terminal;
  const record::TrackingNumber number{3273, 12, 427};
  terminal.centre.tell({7, "case", number.str(), record::Bytes{'{', '}'}});
  terminal.centre.tell({8, "holiday", "x", record::Bytes{1}});
  terminal.centre.tell({9, "case", "no number", record::Bytes{2}});
  Uplink uplink = terminal.start();
  EXPECT_EQ(settle(uplink).next, Next::rest);
  auto reader = store::SyncReader::open(terminal.folder.path("data")).value();
  EXPECT_EQ(reader.case_of(number).value(), (record::Bytes{'{', '}'}));
  EXPECT_EQ(reader.state().value().feed_cursor, 9U);
  terminal.centre.tell({10, "case", number.str(), record::Bytes{'[', ']'}});
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(reader.case_of(number).value(), (record::Bytes{'[', ']'}));
}

TEST(Uplink, NewKeysAreAdoptedFromTheRootOnlyAndNeverBackwards) {
  Terminal terminal;
  const auto stranger = record::SigningKey::generate();
  const auto other = record::SigningKey::generate();
  const auto keys = [&] { return store::load_identity(terminal.folder.path("data")).value().centre_keys; };
  Uplink uplink = terminal.start();
  terminal.centre.tell({1, "keys", "", terminal.centre.manifest(9, stranger, stranger.public_key())});
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_THAT(keys(), testing::ElementsAre(terminal.centre.signing_key().public_key()));
  terminal.centre.tell({2, "keys", "", terminal.centre.manifest(1, terminal.centre.root(), other.public_key())});
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_THAT(keys(), testing::ElementsAre(terminal.centre.signing_key().public_key()));
  terminal.centre.tell({3, "keys", "", terminal.centre.manifest(2, terminal.centre.root(), other.public_key())});
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_THAT(keys(), testing::ElementsAre(other.public_key()));
  EXPECT_EQ(uplink.exchange().next, Next::back_off) << "the old key signs no more";
}

TEST(Threat12, TheClockIsHeldAgainstTheCentres) {
  Terminal terminal;
  terminal.clock.now_ms = 5'000;  // 1970
  Uplink uplink = terminal.start();
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.state_on_disk().clock_offset_ms, 1'786'512'720'000 - 5'000);
  EXPECT_EQ(terminal.state_on_disk().last_contact_ms, 5'000);
}

TEST(Uplink, AFailureIsRememberedUntilTheNextGoodAnswer) {
  Terminal terminal;
  Uplink uplink = terminal.start();
  uplink.remember_failure("HTTP status 503");
  EXPECT_EQ(terminal.state_on_disk().last_error, "HTTP status 503");
  EXPECT_EQ(settle(uplink).next, Next::rest);
  EXPECT_EQ(terminal.state_on_disk().last_error, "");
}

struct Asked {
  record::SealingKey reply = record::SealingKey::generate();
  store::Question question;

  explicit Asked(const Terminal& terminal, std::uint8_t code) {
    question.id = record::Uuid::make(terminal.clock.now_ms);
    question.code_hash.fill(code);
    question.reply_key = reply.public_key();
    question.asked_ms = terminal.clock.now_ms;
  }
};

TEST(Questions, AreAnsweredOnceAndOnlyTheAppCanReadTheAnswer) {
  Terminal terminal;
  const Asked known(terminal, 0x77);
  const Asked unknown(terminal, 0x11);
  terminal.centre.known_code = known.question.code_hash;
  terminal.centre.known_case = R"({"state":"verified"})";
  terminal.kiosk->ask(known.question);
  terminal.kiosk->ask(unknown.question);
  Uplink uplink = terminal.start();
  EXPECT_TRUE(uplink.questions_wait());
  EXPECT_EQ(uplink.carry_questions().next, Next::rest);
  EXPECT_FALSE(uplink.questions_wait());
  EXPECT_EQ(uplink.carry_questions().next, Next::rest);
  EXPECT_EQ(terminal.centre.questions(), 2U);
  auto reader = store::SyncReader::open(terminal.folder.path("data")).value();
  const auto answer = reader.answer_to(known.question.id).value();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->finding, 1);
  EXPECT_THAT(record::to_text(known.reply.open(answer->sealed_case).value()),
              testing::StartsWith(terminal.centre.known_case));
  EXPECT_EQ(reader.answer_to(unknown.question.id).value()->finding, 2);
}

TEST(Questions, WithoutAValidAnswerWait) {
  Terminal terminal;
  terminal.kiosk->ask(Asked(terminal, 0x77).question);
  Uplink uplink = terminal.start();
  terminal.direct.spoil = [](HttpAnswer answer) {
    answer.body.back() ^= 1;
    return answer;
  };
  EXPECT_EQ(uplink.carry_questions().next, Next::back_off);
  EXPECT_TRUE(uplink.questions_wait());
}

TEST(Questions, NobodyWaitsForAreNotAsked) {
  Terminal terminal;
  terminal.kiosk->ask(Asked(terminal, 0x77).question);
  terminal.clock.now_ms += 11 * 60 * 1000;
  Uplink uplink = terminal.start();
  EXPECT_FALSE(uplink.questions_wait());
  EXPECT_EQ(uplink.carry_questions().next, Next::rest);
  EXPECT_EQ(terminal.centre.questions(), 0U);
}

}  // namespace
}  // namespace anjungan::agent
