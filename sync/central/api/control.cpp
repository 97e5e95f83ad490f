// SPDX-License-Identifier: Apache-2.0
// Api: the routes of the control socket, for anjunganctl.
#include <charconv>

#include "sync/central/api/api.h"
#include "sync/central/api/json_answers.h"
#include "sync/wire/blob.h"
#include "sync/wire/http.h"

namespace anjungan::central {
namespace {

using record::Result;

/// The value of a query's name; plain letters, digits, - and _ only, so nothing needs decoding.
std::string query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view one = query.substr(0, end);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return std::string(one.substr(name.size() + 1));
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

std::size_t number_or(std::string_view text, std::size_t otherwise) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value > 0 ? value : otherwise;
}

HttpResponse missing(const char* field) {
  return error_response({record::ErrorKind::invalid, std::string(field) + ": a value is needed"});
}

/// Reads the deed of a route; nullopt where the route is none.
std::optional<Deed> deed_of(const HttpRequest& request) {
  const auto text = [&](const char* name) { return text_member(request.body, name).value_or(std::string()); };
  if (request.path == "/control/verify") return Deed{Action::verify, "", "", ""};
  if (request.path == "/control/dispose") return Deed{Action::dispose, text("agency"), text("note"), ""};
  if (request.path == "/control/follow-up") return Deed{Action::follow_up, "", text("text"), text("evidence")};
  if (request.path == "/control/resolve") return Deed{Action::resolve, "", text("text"), text("evidence")};
  return std::nullopt;
}

}  // namespace

