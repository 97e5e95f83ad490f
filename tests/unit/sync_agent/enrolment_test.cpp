// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sync/store/files.h"
#include "sync/store/sync_store.h"
#include "tests/unit/sync_agent/toy_centre.h"

namespace anjungan::agent {
namespace {

using record::ErrorKind;

struct Enrolment {
  test::TestFolder folder;
  test::ToyCentre centre;
  test::DirectTransport transport{centre};
  wire::EnrolCode code = wire::EnrolCode::random();
  Stop stop;
  std::string fingerprint;
  int looks = 0;
  // After how many looks the administrator confirms.
  int confirm_after = 2;

  Enrolment() { centre.expect_code(code); }

  record::Result<store::Identity> run(const wire::EnrolCode& with) {
    EnrolmentOptions options;
    options.data_folder = folder.path("data");
    options.poll = std::chrono::milliseconds{1};
    options.software = "anjungan test";
    EnrolmentSteps steps;
    steps.show_fingerprint = [this](const std::string& text) { fingerprint = text; };
    steps.waiting = [this](std::chrono::seconds) {
      if (++looks == confirm_after) centre.confirm();
    };
    return enrol(options, with, transport, stop, steps);
  }
  record::Result<store::Identity> run() { return run(code); }
};

TEST(Enrolment, WaitsForTheAdministratorAndWritesWhoTheTerminalIs) {
  Enrolment enrolment;
  const auto identity = enrolment.run();
  ASSERT_TRUE(identity.has_value()) << identity.error().text;
  EXPECT_EQ(enrolment.looks, 2);
  const auto kept = store::load_identity(enrolment.folder.path("data"));
  ASSERT_TRUE(kept.has_value()) << kept.error().text;
  EXPECT_EQ(kept->device(), "3273-0012");
  EXPECT_EQ(kept->office, "MPP Kota Bandung");
  EXPECT_EQ(kept->public_url, "https://lapor.example.go.id");
  EXPECT_EQ(kept->root, enrolment.centre.root().public_key());
  EXPECT_THAT(kept->centre_keys, testing::ElementsAre(enrolment.centre.signing_key().public_key()));
  EXPECT_THAT(kept->seal_to, testing::ElementsAre(enrolment.centre.sealing_key().public_key()));
  const auto receipt = store::load_key(enrolment.folder.path("data"), store::KeyUse::receipt);
  const auto device = store::load_key(enrolment.folder.path("data"), store::KeyUse::device);
  ASSERT_TRUE(receipt && device);
  EXPECT_EQ(kept->receipt_key, receipt->public_key());
  EXPECT_EQ(kept->device_key, device->public_key());
  EXPECT_EQ(enrolment.fingerprint, wire::enrol_fingerprint(receipt->public_key(), device->public_key()));
  const auto state = store::SyncReader::open(enrolment.folder.path("data")).value().state();
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->join_counter, 1U);
  EXPECT_EQ(state->acked_seq, 0U);
}

TEST(Enrolment, NeverOverwritesAnIdentity) {
  Enrolment enrolment;
  ASSERT_TRUE(enrolment.run().has_value());
  const auto again = enrolment.run();
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  EXPECT_THAT(again.error().text, testing::HasSubstr("3273-0012"));
}

TEST(Enrolment, AnUnknownCodeIsSaidClearlyAndLeavesTheTerminalUnenrolled) {
  Enrolment enrolment;
  const auto refused = enrolment.run(wire::EnrolCode::random());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::not_found);
  EXPECT_THAT(refused.error().text, testing::HasSubstr("knows no such code"));
  EXPECT_FALSE(store::load_identity(enrolment.folder.path("data")).has_value());
}

TEST(Enrolment, ExpiredAndUsedCodesAreToldApart) {
  Enrolment enrolment;
  int status = 410;
  enrolment.transport.spoil = [&](HttpAnswer answer) {
    answer.status = status;
    return answer;
  };
  const auto expired = enrolment.run();
  ASSERT_FALSE(expired.has_value());
  EXPECT_THAT(expired.error().text, testing::HasSubstr("expired"));
  status = 409;
  const auto used = enrolment.run();
  ASSERT_FALSE(used.has_value());
  EXPECT_THAT(used.error().text, testing::HasSubstr("another terminal"));
  status = 429;
  const auto busy = enrolment.run();
  ASSERT_FALSE(busy.has_value());
  EXPECT_EQ(busy.error().kind, ErrorKind::busy);
}

