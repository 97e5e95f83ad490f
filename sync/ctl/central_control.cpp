// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/central_control.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "sync/agent/http_client.h"
#include "sync/ctl/exit_code.h"

namespace anjungan::ctl {

using nlohmann::json;
using record::ErrorKind;
using record::fail;

namespace {

constexpr std::size_t k_max_answer_bytes = 64 * 1024 * 1024;

ErrorKind kind_of(const std::string& name, long status) {
  if (const auto kind = kind_named(name)) return *kind;
  return status == 404 ? ErrorKind::not_found : status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid;
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

tl::unexpected<record::Error> refusal(const json& answer, long status) {
  const auto found = answer.find("error");
  const json error = found != answer.end() && found->is_object() ? *found : json::object();
  const std::string field = text_of(error, "field");
  std::string text = text_of(error, "text");
  if (text.empty()) text = fmt::format("the centre refused with status {}", status);
  if (!field.empty() && text.rfind(field, 0) != 0) text = field + ": " + text;
  return fail(kind_of(text_of(error, "kind"), status), text);
}

}  // namespace

record::Result<std::string> ask_centre(const CentralTarget& target, const std::string& path,
                                       const std::optional<ControlBody>& body) {
  const std::string socket = target.data_folder + "/control.sock";
  std::error_code ignored;
  if (!std::filesystem::exists(socket, ignored)) {
    return fail(ErrorKind::unavailable, fmt::format("{} is not there: is anjungan-central running with --data {}?",
                                                    socket, target.data_folder));
  }
  agent::HttpClient::Options options;
  options.user_agent = "anjunganctl/" ANJUNGAN_VERSION;
  options.unix_socket = socket;
  options.max_answer_bytes = k_max_answer_bytes;
  auto client = agent::HttpClient::open("http://localhost", options);
  if (!client) return tl::unexpected(client.error());
  auto reply =
      body ? (*client)->post(path, record::view_of(body->bytes), {{"Content-Type", std::string(body->content_type)}})
           : (*client)->get(path);
  if (!reply) {
    return fail(reply.error().kind,
                fmt::format("{}: {} (may this user talk to the centre?)", socket, reply.error().text));
  }
  std::string text = record::to_text(reply->body);
  if (reply->status == 200 || reply->status == 201) return text;
  const json answer = json::parse(text, nullptr, false);
  return refusal(answer.is_object() ? answer : json::object(), reply->status);
}

}  // namespace anjungan::ctl
