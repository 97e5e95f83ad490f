// SPDX-License-Identifier: Apache-2.0
// The files by which a terminal's keys change, and the receipt key that the app takes up while it runs.
#include "sync/store/next_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "sync/record/receipt_key_proof.h"
#include "sync/store/files.h"
#include "tests/unit/sync_store/terminal_folder.h"

namespace anjungan::store {
namespace {

class NextKeys : public testing::Test {
 protected:
  NextKeys() {
    m_terminal.identity.receipt_key = load_or_make_key(m_terminal.data(), KeyUse::receipt)->public_key();
    m_terminal.identity.device_key = load_or_make_key(m_terminal.data(), KeyUse::device)->public_key();
    m_terminal.identity.root.fill(9);
    EXPECT_TRUE(save_identity(m_terminal.data(), m_terminal.identity));
    m_terminal.seed = load_key(m_terminal.data(), KeyUse::receipt)->seed();
    m_store = std::move(*m_terminal.open());
  }

  [[nodiscard]] bool there(const std::string& name) const {
    return std::filesystem::exists(m_terminal.data() + "/keys/" + name);
  }
  Issued submit() {
    const auto complaint = TerminalFolder::complaint();
    auto issued = m_store->submit(m_terminal.submission(complaint));
    EXPECT_TRUE(issued) << issued.error().text;
    return *issued;
  }
  /// What the agent does once the centre has answered.
  void use(const record::PublicKey& receipt_key, const record::PublicKey& device_key) {
    Identity& identity = m_terminal.identity;
    identity.key_changes.push_back({identity.receipt_key, identity.device_key, {1, 2, 3}});
    identity.receipt_key = receipt_key;
    identity.device_key = device_key;
    ASSERT_TRUE(save_identity(m_terminal.data(), identity));
  }

