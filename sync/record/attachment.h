// SPDX-License-Identifier: Apache-2.0
// What attachment.added says of the one blob that it names.
#pragma once

#include <cstdint>
#include <string>

#include "sync/record/blob.h"
#include "sync/record/event.h"

namespace anjungan::record {

enum class AttachmentKind { photo, voice };
[[nodiscard]] const char* attachment_kind_name(AttachmentKind kind);

/// Most attachments of one complaint.
inline constexpr std::size_t k_most_attachments = 8;

/// An attachment as it was sealed.
struct Attachment {
  AttachmentKind kind = AttachmentKind::photo;
  std::string media = "image/jpeg";  ///< image/jpeg or audio/ogg
  BlobName blob;
};

/// The event's public part; the blob's hash stands in its list of blobs.
[[nodiscard]] Facts attachment_facts(const TrackingNumber& number, const Attachment& attachment);

struct AttachmentEvent {
  TrackingNumber number;
  Attachment attachment;
};

/// Of an event attachment.added. `invalid` names what is wrong.
[[nodiscard]] Result<AttachmentEvent> attachment_of(const Event& event);

}  // namespace anjungan::record
