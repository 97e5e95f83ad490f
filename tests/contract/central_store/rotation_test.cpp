// SPDX-License-Identifier: Apache-2.0
// A terminal changes its keys (PROTOCOL.md, "Rotation"), over both databases.
#include <gtest/gtest.h>

#include <filesystem>

#include "sync/central/ingest/copy_store.h"
#include "sync/wire/carried.h"
#include "sync/wire/rotation.h"
#include "tests/contract/central_store/both_stores.h"
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

using record::SigningKey;

SigningKey copy_of(const SigningKey& key) { return SigningKey::from_seed(key.seed()); }

/// A hall whose terminal changes its keys.
class Rotating : public Hall {
 public:
  using Hall::Hall;

  /// The request for these keys, signed by those in use.
  [[nodiscard]] record::Bytes request(const SigningKey& next_receipt, const SigningKey& next_device) const {
    wire::RotationRequest out;
    out.device = grant.device;
    out.centre = wire::root_id(grant.root);
    out.receipt_key = receipt_key.public_key();
    out.device_key = device_key.public_key();
    out.next_receipt_key = next_receipt.public_key();
    out.next_device_key = next_device.public_key();
    if (out.changes_receipt_key()) out.receipt_proof = wire::prove_receipt_key(out.device, out.centre, next_receipt);
    return wire::encode_rotation_request(out, device_key, next_device).value();
  }
  record::Result<wire::RotationAnswer> rotate(const record::Bytes& message) {
    const Reply reply = centre->rotate(message);
    status = reply.status;
    if (status != 200) return record::fail(record::ErrorKind::denied, std::to_string(status));
    return wire::open_rotation_answer(reply.body, grant.device, wire::message_digest(message), keys);
  }
  /// As the terminal does once it was answered.
  void take_up(SigningKey next_receipt, SigningKey next_device) {
    device_key = std::move(next_device);
    if (next_receipt.public_key() == receipt_key.public_key()) return;
    receipt_key = std::move(next_receipt);
    store.reset();
    store::IntakeOptions options;
    options.ballast_bytes = 0;
    options.low_water_bytes = 0;
    options.clock = &terminal.clock;
    store =
        store::IntakeStore::open(terminal.data(), terminal.runtime(), terminal.identity, copy_of(receipt_key), options)
            .value();
  }
  void change_both() {
    auto receipt = SigningKey::generate();
    auto device = SigningKey::generate();
    const auto answer = rotate(request(receipt, device));
    ASSERT_TRUE(answer) << status;
    take_up(std::move(receipt), std::move(device));
  }
  /// Everything that waits, with the key in use.
  std::optional<wire::SyncAnswer> deliver(std::uint64_t from) { return send(batch(from, store->last_seq())); }
  [[nodiscard]] Verdict verdict(const record::ReceiptToken& token) const {
    return centre->look_at_receipt(record::token_url("x", token))->verdict;
  }
};

/// A receipt that somebody makes who has got hold of `key`.
record::ReceiptToken counterfeit(const store::Issued& like, std::uint64_t seq, const SigningKey& key) {
  record::ReceiptToken out = like.token;
  out.seq = seq;
  record::fill_random(out.secret);
  out.sign(key);
  return out;
}

class Rotation : public BothStores {};
INSTANTIATE_TEST_SUITE_P(Both, Rotation, testing::Bool(), store_name);

