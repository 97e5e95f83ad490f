// SPDX-License-Identifier: Apache-2.0
// A stranger's eye on an X screen: it knows nothing of the program it measures but its pixels.
//
//   bench_screen_probe first-pixel X,Y=RRGGBB [X,Y=RRGGBB ...] -- COMMAND...
//     starts COMMAND and prints the milliseconds from exec until every named pixel has its colour (within 14 a
//     channel), and the process id; then waits to be killed, and kills COMMAND's process group.
//   bench_screen_probe press N X,Y PX,PY
//     presses the left button at X,Y by the XTest extension and prints, a line each, the milliseconds until pixel PX,PY
//     changes; waits for it to change back after the release before it presses again.
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr double k_give_up_ms = 30'000;

double since_ms(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Watch {
  int x = 0;
  int y = 0;
  unsigned long colour = 0;
};

unsigned long pixel(Display* display, int x, int y) {
  XImage* image = XGetImage(display, DefaultRootWindow(display), x, y, 1, 1, AllPlanes, ZPixmap);
  if (image == nullptr) return 0;
  const unsigned long value = XGetPixel(image, 0, 0) & 0xffffff;
  XDestroyImage(image);
  return value;
}

bool alike(unsigned long a, unsigned long b) {
  for (int shift = 0; shift <= 16; shift += 8) {
    const int left = static_cast<int>(a >> shift & 255);
    const int right = static_cast<int>(b >> shift & 255);
    if (std::abs(left - right) > 14) return false;
  }
  return true;
}

pid_t g_child = 0;

void stop_child(int) {
  if (g_child > 0) kill(-g_child, SIGTERM);
  _exit(0);
}

int first_pixel(Display* display, int argc, char** argv) {
  std::vector<Watch> watches;
  int at = 2;
  for (; at < argc && std::strcmp(argv[at], "--") != 0; at++) {
    Watch watch;
    if (std::sscanf(argv[at], "%d,%d=%lx", &watch.x, &watch.y, &watch.colour) != 3) return 2;
    watches.push_back(watch);
  }
  if (at + 1 >= argc || watches.empty()) return 2;
  for (const Watch& watch : watches) {
    if (!alike(pixel(display, watch.x, watch.y), watch.colour)) continue;
    std::fprintf(stderr, "pixel %d,%d has its colour before the start\n", watch.x, watch.y);
    if (watches.size() == 1) return 3;
  }
  const auto start = Clock::now();
  g_child = fork();
  if (g_child == 0) {
    setpgid(0, 0);
    execvp(argv[at + 1], argv + at + 1);
    _exit(127);
  }
  signal(SIGTERM, stop_child);
  signal(SIGINT, stop_child);
  for (;;) {
    bool all = true;
    for (const Watch& watch : watches) all = all && alike(pixel(display, watch.x, watch.y), watch.colour);
    if (all) break;
    int status = 0;
    if (since_ms(start) > k_give_up_ms || waitpid(g_child, &status, WNOHANG) == g_child) {
      std::fprintf(stderr, "the content never showed\n");
      kill(-g_child, SIGTERM);
      return 4;
    }
    usleep(500);
  }
  std::printf("%.1f %d\n", since_ms(start), g_child);
  std::fflush(stdout);
  waitpid(g_child, nullptr, 0);
  return 0;
}

int press(Display* display, int argc, char** argv) {
  int x = 0;
  int y = 0;
  int px = 0;
  int py = 0;
  if (argc != 5 || std::sscanf(argv[3], "%d,%d", &x, &y) != 2 || std::sscanf(argv[4], "%d,%d", &px, &py) != 2) return 2;
  const int count = std::atoi(argv[2]);
  XTestFakeMotionEvent(display, -1, x, y, 0);
  XFlush(display);
  usleep(300'000);  // a hover style, if there is one, settles first
  for (int n = 0; n < count; n++) {
    const unsigned long rest = pixel(display, px, py);
    const auto start = Clock::now();
    XTestFakeButtonEvent(display, 1, 1, 0);
    XFlush(display);
    while (pixel(display, px, py) == rest && since_ms(start) < 2'000) usleep(150);
    std::printf("%.2f\n", since_ms(start));
    // The finger slides off before it lifts, so that nothing is activated and the next press meets the same page.
    XTestFakeMotionEvent(display, -1, x, 20, 0);
    XTestFakeButtonEvent(display, 1, 0, 0);
    XTestFakeMotionEvent(display, -1, x, y, 0);
    XFlush(display);
    const auto released = Clock::now();
    while (pixel(display, px, py) != rest && since_ms(released) < 2'000) usleep(500);
    usleep(static_cast<useconds_t>(350'000 +
                                   std::rand() % 40'000));  // past every double-tap guard, out of step with frames
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Display* display = XOpenDisplay(nullptr);
  if (display == nullptr) {
    std::fprintf(stderr, "no X display: set DISPLAY\n");
    return 3;
  }
  int code = 2;
  if (argc > 3 && std::strcmp(argv[1], "first-pixel") == 0) code = first_pixel(display, argc, argv);
  if (argc > 3 && std::strcmp(argv[1], "press") == 0) code = press(display, argc, argv);
  if (code == 2) std::fprintf(stderr, "usage: see the head of screen_probe.cpp\n");
  XCloseDisplay(display);
  return code;
}
