// SPDX-License-Identifier: Apache-2.0
#include <poll.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "sync/agent/agent.h"
#include "sync/agent/journal.h"
#include "sync/settings/settings.h"
#include "sync/store/brought_back.h"
#include "sync/wire/limits.h"

namespace anjungan::agent {
namespace {

constexpr std::chrono::milliseconds k_identity_look{3'000};

const Stop* g_stop = nullptr;

extern "C" void on_end_signal(int /*signal*/) { g_stop->request(); }

void end_on_signals(const Stop& stop) {
  g_stop = &stop;
  struct sigaction action{};
  action.sa_handler = on_end_signal;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int refuse(const record::Error& error, int code) {
  std::cerr << "anjungan-sync: " << error.text << "\n";
  return code;
}

// Waits until `anjunganctl enrol` has written who this terminal is; nothing when it was stopped.
record::Result<std::optional<store::Identity>> await_identity(const std::string& data_folder, const Stop& stop,
                                                              bool once) {
  bool told = false;
  for (;;) {
    auto identity = store::load_identity(data_folder);
    if (identity) return *std::move(identity);
    if (identity.error().kind != record::ErrorKind::not_found) return tl::unexpected(identity.error());
    if (once) {
      return record::fail(record::ErrorKind::not_found,
                          "this terminal is not enrolled; run anjunganctl enrol --config FILE --code CODE");
    }
    if (!told) note(Level::warning, "identity.missing", {{"remedy", "anjunganctl enrol --config FILE --code CODE"}});
    told = true;
    pollfd look{stop.fd(), POLLIN, 0};
    if (::poll(&look, 1, static_cast<int>(k_identity_look.count())) != 0) return std::nullopt;
  }
}

int run(const settings::Terminal& terminal, bool once) {
  const Stop stop;
  end_on_signals(stop);
  HttpClient::Options http;
  http.user_agent = "anjungan-sync/" ANJUNGAN_VERSION;
  http.max_answer_bytes = wire::k_max_answer_bytes;
  http.stop = &stop;
  http.ca_file = terminal.centre_ca;
  auto client = HttpClient::open(terminal.centre_url, http);
  if (!client) return refuse(client.error(), 2);

  auto identity = await_identity(terminal.data, stop, once);
  if (!identity) return refuse(identity.error(), 2);
  if (!*identity) return 0;
  auto device_key = store::load_key(terminal.data, store::KeyUse::device);
  if (!device_key) return refuse(device_key.error(), 2);
  auto store = store::SyncStore::open(terminal.data);
  if (!store) return refuse(store.error(), 2);
  const std::string device = (*identity)->device();

  const record::SystemClock clock;
  auto uplink =
      Uplink::open({terminal.data, *std::move(*identity), *std::move(device_key), *std::move(store), client->get(),
                    &clock, static_cast<std::size_t>(terminal.batch), client->get(), store::brought_back()});
  if (!uplink) return refuse(uplink.error(), 2);
  std::optional<store::Doorbell> doorbell;
  std::optional<store::ControlSocket> control;
  if (!once) {
    auto hung = store::Doorbell::hang(store::sync_bell(terminal.runtime));
    if (!hung) return refuse(hung.error(), 2);
    doorbell.emplace(*std::move(hung));
    auto listening = store::ControlSocket::listen(store::sync_control(terminal.runtime));
    if (!listening) return refuse(listening.error(), 2);
    control.emplace(*std::move(listening));
  }
  Agent::Options options;
  options.runtime_folder = terminal.runtime;
  options.base = std::chrono::seconds(terminal.base_s);
  options.cap = std::chrono::seconds(terminal.cap_s);
  options.poll = std::chrono::seconds(terminal.poll_s);
  options.once = once;
  note(Level::info, "agent.started",
       {{"device", device}, {"waiting", uplink->waiting()}, {"version", ANJUNGAN_VERSION}});
  Agent agent(options, *std::move(uplink), std::move(doorbell), std::move(control), stop);
  const RunEnd end = agent.run();
  note(Level::info, "agent.ended");
  switch (end) {
    case RunEnd::asked_to_stop:
    case RunEnd::asked_to_restart:
    case RunEnd::all_delivered:
      return 0;
    case RunEnd::not_delivered:
      return 1;
    case RunEnd::disagreement:
      return 3;
  }
  return 1;
}

}  // namespace
}  // namespace anjungan::agent

int main(int argc, char** argv) {
  std::string config;
  bool once = false;
  bool verbose = false;
  CLI::App app(
      "The uplink of a terminal: sends what the kiosk has taken in to the centre and brings news back.\n"
      "Runs until SIGTERM. Writes sync.db in the terminal's data folder; logs to standard error.",
      "anjungan-sync");
  app.add_option("--config", config, "The terminal's configuration (TOML)")->required()->type_name("FILE");
  app.add_flag("--once", once, "Deliver what there is and end");
  app.add_flag("--verbose", verbose, "Log more");
  app.set_version_flag("--version", ANJUNGAN_VERSION);
  app.footer(
      "Exit codes: 0 stopped, or with --once everything delivered; 1 with --once: not delivered, try later;\n"
      "2 configuration, identity or data folder not usable; 3 with --once: the centre and this disk disagree, enrol "
      "anew.");
  CLI11_PARSE(app, argc, argv);
  if (verbose) anjungan::agent::set_journal_level(anjungan::agent::Level::debug);
  const auto terminal = anjungan::settings::load_terminal(config);
  if (!terminal) return anjungan::agent::refuse(terminal.error(), 2);
  return anjungan::agent::run(*terminal, once);
}