  TerminalFolder m_terminal;
  std::unique_ptr<IntakeStore> m_store;
};

TEST_F(NextKeys, AnIdentityKeepsItsChanges) {
  record::PublicKey next{};
  next.fill(8);
  const record::PublicKey before = m_terminal.identity.receipt_key;
  use(next, m_terminal.identity.device_key);
  const Identity read = load_identity(m_terminal.data()).value();
  EXPECT_EQ(read.receipt_key, next);
  ASSERT_EQ(read.key_changes.size(), 1U);
  EXPECT_EQ(read.key_changes[0].receipt_key, before);
  EXPECT_EQ(read.key_changes[0].device_key, read.device_key);
  EXPECT_EQ(read.key_changes[0].request, (record::Bytes{1, 2, 3}));
}

TEST_F(NextKeys, TheAppMakesAKeyOnlyWhenTheAgentWaitsForOne) {
  EXPECT_FALSE(m_store->offer_next_key().value());
  ASSERT_TRUE(order_rotation(m_terminal.data(), KeysToGo::device));
  EXPECT_FALSE(m_store->offer_next_key().value());
  ASSERT_TRUE(end_rotation(m_terminal.data(), m_terminal.identity));
  EXPECT_FALSE(there("receipt.next"));

  ASSERT_TRUE(order_rotation(m_terminal.data(), KeysToGo::both));
  ASSERT_TRUE(order_rotation(m_terminal.data(), KeysToGo::device));
  EXPECT_EQ(rotation_order(m_terminal.data()).value(), KeysToGo::both) << "one at a time";
  EXPECT_FALSE(receipt_key_offer(m_terminal.data(), m_terminal.identity)->has_value());
  EXPECT_TRUE(m_store->offer_next_key().value());
  EXPECT_FALSE(m_store->offer_next_key().value()) << "once";
  struct stat found{};
  ASSERT_EQ(::stat((m_terminal.data() + "/keys/receipt.next").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const auto offer = receipt_key_offer(m_terminal.data(), m_terminal.identity).value();
  ASSERT_TRUE(offer);
  EXPECT_NE(offer->key, m_terminal.identity.receipt_key);
  EXPECT_TRUE(
      record::proves_receipt_key(3273, 12, record::root_id(m_terminal.identity.root), offer->key, offer->proof));
  Identity other = m_terminal.identity;
  other.terminal = 13;
  EXPECT_FALSE(receipt_key_offer(m_terminal.data(), other)->has_value()) << "of another enrolment";
  // It is in the request: no other is made.
  ASSERT_TRUE(keep_rotation_request(m_terminal.data(), record::Bytes{1}));
  std::filesystem::remove(m_terminal.data() + "/keys/receipt.offer");
  EXPECT_FALSE(m_store->offer_next_key().value());
}

TEST_F(NextKeys, TheNextReceiptIsSignedWithTheKeyInUse) {
  const auto first = submit();
  ASSERT_TRUE(order_rotation(m_terminal.data(), KeysToGo::both));
  ASSERT_TRUE(m_store->offer_next_key().value());
  const auto meanwhile = submit();
  const record::PublicKey old = m_terminal.identity.receipt_key;
  EXPECT_TRUE(first.token.verify(old));
  EXPECT_TRUE(meanwhile.token.verify(old));
  const auto offer = receipt_key_offer(m_terminal.data(), m_terminal.identity).value();
  const auto device = next_device_key(m_terminal.data(), m_terminal.identity).value().public_key();
  EXPECT_EQ(next_device_key(m_terminal.data(), m_terminal.identity)->public_key(), device) << "made once";
  use(offer->key, device);
  // Before anything is tidied both keys are found under their names of before.
  EXPECT_EQ(load_key(m_terminal.data(), KeyUse::receipt)->public_key(), offer->key);
  EXPECT_EQ(load_key(m_terminal.data(), KeyUse::device)->public_key(), device);
  const auto after = submit();
  EXPECT_TRUE(after.token.verify(offer->key));
  EXPECT_FALSE(after.token.verify(old));
  EXPECT_EQ(after.seq, meanwhile.seq + 1);
  EXPECT_FALSE(there("receipt.next"));
  EXPECT_FALSE(there("receipt.offer"));
  EXPECT_FALSE(m_store->take_up_key()) << "done already";
  const auto reissued = m_store->reissue(first.number, "lost", "struk", nullptr);
  ASSERT_TRUE(reissued);
  EXPECT_TRUE(reissued->token.verify(offer->key));
  ASSERT_TRUE(end_rotation(m_terminal.data(), m_terminal.identity));
  EXPECT_FALSE(there("device.next"));
  EXPECT_EQ(load_key(m_terminal.data(), KeyUse::device)->public_key(), device);
}

// A change that the app has not noticed must not lend its key to the next one.
TEST_F(NextKeys, AKeyInUseIsNotOfferedAgain) {
  ASSERT_TRUE(order_rotation(m_terminal.data(), KeysToGo::receipt));
  ASSERT_TRUE(m_store->offer_next_key().value());
  const auto first = receipt_key_offer(m_terminal.data(), m_terminal.identity).value();
  use(first->key, m_terminal.identity.device_key);
  ASSERT_TRUE(end_rotation(m_terminal.data(), m_terminal.identity));
  ASSERT_TRUE(order_rotation(m_terminal.data(), KeysToGo::receipt));
  EXPECT_FALSE(receipt_key_offer(m_terminal.data(), m_terminal.identity)->has_value());
  EXPECT_TRUE(m_store->offer_next_key().value());
  const auto second = receipt_key_offer(m_terminal.data(), m_terminal.identity).value();
  ASSERT_TRUE(second);
  EXPECT_NE(second->key, first->key);
  EXPECT_EQ(load_key(m_terminal.data(), KeyUse::receipt)->public_key(), first->key);
}

// The key before still makes receipts that the centre knows.
TEST_F(NextKeys, AnIdentityWhoseKeyIsMissingChangesNothing) {
  record::PublicKey nobodys{};
  nobodys.fill(7);
  const record::PublicKey old = m_terminal.identity.receipt_key;
  use(nobodys, m_terminal.identity.device_key);
  EXPECT_FALSE(m_store->take_up_key());
  EXPECT_TRUE(submit().token.verify(old));
}

}  // namespace
}  // namespace anjungan::store
