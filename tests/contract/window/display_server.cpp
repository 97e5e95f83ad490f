// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/window/display_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "sync/record/result.h"

namespace anjungan::ui {
namespace {

std::string new_folder() {
  std::string name = std::filesystem::temp_directory_path() / "anjungan-display-XXXXXX";
  ANJUNGAN_CHECK(mkdtemp(name.data()) != nullptr);  // mode 0700, as a runtime folder must have
  setenv("XDG_RUNTIME_DIR", name.c_str(), 1);
  return name;
}

}  // namespace

bool is_installed(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (access(fmt::format("{}/{}", folder, name).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Program::Program(const std::vector<std::string>& command, int descriptor) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  m_process = fork();
  ANJUNGAN_CHECK(m_process >= 0);
  if (m_process > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nothing < 0) _exit(127);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, standard);
  if (descriptor >= 0) fcntl(descriptor, F_SETFD, 0);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

void Program::stop() {
  if (m_process <= 0) return;
  kill(m_process, SIGTERM);
  waitpid(m_process, nullptr, 0);
  m_process = -1;
}

XServer::XServer(int width, int height, int depth) {
  int ends[2] = {-1, -1};
  ANJUNGAN_CHECK(pipe2(ends, O_CLOEXEC) == 0);
  m_program.emplace(
      std::vector<std::string>{"Xvfb", "-displayfd", std::to_string(ends[1]), "-screen", "0",
                               fmt::format("{}x{}x{}", width, height, depth), "-nolisten", "tcp", "-noreset"},
      ends[1]);
  close(ends[1]);
  // It writes its number and a line end when it is ready, and nothing if it cannot be.
  std::string number;
  char byte = 0;
  while (read(ends[0], &byte, 1) == 1 && byte != '\n') number += byte;
  close(ends[0]);
  ANJUNGAN_CHECK(!number.empty());
  setenv("DISPLAY", (":" + number).c_str(), 1);
  setenv("SDL_VIDEODRIVER", "x11", 1);
}

WaylandServer::WaylandServer(int width, int height)
    : m_screen(width, height, 24),
      m_folder(new_folder()),
      m_program({"weston", "--backend=x11-backend.so", "--use-pixman", "--shell=kiosk-shell.so", "--no-config",
                 "--idle-time=0", "--socket=anjungan", fmt::format("--width={}", width),
                 fmt::format("--height={}", height)}) {
  setenv("WAYLAND_DISPLAY", "anjungan", 1);
  setenv("SDL_VIDEODRIVER", "wayland", 1);
}

WaylandServer::~WaylandServer() {
  m_program.stop();
  std::filesystem::remove_all(m_folder);
}

}  // namespace anjungan::ui
