// SPDX-License-Identifier: Apache-2.0
// Takes print jobs from a ledger on disk, in order, one at a time, and follows each to its end.
//
// Crash rules: `sending` and the attempt are recorded before the printer is touched; after a restart a job in `sending`
// is looked up at the printer by its title. Found: it is followed on. Not found: it was never taken and is sent again.
// A job whose outcome cannot be known becomes `unknown` and waits for a person: nothing is printed twice unmarked.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "printer/spool/printer.h"

namespace anjungan::spool {

/// A job as the ledger keeps it.
struct Job {
  std::int64_t id = 0;
  JobState state = JobState::queued;
  int attempt = 0;
  std::string title;  ///< unique to the job and the copy; no personal data
  std::string handle;
  std::string reason;
};

/// The jobs on disk. Called by the spool's thread only; each call is durable when it returns.
class JobLedger {
 public:
  virtual ~JobLedger() = default;
  /// The oldest job that is queued, sending or failed; nullopt when there is none.
  [[nodiscard]] virtual Result<std::optional<Job>> next() = 0;
  /// The page to print. Fails when the content is gone (after a power cut): the ledger has then replaced the job.
  [[nodiscard]] virtual Result<Document> document(const Job& job, const receipt::Medium& medium) = 0;
  [[nodiscard]] virtual Result<void> record(const Job& job) = 0;
};

/// What the screen may know, taken without waiting.
struct Snapshot {
  PrinterView printer;
  std::int64_t job = 0;  ///< the job the last state belongs to
  JobState state = JobState::queued;
  std::string reason;
};

struct SpoolOptions {
  int poll_ms = 200;        ///< while a job is at the printer
  int idle_ms = 5'000;      ///< between looks at an idle printer
  int retry_ms = 1'000;     ///< after a printer refused
  int give_up_ms = 60'000;  ///< a job that neither ends nor says why becomes unknown
};

class Spool {
 public:
  /// `changed` is called on the spool's thread after each change of the snapshot.
  Spool(std::unique_ptr<Printer> printer, JobLedger& ledger, std::function<void()> changed,
        const SpoolOptions& options = {});
  /// Ends within about three seconds; the job at the printer is found again at the next start.
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// A job was added.
  void wake();
  [[nodiscard]] Snapshot snapshot() const;

 private:
  void run();
  bool step();  ///< false: nothing to do
  void follow(Job job);
  void publish(const Job* job);
  /// True: the time is over or it was woken; false: the spool ends.
  bool wait(int ms);

  std::unique_ptr<Printer> m_printer;
  JobLedger& m_ledger;
  std::function<void()> m_changed;
  SpoolOptions m_options;
  mutable std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_ending = false;
  bool m_woken = false;
  Snapshot m_snapshot;
  std::thread m_thread;
};

}  // namespace anjungan::spool