HttpResponse Api::control(const HttpRequest& request) {
  const bool get = request.method == "GET";
  const auto text = [&](const char* name) { return text_member(request.body, name).value_or(std::string()); };

  if (request.path.starts_with("/control/command")) return control_commands(request);
  if (get && request.path == "/control/devices") {
    auto rows = m_centre.devices();
    return rows ? json_response(200, devices_json(*rows)) : error_response(rows.error());
  }
  if (get && request.path == "/control/receipt-keys") {
    auto rows = m_centre.terminal_keys();
    return rows ? json_response(200, terminal_keys_json(*rows)) : error_response(rows.error());
  }
  if (get && request.path == "/control/stats") {
    auto rows = m_centre.stats();
    return rows ? json_response(200, stats_json(*rows)) : error_response(rows.error());
  }
  if (get && request.path == "/control/alarms") {
    auto alarms = m_centre.look_for_alarms();
    return alarms ? json_response(200, alarms_json(*alarms)) : error_response(alarms.error());
  }
  if (get && request.path == "/control/complaints") {
    const std::size_t most = std::min<std::size_t>(number_or(query_value(request.query, "limit"), 100), 10'000);
    auto rows = m_centre.complaints(query_value(request.query, "status"), most);
    return rows ? json_response(200, complaints_json(*rows, m_centre.catalogue())) : error_response(rows.error());
  }
  if (get && request.path == "/control/audit") {
    std::optional<record::Hash> expected;
    if (const std::string typed = query_value(request.query, "expect"); !typed.empty()) {
      const auto bytes = record::from_hex(typed);
      const auto hash =
          bytes ? record::to_array<32>(*bytes, "expect") : record::Result<record::Hash>(tl::unexpected(bytes.error()));
      if (!hash) return error_response({record::ErrorKind::invalid, "expect: 64 hexadecimal digits"});
      expected = *hash;
    }
    auto verdict = m_centre.verify(expected);
    return verdict ? json_response(200, verdict_json(*verdict)) : error_response(verdict.error());
  }
  constexpr std::string_view k_one = "/control/complaint/";
  if (get && request.path.starts_with(k_one)) {
    const std::string number = request.path.substr(k_one.size());
    auto found = m_centre.complaint(number);
    if (!found) return error_response(found.error());
    if (query_value(request.query, "open") != "1")
      return json_response(200, complaint_json(*found, m_centre.catalogue(), nullptr));
    auto personal = m_centre.open_personal(number, "admin");
    if (!personal) return error_response(personal.error());
    return json_response(200, complaint_json(*found, m_centre.catalogue(), &*personal));
  }
  if (get)
    return json_response(404,
                         "{\"error\":{\"kind\":\"not_found\",\"field\":\"\",\"text\":\"there is no such route\"}}");

  if (request.method == "POST" && request.path == "/control/enrol-code") {
    const auto region = number_member(request.body, "region").value_or(m_centre.catalogue().region_code);
    auto code = m_centre.make_enrol_code(static_cast<std::uint16_t>(region > 0 && region <= 9999 ? region : 0),
                                         text("office"), text("place"));
    return code ? json_response(200, code_json(*code)) : error_response(code.error());
  }
  if (request.method == "POST" && request.path == "/control/confirm") {
    const std::string which = text("device").empty() ? text("fingerprint") : text("device");
    if (which.empty()) return missing("device");
    auto device = m_centre.confirm(which);
    return device ? json_response(200, device_json(*device)) : error_response(device.error());
  }
  if (request.method == "POST" && request.path == "/control/rebuild") {
    auto events = m_centre.rebuild("admin");
    return events ? json_response(200, "{\"events\":" + std::to_string(*events) + "}") : error_response(events.error());
  }
  if (request.method == "POST" && request.path == "/control/attachments") {
    auto rows = m_centre.attachments(text("number"));
    return rows ? json_response(200, attachments_json(*rows)) : error_response(rows.error());
  }
  if (request.method == "POST" && request.path == "/control/attachment") {
    const auto name = wire::blob_of_path(std::string(wire::k_blob_path) + text("blob"));
    if (!name) return error_response({record::ErrorKind::invalid, "blob: 64 hexadecimal digits"});
    auto bytes = m_centre.take_out_blob(text("number"), *name, "admin");
    if (!bytes) return error_response(bytes.error());
    HttpResponse out;
    out.content_type = "application/octet-stream";
    out.body = record::to_text(*bytes);
    return out;
  }
  if (request.method == "POST" && request.path == "/control/backup") {
    auto done = m_centre.back_up(text("to"), "admin");
    return done ? json_response(200, "{\"done\":true}") : error_response(done.error());
  }
  if (request.method == "POST" && request.path == "/control/accept-loss") {
    auto accepted = m_centre.accept_loss(text("number"), "admin");
    if (!accepted) return error_response(accepted.error());
    (void)m_centre.look_for_alarms();  // so that nobody is told of it any more; it tells by itself what ails the store
    return json_response(200, accepted_json(*accepted));
  }
  if (request.method == "POST" && request.path == "/control/unlock") {
    auto device = m_centre.unlock(text("device"));
    return device ? json_response(200, device_json(*device)) : error_response(device.error());
  }
  if (request.method == "POST" && request.path == "/control/ask-rotation") {
    auto device = m_centre.ask_rotation(text("device"), text("which"), "admin");
    return device ? json_response(200, device_json(*device)) : error_response(device.error());
  }
  if (request.method == "POST" && request.path == "/control/carried") {
    const record::ByteView body = record::view_of(request.body);
    auto carried = m_centre.take_carried(record::Bytes(body.begin(), body.end()), "admin");
    return carried ? json_response(200, carried_json(*carried)) : error_response(carried.error());
  }
  if (request.method == "POST" && request.path == "/control/announce-key") {
    auto news = m_centre.announce_key("admin");
    return news ? json_response(200, key_news_json(*news)) : error_response(news.error());
  }
  if (request.method == "POST" && request.path == "/control/switch-key") {
    auto news = m_centre.switch_key("admin", number_member(request.body, "force").value_or(0) == 1);
    return news ? json_response(200, key_news_json(*news)) : error_response(news.error());
  }
  if (request.method == "POST" && request.path == "/control/revoke") {
    const auto from = number_member(request.body, "from_seq").value_or(0);
    auto device = m_centre.revoke(text("device"), from > 0 ? static_cast<std::uint64_t>(from) : 0);
    return device ? json_response(200, device_json(*device)) : error_response(device.error());
  }
  if (request.method == "POST") {
    if (const auto deed = deed_of(request)) {
      const std::string number = text("number");
      if (number.empty()) return missing("number");
      auto done = m_centre.act(number, *deed, "admin");
      return done ? json_response(200, complaint_json(*done, m_centre.catalogue(), nullptr))
                  : error_response(done.error());
    }
  }
  return json_response(404, "{\"error\":{\"kind\":\"not_found\",\"field\":\"\",\"text\":\"there is no such route\"}}");
}

}  // namespace anjungan::central
