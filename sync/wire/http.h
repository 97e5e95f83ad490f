// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/result.h"

namespace anjungan::wire {

// What HTTP adds around the messages (PROTOCOL.md, "HTTP"). Every call is POST, request and answer bodies are messages
// of this protocol, never compressed. A status other than 200 (202 while an enrolment waits) carries no message.
inline constexpr std::string_view k_enrol_path = "/v1/enrol";
inline constexpr std::string_view k_sync_path = "/v1/sync";
inline constexpr std::string_view k_question_path = "/v1/question";
inline constexpr std::string_view k_rotate_path = "/v1/rotate";
// An attachment: this and the blob's name in hexadecimal. HEAD asks, PATCH brings a piece.
inline constexpr std::string_view k_blob_path = "/v1/blobs/";
// Where HEAD and PATCH carry their messages, in base64url.
inline constexpr std::string_view k_request_header = "Anjungan-Request";
inline constexpr std::string_view k_answer_header = "Anjungan-Answer";
inline constexpr std::string_view k_offset_header = "Upload-Offset";
inline constexpr std::string_view k_content_type = "application/vnd.anjungan.v1";
inline constexpr std::string_view k_digest_header = "Content-Digest";

// SHA-256 of some bytes, as Content-Digest has it.
struct Sha256 {
  std::array<std::uint8_t, 32> bytes{};
  friend bool operator==(const Sha256&, const Sha256&) = default;
};
[[nodiscard]] Sha256 sha256(record::ByteView body);

// The value of RFC 9530's Content-Digest for a body: "sha-256=:BASE64:". It tells a damaged body from a forged one; it
// proves nothing, the signature inside the body does.
[[nodiscard]] std::string content_digest(const Sha256& body);
[[nodiscard]] inline std::string content_digest(record::ByteView body) { return content_digest(sha256(body)); }

// Checks a Content-Digest value against the body it came with. Wants a sha-256 member; members of other algorithms
// may stand beside it (RFC 9530 section 2). Fails with `invalid`.
[[nodiscard]] record::Result<void> check_content_digest(std::string_view value, const Sha256& body);
[[nodiscard]] inline record::Result<void> check_content_digest(std::string_view value, record::ByteView body) {
  return check_content_digest(value, sha256(body));
}

}  // namespace anjungan::wire
