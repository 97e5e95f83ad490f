// SPDX-License-Identifier: Apache-2.0
// A terminal that issues and prints, of the product's own parts.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sync/slip/ledger.h"
#include "tests/e2e/receipts/parts.h"

namespace anjungan::bench {

/// Ends the program: a benchmark that did not print has measured nothing.
[[noreturn]] void give_up(const std::string& why);

/// Remembers what it was given.
class RememberingPrinter final : public receipts::WatchedPrinter {
 public:
  RememberingPrinter(const std::string& states, std::vector<std::size_t>& pages, std::mutex& mutex)
      : WatchedPrinter("struk", states), m_pages(pages), m_mutex(mutex) {}
  [[nodiscard]] spool::Result<std::string> submit(const spool::Document& document) override;

 private:
  std::vector<std::size_t>& m_pages;
  std::mutex& m_mutex;
};

class Terminal {
 public:
  /// `states`: where idle printers' states are.
  Terminal(const std::string& folder, const std::string& states, const std::string& catalogue);

  void issue();
  void start_printing(const spool::SpoolOptions& options);
  /// Until it holds, looked at on every change of the snapshot; the program ends when it does not within the time.
  void await(const char* what, int seconds, const std::function<bool(const spool::Snapshot&)>& condition);
  [[nodiscard]] std::size_t open_jobs();
  /// A hash of each page handed to the printer, in order; an attempt that was refused leaves one more.
  [[nodiscard]] std::vector<std::size_t> pages();

 private:
  std::string m_states;
  catalogue::Catalogue m_catalogue;
  record::SealingKey m_centre = record::SealingKey::generate();
  std::vector<record::PublicKey> m_seal_to{m_centre.public_key()};
  slip::Hall m_hall = receipts::sample_hall();
  std::mutex m_mutex;
  std::unique_ptr<store::IntakeStore> m_store;
  std::optional<slip::Ledger> m_ledger;
  std::mutex m_news_mutex;
  std::condition_variable m_news;
  std::mutex m_pages_mutex;
  std::vector<std::size_t> m_pages;
  std::unique_ptr<spool::Spool> m_spool;  // last: ends first
};

/// Tells pages apart by their dots.
[[nodiscard]] std::size_t hash_of(const std::vector<std::uint8_t>& bits);

}  // namespace anjungan::bench
