// SPDX-License-Identifier: Apache-2.0
// What the backend says to CUPS, on standard error, and how CUPS ends it.
#pragma once

#include <set>
#include <string>

#include "printer/backend/answers.h"

namespace anjungan::backend {

/// Of a CUPS backend. `canceled` is the only one that ends a job for good under every policy and prints nothing again.
enum class Exit { ok = 0, failed = 1, stop = 4, canceled = 5 };

/// SIGTERM has come: the job was canceled or CUPS ends.
[[nodiscard]] bool asked_to_end();
void catch_signals();
/// The scheduler that started this process has died; another one may start the job anew.
[[nodiscard]] bool orphaned();

/// Printer-state-reasons, told as they change. They stay with the queue when the backend ends, whatever way.
class Reasons {
 public:
  /// Takes back everything an earlier run may have left.
  Reasons();
  void offline(bool yes) { set("offline-error", yes); }
  void show(const Status& status);
  /// The fault that is shown, as a keyword; empty without one.
  [[nodiscard]] std::string fault() const;
  /// What an earlier run has left, shown on until the printer says something.
  void keep(const std::string& keyword) { set(keyword, true); }

 private:
  void set(const std::string& keyword, bool on);
  std::set<std::string> m_on;
};

void say_info(const std::string& text);
void say_error(const std::string& text);
/// The outcome, as the job's impressions: 1, the paper is out; 100, all was sent and nobody confirmed it (each once
/// more for every time CUPS runs a finished job again after a crash). Without it the job was cut off: CUPS takes a
/// killed backend for a successful one.
void say_settled(bool printed);
void say_progress(int percent);

}  // namespace anjungan::backend
