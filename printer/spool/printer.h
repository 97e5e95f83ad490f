// SPDX-License-Identifier: Apache-2.0
// A printer as the spool sees it, and the honest names of what becomes of a job.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "printer/receipt/page.h"

namespace anjungan::spool {

enum class ErrorKind { offline, paper, cover, paused, rejected, spooler_down, disk, unknown };
[[nodiscard]] const char* error_keyword(ErrorKind kind);

struct Error {
  ErrorKind kind = ErrorKind::unknown;
  std::string text;  ///< English, for staff; never holds a receipt's content
};
template <class T>
using Result = tl::expected<T, Error>;

/// `sent` is not `printed`: it says that the bytes left us and nobody confirmed the paper.
enum class JobState { queued, sending, sent, printed, failed, unknown };
[[nodiscard]] const char* job_state_name(JobState state);

/// Where a submitted job stands.
struct JobView {
  JobState state = JobState::sending;
  std::string reason;  ///< a keyword such as media-empty; empty when nothing is wrong
  bool begun = false;  ///< while it is sending: some of it may be on paper already

  bool operator==(const JobView&) const = default;
};

enum class Condition { ready, low_paper, no_paper, cover_open, offline, paused, error, spooler_down, unknown };
[[nodiscard]] const char* condition_name(Condition condition);

struct PrinterView {
  Condition condition = Condition::unknown;
  std::string detail;
  [[nodiscard]] bool usable() const { return condition == Condition::ready || condition == Condition::low_paper; }

  bool operator==(const PrinterView&) const = default;
};

/// What is printed: a page and a title without personal data that, with the attempt, finds the job again after a crash.
struct Document {
  std::string title;
  receipt::Page page;
  int attempt = 1;  ///< of this title; set by the spool
};

/// One printer. All calls return within about three seconds; called by one thread at a time.
class Printer {
 public:
  virtual ~Printer() = default;
  [[nodiscard]] virtual const receipt::Medium& medium() const = 0;
  /// A handle to poll with; kept on disk before the next step. An error means that nothing of it will ever be printed.
  [[nodiscard]] virtual Result<std::string> submit(const Document& document) = 0;
  [[nodiscard]] virtual JobView poll(const std::string& handle) = 0;
  /// The handle of this attempt's job, whatever its state: a crash came between submit and its record. An error means
  /// that nobody can tell now; ask again before anything is sent.
  [[nodiscard]] virtual Result<std::optional<std::string>> find(const std::string& title, int attempt) = 0;
  [[nodiscard]] virtual PrinterView view() = 0;
  /// Whether view() has something new to say, as far as that can be told at once and without asking anybody.
  [[nodiscard]] virtual bool changed() { return false; }
  /// Takes a job back; poll() then tells how it ended, for some of it may be on paper. Of an ended job: nothing to do.
  [[nodiscard]] virtual Result<void> cancel(const std::string& handle) = 0;
  /// Lets a printer that somebody stopped print again. `rejected` when this user may not.
  [[nodiscard]] virtual Result<void> resume() = 0;
};

}  // namespace anjungan::spool
