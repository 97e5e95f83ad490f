// SPDX-License-Identifier: Apache-2.0
// anjungan: the terminal's program. The one file with CLI11.
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "kiosk/app/kiosk.h"
#include "kiosk/app/receipt_viewer.h"
#include "sync/store/brought_back.h"

namespace {

constexpr const char* k_about =
    "anjungan - the touchscreen of a public-service hall\n\n"
    "A citizen tells a complaint; it is safe on this terminal's disk before its number is shown and its receipt "
    "prints. "
    "The network is anjungan-sync's business: this program never opens a connection.\n\n"
    "Runs on X11, Wayland and the bare screen (SDL_VIDEODRIVER=kmsdrm); SDL_VIDEODRIVER=dummy needs no screen. "
    "Ends on SIGTERM and SIGINT; what was acknowledged is on disk.\n\n"
    "Exit status: 0 ended as told; 1 no screen, no fonts, or the robot could not do a line; 2 a wrong option or "
    "configuration.";

int complain(const anjungan::record::Error& error, int status) {
  fmt::print(stderr, "anjungan: {}\n", error.text);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli{k_about, "anjungan"};
  std::string config = "/etc/anjungan/terminal.toml";
  bool sample = false;
  anjungan::app::KioskOptions options;
  anjungan::app::RobotOptions robot;
  cli.add_option("--config", config, "The terminal's configuration (TOML)")->capture_default_str();
  cli.add_flag("--sample", sample, "Run without an enrolment: number 0000, receipts are marked and never sent");
  cli.add_option("--robot", robot.script, "Let the lines of this file touch the screen (kiosk/app/robot.h lists them)");
  cli.add_option("--shots", robot.shots, "Folder for the robot's pictures");
  cli.add_option("--robot-report", robot.report, "File for what the robot saw, as JSON");
  cli.add_option("--frames", options.frames, "File for frame times, written on SIGUSR1 and at the end");
  std::string receipts;
  cli.add_option("--show-receipts", receipts, "Be a window that shows the newest receipt in this folder, nothing else");
  cli.set_version_flag("--version", "anjungan " ANJUNGAN_VERSION);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  spdlog::set_default_logger(spdlog::stderr_logger_mt("anjungan"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  if (!receipts.empty()) {
    const auto shown = anjungan::app::show_receipts(receipts);
    return shown ? 0 : complain(shown.error(), 1);
  }
  auto terminal = anjungan::app::load_terminal(config, sample);
  if (!terminal) return complain(terminal.error(), 2);
  terminal->commands_before = anjungan::app::last_command(*terminal);
  terminal->brought_back = anjungan::store::brought_back();
  terminal->config = config;
  if (!robot.script.empty()) options.robot = robot;
  for (;;) {
    const auto done = anjungan::app::Kiosk(*terminal, options).run();
    if (!done) return complain(done.error(), 1);
    if (!done->anew) return 0;
    // A configuration that cannot be used any more shuts no hall that runs.
    if (auto changed = anjungan::app::load_terminal(config, sample)) {
      changed->commands_before = terminal->commands_before;
      changed->brought_back = terminal->brought_back;
      changed->config = config;
      terminal = std::move(changed);
    } else {
      spdlog::error("configuration.refused why=\"{}\"", changed.error().text);
      terminal->settings.remote.trouble = changed.error().text;
    }
    terminal->reloaded_for = done->command;
  }
}
