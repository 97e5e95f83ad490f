// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "sync/record/event.h"

namespace anjungan::record {
namespace {

constexpr std::array<std::pair<EventType, const char*>, 20> k_names = {{
    {EventType::complaint_created, "complaint.created"},
    {EventType::attachment_added, "attachment.added"},
    {EventType::receipt_printed, "receipt.printed"},
    {EventType::receipt_reprinted, "receipt.reprinted"},
    {EventType::receipt_voided, "receipt.voided"},
    {EventType::receipt_reissued, "receipt.reissued"},
    {EventType::assistance_requested, "assistance.requested"},
    {EventType::complaint_verified, "complaint.verified"},
    {EventType::disposition, "disposition"},
    {EventType::followup_added, "followup.added"},
    {EventType::status_changed, "status.changed"},
    {EventType::feedback_given, "feedback.given"},
    {EventType::escalated, "escalated"},
    {EventType::correction, "correction"},
    {EventType::shift_closed, "shift.closed"},
    {EventType::device_booted, "device.booted"},
    {EventType::device_clock, "device.clock"},
    {EventType::device_printer, "device.printer"},
    {EventType::device_command, "device.command"},
    {EventType::device_tamper, "device.tamper"},
}};

}  // namespace

const char* event_type_name(EventType type) {
  for (const auto& [value, name] : k_names) {
    if (value == type) return name;
  }
  return "unknown";
}

Result<EventType> parse_event_type(std::string_view name) {
  for (const auto& [value, text] : k_names) {
    if (name == text) return value;
  }
  return fail(ErrorKind::invalid, "event type: not one of the format's");
}

SealContext seal_context(const Event& event) { return {event.device, event.seq, event.id}; }

}  // namespace anjungan::record