TEST_P(Rotation, TheChainGoesOnUnderTheNewKeysAndTheOldOnesAreRefused) {
  Rotating hall(m_url);
  hall.enrol();
  hall.submit();
  ASSERT_TRUE(hall.deliver(1));
  const std::uint64_t join = hall.join_counter;
  const SigningKey old_device = copy_of(hall.device_key);
  const SigningKey old_receipt = copy_of(hall.receipt_key);
  const auto noted = hall.centre->verify(std::nullopt)->audit_rows;
  hall.change_both();
  EXPECT_EQ(hall.centre->verify(std::nullopt)->audit_rows, noted + 1);
  hall.submit();
  auto answer = hall.deliver(2);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 2U);
  EXPECT_EQ(answer->standing, wire::Standing::welcome);
  EXPECT_EQ(answer->epoch, hall.grant.epoch);
  EXPECT_EQ(answer->join_counter, join + 1);

  // Whoever has a copy of the disk from before.
  const auto with_old = wire::encode_sync_request(hall.batch(3, 2), old_device).value();
  EXPECT_EQ(hall.centre->sync(with_old).status, 401U);
  EXPECT_EQ(hall.centre
                ->take_carried(
                    [&] {
                      auto carried = hall.batch(3, 2);
                      carried.join_counter = wire::k_carried;
                      return wire::encode_sync_request(carried, old_device).value();
                    }(),
                    "admin")
                .error()
                .kind,
            record::ErrorKind::denied);
  wire::QuestionRequest question;
  question.device = hall.grant.device;
  question.centre = wire::root_id(hall.grant.root);
  EXPECT_EQ(hall.centre->question(wire::encode_question(question, old_device).value()).status, 401U);
  EXPECT_EQ(hall.centre->question(wire::encode_question(question, hall.device_key).value()).status, 200U);
  wire::RotationRequest theft;
  theft.device = hall.grant.device;
  theft.centre = question.centre;
  theft.receipt_key = old_receipt.public_key();
  theft.device_key = old_device.public_key();
  const SigningKey his = SigningKey::generate();
  theft.next_receipt_key = theft.receipt_key;
  theft.next_device_key = his.public_key();
  EXPECT_FALSE(hall.rotate(wire::encode_rotation_request(theft, old_device, his).value()));
  EXPECT_EQ(hall.status, 401U);
  EXPECT_EQ(hall.centre->counters().key_changes.load(), 1U);
  EXPECT_EQ(hall.centre->counters().key_changes_refused.load(), 1U);
  // He has changed nothing.
  hall.submit();
  answer = hall.deliver(3);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 3U);
  const auto devices = hall.centre->devices().value();
  EXPECT_EQ(devices[0].key_changes, 1U);
  EXPECT_EQ(devices[0].receipt_key, hall.receipt_key.public_key());
  EXPECT_EQ(devices[0].device_key, hall.device_key.public_key());
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->sound());
}

TEST_P(Rotation, OneKeyAloneChanges) {
  Rotating hall(m_url);
  hall.enrol();
  auto device = SigningKey::generate();
  ASSERT_TRUE(hall.rotate(hall.request(hall.receipt_key, device)));
  hall.take_up(copy_of(hall.receipt_key), std::move(device));
  const auto first = hall.submit();
  ASSERT_TRUE(hall.deliver(1));
  auto receipt = SigningKey::generate();
  ASSERT_TRUE(hall.rotate(hall.request(receipt, hall.device_key)));
  hall.take_up(std::move(receipt), copy_of(hall.device_key));
  const auto second = hall.submit();
  ASSERT_TRUE(hall.deliver(2));
  EXPECT_EQ(hall.verdict(first.token), Verdict::known);
  EXPECT_EQ(hall.verdict(second.token), Verdict::known);
}

TEST_P(Rotation, TheSameRequestGetsTheSameAnswerWhateverCameAfter) {
  Rotating hall(m_url);
  hall.enrol();
  auto receipt = SigningKey::generate();
  auto device = SigningKey::generate();
  const record::Bytes request = hall.request(receipt, device);
  const Reply first = hall.centre->rotate(request);
  ASSERT_EQ(first.status, 200U);
  hall.terminal.clock.now_ms += 60'000;
  EXPECT_EQ(hall.centre->rotate(request).body, first.body);
  hall.open_centre();
  EXPECT_EQ(hall.centre->rotate(request).body, first.body);
  EXPECT_EQ(hall.centre->devices().value()[0].key_changes, 1U);
  hall.take_up(std::move(receipt), std::move(device));
  hall.change_both();
  EXPECT_EQ(hall.centre->rotate(request).body, first.body);
  EXPECT_EQ(hall.centre->devices().value()[0].key_changes, 2U);
  EXPECT_EQ(hall.centre->devices().value()[0].device_key, hall.device_key.public_key());
}

