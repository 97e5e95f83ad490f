// SPDX-License-Identifier: Apache-2.0
// JSON in and out of the public look-up and the control socket.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sync/central/api/http_server.h"
#include "sync/central/ingest/centre.h"

namespace anjungan::central {

/// A text member of a JSON object; nullopt when the body is no such object.
[[nodiscard]] std::optional<std::string> text_member(std::string_view body, const char* name);
/// Whether the object has that member, of whatever kind.
[[nodiscard]] bool has_member(std::string_view body, const char* name);
/// A whole-number member.
[[nodiscard]] std::optional<std::int64_t> number_member(std::string_view body, const char* name);

[[nodiscard]] HttpResponse json_response(unsigned status, std::string body);
/// {"error":{"kind","field","text"}} with the status that fits the kind; the field is what stands before the text's
/// colon.
[[nodiscard]] HttpResponse error_response(const record::Error& error);

[[nodiscard]] std::string sight_json(const Sight& sight);
[[nodiscard]] std::string device_json(const Device& device);
[[nodiscard]] std::string devices_json(const std::vector<Device>& devices);
[[nodiscard]] std::string terminal_keys_json(const std::vector<Centre::TerminalKeys>& terminals);
[[nodiscard]] std::string stats_json(const std::vector<Centre::DeviceStats>& stats);
[[nodiscard]] std::string attachments_json(const std::vector<AttachmentRow>& rows);
[[nodiscard]] std::string verdict_json(const StoreVerdict& verdict);
[[nodiscard]] std::string code_json(const Centre::NewCode& code);
[[nodiscard]] std::string carried_json(const Centre::Carried& carried);
[[nodiscard]] std::string alarms_json(const std::vector<Alarm>& alarms);
[[nodiscard]] std::string accepted_json(const std::string& number);
[[nodiscard]] std::string key_news_json(const Centre::KeyNews& news);
[[nodiscard]] std::string order_json(const Centre::Order& order);
[[nodiscard]] std::string commands_json(const std::vector<OrderedCommand>& rows);
[[nodiscard]] std::string cancelled_json(const Centre::Cancelled& cancelled);
[[nodiscard]] std::string complaints_json(const std::vector<ComplaintRow>& rows, const catalogue::Catalogue& catalogue);
/// With the personal part when `personal` is given.
[[nodiscard]] std::string complaint_json(const Centre::Case& one, const catalogue::Catalogue& catalogue,
                                         const std::map<std::string, std::string>* personal);

}  // namespace anjungan::central
