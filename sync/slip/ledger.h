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

/// Thread: called by the spool's; every use of the store takes `store_mutex`, which the store's other users take too.
class Ledger final : public spool::JobLedger {
 public:
  /// `delivered_ms` says when the centre confirmed a number (0: not yet). All references outlive the ledger.
  Ledger(store::IntakeStore& store, std::mutex& store_mutex, Hall hall, Delivered delivered_ms);

  [[nodiscard]] spool::Result<std::optional<spool::Job>> next() override;
  /// After a power cut the payload cannot be read: a short form with a new code takes the job's place.
  [[nodiscard]] spool::Result<spool::Document> document(const spool::Job& job, const receipt::Medium& medium) override;
  [[nodiscard]] spool::Result<void> record(const spool::Job& job) override;

 private:
  store::IntakeStore& m_store;
  std::mutex& m_mutex;
  Hall m_hall;
  Delivered m_delivered_ms;
};

}  // namespace anjungan::slip
