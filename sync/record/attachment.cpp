// SPDX-License-Identifier: Apache-2.0
#include "sync/record/attachment.h"

#include <array>
#include <charconv>

namespace anjungan::record {
namespace {

struct Kind {
  AttachmentKind kind;
  const char* name;
  const char* media;
};

/// Attachments are made anew from what a camera or a microphone gave, so there is one format for each.
constexpr std::array<Kind, 2> k_kinds{
    {{AttachmentKind::photo, "photo", "image/jpeg"}, {AttachmentKind::voice, "voice", "audio/ogg"}}};

}  // namespace

const char* attachment_kind_name(AttachmentKind kind) {
  for (const Kind& one : k_kinds) {
    if (one.kind == kind) return one.name;
  }
  return "";
}

Facts attachment_facts(const TrackingNumber& number, const Attachment& attachment) {
  Facts out;
  out["number"] = number.str();
  out["kind"] = attachment_kind_name(attachment.kind);
  out["media"] = attachment.media;
  out["size"] = std::to_string(attachment.blob.bytes);
  return out;
}

Result<AttachmentEvent> attachment_of(const Event& event) {
  const auto text = [&](std::string_view key) {
    const auto found = event.facts.find(key);
    return found == event.facts.end() ? std::string() : found->second;
  };
  if (event.type != EventType::attachment_added) return fail(ErrorKind::invalid, "type: not attachment.added");
  AttachmentEvent out;
  auto number = TrackingNumber::parse(text("number"));
  if (!number) return fail(ErrorKind::invalid, "number: " + number.error().text);
  out.number = *number;
  bool known = false;
  for (const Kind& one : k_kinds) {
    if (text("kind") != one.name || text("media") != one.media) continue;
    out.attachment.kind = one.kind;
    out.attachment.media = one.media;
    known = true;
  }
  if (!known) return fail(ErrorKind::invalid, "kind, media: neither a photo as image/jpeg nor a voice as audio/ogg");
  const std::string size = text("size");
  std::uint64_t& bytes = out.attachment.blob.bytes;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), bytes);
  if (error != std::errc{} || end != size.data() + size.size() || bytes == 0 || bytes > k_most_blob_bytes) {
    return fail(ErrorKind::invalid, "size: not a number from 1 to " + std::to_string(k_most_blob_bytes));
  }
  if (event.blobs.size() != 1) return fail(ErrorKind::invalid, "blobs: not exactly one");
  out.attachment.blob.hash = event.blobs.front();
  return out;
}

}  // namespace anjungan::record
