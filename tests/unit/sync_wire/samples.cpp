// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync_wire/samples.h"

#include <algorithm>

namespace anjungan::wire::test {
namespace {

constexpr std::int64_t k_noon_ms = 1'786'512'720'000;  // 2026-08-12 10:32 WIB, as the sample receipt

template <std::size_t N>
std::array<std::uint8_t, N> filled(std::uint8_t value) {
  std::array<std::uint8_t, N> out{};
  out.fill(value);
  return out;
}

record::SigningKey key_of(std::uint8_t seed) { return record::SigningKey::from_seed(filled<32>(seed)); }

}  // namespace

const record::SigningKey& root_key() {
  static const record::SigningKey key = key_of(0x01);
  return key;
}
const record::SigningKey& centre_key() {
  static const record::SigningKey key = key_of(0x02);
  return key;
}
const record::SigningKey& receipt_key() {
  static const record::SigningKey key = key_of(0x03);
  return key;
}
const record::SigningKey& device_key() {
  static const record::SigningKey key = key_of(0x04);
  return key;
}
const record::SigningKey& next_receipt_key() {
  static const record::SigningKey key = key_of(0x09);
  return key;
}
const record::SigningKey& next_device_key() {
  static const record::SigningKey key = key_of(0x0A);
  return key;
}
const record::SigningKey& stranger_key() {
  static const record::SigningKey key = key_of(0x7F);
  return key;
}

record::Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

EnrolCode code() { return EnrolCode::parse("7K3M-9QXT-2B4D-KA").value(); }

KeyManifest manifest() {
  KeyManifest out;
  out.serial = 1;
  out.issued_ms = k_noon_ms;
  out.signing = {centre_key().public_key()};
  out.sealing = {{SealingPurpose::centre, filled<32>(0x05)}, {SealingPurpose::escrow, filled<32>(0x06)}};
  return out;
}

record::Bytes manifest_message() { return encode_key_manifest(manifest(), root_key()).value(); }

record::Bytes enrol_request_message() {
  return encode_enrol_request(code(), "anjungan 0.1.0", receipt_key(), device_key()).value();
}

TerminalGrant grant() {
  TerminalGrant out;
  out.device = {3273, 12};
  out.office = "MPP Kota Bandung";
  out.place = "Lantai 1";
  out.public_url = "https://lapor.example.go.id";
  out.root = root_key().public_key();
  out.key_manifest = manifest_message();
  out.epoch = filled<16>(0xE0);
  out.join_counter = 1;
  return out;
}

SyncRequest sync_request() {
  SyncRequest out;
  out.device = {3273, 12};
  out.centre = root_id(root_key().public_key());
  out.epoch = filled<16>(0xE0);
  out.join_counter = 7;
  out.from_seq = 427;
  out.prev = filled<32>(0xAA);
  out.last_seq = 430;
  out.feed_cursor = 99;
  out.created_ms = k_noon_ms;
  out.monotonic_ms = 86'400'000;
  out.events = {bytes_of("{\"v\":1,\"seq\":427}"), bytes_of("not an event at all \x01\xFF"), bytes_of("")};
  return out;
}

record::Bytes sync_request_message() { return encode_sync_request(sync_request(), device_key()).value(); }

SyncAnswer sync_answer() {
  SyncAnswer out;
  out.epoch = filled<16>(0xE1);
  out.acked_seq = 428;
  out.acked_hash = filled<32>(0xBB);
  out.results = {EventResult::stored, EventResult::quarantined, EventResult::conflict};
  out.need = {{430, 430}, {500, 510}};
  out.server_time_ms = k_noon_ms + 1500;
  out.join_counter = 8;
  out.feed = {{100, "case", "3273-0012-000427-5", bytes_of("{\"state\":\"verified\"}")},
              {103, "keys", "", manifest_message()}};
  out.feed_more = true;
  return out;
}

record::Bytes sync_answer_message() {
  return encode_sync_answer(sync_answer(), {3273, 12}, message_digest(sync_request_message()), centre_key()).value();
}

ExpectedAnswer expected_answer() {
  static const std::vector<record::PublicKey> keys{stranger_key().public_key(), centre_key().public_key()};
  return {{3273, 12}, message_digest(sync_request_message()), 3, keys};
}

QuestionRequest question() {
  QuestionRequest out;
  out.device = {3273, 12};
  out.centre = root_id(root_key().public_key());
  out.id = filled<16>(0xCC);
  out.code_hash = filled<32>(0xDD);
  out.reply_key = record::SealingKey::from_secret(filled<32>(0x08)).public_key();
  out.created_ms = k_noon_ms;
  return out;
}

record::Bytes question_message() { return encode_question(question(), device_key()).value(); }

QuestionAnswer question_answer() {
  QuestionAnswer out;
  out.finding = Finding::found;
  out.sealed_case = record::Bytes(1024 + 48, 0x5A);
  out.server_time_ms = k_noon_ms + 700;
  return out;
}

BlobRequest blob_request() {
  BlobRequest out;
  out.device = {3273, 12};
  out.centre = root_id(root_key().public_key());
  out.blob = filled<32>(0xEE);
  out.size = 300'000;
  out.offset = 262'144;
  out.piece_bytes = 37'856;
  out.piece.bytes = filled<32>(0xEF);
  out.created_ms = k_noon_ms;
  return out;
}

record::Bytes blob_message() { return encode_blob_request(blob_request(), device_key()).value(); }

BlobAnswer blob_answer() {
  BlobAnswer out;
  out.word = BlobWord::wanted;
  out.offset = 262'144;
  out.server_time_ms = k_noon_ms + 700;
  return out;
}

RotationRequest rotation() {
  RotationRequest out;
  out.device = {3273, 12};
  out.centre = root_id(root_key().public_key());
  out.receipt_key = receipt_key().public_key();
  out.device_key = device_key().public_key();
  out.next_receipt_key = next_receipt_key().public_key();
  out.next_device_key = next_device_key().public_key();
  out.receipt_proof = prove_receipt_key(out.device, out.centre, next_receipt_key());
  return out;
}

record::Bytes rotation_message() {
  return encode_rotation_request(rotation(), device_key(), next_device_key()).value();
}

record::Bytes rotation_of_the_receipt_key_message() {
  RotationRequest request = rotation();
  request.next_device_key = request.device_key;
  return encode_rotation_request(request, device_key(), device_key()).value();
}

RotationAnswer rotation_answer() { return {k_noon_ms + 700}; }

}  // namespace anjungan::wire::test
