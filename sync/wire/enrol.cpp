// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/enrol.h"

#include <fmt/format.h>

#include "sync/wire/frame.h"
#include "sync/wire/limits.h"
#include "sync/wire/octets.h"
#include "sync/wire/proof.h"

namespace anjungan::wire {
namespace {

using record::ErrorKind;

constexpr std::string_view k_fingerprint_domain = "anjungan/enrol-fingerprint/1";
constexpr std::size_t k_request_proof_bytes = 2 * k_signature_bytes + k_mac_bytes;
constexpr std::size_t k_max_manifest_bytes = 1024;

tl::unexpected<record::Error> fault(ErrorKind kind, std::string_view why) {
  return record::fail(kind, fmt::format("enrolment: {}", why));
}

record::Result<void> check_grant(const TerminalGrant& grant) {
  if (!grant.device.valid()) return fault(ErrorKind::invalid, "region is 0..9999 and terminal 1..9999");
  if (grant.office.empty() || grant.office.size() > k_max_office_bytes || grant.place.size() > k_max_office_bytes) {
    return fault(ErrorKind::invalid, "office is 1 to 200 bytes, place at most 200");
  }
  if (grant.public_url.size() > k_max_url_bytes || !is_plain_text(grant.public_url)) {
    return fault(ErrorKind::invalid, "the public address is at most 200 bytes");
  }
  if (!is_plain_text(grant.office) || !is_plain_text(grant.place)) {
    return fault(ErrorKind::invalid, "office and place are plain text");
  }
  if (auto manifest = open_key_manifest(grant.key_manifest, grant.root); !manifest) {
    return tl::unexpected(manifest.error());
  }
  return {};
}

TerminalGrant read_grant(OctetReader& body) {
  TerminalGrant grant;
  grant.device.region = body.u16("region");
  grant.device.terminal = body.u16("terminal");
  grant.office = body.text("office", k_max_office_bytes);
  grant.place = body.text("place", k_max_office_bytes);
  grant.public_url = body.text("public address", k_max_url_bytes);
  grant.root = body.fixed<32>("root key");
  grant.key_manifest = body.block("key manifest", k_max_manifest_bytes);
  grant.epoch = body.fixed<16>("epoch");
  grant.join_counter = body.u64("join counter");
  return grant;
}

}  // namespace

record::Result<record::Bytes> encode_enrol_request(const EnrolCode& code, std::string_view software,
                                                   const record::SigningKey& receipt_key,
                                                   const record::SigningKey& device_key) {
  if (software.size() > k_max_version_bytes || !is_plain_text(software)) {
    return fault(ErrorKind::invalid, "the software's name is at most 40 bytes of plain text");
  }
  OctetWriter body;
  body.raw(code.lookup_id());
  body.raw(receipt_key.public_key());
  body.raw(device_key.public_key());
  body.text(software);
  record::Bytes message = open_frame(Kind::enrol_request, body.bytes());
  append_signature(message, Kind::enrol_request, receipt_key);
  append_signature(message, Kind::enrol_request, device_key);
  append_mac(message, code.mac_key());
  return message;
}

UnverifiedEnrolRequest::UnverifiedEnrolRequest(record::Bytes message, EnrolRequest request)
    : m_message(std::move(message)), m_request(std::move(request)) {}

record::Result<UnverifiedEnrolRequest> UnverifiedEnrolRequest::parse(record::Bytes message) {
  const auto frame = parse_frame(Kind::enrol_request, message, k_request_proof_bytes);
  if (!frame) return tl::unexpected(frame.error());
  OctetReader body(frame->body);
  EnrolRequest request;
  request.code_id = body.fixed<16>("code id");
  request.receipt_key = body.fixed<32>("receipt key");
  request.device_key = body.fixed<32>("device key");
  request.software = body.text("software", k_max_version_bytes);
  if (request.receipt_key == request.device_key) body.refuse("device key", "it must differ from the receipt key");
  if (auto ok = body.finish(kind_name(Kind::enrol_request)); !ok) return tl::unexpected(ok.error());
  return UnverifiedEnrolRequest(std::move(message), std::move(request));
}

record::Result<EnrolRequest> UnverifiedEnrolRequest::verify(const EnrolCode::MacKey& mac_key) const {
  const auto frame = parse_frame(Kind::enrol_request, m_message, k_request_proof_bytes);
  if (!frame) return tl::unexpected(frame.error());
  const record::ByteView all(m_message);
  const record::ByteView receipt_signature = frame->proofs.first(k_signature_bytes);
  const record::ByteView device_signature = frame->proofs.subspan(k_signature_bytes, k_signature_bytes);
  if (auto ok =
          check_mac(Kind::enrol_request, all.first(all.size() - k_mac_bytes), frame->proofs.last(k_mac_bytes), mac_key);
      !ok) {
    return tl::unexpected(ok.error());
  }
  if (auto ok = check_signature(Kind::enrol_request, frame->covered, receipt_signature, m_request.receipt_key,
                                "the receipt key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  const record::ByteView with_receipt_signature = all.first(frame->covered.size() + k_signature_bytes);
  if (auto ok = check_signature(Kind::enrol_request, with_receipt_signature, device_signature, m_request.device_key,
                                "the device's key");
      !ok) {
    return tl::unexpected(ok.error());
  }
  return m_request;
}

std::string enrol_fingerprint(const record::PublicKey& receipt_key, const record::PublicKey& device_key) {
  OctetWriter both;
  both.raw(receipt_key);
  both.raw(device_key);
  const record::Hash digest = record::hash_in(k_fingerprint_domain, both.bytes());
  const std::string hex = record::to_hex(record::ByteView(digest).first(10));
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 4) {
    if (i != 0) out += ' ';
    out += hex.substr(i, 4);
  }
  return out;
}

record::Result<record::Bytes> encode_enrol_answer(const EnrolAnswer& answer, const record::Hash& request_digest,
                                                  const EnrolCode::MacKey& mac_key) {
  OctetWriter body;
  body.raw(request_digest);
  body.u64(static_cast<std::uint64_t>(answer.server_time_ms));
  body.u8(answer.pending() ? 0 : 1);
  if (answer.grant) {
    if (auto ok = check_grant(*answer.grant); !ok) return tl::unexpected(ok.error());
    const TerminalGrant& grant = *answer.grant;
    body.u16(grant.device.region);
    body.u16(grant.device.terminal);
    body.text(grant.office);
    body.text(grant.place);
    body.text(grant.public_url);
    body.raw(grant.root);
    body.block(grant.key_manifest);
    body.raw(grant.epoch);
    body.u64(grant.join_counter);
  }
  record::Bytes message = open_frame(Kind::enrol_answer, body.bytes());
  append_mac(message, mac_key);
  return message;
}

record::Result<EnrolAnswer> open_enrol_answer(record::ByteView message, const EnrolCode& code,
                                              const record::Hash& request_digest) {
  const auto frame = parse_frame(Kind::enrol_answer, message, k_mac_bytes);
  if (!frame) return tl::unexpected(frame.error());
  if (auto ok = check_mac(Kind::enrol_answer, frame->covered, frame->proofs, code.mac_key()); !ok) {
    return tl::unexpected(ok.error());
  }
  OctetReader body(frame->body);
  EnrolAnswer answer;
  const record::Hash digest = body.fixed<32>("request digest");
  answer.server_time_ms = static_cast<std::int64_t>(body.u64("server time"));
  const std::uint8_t state = body.u8("state");
  if (state > 1) body.refuse("state", "neither pending (0) nor confirmed (1)");
  if (state == 1) answer.grant = read_grant(body);
  if (auto ok = body.finish(kind_name(Kind::enrol_answer)); !ok) return tl::unexpected(ok.error());
  if (digest != request_digest) return fault(ErrorKind::denied, "the answer was made for another request");
  if (answer.grant) {
    if (auto ok = check_grant(*answer.grant); !ok) return tl::unexpected(ok.error());
  }
  return answer;
}

}  // namespace anjungan::wire
