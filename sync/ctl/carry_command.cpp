// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/carry_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>

#include "sync/agent/carried_orders.h"
#include "sync/agent/carry_out.h"
#include "sync/ctl/agent_or_self.h"
#include "sync/ctl/carried_folder.h"
#include "sync/ctl/table.h"
#include "sync/record/clock.h"
#include "sync/store/identity.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

std::string dump(const json& value) { return value.dump(2, ' ', false, json::error_handler_t::replace); }

class NoNetwork final : public agent::Transport {
 public:
  Result<agent::HttpAnswer> post(std::string_view /*path*/, record::ByteView /*body*/,
                                 const Headers& /*headers*/) override {
    return fail(ErrorKind::unavailable, "no network here");
  }
};

Result<json> take(AgentOrSelf& writer, const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return fail(ErrorKind::io, std::strerror(errno));
  auto answer = writer.ask(agent::k_import_order, file);
  ::close(file);
  return answer;
}

// What to do about a file that was not taken; nothing is lost by any of them.
std::string_view remedy(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid:
      return "; copy it again from the centre";
    case ErrorKind::denied:
    case ErrorKind::crypto:
      return "; it was altered, or is of another terminal or centre: let the centre make it again (anjunganctl central "
             "import)";
    default:
      return "";
  }
}

// Whether going on with the next file makes sense.
bool ends_all(ErrorKind kind) {
  return kind != ErrorKind::invalid && kind != ErrorKind::denied && kind != ErrorKind::crypto;
}

// Answers for this terminal; those that name another one are for another hall.
Result<std::vector<std::string>> own_answers(const std::string& folder, const std::string& device,
                                             std::size_t& others) {
  auto names = carried_names(folder, agent::k_answer_suffix);
  if (!names) return names;
  others = std::erase_if(*names, [&](const std::string& name) {
    return name.starts_with("anjungan-") && !name.starts_with(agent::carried_prefix(device));
  });
  if (!names->empty()) return names;
  const auto requests = carried_names(folder, agent::k_request_suffix);
  return fail(
      ErrorKind::not_found,
      fmt::format("{}: no answers for terminal {} ({} for others, {} requests that the centre has yet to take): "
                  "bring it to the centre, anjunganctl central import",
                  folder, device, others, requests ? requests->size() : 0));
}

}  // namespace

ExitCode export_events(const settings::Terminal& terminal, const std::string& to, bool as_json) {
  const auto identity = store::load_identity(terminal.data);
  if (!identity) return complain(identity.error());
  const record::SystemClock clock;
  json list = json::array();
  std::size_t events = 0;
  agent::CarryOutWish wish{terminal.data, to};
  wish.batch_events = static_cast<std::size_t>(terminal.batch);
  const auto written = agent::carry_out(wish, clock, [&](const agent::CarriedFile& file) {
    list.push_back({{"file", file.name}, {"from_seq", file.from_seq}, {"events", file.events}, {"bytes", file.bytes}});
    events += file.events;
    if (!as_json) fmt::print("{}  {} events\n", file.name, file.events);
  });
  if (!written) {
    if (!list.empty()) fmt::print(stderr, "{} files were written and are good\n", list.size());
    return complain(written.error());
  }
  if (as_json) {
    fmt::print("{}\n", dump({{"device", identity->device()}, {"folder", to}, {"events", events}, {"files", list}}));
  } else {
    fmt::print(
        "{} events in {} files. They stay here and count as waiting until the centre's answer is imported.\n"
        "At the centre: anjunganctl central --data DIR import --from FOLDER; then here: anjunganctl import\n",
        events, list.size());
  }
  return ExitCode::done;
}

ExitCode import_answers(const settings::Terminal& terminal, const std::string& from, bool as_json) {
  const auto identity = store::load_identity(terminal.data);
  if (!identity) return complain(identity.error());
  std::size_t others = 0;
  const auto names = own_answers(from, identity->device(), others);
  if (!names) return complain(names.error());
  AgentOrSelf writer(
      terminal, [] { return Result<std::unique_ptr<agent::Transport>>(std::make_unique<NoNetwork>()); },
      &agent::answer_carried_order);
  json list = json::array();
  json last = json::object();
  std::uint64_t news = 0;
  ExitCode code = ExitCode::done;
  for (std::size_t i = 0; i < names->size(); i++) {
    const std::string& name = (*names)[i];
    auto answer = take(writer, from + "/" + name);
    show_progress(i + 1, names->size());
    if (!answer) {
      const ErrorKind kind = answer.error().kind;
      const std::string text = name + ": " + answer.error().text + std::string(remedy(kind));
      code = complain({kind, text});
      list.push_back({{"file", name}, {"outcome", "refused"}, {"text", text}});
      if (ends_all(kind)) break;
      continue;
    }
    const std::string standing = answer->value("standing", "");
    if (standing != "welcome") {
      code = complain({ErrorKind::denied, fmt::format("{}: the centre has {} this terminal; ask its administrator",
                                                      name, printable(standing))});
    }
    news += answer->value("news", std::uint64_t{0});
    list.push_back({{"file", name}, {"outcome", answer->value("outcome", "")}, {"standing", standing}});
    last = *std::move(answer);
  }
  if (auto left = writer.leave(); !left) code = complain(left.error());
  if (as_json) {
    json out = {{"device", identity->device()}, {"files", list}, {"others", others}, {"news", news}};
    for (const char* name : {"acked_seq", "waiting"}) {
      if (last.contains(name)) out[name] = last[name];
    }
    fmt::print("{}\n", dump(out));
    return code;
  }
  const auto count = [&](const char* outcome) {
    return std::count_if(list.begin(), list.end(), [&](const json& one) { return one["outcome"] == outcome; });
  };
  fmt::print("{} answers: {} told something new, {} were known, {} overtaken, {} refused; {} for other terminals\n",
             list.size(), count("taken"), count("known"), count("overtaken"), count("refused"), others);
  if (!last.empty()) {
    fmt::print("the centre has everything up to event {}; {} wait; {} cases have news\n",
               last.value("acked_seq", std::uint64_t{0}), last.value("waiting", std::uint64_t{0}), news);
  }
  if (count("overtaken") > 0) {
    fmt::print("overtaken: the centre came back from a backup meanwhile; export again, nothing is lost\n");
  }
  return code;
}

}  // namespace anjungan::ctl
