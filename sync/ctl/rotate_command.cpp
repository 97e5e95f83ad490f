// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/rotate_command.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "sync/agent/http_client.h"
#include "sync/agent/rotation_orders.h"
#include "sync/ctl/agent_or_self.h"
#include "sync/ctl/table.h"
#include "sync/store/files.h"
#include "sync/wire/enrol.h"
#include "sync/wire/limits.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;
using record::ErrorKind;
using record::fail;
using record::Result;

constexpr std::chrono::milliseconds k_look{250};

// Files in the folder are made as its owner, the kiosk's user.
class AsOwner {
 public:
  explicit AsOwner(const std::string& folder) {
    struct stat found{};
    if (::geteuid() != 0 || ::stat(folder.c_str(), &found) != 0 || found.st_uid == 0) return;
    m_changed = ::setegid(found.st_gid) == 0 && ::seteuid(found.st_uid) == 0;
  }
  ~AsOwner() {
    if (!m_changed || (::seteuid(0) == 0 && ::setegid(0) == 0)) return;
    std::perror("anjunganctl");
  }
  AsOwner(const AsOwner&) = delete;
  AsOwner& operator=(const AsOwner&) = delete;

 private:
  bool m_changed = false;
};

// The kiosk's share, while none runs: its lock says so.
Result<void> stand_in_for_kiosk(const std::string& data_folder) {
  const AsOwner owner(data_folder);
  const auto identity = store::load_identity(data_folder);
  if (!identity) return tl::unexpected(identity.error());
  const auto lock = store::FolderLock::take(data_folder + "/intake.lock");
  if (!lock && lock.error().kind == ErrorKind::conflict) return {};
  if (!lock) return tl::unexpected(lock.error());
  if (auto settled = store::settle_receipt_key(data_folder, *identity); !settled) return settled;
  auto offered = store::offer_receipt_key(data_folder, *identity);
  if (!offered) return tl::unexpected(offered.error());
  return {};
}

Result<std::unique_ptr<agent::Transport>> line_to_centre(const settings::Terminal& terminal) {
  agent::HttpClient::Options http;
  http.user_agent = "anjunganctl/" ANJUNGAN_VERSION;
  http.max_answer_bytes = wire::k_max_answer_bytes;
  http.ca_file = terminal.centre_ca;
  auto client = agent::HttpClient::open(terminal.centre_url, http);
  if (!client) return tl::unexpected(client.error());
  return *std::move(client);
}

ExitCode code_of(const std::string& state) {
  if (state == "done") return ExitCode::done;
  return state == "refused" ? ExitCode::refused : ExitCode::unreachable;
}

void show(const std::string& state, const std::string& before, const json& last) {
  const std::string now = last.value("fingerprint", "");
  if (state == "done") {
    fmt::print("The keys are changed. Fingerprint before: {}\n                     now:    {}\n", before,
               printable(now));
    return;
  }
  fmt::print(stderr, "The keys are not changed yet: {}\nThe order stands; the agent goes on with it by itself.\n",
             printable(last.value("reason", "")));
}

}  // namespace

ExitCode rotate_keys(const settings::Terminal& terminal, const RotateWish& wish) {
  const auto identity = store::load_identity(terminal.data);
  if (!identity) return complain(identity.error());
  const std::string before = wire::enrol_fingerprint(identity->receipt_key, identity->device_key);
  AgentOrSelf writer(
      terminal, [&] { return line_to_centre(terminal); },
      [](agent::Uplink& uplink, std::string_view order, int /*file*/) {
        return agent::answer_rotation_order(uplink, order);
      });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(wish.patience_s);
  auto answer = writer.ask(std::string(agent::k_rotate_order) + store::keys_to_go_name(wish.which));
  std::string state;
  for (;;) {
    if (!answer) break;
    state = answer->value("state", "");
    // The agent may have finished it between two questions.
    if (state == "none" && answer->value("fingerprint", "") != before) state = "done";
    if (state != "waits_for_app" || std::chrono::steady_clock::now() >= end) break;
    if (auto stood = stand_in_for_kiosk(terminal.data); !stood) {
      answer = tl::unexpected(stood.error());
      break;
    }
    std::this_thread::sleep_for(k_look);
    answer = writer.ask(agent::k_rotation_order);
  }
  if (state == "done") {
    // The kiosk looks by itself.
    if (auto stood = stand_in_for_kiosk(terminal.data); !stood) answer = tl::unexpected(stood.error());
  }
  if (auto left = writer.leave(); !left) return complain(left.error());
  if (!answer) return complain(answer.error());
  if (wish.json) {
    fmt::print("{}\n", json{{"state", state},
                            {"reason", answer->value("reason", "")},
                            {"fingerprint", answer->value("fingerprint", "")},
                            {"changes", answer->value("changes", 0)}}
                           .dump(2, ' ', false, json::error_handler_t::replace));
  } else {
    show(state, before, *answer);
  }
  return code_of(state);
}

}  // namespace anjungan::ctl
