// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sync/record/bytes.h"
#include "sync/record/keys.h"
#include "sync/record/result.h"
#include "sync/wire/enrol_code.h"
#include "sync/wire/identifiers.h"
#include "sync/wire/key_manifest.h"
#include "sync/wire/limits.h"

namespace anjungan::wire {

// Enrolment, POST /v1/enrol (PROTOCOL.md, "Enrolment"). The terminal sends the same request until the centre's answer
// is `confirmed`; the first request binds the code to its two keys.

// ---- Request: terminal to centre ----

struct EnrolRequest {
  EnrolCode::LookupId code_id{};
  record::PublicKey receipt_key;  // signs receipts (the app)
  record::PublicKey device_key;   // signs batches and questions (the agent)
  std::string software;           // "anjungan 0.1.0", for the device list
};

// Signed by both keys (so neither can be someone else's) and authenticated by the code. Same input, same bytes.
[[nodiscard]] record::Result<record::Bytes> encode_enrol_request(const EnrolCode& code, std::string_view software,
                                                                 const record::SigningKey& receipt_key,
                                                                 const record::SigningKey& device_key);

// A request whose sender has proved nothing yet; only good to look the code up.
class UnverifiedEnrolRequest {
 public:
  [[nodiscard]] static record::Result<UnverifiedEnrolRequest> parse(record::Bytes message);

  [[nodiscard]] const EnrolCode::LookupId& code_id() const { return m_request.code_id; }
  // Checks the code's MAC first, then both keys' signatures. Fails with `denied`.
  [[nodiscard]] record::Result<EnrolRequest> verify(const EnrolCode::MacKey& mac_key) const;
  // What the answer must name.
  [[nodiscard]] record::Hash digest() const { return message_digest(m_message); }

 private:
  UnverifiedEnrolRequest(record::Bytes message, EnrolRequest request);
  record::Bytes m_message;
  EnrolRequest m_request;
};

// What both people compare, in groups: on the terminal's screen and in the administrator's device list.
[[nodiscard]] std::string enrol_fingerprint(const record::PublicKey& receipt_key, const record::PublicKey& device_key);

// ---- Answer: centre to terminal ----

// Everything a terminal needs to work for years without asking again.
struct TerminalGrant {
  DeviceId device;
  std::string office;          // "MPP Kota Bandung"
  std::string place;           // "Lantai 1"; may be empty
  std::string public_url;      // base of the receipt's QR, "https://lapor.example.go.id"
  record::PublicKey root;      // the centre's offline root, pinned from here on
  record::Bytes key_manifest;  // a message for open_key_manifest(root)
  Epoch epoch{};
  std::uint64_t join_counter = 0;  // what the first sync request carries
};

struct EnrolAnswer {
  // Pending: no grant yet, ask again. Confirmed: the grant.
  std::optional<TerminalGrant> grant;
  std::int64_t server_time_ms = 0;

  [[nodiscard]] bool pending() const { return !grant.has_value(); }
};

// Authenticated by the code. HTTP status 202 while pending, 200 with a grant; other states are plain HTTP errors:
// 404 no such code, 410 expired, 409 bound to other keys or already used by another terminal.
[[nodiscard]] record::Result<record::Bytes> encode_enrol_answer(const EnrolAnswer& answer,
                                                                const record::Hash& request_digest,
                                                                const EnrolCode::MacKey& mac_key);

// The only way to read an answer. Checks MAC, request digest and, in a grant, that the root signed the manifest.
// Fails with `denied` when the sender did not know the code (a captive portal, a false centre).
[[nodiscard]] record::Result<EnrolAnswer> open_enrol_answer(record::ByteView message, const EnrolCode& code,
                                                            const record::Hash& request_digest);

}  // namespace anjungan::wire
