// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/identifiers.h"

namespace anjungan::wire {

// A question for one case, from a person standing at the terminal: POST /v1/question. The agent carries it but cannot
// read the answer, which the centre seals to a key that only the app holds, in memory, for this one question.

struct QuestionRequest {
  DeviceId device;
  RootId centre{};
  std::array<std::uint8_t, 16> id{};  // UUID of the question row
  record::Hash code_hash{};           // AccessCode::code_hash()
  record::PublicKey reply_key{};      // X25519, a record::SealingKey's public half
  std::int64_t created_ms = 0;
};

[[nodiscard]] record::Result<record::Bytes> encode_question(const QuestionRequest& question,
                                                            const record::SigningKey& device_key);

class VerifiedQuestion {
 public:
  [[nodiscard]] const QuestionRequest& operator*() const { return m_question; }
  [[nodiscard]] const QuestionRequest* operator->() const { return &m_question; }
  [[nodiscard]] const record::Hash& digest() const { return m_digest; }

 private:
  friend class UnverifiedQuestion;
  VerifiedQuestion(const QuestionRequest& question, const record::Hash& digest)
      : m_question(question), m_digest(digest) {}
  QuestionRequest m_question;
  record::Hash m_digest;
};

class UnverifiedQuestion {
 public:
  [[nodiscard]] static record::Result<UnverifiedQuestion> parse(record::Bytes message);
  [[nodiscard]] const DeviceId& device() const { return m_question.device; }
  // As UnverifiedSyncRequest::verify.
  [[nodiscard]] record::Result<VerifiedQuestion> verify(const record::PublicKey& device_key,
                                                        const record::PublicKey& root) &&;

 private:
  UnverifiedQuestion(record::Bytes message, const QuestionRequest& question);
  record::Bytes m_message;
  QuestionRequest m_question;
};

enum class Finding : std::uint8_t {
  found = 1,      // `sealed_case` holds the case
  unknown = 2,    // no case opens with this code (or it was voided)
  throttled = 3,  // too many misses from this terminal; ask again after retry_after_s
};

struct QuestionAnswer {
  Finding finding = Finding::unknown;
  std::uint32_t retry_after_s = 0;
  record::Bytes sealed_case;  // made by seal_case(); empty unless found
  std::int64_t server_time_ms = 0;
};

// Seals the case's JSON to the reply key, padded with spaces behind it so that its length tells little. The app opens
// it with record::SealingKey::open; a JSON reader passes over the spaces.
[[nodiscard]] record::Result<record::Bytes> seal_case(std::string_view case_json, const record::PublicKey& reply_key);

[[nodiscard]] record::Result<record::Bytes> encode_question_answer(const QuestionAnswer& answer, const DeviceId& device,
                                                                   const record::Hash& request_digest,
                                                                   const record::SigningKey& centre_key);

// The only way to read an answer; as open_sync_answer.
[[nodiscard]] record::Result<QuestionAnswer> open_question_answer(record::ByteView message, const DeviceId& device,
                                                                  const record::Hash& request_digest,
                                                                  std::span<const record::PublicKey> centre_keys);

}  // namespace anjungan::wire
