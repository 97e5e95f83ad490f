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
#include "printer/status/boot_clock.h"

namespace anjungan::spool {

/// A job as the ledger keeps it.
struct Job {
  std::int64_t id = 0;
  JobState state = JobState::queued;
  int attempt = 0;
  std::string title;  ///< unique to the job and the copy; no personal data
  std::string handle;
  std::string reason;
  bool begun = false;  ///< as JobView's; not kept on disk
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
  /// What the ledger knows better than the printer: staff want nothing printed, the roll is nearly used up.
  [[nodiscard]] virtual PrinterView advise(PrinterView seen) { return seen; }
};

/// What the screen may know, taken without waiting.
struct Snapshot {
  PrinterView printer;
  std::int64_t since_ms = 0;   ///< of this condition; Unix milliseconds, 0 before the first look
  std::int64_t unable_ms = 0;  ///< since when neither printer nor job gets on, on SpoolOptions::steady_ms; 0: it does
  std::int64_t job = 0;        ///< the job the last state belongs to
  JobState state = JobState::queued;
  std::string reason;
  bool begun = false;           ///< as JobView's
  std::uint64_t job_order = 0;  ///< of two spools' snapshots of one job, the higher one is the newer
  JobView test;                 ///< of the last test page; `queued` while there was none

  bool operator==(const Snapshot&) const = default;
};

struct SpoolOptions {
  int poll_ms = 200;        ///< while a job is at the printer
  int idle_ms = 1'000;      ///< between looks at an idle printer
  int glance_ms = 200;      ///< between glances at whether there is something new (Printer::changed)
  int retry_ms = 1'000;     ///< after a printer refused
  int give_up_ms = 60'000;  ///< a job that neither ends nor says why becomes unknown
  int test_ms = 30'000;     ///< a test page that has not come out by then is taken back
  /// A clock that nobody sets.
  std::function<std::int64_t()> steady_ms = status::since_boot_ms;
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
  /// Takes a job back that is at the printer; the ledger's record says how it ended. Nothing for any other job.
  void recall(std::int64_t job);
  /// Prints a page that is in no ledger before the next job; the newest one only. The snapshot tells its end.
  void print_test(std::function<Document(const receipt::Medium&)> page);
  /// Has the printer let go of a pause of its own (Printer::resume); the snapshot tells whether it did.
  void resume();

 private:
  void run();
  bool step();  ///< false: nothing to do
  void follow(Job job);
  void print_test_page(const Document& page);
  [[nodiscard]] bool recalled(std::int64_t job);
  void resume_if_asked();
  void publish(const Job* job);
  /// True: the time is over or it was woken; false: the spool ends.
  bool wait(int ms);
  /// Until there may be something to do or to tell; false: the spool ends.
  bool rest();

  std::unique_ptr<Printer> m_printer;
  JobLedger& m_ledger;
  std::function<void()> m_changed;
  SpoolOptions m_options;
  mutable std::mutex m_mutex;
  std::condition_variable m_wake;
  bool m_ending = false;
  bool m_woken = false;
  Snapshot m_snapshot;
  Snapshot m_told;  ///< when `changed` was called last
  std::int64_t m_recalled = 0;
  std::function<Document(const receipt::Medium&)> m_test;
  bool m_resume = false;
  std::thread m_thread;
};

}  // namespace anjungan::spool
