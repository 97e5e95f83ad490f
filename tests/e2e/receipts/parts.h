// SPDX-License-Identifier: Apache-2.0
// What every terminal of these tests and of the printing benchmark has in common.
#pragma once

#include <string>
#include <vector>

#include "printer/spool/cups_printer.h"
#include "sync/slip/slip.h"
#include "sync/store/intake_store.h"

namespace anjungan::receipts {

inline slip::Hall sample_hall() {
  return {"Pemerintah Kota Bandung", "Mal Pelayanan Publik",        "MPP Kota Bandung", "Lantai 1",
          "(022) 555-0142",          "https://lapor.example.go.id", record::Zone::wib};
}

/// A store in `folder`/data, without ballast and low-water mark.
inline record::Result<std::unique_ptr<store::IntakeStore>> open_store(const std::string& folder,
                                                                      const std::vector<record::PublicKey>& seal_to,
                                                                      record::SigningKey key) {
  const slip::Hall hall = sample_hall();
  store::Identity identity;
  identity.region = 3273;
  identity.terminal = 12;
  identity.office = hall.office;
  identity.public_url = hall.public_url;
  identity.seal_to = seal_to;
  store::IntakeOptions options;
  options.ballast_bytes = options.low_water_bytes = 0;
  return store::IntakeStore::open(folder + "/data", folder + "/run", identity, std::move(key), options);
}

/// A CUPS queue; who watches it overrides what is to be watched.
class WatchedPrinter : public spool::Printer {
 public:
  /// `states`: the folder of idle printers' states.
  explicit WatchedPrinter(const std::string& queue, const std::string& states = status::k_folder)
      : m_printer(queue, receipt::k_roll_80, states) {}
  [[nodiscard]] const receipt::Medium& medium() const override { return m_printer.medium(); }
  [[nodiscard]] spool::Result<std::string> submit(const spool::Document& document) override {
    return m_printer.submit(document);
  }
  [[nodiscard]] spool::JobView poll(const std::string& handle) override { return m_printer.poll(handle); }
  [[nodiscard]] spool::Result<std::optional<std::string>> find(const std::string& title, int attempt) override {
    return m_printer.find(title, attempt);
  }
  [[nodiscard]] spool::PrinterView view() override { return m_printer.view(); }
  [[nodiscard]] bool changed() override { return m_printer.changed(); }
  [[nodiscard]] spool::Result<void> cancel(const std::string& handle) override { return m_printer.cancel(handle); }
  [[nodiscard]] spool::Result<void> resume() override { return m_printer.resume(); }

 private:
  spool::CupsPrinter m_printer;
};

}  // namespace anjungan::receipts
