// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/blob.h"

#include <gtest/gtest.h>

#include "sync/record/blob.h"
#include "sync/wire/limits.h"
#include "tests/unit/sync_wire/samples.h"

namespace anjungan::wire {
namespace {

using record::Bytes;

const std::vector<record::PublicKey>& keys() {
  static const std::vector<record::PublicKey> k_keys{test::stranger_key().public_key(),
                                                     test::centre_key().public_key()};
  return k_keys;
}

TEST(BlobRequest, ComesBackAsSent) {
  auto parsed = UnverifiedBlobRequest::parse(test::blob_message());
  ASSERT_TRUE(parsed) << parsed.error().text;
  EXPECT_EQ(parsed->device(), (DeviceId{3273, 12}));
  const auto verified = std::move(*parsed).verify(test::device_key().public_key(), test::root_key().public_key());
  ASSERT_TRUE(verified) << verified.error().text;
  const BlobRequest wanted = test::blob_request();
  EXPECT_EQ((*verified)->blob, wanted.blob);
  EXPECT_EQ((*verified)->size, wanted.size);
  EXPECT_EQ((*verified)->offset, wanted.offset);
  EXPECT_EQ((*verified)->piece_bytes, wanted.piece_bytes);
  EXPECT_EQ((*verified)->piece, wanted.piece);
  EXPECT_EQ((*verified)->created_ms, wanted.created_ms);
  EXPECT_EQ(verified->digest(), message_digest(test::blob_message()));
}

TEST(BlobRequest, EveryByteThatIsTouchedIsNoticed) {
  const Bytes good = test::blob_message();
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x20);
    auto parsed = UnverifiedBlobRequest::parse(bad);
    if (!parsed) continue;
    EXPECT_FALSE(std::move(*parsed).verify(test::device_key().public_key(), test::root_key().public_key())) << at;
  }
}

TEST(BlobRequest, IsForOneCentreAndOfOneDevice) {
  auto parsed = UnverifiedBlobRequest::parse(test::blob_message());
  EXPECT_FALSE(std::move(*parsed).verify(test::device_key().public_key(), test::stranger_key().public_key()));
  parsed = UnverifiedBlobRequest::parse(test::blob_message());
  EXPECT_FALSE(std::move(*parsed).verify(test::receipt_key().public_key(), test::root_key().public_key()));
}

TEST(BlobRequest, SaysNothingImpossible) {
  const auto possible = [](auto change) {
    BlobRequest request = test::blob_request();
    change(request);
    return encode_blob_request(request, test::device_key()).has_value();
  };
  EXPECT_FALSE(possible([](BlobRequest& r) { r.size = 0; }));
  EXPECT_FALSE(possible([](BlobRequest& r) { r.size = record::k_most_blob_bytes + 1; }));
  EXPECT_FALSE(possible([](BlobRequest& r) { r.piece_bytes = k_max_piece_bytes + 1; }));
  EXPECT_FALSE(possible([](BlobRequest& r) { r.offset = r.size; }));
  EXPECT_FALSE(possible([](BlobRequest& r) { r.offset = ~0ULL; }));
  EXPECT_FALSE(possible([](BlobRequest& r) { r.piece_bytes = 0; })) << "a question has no offset";
  EXPECT_TRUE(possible([](BlobRequest& r) {
    r.offset = 0;
    r.piece_bytes = 0;
    r.piece = {};
  }));
}

TEST(BlobAnswer, ComesBackAsSentAndEveryByteThatIsTouchedIsRefused) {
  const record::Hash digest = message_digest(test::blob_message());
  const Bytes message = encode_blob_answer(test::blob_answer(), {3273, 12}, digest, test::centre_key()).value();
  const auto got = open_blob_answer(message, {3273, 12}, digest, keys());
  ASSERT_TRUE(got) << got.error().text;
  EXPECT_EQ(got->word, BlobWord::wanted);
  EXPECT_EQ(got->offset, test::blob_answer().offset);
  EXPECT_EQ(got->server_time_ms, test::blob_answer().server_time_ms);
  for (std::size_t at = 0; at < message.size(); ++at) {
    Bytes bad = message;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x01);
    EXPECT_FALSE(open_blob_answer(bad, {3273, 12}, digest, keys())) << at;
    EXPECT_FALSE(open_blob_answer(record::ByteView(message).first(at), {3273, 12}, digest, keys())) << at;
  }
  EXPECT_FALSE(open_blob_answer(message, {3273, 13}, digest, keys())) << "another terminal's";
  EXPECT_FALSE(open_blob_answer(message, {3273, 12}, message_digest({}), keys())) << "another request's";
  EXPECT_FALSE(open_blob_answer(message, {3273, 12}, digest, std::vector{test::stranger_key().public_key()}));
}

}  // namespace
}  // namespace anjungan::wire