TEST(Enrolment, AnInterruptedOneGoesOnWithTheSameKeys) {
  Enrolment enrolment;
  enrolment.confirm_after = 1'000'000;
  enrolment.transport.spoil = [&](HttpAnswer answer) {
    enrolment.stop.request();
    return answer;
  };
  const auto stopped = enrolment.run();
  ASSERT_FALSE(stopped.has_value());
  EXPECT_EQ(stopped.error().kind, ErrorKind::unavailable);
  const std::string before = enrolment.fingerprint;

  enrolment.transport.spoil = nullptr;
  enrolment.centre.confirm();
  const auto identity = enrolment.run();
  ASSERT_TRUE(identity.has_value()) << identity.error().text;
  EXPECT_EQ(enrolment.fingerprint, before);
}

// As where somebody removed a damaged identity.json in the middle of a change of keys.
TEST(Enrolment, NothingOfAChangeOfKeysOfBeforeIsLeft) {
  Enrolment enrolment;
  const std::string keys = enrolment.folder.path("data") + "/keys/";
  std::filesystem::create_directories(keys);
  const std::vector<std::string> leftovers{"rotation.order", "rotation.request", "receipt.offer", "receipt.next",
                                           "device.next"};
  for (const std::string& name : leftovers) {
    ASSERT_TRUE(store::write_file(keys + name, record::Bytes(32, 7), 0600));
  }
  // While one of them cannot be removed the terminal is not enrolled.
  std::filesystem::remove(keys + "device.next");
  std::filesystem::create_directories(keys + "device.next/in-the-way");
  EXPECT_FALSE(enrolment.run());
  EXPECT_EQ(store::load_identity(enrolment.folder.path("data")).error().kind, ErrorKind::not_found);
  std::filesystem::remove_all(keys + "device.next");
  ASSERT_TRUE(store::write_file(keys + "device.next", record::Bytes(32, 7), 0600));
  const auto identity = enrolment.run();
  ASSERT_TRUE(identity) << identity.error().text;
  for (const std::string& name : leftovers) EXPECT_FALSE(std::filesystem::exists(keys + name)) << name;
}

TEST(Enrolment, AShortOutageWhileWaitingCostsNothing) {
  Enrolment enrolment;
  enrolment.confirm_after = 8;
  int asked = 0;
  enrolment.transport.spoil = [&](HttpAnswer answer) -> record::Result<HttpAnswer> {
    ++asked;
    if (asked > 2 && asked < 10) return record::fail(ErrorKind::unavailable, "no answer: Timeout was reached");
    return answer;
  };
  EXPECT_TRUE(enrolment.run().has_value());
}

TEST(Enrolment, ACentreThatIsNotThereIsSaidAtOnce) {
  Enrolment enrolment;
  enrolment.transport.spoil = [](const HttpAnswer&) -> record::Result<HttpAnswer> {
    return record::fail(ErrorKind::unavailable, "no answer: Couldn't connect to server");
  };
  const auto refused = enrolment.run();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(enrolment.looks, 0);
}

TEST(Enrolment, WhoeverDoesNotKnowTheCodeCannotEnrolATerminal) {
  Enrolment enrolment;
  enrolment.transport.spoil = [&](HttpAnswer answer) {
    wire::EnrolAnswer forged;
    forged.grant.emplace();
    forged.grant->device = {3273, 666};
    forged.grant->office = "MPP Kota Bandung";
    forged.grant->root = enrolment.centre.root().public_key();
    forged.grant->key_manifest = enrolment.centre.manifest(1, enrolment.centre.root(), {});
    answer.status = 200;
    answer.body = wire::encode_enrol_answer(forged, {}, wire::EnrolCode::random().mac_key()).value();
    return answer;
  };
  const auto refused = enrolment.run();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_FALSE(store::load_identity(enrolment.folder.path("data")).has_value());
}

}  // namespace
}  // namespace anjungan::agent
