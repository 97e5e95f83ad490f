// SPDX-License-Identifier: Apache-2.0
// The store's print jobs as the spool's ledger.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "printer/spool/spool.h"
#include "sync/slip/ages.h"
#include "sync/slip/slip.h"

namespace anjungan::slip {

/// Unix milliseconds of the centre's confirmation of a number's event; 0 while there is none.
using Delivered = std::function<std::int64_t(const record::TrackingNumber&)>;

/// How many marked copies come out by themselves while nobody knows what became of the ones before (a line that carries
/// rubbish never confirms). Then a person looks at what lies there and decides.
inline constexpr int k_most_marks = 5;

/// As a printer's worker would say it; a voided job is `unknown` to it.
[[nodiscard]] spool::JobState job_state(store::PrintState state);

/// The reasons of a job that waits for a person: its time is over; or it came out k_most_marks times, perhaps.
inline constexpr const char* k_expired = "expired";
inline constexpr const char* k_uncertain = "uncertain";
[[nodiscard]] bool waits_for_person(const store::PrintJob& job);

/// One printer's part of the terminal's jobs.
struct Share {
  std::string printer = "struk";    ///< its name in the store
  std::vector<std::string> others;  ///< names of the printers behind the first
  int roll_mm = 0;                  ///< length of a new roll; 0: its paper is not metered
  bool first = true;                ///< also has every job whose printer is not configured any more
};

/// Within k_valid_ms a job whose outcome is open is printed again, marked (PrintJob::mark), with the same number and
/// code, at most k_most_marks times. Thread: called by its spool's and by whoever gives orders; every use of the store
/// takes `store_mutex`, which the store's other users take too. `by` names who gave an order, in the event
/// device.printer that keeps it.
class Ledger final : public spool::JobLedger {
 public:
  /// `delivered_ms` says when the centre confirmed a number (0: not yet). `ages` is shared by a terminal's ledgers;
  /// null: one of its own. All references outlive the ledger.
  Ledger(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms, Share share = {},
         std::shared_ptr<Ages> ages = nullptr);

  [[nodiscard]] spool::Result<std::optional<spool::Job>> next() override;
  /// After a power cut the payload cannot be read: a short form with a new code takes the job's place.
  [[nodiscard]] spool::Result<spool::Document> document(const spool::Job& job, const receipt::Medium& medium) override;
  [[nodiscard]] spool::Result<void> record(const spool::Job& job) override;
  /// Paused by staff; low paper by the meter.
  [[nodiscard]] spool::PrinterView advise(spool::PrinterView seen) override;

  /// Whether the job is in this printer's share.
  [[nodiscard]] bool mine(const store::PrintJob& job) const;

  /// Whether a job has left for another printer since the last question: that one's spool must be woken.
  [[nodiscard]] bool take_moved();

  /// A person wants it now, whatever its age: unmarked if nothing of it can be on paper, else marked. Wake the spool
  /// then. `conflict` while it is at the printer.
  [[nodiscard]] record::Result<void> retry(std::int64_t job, std::string_view by);
  /// A person gives it up; its payload is wiped. False: it is at the printer. Recall it there (Spool::recall); record()
  /// then does it, unless it was printed after all.
  [[nodiscard]] record::Result<bool> abandon(std::int64_t job, std::string_view by);
  /// To another printer, marked if something of it may be on paper here. False as for abandon(). `whatever_age` as for
  /// retry(); else it stays valid no longer than it was.
  [[nodiscard]] record::Result<bool> move(std::int64_t job, const std::string& printer, std::string_view by,
                                          bool whatever_age = true);

 private:
  /// What a person wants of a job once it has come back from the printer.
  struct Wish {
    std::string printer;  ///< to move to; empty: abandon
    std::string by;
    bool whatever_age = true;
  };

  /// Whether the spool may have it now; brings the job into the state it may be in.
  [[nodiscard]] record::Result<bool> may_print(store::PrintJob& job);
  [[nodiscard]] record::Result<store::PrintJob> open_job(std::int64_t id);
  [[nodiscard]] record::Result<bool> fulfil(std::int64_t id, Wish wish);
  [[nodiscard]] record::Result<void> carry_out(store::PrintJob job, const Wish& wish);

  store::IntakeStore& m_store;
  std::mutex& m_mutex;
  Hall m_hall;
  Delivered m_delivered_ms;
  Share m_share;
  std::shared_ptr<Ages> m_ages;
  std::map<std::int64_t, Wish> m_wishes;  ///< of jobs at the printer
  bool m_moved = false;
  std::int64_t m_laid_out = 0;  ///< the job whose page was made last
  int m_length_mm = 0;          ///< of that page
};

}  // namespace anjungan::slip
