// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/sync_wire/samples.h"

// The messages of PROTOCOL.md's vectors. ANJUNGAN_ACCEPT=1 writes the files anew: do that only together with a change
// of PROTOCOL.md, for every terminal in the field speaks what stands in them.
namespace anjungan::wire {
namespace {

const std::filesystem::path k_folder = std::filesystem::path(ANJUNGAN_TESTS) / "unit/sync_wire/vectors";

std::string hex_lines(const record::Bytes& message) {
  const std::string hex = record::to_hex(message);
  std::string out;
  for (std::size_t at = 0; at < hex.size(); at += 64) out += hex.substr(at, 64) + "\n";
  return out;
}

void expect_vector(const std::string& name, const record::Bytes& message) {
  const std::filesystem::path path = k_folder / (name + ".hex");
  if (std::getenv("ANJUNGAN_ACCEPT") != nullptr) std::ofstream(path) << hex_lines(message);
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), hex_lines(message)) << path;
}

TEST(Vectors, KeyManifest) { expect_vector("key_manifest", test::manifest_message()); }

TEST(Vectors, EnrolRequest) { expect_vector("enrol_request", test::enrol_request_message()); }

TEST(Vectors, EnrolAnswerPending) {
  const auto message = encode_enrol_answer({}, message_digest(test::enrol_request_message()), test::code().mac_key());
  expect_vector("enrol_answer_pending", message.value());
}

TEST(Vectors, EnrolAnswerConfirmed) {
  EnrolAnswer answer;
  answer.grant = test::grant();
  answer.server_time_ms = 1'786'512'721'500;
  const auto message =
      encode_enrol_answer(answer, message_digest(test::enrol_request_message()), test::code().mac_key());
  expect_vector("enrol_answer_confirmed", message.value());
}

TEST(Vectors, SyncRequest) { expect_vector("sync_request", test::sync_request_message()); }

TEST(Vectors, SyncAnswer) { expect_vector("sync_answer", test::sync_answer_message()); }

TEST(Vectors, Question) { expect_vector("question", test::question_message()); }

TEST(Vectors, QuestionAnswer) {
  const auto message = encode_question_answer(test::question_answer(), {3273, 12},
                                              message_digest(test::question_message()), test::centre_key());
  expect_vector("question_answer", message.value());
}

TEST(Vectors, BlobRequest) { expect_vector("blob_request", test::blob_message()); }

TEST(Vectors, BlobAnswer) {
  const auto message =
      encode_blob_answer(test::blob_answer(), {3273, 12}, message_digest(test::blob_message()), test::centre_key());
  expect_vector("blob_answer", message.value());
}

TEST(Vectors, RotationRequest) { expect_vector("rotation_request", test::rotation_message()); }

TEST(Vectors, RotationRequestOfTheReceiptKey) {
  expect_vector("rotation_request_receipt", test::rotation_of_the_receipt_key_message());
}

TEST(Vectors, RotationAnswer) {
  const auto message = encode_rotation_answer(test::rotation_answer(), {3273, 12},
                                              message_digest(test::rotation_message()), test::centre_key());
  expect_vector("rotation_answer", message.value());
}

// What a reader of PROTOCOL.md would check first: the fields are where the tables say, without this code's readers.
TEST(Vectors, SyncRequestIsLaidOutAsWritten) {
  const record::Bytes message = test::sync_request_message();
  const std::string hex = record::to_hex(message);
  EXPECT_EQ(hex.substr(0, 10), "414e4a0120");
  EXPECT_EQ(hex.substr(18, 8), "0cc9000c");                    // 3273, 12
  EXPECT_EQ(hex.substr(18 + 2 * 28, 16), "0000000000000007");  // join counter
  EXPECT_EQ(hex.substr(18 + 2 * 36, 16), "00000000000001ab");  // from_seq 427
}

}  // namespace
}  // namespace anjungan::wire
