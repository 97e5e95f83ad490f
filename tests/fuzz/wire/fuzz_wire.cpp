// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sync/wire/blob.h"
#include "sync/wire/enrol.h"
#include "sync/wire/frame.h"
#include "sync/wire/http.h"
#include "sync/wire/key_manifest.h"
#include "sync/wire/proof.h"
#include "sync/wire/question.h"
#include "sync/wire/rotation.h"
#include "sync/wire/sync_answer.h"
#include "sync/wire/sync_request.h"

// The first byte picks the message; the rest is read twice: as a whole message as it might come from the network, and
// as a body that is signed here first, because a fuzzer cannot guess a signature and would never see the readers behind
// the proofs. Whatever a reader accepts must encode to the very bytes it was read from: one meaning, one encoding.

namespace anjungan::wire {
namespace {

const record::SigningKey& signer() {
  static const record::SigningKey key = [] {
    record::SigningKey::Seed seed{};
    seed.fill(0x02);
    return record::SigningKey::from_seed(seed);
  }();
  return key;
}

const record::SigningKey& next_receipt_key() {
  static const record::SigningKey key = [] {
    record::SigningKey::Seed seed{};
    seed.fill(0x09);
    return record::SigningKey::from_seed(seed);
  }();
  return key;
}

const EnrolCode& code() {
  static const EnrolCode instance = EnrolCode::parse("7K3M-9QXT-2B4D-KA").value();
  return instance;
}

void expect_same(const record::Result<record::Bytes>& written, const record::Bytes& read) {
  ANJUNGAN_CHECK(written.has_value() && *written == read);
}

DeviceId device_at(record::ByteView body, std::size_t at) {
  DeviceId device;
  if (body.size() < at + 4) return device;
  device.region = static_cast<std::uint16_t>(body[at] << 8 | body[at + 1]);
  device.terminal = static_cast<std::uint16_t>(body[at + 2] << 8 | body[at + 3]);
  return device;
}

record::Hash hash_at(record::ByteView body, std::size_t at) {
  if (body.size() < at + 32) return {};
  return record::to_array<32>(body.subspan(at, 32), "digest").value();
}

// Puts into the body what would otherwise be refused at the door: an answer's key id, a request's centre.
record::Bytes admitted(Kind kind, record::ByteView body) {
  record::Bytes out(body.begin(), body.end());
  const record::KeyId id = record::key_id(signer().public_key());
  const RootId centre = root_id(signer().public_key());
  const bool answer = kind == Kind::sync_answer || kind == Kind::question_answer || kind == Kind::blob_answer ||
                      kind == Kind::rotation_answer;
  const bool request = kind == Kind::sync_request || kind == Kind::question_request || kind == Kind::blob_request ||
                       kind == Kind::rotation_request;
  if (answer && out.size() >= id.size()) std::copy(id.begin(), id.end(), out.begin());
  if (request && out.size() >= 4 + centre.size()) std::copy(centre.begin(), centre.end(), out.begin() + 4);
  // The receipt key changes, to one whose proof is here; the device key, which signs all, stays.
  constexpr std::size_t k_device_keys[] = {12 + 32, 12 + 3 * 32};
  constexpr std::size_t k_receipt_proof = 12 + 4 * 32;
  if (kind == Kind::rotation_request && out.size() >= k_receipt_proof + k_signature_bytes) {
    for (const std::size_t at : k_device_keys) {
      std::copy(signer().public_key().begin(), signer().public_key().end(), out.begin() + static_cast<long>(at));
    }
    const record::Signature proof = prove_receipt_key(device_at(out, 0), centre, next_receipt_key());
    std::copy(next_receipt_key().public_key().begin(), next_receipt_key().public_key().end(), out.begin() + 12 + 64);
    std::copy(proof.begin(), proof.end(), out.begin() + static_cast<long>(k_receipt_proof));
  }
  return out;
}

void read_sync_answer(const record::Bytes& message, record::ByteView body, std::size_t events) {
  const std::vector<record::PublicKey> keys{signer().public_key()};
  const ExpectedAnswer expected{device_at(body, 4), hash_at(body, 8), events, keys};
  const auto answer = open_sync_answer(message, expected);
  if (!answer) return;
  expect_same(encode_sync_answer(*answer, expected.device, expected.request_digest, signer()), message);
}

void read_message(Kind kind, const record::Bytes& message, record::ByteView body, std::size_t events) {
  const std::vector<record::PublicKey> keys{signer().public_key()};
  switch (kind) {
    case Kind::key_manifest: {
      const auto manifest = open_key_manifest(message, signer().public_key());
      if (manifest) expect_same(encode_key_manifest(*manifest, signer()), message);
      return;
    }
    case Kind::enrol_request: {
      const auto request = UnverifiedEnrolRequest::parse(message);
      if (request) ANJUNGAN_CHECK(!request->verify(code().mac_key()).has_value() || !body.empty());
      return;
    }
    case Kind::enrol_answer: {
      const record::Hash digest = hash_at(body, 0);
      const auto answer = open_enrol_answer(message, code(), digest);
      if (answer) expect_same(encode_enrol_answer(*answer, digest, code().mac_key()), message);
      return;
    }
    case Kind::sync_request: {
      auto request = UnverifiedSyncRequest::parse(message);
      if (!request) return;
      const auto verified = std::move(*request).verify(signer().public_key(), signer().public_key());
      if (verified) expect_same(encode_sync_request(**verified, signer()), message);
      return;
    }
    case Kind::sync_answer:
      return read_sync_answer(message, body, events);
    case Kind::question_request: {
      auto question = UnverifiedQuestion::parse(message);
      if (!question) return;
      const auto verified = std::move(*question).verify(signer().public_key(), signer().public_key());
      if (verified) expect_same(encode_question(**verified, signer()), message);
      return;
    }
    case Kind::question_answer: {
      const auto answer = open_question_answer(message, device_at(body, 4), hash_at(body, 8), keys);
      if (answer) {
        expect_same(encode_question_answer(*answer, device_at(body, 4), hash_at(body, 8), signer()), message);
      }
      return;
    }
    case Kind::blob_request: {
      auto request = UnverifiedBlobRequest::parse(message);
      if (!request) return;
      const auto verified = std::move(*request).verify(signer().public_key(), signer().public_key());
      if (verified) expect_same(encode_blob_request(**verified, signer()), message);
      return;
    }
    case Kind::blob_answer: {
      const auto answer = open_blob_answer(message, device_at(body, 4), hash_at(body, 8), keys);
      if (answer) {
        expect_same(encode_blob_answer(*answer, device_at(body, 4), hash_at(body, 8), signer()), message);
      }
      return;
    }
    case Kind::rotation_request: {
      const auto rotation = UnverifiedRotation::parse(message);
      if (!rotation) return;
      const auto verified = rotation->verify(signer().public_key(), signer().public_key());
      if (verified) expect_same(encode_rotation_request(*verified, signer(), signer()), message);
      return;
    }
    case Kind::rotation_answer: {
      const auto answer = open_rotation_answer(message, device_at(body, 4), hash_at(body, 8), keys);
      if (answer) {
        expect_same(encode_rotation_answer(*answer, device_at(body, 4), hash_at(body, 8), signer()), message);
      }
      return;
    }
  }
}

record::Bytes proved(Kind kind, record::ByteView body) {
  record::Bytes message = open_frame(kind, admitted(kind, body));
  if (kind == Kind::enrol_answer) {
    append_mac(message, code().mac_key());
  } else {
    append_signature(message, kind, signer());
    if (kind == Kind::rotation_request) append_signature(message, kind, signer());
    if (kind == Kind::enrol_request) {
      append_signature(message, kind, signer());
      append_mac(message, code().mac_key());
    }
  }
  return message;
}

void read_all(record::ByteView input) {
  constexpr std::array k_kinds{Kind::key_manifest, Kind::enrol_request,    Kind::enrol_answer,    Kind::sync_request,
                               Kind::sync_answer,  Kind::question_request, Kind::question_answer, Kind::blob_request,
                               Kind::blob_answer,  Kind::rotation_request, Kind::rotation_answer};
  const Kind kind = k_kinds[input[0] % k_kinds.size()];
  const std::size_t events = input[0] / k_kinds.size();
  const record::ByteView rest = input.subspan(1);
  read_message(kind, record::Bytes(rest.begin(), rest.end()), rest, events);
  read_message(kind, proved(kind, rest), rest, events);
  const std::string text(rest.begin(), rest.end());
  const auto typed = EnrolCode::parse(text);
  if (typed) ANJUNGAN_CHECK(EnrolCode::parse(typed->str()).value().str() == typed->str());
  if (const auto blob = blob_of_path(text)) ANJUNGAN_CHECK(text == std::string(k_blob_path) + record::to_hex(*blob));
  if (check_content_digest(text, rest)) ANJUNGAN_CHECK(text.find(content_digest(rest)) != std::string::npos);
}

}  // namespace
}  // namespace anjungan::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) anjungan::wire::read_all({data, size});
  return 0;
}
