// SPDX-License-Identifier: Apache-2.0
// What staff may see of a terminal's printers and do to them: the one place for it, behind the kiosk's staff panel and
// the command line alike. Every deed is an event of the record.
//
// With workers (start()) each printer has a thread of its own, and what a call needs of a printer is done there: no
// call waits for one. Without workers the store alone is changed; the printers are looked at directly.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sync/slip/ledger.h"
#include "sync/slip/terminal_printer.h"

namespace anjungan::slip {

/// One job that has not ended.
struct JobLine {
  std::int64_t id = 0;
  record::TrackingNumber number;
  int copy = 0;  ///< what the paper says: "CETAK ULANG copy"; 0: the first, unmarked
  std::string printer;
  store::PrintState state = store::PrintState::queued;
  std::string reason;
  std::int64_t created_ms = 0;
  std::int64_t age_ms = 0;       ///< counted, not by the wall clock
  bool waits_for_staff = false;  ///< waits_for_person(): retry, move or abandon it
};

/// One printer as staff see it.
struct PrinterState {
  std::string name;
  std::string device;
  spool::PrinterView view;
  std::int64_t since_ms = 0;   ///< of this condition; 0: not known
  std::int64_t paused_ms = 0;  ///< by staff; 0: not
  int waiting = 0;             ///< jobs that have not ended
  int for_staff = 0;           ///< of these, those that wait for a person
  std::optional<JobLine> oldest;
  std::int64_t used_mm = 0;     ///< of paper since changed_ms
  std::int64_t changed_ms = 0;  ///< when staff put in paper; 0: never said
  int roll_mm = 0;              ///< 0: not metered
  spool::JobView test;          ///< of the last test page; queued: none
};

/// What the workers last said of a job.
struct JobSnapshot : spool::Snapshot {
  bool elsewhere = false;  ///< at another printer than the first
};

/// What became of an order.
enum class Outcome { done, under_way };

class PrinterDesk {
 public:
  /// `fallback_after_ms`: a receipt moves to the second printer by itself when the first has been unable for so long;
  /// 0: staff move it. Counted on `steady`, so that a clock that is set moves nothing. `store` and `store_mutex`
  /// outlive the desk.
  PrinterDesk(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms,
              std::vector<Station> stations, std::int64_t fallback_after_ms = 0, Steady steady = status::since_boot_ms);
  /// Ends the workers within a few seconds.
  ~PrinterDesk();
  PrinterDesk(const PrinterDesk&) = delete;
  PrinterDesk& operator=(const PrinterDesk&) = delete;

  /// Starts a worker for each printer that can be opened and has none yet; call again until it succeeds. `changed` is
  /// called on their threads. Fails with the first printer's error.
  [[nodiscard]] record::Result<void> start(const std::function<void()>& changed);
  /// Whether every printer has its worker.
  [[nodiscard]] bool started() const;
  /// Whether the first one has.
  [[nodiscard]] bool prints() const { return m_places.front().spool != nullptr; }
  /// A job was added.
  void wake();
  /// What the workers last said of a job, or what the store says of one that they are not at; its printer is then not
  /// told. Nothing when there is no such job.
  [[nodiscard]] std::optional<JobSnapshot> snapshot_of(std::int64_t job) const;
  /// Lets the second printer know of what came to it from the first, and moves there what has waited too long. Call it
  /// whenever something changed, and now and then.
  [[nodiscard]] record::Result<void> tend();

  [[nodiscard]] record::Result<std::vector<PrinterState>> printers();
  /// The oldest first, at most `most`.
  [[nodiscard]] record::Result<std::vector<JobLine>> jobs(std::size_t most);

  /// Receipts that came out here, or were sent; the newest first, of the last `most` that were issued.
  [[nodiscard]] record::Result<std::vector<store::ReceiptRow>> printed(std::size_t most);

  // Deeds; `by` says through what: "panel", "command". `not_found` for a job, printer or number that is not there,
  // `conflict` for what does not fit its state; the text says what to do instead.
  [[nodiscard]] record::Result<void> retry(std::int64_t job, std::string_view by);
  /// A marked short form with a new access code; the earlier receipt is void.
  [[nodiscard]] record::Result<std::int64_t> reprint(const record::TrackingNumber& number);
  [[nodiscard]] record::Result<Outcome> move(std::int64_t job, const std::string& to, std::string_view by);
  [[nodiscard]] record::Result<Outcome> abandon(std::int64_t job, std::string_view by);
  [[nodiscard]] record::Result<void> pause(const std::string& printer, std::string_view by);
  /// Takes back a pause, and CUPS's own where this user may.
  [[nodiscard]] record::Result<Outcome> resume(const std::string& printer, std::string_view by);
  [[nodiscard]] record::Result<Outcome> test_page(const std::string& printer, std::string_view by);
  [[nodiscard]] record::Result<void> paper_changed(const std::string& printer, std::string_view by);

 private:
  struct Place {
    Station station;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<spool::Spool> spool;
  };

  [[nodiscard]] record::Result<Place*> place(const std::string& printer);
  /// Of a job's printer; the first where that is not configured any more.
  [[nodiscard]] record::Result<Place*> place_of(std::int64_t job);
  [[nodiscard]] JobLine line_of(const store::PrintJob& job) const;
  [[nodiscard]] record::Result<std::vector<JobLine>> open_lines();
  [[nodiscard]] record::Result<void> deed(const std::string& printer, const char* what, std::string_view by,
                                          const std::function<void(store::PrinterNote&)>& change);
  [[nodiscard]] record::Result<Outcome> print_test_now(const Place& place);

  store::IntakeStore& m_store;
  std::mutex& m_mutex;
  Hall m_hall;
  std::int64_t m_fallback_after_ms;
  Steady m_steady;
  std::shared_ptr<Ages> m_ages;  ///< under m_mutex
  std::vector<Place> m_places;
};

}  // namespace anjungan::slip