TEST_P(Rotation, ManyLostAnswersLockNobodyOut) {
  Rotating hall(m_url);
  hall.enrol();
  for (std::uint64_t round = 1; round <= 8; round++) {
    hall.submit();
    auto receipt = SigningKey::generate();
    auto device = SigningKey::generate();
    const record::Bytes request = hall.request(receipt, device);
    // Every answer is lost, also those to batches with the old key, which are refused by now.
    for (int lost = 0; lost < 3; lost++) EXPECT_EQ(hall.centre->rotate(request).status, 200U);
    EXPECT_FALSE(hall.send(hall.batch(round, round)));
    EXPECT_EQ(hall.status, 401U);
    ASSERT_TRUE(hall.rotate(request));
    hall.take_up(std::move(receipt), std::move(device));
    const auto answer = hall.send(hall.batch(round, round));
    ASSERT_TRUE(answer) << hall.status;
    EXPECT_EQ(answer->acked_seq, round);
  }
}

TEST_P(Rotation, ReceiptsOfAFormerKeyStayGenuineAndItsThiefMakesNone) {
  Rotating hall(m_url);
  hall.enrol();
  const auto delivered = hall.submit();
  ASSERT_TRUE(hall.deliver(1));
  const auto waiting = hall.submit();  // printed before the change, delivered after it
  auto next = SigningKey::generate();
  auto device = SigningKey::generate();
  ASSERT_TRUE(hall.rotate(hall.request(next, device)));
  const auto late = hall.submit();  // the kiosk has not taken the new key up yet
  const SigningKey old = copy_of(hall.receipt_key);
  const auto forged = counterfeit(late, 9, old);
  EXPECT_EQ(hall.verdict(delivered.token), Verdict::known);
  EXPECT_EQ(hall.verdict(waiting.token), Verdict::pending);
  EXPECT_EQ(hall.verdict(late.token), Verdict::pending);
  // Nothing tells it from a receipt that the kiosk has just printed, as long as no event names the new key.
  EXPECT_EQ(hall.verdict(forged), Verdict::pending);
  hall.take_up(std::move(next), std::move(device));
  const auto fresh = hall.submit();
  EXPECT_EQ(hall.verdict(fresh.token), Verdict::pending);
  ASSERT_TRUE(hall.deliver(2));
  for (const auto* one : {&delivered, &waiting, &late, &fresh}) {
    EXPECT_EQ(hall.verdict(one->token), Verdict::known) << one->seq;
  }
  EXPECT_EQ(hall.verdict(forged), Verdict::forged);
  EXPECT_EQ(hall.verdict(counterfeit(fresh, fresh.seq, old)), Verdict::forged);
  EXPECT_EQ(hall.centre->counters().stale_receipts.load(), 2U);
  EXPECT_EQ(hall.centre->counters().loss_alarms.load(), 0U);
  // A genuine one of the former key whose event was confirmed and is not here is a loss, as before.
  EXPECT_EQ(hall.verdict(counterfeit(late, late.seq, old)), Verdict::missing);
  // And nobody else's key has become good.
  EXPECT_EQ(hall.verdict(counterfeit(late, 2, SigningKey::generate())), Verdict::forged);

  const auto keys = hall.centre->terminal_keys().value();
  ASSERT_EQ(keys.size(), 1U);
  ASSERT_EQ(keys[0].former.size(), 1U);
  EXPECT_EQ(keys[0].former[0].receipt_key, old.public_key());
  EXPECT_EQ(keys[0].former[0].receipt_end, fresh.seq);
  EXPECT_EQ(keys[0].former[0].told_seq, 1U);
  EXPECT_EQ(keys[0].former[0].from_ms, keys[0].device.enrolled_ms);

  // Made anew from the events, the end of the key is where it was.
  ASSERT_TRUE(hall.centre->rebuild("admin"));
  EXPECT_EQ(hall.centre->terminal_keys().value()[0].former[0].receipt_end, fresh.seq);
  EXPECT_EQ(hall.verdict(forged), Verdict::forged);
  EXPECT_EQ(hall.verdict(late.token), Verdict::known);
}

TEST_P(Rotation, AReissuedReceiptEndsTheFormerKeyToo) {
  Rotating hall(m_url);
  hall.enrol();
  const auto first = hall.submit();
  const SigningKey old = copy_of(hall.receipt_key);
  hall.change_both();
  const auto again = hall.store->reissue(first.number, "lost", "struk", nullptr);
  ASSERT_TRUE(again) << again.error().text;
  ASSERT_TRUE(hall.deliver(1));
  EXPECT_EQ(hall.verdict(first.token), Verdict::voided);
  EXPECT_EQ(hall.verdict(again->token), Verdict::known);
  EXPECT_EQ(hall.verdict(counterfeit(first, 7, old)), Verdict::forged);
}

