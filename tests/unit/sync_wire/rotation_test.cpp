// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/rotation.h"

#include <gtest/gtest.h>

#include "tests/unit/sync_wire/samples.h"

namespace anjungan::wire {
namespace {

using record::Bytes;
using record::ErrorKind;

record::Result<RotationRequest> read(const Bytes& message) {
  auto parsed = UnverifiedRotation::parse(message);
  if (!parsed) return tl::unexpected(parsed.error());
  return parsed->verify(test::device_key().public_key(), test::root_key().public_key());
}

TEST(Rotation, ComesBackAsSent) {
  const auto got = read(test::rotation_message());
  ASSERT_TRUE(got.has_value()) << got.error().text;
  EXPECT_EQ(got->device, (DeviceId{3273, 12}));
  EXPECT_EQ(got->receipt_key, test::receipt_key().public_key());
  EXPECT_EQ(got->device_key, test::device_key().public_key());
  EXPECT_EQ(got->next_receipt_key, test::next_receipt_key().public_key());
  EXPECT_EQ(got->next_device_key, test::next_device_key().public_key());
  EXPECT_EQ(UnverifiedRotation::parse(test::rotation_message())->digest(), message_digest(test::rotation_message()));
}

TEST(Rotation, EveryByteThatIsTouchedIsNoticed) {
  for (const Bytes& good : {test::rotation_message(), test::rotation_of_the_receipt_key_message()}) {
    ASSERT_TRUE(read(good).has_value());
    for (std::size_t at = 0; at < good.size(); ++at) {
      Bytes bad = good;
      bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x20);
      EXPECT_FALSE(read(bad).has_value()) << at;
    }
    for (std::size_t size = 0; size < good.size(); ++size) {
      EXPECT_FALSE(read(Bytes(good.begin(), good.begin() + static_cast<long>(size))).has_value()) << size;
    }
  }
}

// Nobody hands a terminal a key that he does not hold, and nobody but the key in use hands over.
TEST(Rotation, NeedsEveryKey) {
  const RotationRequest wish = test::rotation();
  EXPECT_FALSE(encode_rotation_request(wish, test::stranger_key(), test::next_device_key()).has_value());
  EXPECT_FALSE(encode_rotation_request(wish, test::device_key(), test::stranger_key()).has_value());
  RotationRequest foreign = wish;
  foreign.receipt_proof = prove_receipt_key(wish.device, wish.centre, test::stranger_key());
  const auto unproved = encode_rotation_request(foreign, test::device_key(), test::next_device_key());
  ASSERT_TRUE(unproved.has_value());
  EXPECT_EQ(read(*unproved).error().kind, ErrorKind::denied);
  // Made for another terminal, or for another centre.
  foreign.receipt_proof = prove_receipt_key({3273, 13}, wish.centre, test::next_receipt_key());
  EXPECT_EQ(read(encode_rotation_request(foreign, test::device_key(), test::next_device_key()).value()).error().kind,
            ErrorKind::denied);
  foreign.receipt_proof =
      prove_receipt_key(wish.device, root_id(test::stranger_key().public_key()), test::next_receipt_key());
  EXPECT_EQ(read(encode_rotation_request(foreign, test::device_key(), test::next_device_key()).value()).error().kind,
            ErrorKind::denied);
  // The thief of a former key makes his own; the centre holds another.
  RotationRequest former = wish;
  former.device_key = test::stranger_key().public_key();
  const auto stolen = encode_rotation_request(former, test::stranger_key(), test::next_device_key());
  ASSERT_TRUE(stolen.has_value());
  EXPECT_EQ(read(*stolen).error().kind, ErrorKind::denied);
}

TEST(Rotation, IsForOneCentre) {
  const auto parsed = UnverifiedRotation::parse(test::rotation_message());
  const auto got = parsed->verify(test::device_key().public_key(), test::stranger_key().public_key());
  ASSERT_FALSE(got.has_value());
  EXPECT_EQ(got.error().kind, ErrorKind::denied);
}

TEST(Rotation, WhatNoHonestTerminalAsksForIsInvalid) {
  const auto kind = [](const RotationRequest& request) {
    const auto made = encode_rotation_request(request, test::device_key(), test::next_device_key());
    return made.has_value() ? ErrorKind::busy : made.error().kind;
  };
  RotationRequest one = test::rotation();
  one.receipt_proof = {};
  EXPECT_EQ(kind(one), ErrorKind::invalid);  // a new receipt key without its proof
  one = test::rotation();
  one.next_receipt_key = one.receipt_key;
  EXPECT_EQ(kind(one), ErrorKind::invalid);  // a proof of nothing
  one = test::rotation();
  one.next_receipt_key = one.next_device_key;
  EXPECT_EQ(kind(one), ErrorKind::invalid);  // one key for both
  one = test::rotation();
  one.device.terminal = 0;
  EXPECT_EQ(kind(one), ErrorKind::invalid);  // samples have no centre
  one = test::rotation();
  one.next_receipt_key = one.receipt_key;
  one.next_device_key = one.device_key;
  one.receipt_proof = {};
  EXPECT_FALSE(encode_rotation_request(one, test::device_key(), test::device_key()).has_value());  // nothing changes
}

TEST(RotationAnswer, ComesBackAsSentAndEveryByteThatIsTouchedIsRefused) {
  const record::Hash digest = message_digest(test::rotation_message());
  const auto message = encode_rotation_answer(test::rotation_answer(), {3273, 12}, digest, test::centre_key());
  ASSERT_TRUE(message.has_value());
  const std::vector<record::PublicKey> keys{test::centre_key().public_key()};
  const auto got = open_rotation_answer(*message, {3273, 12}, digest, keys);
  ASSERT_TRUE(got.has_value()) << got.error().text;
  EXPECT_EQ(got->changed_ms, test::rotation_answer().changed_ms);
  for (std::size_t at = 0; at < message->size(); ++at) {
    Bytes bad = *message;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x02);
    ASSERT_FALSE(open_rotation_answer(bad, {3273, 12}, digest, keys).has_value()) << at;
  }
  EXPECT_FALSE(open_rotation_answer(*message, {3273, 13}, digest, keys).has_value());
  EXPECT_FALSE(open_rotation_answer(*message, {3273, 12}, record::Hash{}, keys).has_value());
  EXPECT_FALSE(open_rotation_answer(*message, {3273, 12}, digest, {}).has_value());
}

}  // namespace
}  // namespace anjungan::wire
