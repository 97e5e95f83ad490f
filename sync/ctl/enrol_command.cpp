// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/enrol_command.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "sync/agent/enrolment.h"
#include "sync/ctl/ownership.h"
#include "sync/store/files.h"
#include "sync/wire/limits.h"

namespace anjungan::ctl {
namespace {

const agent::Stop* g_stop = nullptr;

extern "C" void on_interrupt(int /*signal*/) { g_stop->request(); }

}  // namespace

ExitCode enrol_terminal(const settings::Terminal& terminal, const std::string& code, int patience_s) {
  const auto parsed = wire::EnrolCode::parse(code);
  if (!parsed) return complain(parsed.error());

  const agent::Stop stop;
  g_stop = &stop;
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  agent::HttpClient::Options http;
  http.user_agent = "anjunganctl/" ANJUNGAN_VERSION;
  http.max_answer_bytes = wire::k_max_answer_bytes;
  http.stop = &stop;
  http.ca_file = terminal.centre_ca;
  auto client = agent::HttpClient::open(terminal.centre_url, http);
  if (!client) return complain(client.error());
  if (auto made = store::make_folder(terminal.data); !made) return complain(made.error());

  agent::EnrolmentOptions options;
  options.data_folder = terminal.data;
  options.patience = std::chrono::seconds(patience_s);
  options.software = "anjungan " ANJUNGAN_VERSION;
  agent::EnrolmentSteps steps;
  steps.show_fingerprint = [&](const std::string& fingerprint) {
    fmt::print("Centre:       {}\nFingerprint:  {}\n", terminal.centre_url, fingerprint);
    std::fflush(stdout);
  };
  bool told = false;
  steps.waiting = [&](std::chrono::seconds waited) {
    if (!told) {
      fmt::print(
          "The centre knows this terminal. The administrator compares the fingerprint and confirms it:\n"
          "  anjunganctl central --data DIR confirm FINGERPRINT\n");
    }
    const auto seconds = waited.count();
    if (told && seconds / 30 > (seconds - 2) / 30) fmt::print("waiting for {} s\n", seconds);
    told = true;
    std::fflush(stdout);
  };
  const auto identity = agent::enrol(options, *parsed, **client, stop, steps);
  if (!identity) return complain(identity.error());
  if (auto given = give_to_services(terminal.data); !given) return complain(given.error());
  fmt::print("Enrolled as terminal {}: {}{}{}\nReceipts link to {}\n", identity->device(), identity->office,
             identity->place.empty() ? "" : ", ", identity->place, identity->public_url);
  return ExitCode::done;
}

}  // namespace anjungan::ctl
