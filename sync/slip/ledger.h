// SPDX-License-Identifier: Apache-2.0
// The store's print jobs as the spool's ledger.
#pragma once

#include <functional>
#include <mutex>

#include "printer/spool/spool.h"
#include "sync/slip/slip.h"

namespace anjungan::slip {

/// Unix milliseconds of the centre's confirmation of a number's event; 0 while there is none.
using Delivered = std::function<std::int64_t(const record::TrackingNumber&)>;

/// How long a receipt prints by itself. Later nobody stands there to take it: a person decides.
inline constexpr std::int64_t k_valid_ms = 15LL * 60 * 1000;

/// The reason of a job that waits for a person because its time is over.
inline constexpr const char* k_expired = "expired";

/// Within k_valid_ms a job whose outcome is open is printed again, marked (PrintJob::mark), with the same number and
/// code. Thread: called by the spool's; every use of the store takes `store_mutex`, which the store's other users take
/// too.
class Ledger final : public spool::JobLedger {
 public:
  /// `delivered_ms` says when the centre confirmed a number (0: not yet). All references outlive the ledger.
  Ledger(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms);

  [[nodiscard]] spool::Result<std::optional<spool::Job>> next() override;
  /// After a power cut the payload cannot be read: a short form with a new code takes the job's place.
  [[nodiscard]] spool::Result<spool::Document> document(const spool::Job& job, const receipt::Medium& medium) override;
  [[nodiscard]] spool::Result<void> record(const spool::Job& job) override;

  /// A person wants it now, whatever its age: unmarked if nothing of it can be on paper, else marked. Wake the spool
  /// then.
  [[nodiscard]] spool::Result<void> retry(std::int64_t job);
  /// A person gives it up; its payload is wiped.
  [[nodiscard]] spool::Result<void> abandon(std::int64_t job);

 private:
  /// Whether the spool may have it now; brings the job into the state it may be in.
  [[nodiscard]] record::Result<bool> may_print(store::PrintJob& job);

  store::IntakeStore& m_store;
  std::mutex& m_mutex;
  Hall m_hall;
  Delivered m_delivered_ms;
};

}  // namespace anjungan::slip
