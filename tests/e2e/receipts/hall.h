// SPDX-License-Identifier: Apache-2.0
// A terminal, a scheduler and a printer, and what can befall them.
#pragma once

#include <memory>
#include <vector>

#include "printer/simulator/receipt_printer.h"
#include "tests/contract/printer/bench.h"
#include "tests/e2e/receipts/acts.h"
#include "tests/e2e/receipts/terminal_process.h"

namespace anjungan::receipts {

/// One fault that the screen named, and how long after the device knew it.
struct Named {
  std::string fault;
  double ms = 0;
};

class Hall {
 public:
  Hall(const std::string& folder, const simulator::PrinterOptions& printer);
  ~Hall();
  Hall(const Hall&) = delete;
  Hall& operator=(const Hall&) = delete;

  /// One fault with the receipts it befalls, of which at most `most` are handed in; returns how many. Fails the test
  /// where something does not come.
  int play(const Act& act, int most);
  /// Hands in one receipt and does not wait.
  void issue();
  /// Everything is mended; true when every receipt has come to its end.
  [[nodiscard]] bool drain();

  [[nodiscard]] TerminalProcess& terminal() { return m_terminal; }
  [[nodiscard]] std::vector<simulator::Sheet> sheets() const;
  [[nodiscard]] const std::vector<Named>& named() const { return m_named; }

 private:
  void befall(const Act& act);
  void mend(const Act& act);
  void meet(const Act& act);
  void stay(const Act& act, bool one_waits);
  void fault(const std::function<void(simulator::Faults&)>& how);
  void kill_struk();
  void revive();
  [[nodiscard]] bool settled();
  void expect_settled(const Act& act);

  simulator::PrinterOptions m_printer;
  spool::PrivateCups m_cups;
  std::unique_ptr<simulator::ReceiptPrinter> m_device;
  std::string m_uri;
  TerminalProcess m_terminal;
  std::vector<Named> m_named;
  bool m_named_before = false;
  std::string m_left;  ///< the fault before, when nobody waited for what came of it
  Clock::time_point m_befell;
  mutable std::mutex m_mutex;
  std::condition_variable m_cut;
  std::vector<simulator::Sheet> m_sheets;  // guarded
  std::function<void()> m_at_cut;          // guarded; on the device's thread, between the cut and the confirmation
};

}  // namespace anjungan::receipts
