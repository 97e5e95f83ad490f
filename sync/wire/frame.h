// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "sync/record/bytes.h"
#include "sync/record/result.h"

namespace anjungan::wire {

// The envelope of every message: "ANJ" 0x01 (the protocol's version), kind (u8), body length (u32), body, proofs.
// The proofs (signatures, and in enrolment a MAC) cover every byte before themselves, envelope included, so a message
// of one kind can never pass for one of another.
enum class Kind : std::uint8_t {
  key_manifest = 0x01,
  enrol_request = 0x10,
  enrol_answer = 0x11,
  sync_request = 0x20,
  sync_answer = 0x21,
  question_request = 0x30,
  question_answer = 0x31,
  blob_request = 0x40,
  blob_answer = 0x41,
  rotation_request = 0x50,
  rotation_answer = 0x51,
};

inline constexpr std::size_t k_frame_header_bytes = 9;

// The message's name in errors, "sync answer".
[[nodiscard]] std::string_view kind_name(Kind kind);

// Envelope and body, ready to be signed; the caller appends the proofs.
[[nodiscard]] record::Bytes open_frame(Kind kind, record::ByteView body);

// Views into the bytes that were parsed, which must outlive it.
struct Frame {
  // What the proofs cover: envelope and body.
  record::ByteView covered;
  record::ByteView body;
  record::ByteView proofs;
};

// Length of the message that begins here, by its own header: more than there is when it was cut short.
[[nodiscard]] record::Result<std::size_t> frame_bytes(Kind kind, record::ByteView bytes, std::size_t proof_bytes);

// Checks version, kind, length and that exactly `proof_bytes` follow the body.
[[nodiscard]] record::Result<Frame> parse_frame(Kind kind, record::ByteView bytes, std::size_t proof_bytes);

}  // namespace anjungan::wire