TEST_P(Rotation, WhatDoesNotFitIsRefused) {
  Rotating hall(m_url);
  hall.enrol();
  auto old_receipt = copy_of(hall.receipt_key);
  auto old_device = copy_of(hall.device_key);
  hall.change_both();
  const auto fresh = SigningKey::generate();
  EXPECT_FALSE(hall.rotate(hall.request(old_receipt, fresh)));
  EXPECT_EQ(hall.status, 409U);
  EXPECT_FALSE(hall.rotate(hall.request(fresh, old_device)));
  EXPECT_EQ(hall.status, 409U);
  record::Bytes spoiled = hall.request(fresh, SigningKey::generate());
  spoiled.back() ^= 1U;
  EXPECT_FALSE(hall.rotate(spoiled));
  EXPECT_EQ(hall.status, 401U);
  spoiled.pop_back();
  EXPECT_FALSE(hall.rotate(spoiled));
  EXPECT_EQ(hall.status, 400U);
  // It names another receipt key as in use than the centre has.
  const auto kept = copy_of(hall.receipt_key);
  hall.receipt_key = copy_of(old_receipt);
  EXPECT_FALSE(hall.rotate(hall.request(SigningKey::generate(), fresh)));
  EXPECT_EQ(hall.status, 409U);
  hall.receipt_key = copy_of(kept);
  ASSERT_TRUE(hall.centre->revoke("3273-0001", 0));
  EXPECT_FALSE(hall.rotate(hall.request(SigningKey::generate(), fresh)));
  EXPECT_EQ(hall.status, 403U);
  EXPECT_EQ(hall.centre->devices().value()[0].key_changes, 1U);
}

TEST_P(Rotation, ACopyOfTheStoreKnowsEveryKey) {
  Rotating hall(m_url);
  hall.enrol();
  const auto first = hall.submit();
  const SigningKey old = copy_of(hall.receipt_key);
  hall.change_both();
  const auto second = hall.submit();
  ASSERT_TRUE(hall.deliver(1));
  const auto waiting = counterfeit(first, 9, old);
  const std::string folder = hall.terminal.root + "/central";
  const std::string to_folder = hall.terminal.root + "/copied";
  const std::string to_url = GetParam() ? std::string() : server().new_database();
  hall.centre.reset();
  {
    auto from = open_store(m_url, folder).value();
    auto to = open_store(to_url, to_folder).value();
    const auto keys = load_or_make_keys(folder, 0).value();
    const auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung").value();
    const auto copied = copy_store(*from, *to, keys, catalogue);
    ASSERT_TRUE(copied) << copied.error().text;
  }
  std::filesystem::create_directories(to_folder);
  std::filesystem::copy(folder + "/keys", to_folder + "/keys", std::filesystem::copy_options::recursive);
  std::filesystem::remove_all(folder);
  std::filesystem::rename(to_folder, folder);
  hall.store_url = to_url;
  hall.open_centre();
  ASSERT_TRUE(hall.centre);
  EXPECT_EQ(hall.verdict(first.token), Verdict::known);
  EXPECT_EQ(hall.verdict(second.token), Verdict::known);
  EXPECT_EQ(hall.verdict(waiting), Verdict::forged);
  EXPECT_EQ(hall.centre->terminal_keys().value()[0].former[0].receipt_end, second.seq);
  hall.submit();
  EXPECT_TRUE(hall.deliver(3));
}

