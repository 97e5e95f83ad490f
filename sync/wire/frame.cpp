// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/frame.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sync/wire/octets.h"

namespace anjungan::wire {
namespace {

constexpr std::array<std::uint8_t, 4> k_magic{'A', 'N', 'J', 1};

tl::unexpected<record::Error> refuse(Kind kind, std::string_view why) {
  return record::fail(record::ErrorKind::invalid, fmt::format("{}: {}", kind_name(kind), why));
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::key_manifest:
      return "key manifest";
    case Kind::enrol_request:
      return "enrolment request";
    case Kind::enrol_answer:
      return "enrolment answer";
    case Kind::sync_request:
      return "sync request";
    case Kind::sync_answer:
      return "sync answer";
    case Kind::question_request:
      return "question";
    case Kind::question_answer:
      return "answer to a question";
    case Kind::blob_request:
      return "blob request";
    case Kind::blob_answer:
      return "blob answer";
    case Kind::rotation_request:
      return "rotation request";
    case Kind::rotation_answer:
      return "rotation answer";
  }
  return "message";
}

record::Bytes open_frame(Kind kind, record::ByteView body) {
  OctetWriter out;
  out.raw(k_magic);
  out.u8(static_cast<std::uint8_t>(kind));
  out.block(body);
  return out.take();
}

record::Result<std::size_t> frame_bytes(Kind kind, record::ByteView bytes, std::size_t proof_bytes) {
  if (bytes.size() < k_frame_header_bytes || !std::equal(k_magic.begin(), k_magic.end(), bytes.begin())) {
    return refuse(kind, "these bytes are not a message of this protocol");
  }
  OctetReader header(bytes.subspan(k_magic.size(), k_frame_header_bytes - k_magic.size()));
  const std::uint8_t found = header.u8("kind");
  const std::size_t body_bytes = header.u32("body length");
  if (found != static_cast<std::uint8_t>(kind)) return refuse(kind, fmt::format("the kind is 0x{:02x}", found));
  return k_frame_header_bytes + body_bytes + proof_bytes;
}

record::Result<Frame> parse_frame(Kind kind, record::ByteView bytes, std::size_t proof_bytes) {
  const auto whole = frame_bytes(kind, bytes, proof_bytes);
  if (!whole) return tl::unexpected(whole.error());
  if (*whole > bytes.size()) return refuse(kind, "cut short");
  if (*whole < bytes.size()) return refuse(kind, "bytes are left over");
  const std::size_t body_bytes = *whole - proof_bytes - k_frame_header_bytes;
  return Frame{bytes.first(k_frame_header_bytes + body_bytes), bytes.subspan(k_frame_header_bytes, body_bytes),
               bytes.last(proof_bytes)};
}

}  // namespace anjungan::wire
