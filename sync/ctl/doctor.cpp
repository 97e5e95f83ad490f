// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/doctor.h"

#include <fmt/format.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "sync/agent/http_client.h"
#include "sync/ctl/printer_doctor.h"
#include "sync/ctl/table.h"
#include "sync/record/clock.h"
#include "sync/store/files.h"
#include "sync/store/identity.h"
#include "sync/store/intake_reader.h"
#include "sync/store/intake_salvage.h"
#include "sync/store/next_keys.h"
#include "sync/store/sync_store.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;

constexpr long k_tmpfs_magic = 0x01021994;
constexpr std::int64_t k_clock_tolerance_ms = 5 * 60 * 1000;
constexpr std::int64_t k_silence_ms = 24LL * 3600 * 1000;

class Examination : private Findings {
 public:
  explicit Examination(const settings::Terminal& terminal) : m_terminal(terminal) {}

  std::vector<Finding> run() {
    folders();
    disk();
    clock();
    enrolment();
    intake();
    uplink();
    agent_runs();
    from_afar();
    printer();
    centre();
    return std::move(m_findings);
  }

 private:
  // True when the folder is as it must be; says so or what to do.
  bool folder(const char* subject, const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      broken(subject, path + " does not exist",
             fmt::format("mkdir -p -m 2770 {}; it belongs to the kiosk's user and group", path));
      return false;
    }
    if (::access(path.c_str(), R_OK | W_OK | X_OK) == 0) return true;
    broken(
        subject, path + " cannot be written by this user",
        "run the doctor as root or the kiosk's user; else: chown anjungan:anjungan, chmod 2770, and see that the file "
        "system is not mounted read-only");
    return false;
  }

  void folders() {
    if (folder("data folder", m_terminal.data)) good("data folder", m_terminal.data);
    if (!folder("runtime folder", m_terminal.runtime)) return;
    struct statfs system{};
    if (::statfs(m_terminal.runtime.c_str(), &system) == 0 && system.f_type == k_tmpfs_magic) {
      good("runtime folder", m_terminal.runtime);
    } else {
      look("runtime folder", m_terminal.runtime + " is not in memory",
           "put it under /run: the key of unprinted receipts must be gone after a power cut");
    }
  }

  void disk() {
    const auto free = store::free_bytes(m_terminal.data);
    if (!free) return;  // the data folder's own finding says it
    const std::uint64_t mib = *free >> 20;
    const std::string text = fmt::format("{} MiB free", mib);
    if (mib < m_terminal.low_water_mib) {
      broken(
          "disk",
          text + fmt::format(", below the {} MiB that intake needs: no complaint is taken", m_terminal.low_water_mib),
          "remove what does not belong on this disk (journalctl --vacuum-size=50M), or use a larger one");
    } else if (mib < m_terminal.photo_low_water_mib) {
      look("disk", text + fmt::format(", below {} MiB: no photo or recording is taken", m_terminal.photo_low_water_mib),
           "remove what does not belong on this disk (journalctl --vacuum-size=50M), or use a larger one");
    } else if (mib < 4 * m_terminal.low_water_mib + m_terminal.ballast_mib) {
      look("disk", text, "there is little room left: see what grows with du -xh / | sort -h");
    } else {
      good("disk", text);
    }
  }

  void clock() {
    const std::int64_t now = record::SystemClock().unix_ms();
    if (record::clock_is_sane(now)) return good("clock", record::rfc3339(now));
    broken("clock", record::rfc3339(now) + " lies before this program was made: receipts carry no dates",
           "set it (timedatectl set-time, or let it run by NTP) and replace the battery of the clock chip");
  }

  void enrolment() {
    auto identity = store::load_identity(m_terminal.data);
    if (!identity) {
      return broken("enrolment", identity.error().text,
                    "at the centre: anjunganctl central --data DIR enrol-code --office NAME; here: anjunganctl enrol "
                    "--config FILE "
                    "--code CODE");
    }
    m_enrolled = true;
    for (const auto& [use, name] :
         {std::pair{store::KeyUse::receipt, "receipt.key"}, {store::KeyUse::device, "device.key"}}) {
      const auto key = store::load_key(m_terminal.data, use);
      if (!key) {
        broken("enrolment", fmt::format("keys/{}: {}", name, key.error().text),
               "its owner must be able to read it; a lost key means: enrol the terminal anew");
      } else if (key->public_key() != (use == store::KeyUse::receipt ? identity->receipt_key : identity->device_key)) {
        broken("enrolment", fmt::format("keys/{} is not the key that was enrolled", name),
               "bring the right file back, or enrol the terminal anew");
      }
    }
    good("enrolment", fmt::format("terminal {}, {}", identity->device(), identity->office));
    const auto order = store::rotation_order(m_terminal.data);
    if (!order) return look("enrolment", order.error().text, "see keys/ in the data folder");
    if (*order) {
      look("enrolment", "a change of this terminal's keys is under way; until then the old ones count",
           "kiosk and agent finish it by themselves once the centre answers: anjunganctl rotate-keys says what is "
           "missing");
    }
  }

  void intake() {
    auto reader = store::IntakeReader::open(m_terminal.data);
    if (!reader) {
      return look("intake", reader.error().text, "start the kiosk; if it has run before, see its log");
    }
    const auto last = reader->last_seq();
    const auto receipts = reader->receipts();
    if (!last || !receipts) {
      return broken("intake", last ? receipts.error().text : last.error().text,
                    "stop the kiosk, copy the data folder aside and see its log");
    }
    m_events = *last;
    const auto failed = std::count_if(receipts->begin(), receipts->end(), [](const auto& receipt) {
      return receipt.print == store::PrintState::failed || receipt.print == store::PrintState::unknown;
    });
    good("intake", fmt::format("{} events, {} receipts", *last, receipts->size()));
    if (const auto copies = store::damaged_copies(m_terminal.data); !copies.empty()) {
      look("damage",
           fmt::format("intake.db was damaged and rebuilt {} times; last kept in {}", copies.size(), copies.back()),
           "test the disk (smartctl -a) and replace it; remove the folder once the centre has everything");
    }
    if (failed > 0) {
      look("receipts", fmt::format("{} receipts were not surely printed", failed),
           "anjunganctl receipts --config FILE lists them");
    }
  }

  void uplink() {
    if (!m_enrolled) return;
    auto reader = store::SyncReader::open(m_terminal.data);
    const auto state = reader ? reader->state() : tl::unexpected(reader.error());
    if (!state) return look("uplink", state.error().text, "start anjungan-sync");
    const std::int64_t silent = record::SystemClock().unix_ms() - state->heard_ms();
    const std::uint64_t waiting = m_events > state->acked_seq ? m_events - state->acked_seq : 0;
    const std::string text = fmt::format("{} events wait for the centre", waiting);
    if (state->acked_seq > m_events) {
      broken("uplink", fmt::format("the centre holds {} events, this disk only {}", state->acked_seq, m_events),
             "this disk was restored from a copy: move the data folder away and enrol the terminal anew");
    } else if (state->standing != 1) {
      broken("uplink", "the centre takes nothing from this terminal: " + state->last_error,
             "ask the administrator of the centre");
    } else if (state->heard_ms() == 0) {
      look("uplink", text + "; the centre was never reached", "see the finding on the centre");
    } else if (silent > k_silence_ms) {
      look("uplink", fmt::format("{}; no contact for {} hours", text, silent / 3'600'000),
           "see the finding on the centre; without a network: anjunganctl export");
    } else {
      good("uplink", text);
    }
    if (std::abs(state->clock_offset_ms) > k_clock_tolerance_ms) {
      look("clock", fmt::format("{} s beside the centre's at the last contact", -state->clock_offset_ms / 1000),
           "let it run by NTP: due dates on receipts follow this clock");
    }
    if (!state->last_error.empty() && state->standing == 1) {
      look("uplink", "the last try failed: " + state->last_error, "see the finding on the centre");
    }
  }

  // What an administrator at the centre has set here.
  void from_afar() {
    const settings::Remote& remote = m_terminal.remote;
    if (!remote.trouble.empty()) {
      look("from afar", "not in force: " + remote.trouble, "send it again from the centre, or remove DATA/remote");
    }
    std::string text;
    for (const auto& [key, value] : remote.values)
      text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, value);
    if (!remote.catalogue.empty())
      text += (text.empty() ? "the catalogue " : ", the catalogue ") + remote.catalogue.substr(0, 8);
    if (!text.empty()) good("from afar", text);
  }

  void agent_runs() {
    if (!m_enrolled) return;
    // The agent holds this lock for as long as it lives; taking it for a moment shows that nobody does.
    const auto lock = store::FolderLock::take(m_terminal.data + "/sync.lock");
    if (lock)
      return broken("agent", "anjungan-sync does not run",
                    "systemctl start anjungan-sync; see journalctl -u anjungan-sync");
    if (lock.error().kind == record::ErrorKind::conflict) return good("agent", "anjungan-sync runs");
    look("agent", lock.error().text, "run the doctor as root");
  }

  void printer() {
    for (Finding& finding : examine_printers(m_terminal)) m_findings.push_back(std::move(finding));
  }

  void centre() {
    agent::HttpClient::Options options;
    options.user_agent = "anjunganctl/" ANJUNGAN_VERSION;
    options.connect_timeout = std::chrono::milliseconds{5'000};
    options.total_timeout = std::chrono::milliseconds{10'000};
    options.ca_file = m_terminal.centre_ca;
    auto client = agent::HttpClient::open(m_terminal.centre_url, options);
    if (!client) return broken("centre", client.error().text, "set [centre] url in the configuration");
    const auto answer = (*client)->get("/");
    if (!answer) {
      return broken(
          "centre", fmt::format("{}: {}", m_terminal.centre_url, answer.error().text),
          "check the cable, the address, name resolution and the firewall; complaints are safe here meanwhile");
    }
    if (answer->status != 200) {
      return broken(
          "centre", fmt::format("{} answers with status {}", m_terminal.centre_url, answer->status),
          "something else than the centre may be answering (a captive portal, a proxy): open the address in a browser");
    }
    good("centre", m_terminal.centre_url + " answers");
  }

  const settings::Terminal& m_terminal;
  std::uint64_t m_events = 0;
  bool m_enrolled = false;
};

const char* health_name(Health health) {
  switch (health) {
    case Health::good:
      return "good";
    case Health::worth_a_look:
      return "look";
    case Health::broken:
      return "broken";
  }
  return "broken";
}

}  // namespace

std::vector<Finding> examine(const settings::Terminal& terminal) { return Examination(terminal).run(); }

ExitCode run_doctor(const settings::Terminal& terminal, bool as_json) {
  return show_findings(examine(terminal), as_json);
}

ExitCode show_findings(const std::vector<Finding>& findings, bool as_json) {
  json list = json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"subject", finding.subject},
                    {"health", health_name(finding.health)},
                    {"text", finding.text},
                    {"remedy", finding.remedy}});
    if (as_json) continue;
    fmt::print("{:<7} {:<15} {}\n", health_name(finding.health), finding.subject, printable(finding.text));
    if (!finding.remedy.empty()) fmt::print("{:<23} -> {}\n", "", printable(finding.remedy));
  }
  if (as_json) fmt::print("{}\n", json{{"findings", list}}.dump(2, ' ', false, json::error_handler_t::replace));
  const bool sick = std::any_of(findings.begin(), findings.end(),
                                [](const Finding& finding) { return finding.health == Health::broken; });
  return sick ? ExitCode::findings : ExitCode::done;
}

}  // namespace anjungan::ctl