TEST(RotationBackup, ARestoredCentreIsShownTheChangesAgain) {
  Rotating hall;
  hall.enrol();
  const auto first = hall.submit();
  ASSERT_TRUE(hall.deliver(1));
  const std::string folder = hall.terminal.root + "/central";
  const std::string backup = hall.terminal.root + "/backup";
  ASSERT_TRUE(hall.centre->back_up(backup, "admin"));
  std::vector<record::Bytes> taken;
  std::vector<store::Issued> issued;
  for (int change = 0; change < 3; change++) {
    auto receipt = SigningKey::generate();
    auto device = SigningKey::generate();
    taken.push_back(hall.request(receipt, device));
    ASSERT_TRUE(hall.rotate(taken.back()));
    hall.take_up(std::move(receipt), std::move(device));
    issued.push_back(hall.submit());
    ASSERT_TRUE(hall.deliver(issued.back().seq));
  }
  hall.centre.reset();
  std::filesystem::remove_all(folder);
  std::filesystem::rename(backup, folder);
  hall.open_centre();
  ASSERT_TRUE(hall.centre);
  EXPECT_FALSE(hall.deliver(5));
  EXPECT_EQ(hall.status, 401U);
  // The newest means nothing to it before it has seen the ones between.
  EXPECT_FALSE(hall.rotate(taken[2]));
  EXPECT_FALSE(hall.rotate(taken[1]));
  EXPECT_EQ(hall.status, 401U);
  for (const record::Bytes& one : taken) ASSERT_TRUE(hall.rotate(one)) << hall.status;
  const auto answer = hall.deliver(5);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->acked_seq, 1U);
  ASSERT_TRUE(hall.deliver(2));
  EXPECT_EQ(hall.verdict(first.token), Verdict::known);
  for (const auto& one : issued) EXPECT_EQ(hall.verdict(one.token), Verdict::known);
  EXPECT_TRUE(hall.centre->verify(std::nullopt)->sound());
}

// Another instance made the change: one that remembers the old key forgets it.
TEST(RotationInstances, EachFollowsAChangeAtAnother) {
  ASSERT_TRUE(server().running()) << server().why();
  Rotating hall(server().new_database());
  hall.enrol();
  hall.submit();
  const std::string folder = hall.terminal.root + "/second";
  std::filesystem::create_directories(folder);
  std::filesystem::copy(hall.terminal.root + "/central/keys", folder + "/keys",
                        std::filesystem::copy_options::recursive);
  auto catalogue = catalogue::load_catalogue(ANJUNGAN_SOURCE_ASSETS "/catalogue/bandung").value();
  auto other = Centre::open(open_store(hall.store_url, folder).value(), folder, "https://x", std::move(catalogue),
                            hall.terminal.clock)
                   .value();
  // Both have heard it, so both remember its key.
  ASSERT_TRUE(hall.deliver(1));
  std::swap(hall.centre, other);
  hall.submit();
  ASSERT_TRUE(hall.deliver(2));
  std::swap(hall.centre, other);

  const SigningKey old_device = copy_of(hall.device_key);
  hall.change_both();
  std::swap(hall.centre, other);
  // The thief comes first to the one that remembers: what it reads under the lock convicts him.
  const auto theft = wire::encode_sync_request(hall.batch(3, 2), old_device).value();
  EXPECT_EQ(hall.centre->sync(theft).status, 401U);
  hall.submit();
  EXPECT_TRUE(hall.deliver(3)) << hall.status;
  EXPECT_EQ(hall.centre->sync(theft).status, 401U);

  // And the other way round, without a thief in between.
  hall.change_both();
  std::swap(hall.centre, other);
  hall.submit();
  EXPECT_TRUE(hall.deliver(4)) << hall.status;
}

TEST_P(Rotation, TheCentreAsksForItInTheFeed) {
  Rotating hall(m_url);
  hall.enrol();
  EXPECT_EQ(hall.centre->ask_rotation("3273-0001", "all", "admin").error().kind, record::ErrorKind::invalid);
  EXPECT_EQ(hall.centre->ask_rotation("3273-0009", "both", "admin").error().kind, record::ErrorKind::not_found);
  ASSERT_TRUE(hall.centre->ask_rotation("3273-0001", "both", "admin"));
  hall.submit();
  const auto answer = hall.deliver(1);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->feed.size(), 1U);
  EXPECT_EQ(answer->feed[0].kind, "rotate");
  EXPECT_EQ(answer->feed[0].subject,
            wire::enrol_fingerprint(hall.receipt_key.public_key(), hall.device_key.public_key()));
  EXPECT_EQ(record::to_text(answer->feed[0].body), "both");
  ASSERT_TRUE(hall.centre->revoke("3273-0001", 0));
  EXPECT_EQ(hall.centre->ask_rotation("3273-0001", "both", "admin").error().kind, record::ErrorKind::conflict);
}

}  // namespace
}  // namespace anjungan::central
