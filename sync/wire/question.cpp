// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/question.h"

#include <fmt/format.h>

#include "sync/wire/frame.h"
#include "sync/wire/limits.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {
namespace {

using record::ErrorKind;

// Cases of like size become equal in length, so that the length of what the agent carries tells little.
constexpr std::size_t k_padding_bytes = 1024;
constexpr std::size_t k_seal_bytes = 48;  // what seal_to adds
constexpr std::size_t k_max_sealed_bytes = k_max_case_bytes + k_seal_bytes;
static_assert(k_max_case_bytes % k_padding_bytes == 0);

tl::unexpected<record::Error> fault(ErrorKind kind, std::string_view why) {
  return record::fail(kind, fmt::format("question: {}", why));
}

}  // namespace

record::Result<record::Bytes> encode_question(const QuestionRequest& question, const record::SigningKey& device_key) {
  OctetWriter body;
  body.u16(question.device.region);
  body.u16(question.device.terminal);
  body.raw(question.centre);
  body.raw(question.id);
  body.raw(question.code_hash);
  body.raw(question.reply_key);
  body.u64(static_cast<std::uint64_t>(question.created_ms));
  record::Bytes message = open_frame(Kind::question_request, body.bytes());
  append_signature(message, Kind::question_request, device_key);
  return message;
}

UnverifiedQuestion::UnverifiedQuestion(record::Bytes message, const QuestionRequest& question)
    : m_message(std::move(message)), m_question(question) {}

record::Result<UnverifiedQuestion> UnverifiedQuestion::parse(record::Bytes message) {
  const auto frame = parse_frame(Kind::question_request, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  OctetReader body(frame->body);
  QuestionRequest question;
  question.device.region = body.u16("region");
  question.device.terminal = body.u16("terminal");
  if (!question.device.valid()) body.refuse("device", "region is 0..9999 and terminal 1..9999");
  question.centre = body.fixed<8>("centre");
  question.id = body.fixed<16>("id");
  question.code_hash = body.fixed<32>("code hash");
  question.reply_key = body.fixed<32>("reply key");
  question.created_ms = static_cast<std::int64_t>(body.u64("created"));
  if (auto ok = body.finish(kind_name(Kind::question_request)); !ok) return tl::unexpected(ok.error());
  return UnverifiedQuestion(std::move(message), question);
}

record::Result<VerifiedQuestion> UnverifiedQuestion::verify(const record::PublicKey& device_key,
                                                            const record::PublicKey& root) && {
  const auto frame = parse_frame(Kind::question_request, m_message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_signature(Kind::question_request, frame->covered, frame->proofs, device_key, "the device's key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  if (m_question.centre != root_id(root)) return fault(ErrorKind::denied, "it is meant for another centre");
  return VerifiedQuestion(m_question, message_digest(m_message));
}

record::Result<record::Bytes> seal_case(std::string_view case_json, const record::PublicKey& reply_key) {
  if (case_json.size() > k_max_case_bytes) return fault(ErrorKind::invalid, "the case is too long for one answer");
  std::string padded(case_json);
  padded.resize((padded.size() + k_padding_bytes - 1) / k_padding_bytes * k_padding_bytes, ' ');
  return record::seal_to(reply_key, record::view_of(padded));
}

record::Result<record::Bytes> encode_question_answer(const QuestionAnswer& answer, const DeviceId& device,
                                                     const record::Hash& request_digest,
                                                     const record::SigningKey& centre_key) {
  if (answer.sealed_case.size() > k_max_sealed_bytes) return fault(ErrorKind::invalid, "the answer is too long");
  if ((answer.finding == Finding::found) == answer.sealed_case.empty()) {
    return fault(ErrorKind::invalid, "a case goes with \"found\", and only with it");
  }
  OctetWriter body;
  body.raw(record::key_id(centre_key.public_key()));
  body.u16(device.region);
  body.u16(device.terminal);
  body.raw(request_digest);
  body.u8(static_cast<std::uint8_t>(answer.finding));
  body.u32(answer.retry_after_s);
  body.block(answer.sealed_case);
  body.u64(static_cast<std::uint64_t>(answer.server_time_ms));
  record::Bytes message = open_frame(Kind::question_answer, body.bytes());
  append_signature(message, Kind::question_answer, centre_key);
  return message;
}

record::Result<QuestionAnswer> open_question_answer(record::ByteView message, const DeviceId& device,
                                                    const record::Hash& request_digest,
                                                    std::span<const record::PublicKey> centre_keys) {
  const auto frame = parse_frame(Kind::question_answer, message, k_signature_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_centre_signature(Kind::question_answer, *frame, centre_keys); !ok) {
    return tl::unexpected(ok.error());
  }
  OctetReader body(frame->body);
  QuestionAnswer answer;
  [[maybe_unused]] const auto key_id = body.fixed<k_key_id_bytes>("key id");
  DeviceId found_device;
  found_device.region = body.u16("region");
  found_device.terminal = body.u16("terminal");
  const record::Hash digest = body.fixed<32>("request digest");
  const std::uint8_t finding = body.u8("finding");
  if (finding < 1 || finding > 3) body.refuse("finding", "not one of found, unknown, throttled");
  answer.finding = static_cast<Finding>(finding);
  answer.retry_after_s = body.u32("retry_after");
  answer.sealed_case = body.block("sealed case", k_max_sealed_bytes);
  answer.server_time_ms = static_cast<std::int64_t>(body.u64("server time"));
  if ((answer.finding == Finding::found) == answer.sealed_case.empty()) {
    body.refuse("sealed case", "a case goes with \"found\", and only with it");
  }
  if (auto ok = body.finish(kind_name(Kind::question_answer)); !ok) return tl::unexpected(ok.error());
  if (found_device != device) return fault(ErrorKind::denied, "the answer was made for another terminal");
  if (digest != request_digest) return fault(ErrorKind::denied, "the answer was made for another question");
  return answer;
}

}  // namespace anjungan::wire
