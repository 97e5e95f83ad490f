// SPDX-License-Identifier: Apache-2.0
// Api: the routes of the control socket that order terminals about.
#include <fmt/format.h>

#include "sync/central/api/api.h"
#include "sync/central/api/json_answers.h"

namespace anjungan::central {
namespace {

using record::Result;

constexpr std::string_view k_list = "/control/commands";
constexpr const char* k_who = "admin";

Result<std::uint64_t> seq_member(const HttpRequest& request, const char* name, std::uint64_t otherwise) {
  const auto value = number_member(request.body, name);
  if (!value && !has_member(request.body, name)) return otherwise;
  if (!value || *value < 1 || *value > static_cast<std::int64_t>(record::k_last_seq)) {
    return record::fail(record::ErrorKind::invalid, fmt::format("{}: an event's seq, from 1", name));
  }
  return static_cast<std::uint64_t>(*value);
}

Result<record::Command> command_of(const HttpRequest& request) {
  const auto text = [&](const char* name) { return text_member(request.body, name).value_or(std::string()); };
  record::Command out;
  out.expires_ms = number_member(request.body, "expires_ms").value_or(0);
  const std::string verb = text("verb");
  if (verb == "restart") {
    out.verb = record::Verb::restart;
    auto program = record::parse_program(text("program"));
    if (!program) return tl::unexpected(program.error());
    out.program = *program;
    return out;
  }
  if (verb == "resend") {
    out.verb = record::Verb::resend;
    auto first = seq_member(request, "first", 1);
    if (!first) return tl::unexpected(first.error());
    auto last = seq_member(request, "last", record::k_last_seq);
    if (!last) return tl::unexpected(last.error());
    if (*last < *first) return record::fail(record::ErrorKind::invalid, "last: must not be before first");
    out.first = *first;
    out.last = *last;
    return out;
  }
  if (verb == "settings") {
    out.verb = record::Verb::settings;
    out.text = text("text");
    return out;
  }
  return record::fail(record::ErrorKind::invalid, "verb: there is no such command");
}

}  // namespace

HttpResponse Api::control_commands(const HttpRequest& request) {
  if (request.method == "GET" && request.path.starts_with(k_list)) {
    std::string device = request.path.substr(k_list.size());
    if (!device.empty()) device.erase(0, 1);
    auto rows = m_centre.commands(device);
    return rows ? json_response(200, commands_json(*rows)) : error_response(rows.error());
  }
  if (request.method == "POST" && request.path == "/control/command") {
    auto command = command_of(request);
    if (!command) return error_response(command.error());
    const std::string target = text_member(request.body, "device").value_or(std::string());
    auto order = m_centre.order(target, *std::move(command), k_who);
    return order ? json_response(200, order_json(*order)) : error_response(order.error());
  }
  if (request.method == "POST" && request.path == "/control/command-catalogue") {
    const auto text = [&](const char* name) { return text_member(request.body, name).value_or(std::string()); };
    const catalogue::Sources files{text("categories"), text("agencies"), text("region"), text("holidays")};
    auto order =
        m_centre.order_catalogue(text("device"), files, number_member(request.body, "expires_ms").value_or(0), k_who);
    return order ? json_response(200, order_json(*order)) : error_response(order.error());
  }
  if (request.method == "POST" && request.path == "/control/command-cancel") {
    auto cancelled = m_centre.cancel_command(text_member(request.body, "id").value_or(std::string()), k_who);
    return cancelled ? json_response(200, cancelled_json(*cancelled)) : error_response(cancelled.error());
  }
  return error_response({record::ErrorKind::not_found, "there is no such route"});
}

}  // namespace anjungan::central
