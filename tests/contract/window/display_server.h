// SPDX-License-Identifier: Apache-2.0
// Displays of a test's own: started on free places, gone with it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace anjungan::ui {

/// A program that runs until the end of the scope, or of the test if that comes first.
class Program {
 public:
  /// `descriptor` stays open in the program; -1 for none.
  explicit Program(const std::vector<std::string>& command, int descriptor = -1);
  ~Program() { stop(); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  void stop();

 private:
  pid_t m_process = -1;
};

/// True if the program is in PATH.
[[nodiscard]] bool is_installed(const std::string& name);

/// Xvfb with one screen; DISPLAY and SDL_VIDEODRIVER are set for it when it takes connections.
class XServer {
 public:
  XServer(int width, int height, int depth);

 private:
  std::optional<Program> m_program;
};

/// Weston in a window on such a screen, with a runtime folder of its own; WAYLAND_DISPLAY and SDL_VIDEODRIVER are set
/// for it, but it takes connections some time after it has been started. Every window fills its output. Without an X
/// server below it would have no keyboard and no mouse, and SDL 2.26 breaks down without (libsdl-org/SDL issue 8898).
class WaylandServer {
 public:
  WaylandServer(int width, int height);
  ~WaylandServer();
  WaylandServer(const WaylandServer&) = delete;
  WaylandServer& operator=(const WaylandServer&) = delete;
  void stop() { m_program.stop(); }

 private:
  XServer m_screen;
  std::string m_folder;
  Program m_program;
};

}  // namespace anjungan::ui
