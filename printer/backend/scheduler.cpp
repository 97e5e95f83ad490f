// SPDX-License-Identifier: Apache-2.0
#include "printer/backend/scheduler.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <string_view>

namespace anjungan::backend {
namespace {

volatile sig_atomic_t g_end = 0;
pid_t g_parent = 0;

constexpr std::array<std::string_view, 5> k_keywords = {"offline-error", "cover-open-error", "media-empty-error",
                                                        "media-low-warning", "other-error"};

// One write a line: lines of a backend never mix.
void say(const std::string& line) {
  const std::string text = line + "\n";
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

}  // namespace

bool asked_to_end() { return g_end != 0; }
bool orphaned() { return ::getppid() != g_parent; }

void catch_signals() {
  g_parent = ::getppid();
  struct sigaction action{};
  action.sa_handler = [](int) { g_end = 1; };
  ::sigaction(SIGTERM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

Reasons::Reasons() {
  std::string all;
  for (const std::string_view one : k_keywords) all += (all.empty() ? "" : ",") + std::string(one);
  say("STATE: -" + all + ",connecting-to-device");
}

void Reasons::set(const std::string& keyword, bool on) {
  if (on == (m_on.count(keyword) != 0)) return;
  if (on) {
    m_on.insert(keyword);
  } else {
    m_on.erase(keyword);
  }
  say((on ? "STATE: +" : "STATE: -") + keyword);
}

void Reasons::show(const Status& status) {
  offline(false);
  set("cover-open-error", status.cover_open);
  set("media-empty-error", status.paper_end && !status.cover_open);
  set("other-error", status.error);
  set("media-low-warning", status.near_end && !status.paper_end);
}

std::string Reasons::fault() const {
  for (const char* one : {"cover-open-error", "media-empty-error", "other-error", "offline-error"}) {
    if (m_on.count(one) != 0) return one;
  }
  return {};
}

void say_info(const std::string& text) { say("INFO: " + text); }
void say_error(const std::string& text) { say("ERROR: " + text); }
void say_settled(bool printed) { say(printed ? "PAGE: 1 1" : "PAGE: 1 100"); }
void say_progress(int percent) { say("ATTR: job-media-progress=" + std::to_string(percent)); }

}  // namespace anjungan::backend
