// SPDX-License-Identifier: Apache-2.0
// The event: the only thing a terminal writes. Made once as JSON text (RFC 8259), then stored, sent, hashed and signed
// verbatim; nobody serialises it again. Written format: FORMAT.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/calendar.h"
#include "sync/record/clock.h"
#include "sync/record/complaint.h"
#include "sync/record/keys.h"
#include "sync/record/sealing.h"
#include "sync/record/tracking_number.h"
#include "sync/record/uuid.h"

namespace anjungan::record {

enum class EventType {
  complaint_created,
  attachment_added,
  receipt_printed,
  receipt_reprinted,
  receipt_voided,
  receipt_reissued,
  assistance_requested,
  complaint_verified,
  disposition,
  followup_added,
  status_changed,
  feedback_given,
  escalated,
  correction,
  shift_closed,
  device_booted,
  device_clock,
  device_printer,
  device_command,
  device_tamper,
};

/// "complaint.created", "receipt.printed", ...
[[nodiscard]] const char* event_type_name(EventType type);
[[nodiscard]] Result<EventType> parse_event_type(std::string_view name);

/// Most bytes of one event; a longer one is refused by every reader.
inline constexpr std::size_t k_most_event_bytes = 128 * 1024;

/// The public part of an event: flat names and texts (at most 64 entries, 4 KiB each). What a type holds: FORMAT.md.
using Facts = std::map<std::string, std::string, std::less<>>;

struct Event {
  std::string device;     ///< "3273-0012"; the centre's own events: "centre"
  std::uint64_t seq = 0;  ///< from 1, without a gap
  Uuid id;
  EventType type = EventType::device_booted;
  Uuid subject;                   ///< the complaint; all zeros for events of the device itself
  std::int64_t time_ms = 0;       ///< wall clock, Unix milliseconds; recorded, never an order
  std::string boot;               ///< boot id of the machine
  std::int64_t monotonic_ms = 0;  ///< since that boot
  std::string office;
  Facts facts;
  std::optional<Sealed> sealed;
  std::vector<Hash> blobs;
  Hash prev{};  ///< hash of the event seq - 1; zeros before the first
};

/// The event's one and only bytes. Fails with `invalid` when a bound is exceeded or a text is not UTF-8.
[[nodiscard]] Result<Bytes> write_event(const Event& event);

/// Strict: unknown, missing or duplicate members, wrong types, bad UTF-8 and exceeded bounds are refused (`invalid`).
[[nodiscard]] Result<Event> parse_event(ByteView bytes);

/// The context its sealed part is tied to.
[[nodiscard]] SealContext seal_context(const Event& event);

/// The public part of complaint.created, typed.
struct ComplaintFacts {
  TrackingNumber number;
  ComplaintClass kind = ComplaintClass::complaint;
  Privacy privacy = Privacy::open;
  Language language = Language::indonesian;
  std::string channel = "kiosk";
  std::string category;
  std::string district;  ///< may be empty
  std::string village;   ///< may be empty
  Hash code_hash{};
  Hash secret_hash{};
  KeyId receipt_key{};
  std::uint32_t attachments = 0;
  std::optional<DueDates> due;  ///< absent when the terminal's clock was not sane
  int utc_offset_min = 420;
};

[[nodiscard]] Facts to_facts(const ComplaintFacts& facts);
[[nodiscard]] Result<ComplaintFacts> complaint_facts(const Facts& facts);

/// The plain JSON of the sealed part: the typed fields that are not empty. Wipe it after use.
[[nodiscard]] std::string personal_json(const Complaint& complaint);
/// At the centre, after opening. Fails with `invalid`.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_personal_json(std::string_view text);

}  // namespace anjungan::record
