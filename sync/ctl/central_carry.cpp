// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/central_carry.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sync/agent/carry_out.h"
#include "sync/ctl/carried_folder.h"
#include "sync/ctl/table.h"
#include "sync/store/files.h"
#include "sync/wire/carried.h"
#include "sync/wire/http.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

constexpr unsigned k_mode = 0640;

std::string_view remedy(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "; copy it again from the terminal";
    case ErrorKind::not_found:
      return "; is this the right centre?";
    case ErrorKind::denied:
    case ErrorKind::crypto:
      return "; it was altered, or is of another centre: export it again at the terminal";
    default:
      return "";
  }
}

// Whether going on with the next file makes sense.
bool ends_all(ErrorKind kind) {
  return kind != ErrorKind::invalid && kind != ErrorKind::denied && kind != ErrorKind::crypto &&
         kind != ErrorKind::not_found;
}

// What the centre said, once its answer lies in `to`.
Result<json> carry(const CentralTarget& target, const std::string& path, const std::string& answer_path) {
  const auto request = store::read_file(path, wire::k_max_request_bytes);
  if (!request) return tl::unexpected(request.error());
  const std::string bytes = record::to_text(*request);
  const auto text = ask_centre(target, "/control/carried", ControlBody{wire::k_content_type, bytes});
  if (!text) return tl::unexpected(text.error());
  json said = json::parse(*text, nullptr, false);
  if (!said.is_object()) return fail(ErrorKind::unavailable, "the centre answered without JSON");
  const auto answer = record::from_base64url(said.value("answer", ""));
  if (!answer) return tl::unexpected(answer.error());
  said.erase("answer");
  if (auto kept = store::write_file(answer_path, wire::join_carried_answer(*request, *answer), k_mode); !kept) {
    return tl::unexpected(kept.error());
  }
  return said;
}

std::string text_of(const json& one, const char* name) {
  const auto found = one.find(name);
  return found == one.end() ? std::string() : found->is_string() ? found->get<std::string>() : found->dump();
}

void print_table(const json& list) {
  Table table({"FILE", "DEVICE", "STANDING", "EVENTS", "STORED", "DUPLICATES", "CONFLICTS", "QUARANTINED", "ACKED"});
  for (const json& one : list) {
    table.add({text_of(one, "file"), text_of(one, "device"), text_of(one, "standing"), text_of(one, "events"),
               text_of(one, "stored"), text_of(one, "duplicates"), text_of(one, "conflicts"),
               text_of(one, "quarantined"), text_of(one, "acked_seq")});
  }
  fmt::print("{}", table.str());
}

}  // namespace

ExitCode central_import(const CentralTarget& target, const std::string& from, const std::string& to) {
  const auto names = carried_names(from, agent::k_request_suffix);
  if (!names) return complain(names.error());
  if (names->empty()) {
    return complain({ErrorKind::not_found, from + ": no requests here; at the terminal: anjunganctl export"});
  }
  std::error_code ignored;
  if (!std::filesystem::is_directory(to, ignored)) return complain({ErrorKind::not_found, to + ": is no folder"});
  json list = json::array();
  ExitCode code = ExitCode::done;
  for (std::size_t i = 0; i < names->size(); i++) {
    const std::string& name = (*names)[i];
    const std::string answer =
        name.substr(0, name.size() - std::string_view(agent::k_request_suffix).size()) + agent::k_answer_suffix;
    auto said = carry(target, from + "/" + name, to + "/" + answer);
    show_progress(i + 1, names->size());
    if (!said) {
      const ErrorKind kind = said.error().kind;
      const std::string text = name + ": " + said.error().text + std::string(remedy(kind));
      code = complain({kind, text});
      list.push_back({{"file", name}, {"outcome", "refused"}, {"text", text}});
      if (ends_all(kind)) break;
      continue;
    }
    (*said)["file"] = name;
    (*said)["outcome"] = "answered";
    (*said)["answer_file"] = answer;
    list.push_back(*std::move(said));
  }
  if (target.json) {
    fmt::print("{}\n", json{{"files", list}}.dump(2, ' ', false, json::error_handler_t::replace));
  } else {
    print_table(list);
    fmt::print("the answers are in {}: bring them back to the terminals, anjunganctl import\n", printable(to));
  }
  return code;
}

}  // namespace anjungan::ctl
