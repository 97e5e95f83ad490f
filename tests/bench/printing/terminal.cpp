// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/printing/terminal.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "printer/render/render.h"

namespace anjungan::bench {
namespace {

template <class T>
T must(record::Result<T> result) {
  if (!result) give_up(result.error().text);
  return std::move(*result);
}

record::Complaint sample_complaint(std::uint64_t n) {
  record::Complaint out;
  out.category = "jalan.lubang";
  out.district = "coblong";
  out.story = "Lubang besar di depan SD Misal Jaya, lebarnya kira-kira satu meter. Sudah dua minggu tidak ditutup.";
  out.place = "Jalan Contoh Raya nomor " + std::to_string(n);
  out.name = "Sumiati Contoh";
  out.phone = "081200000000";
  out.address = "Jl. Kembang Misal 8, Kel. Sukacontoh";
  return out;
}

}  // namespace

void give_up(const std::string& why) {
  fmt::print(stderr, "bench printing: {}\n", why);
  std::exit(1);
}

std::size_t hash_of(const std::vector<std::uint8_t>& bits) {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(bits.data()), bits.size()});
}

spool::Result<std::string> RememberingPrinter::submit(const spool::Document& document) {
  auto handle = WatchedPrinter::submit(document);
  if (handle) {
    const std::lock_guard guard(m_mutex);
    m_pages.push_back(hash_of(render::to_bitmap(document.page).bits));
  }
  return handle;
}

Terminal::Terminal(const std::string& folder, const std::string& states, const std::string& catalogue)
    : m_states(states), m_catalogue(must(catalogue::load_catalogue(catalogue))) {
  m_store = must(receipts::open_store(folder, m_seal_to, record::SigningKey::generate()));
  m_ledger.emplace(*m_store, m_mutex, m_hall, [](const record::TrackingNumber&) { return std::int64_t{0}; });
}

void Terminal::issue() {
  {
    const std::lock_guard guard(m_mutex);
    const record::Complaint complaint = sample_complaint(m_store->last_seq());
    must(m_store->submit(
        {.complaint = &complaint,
         .data_key = must(record::DataKey::prepare(m_seal_to)),
         .limits = m_catalogue.limits,
         .holidays = &m_catalogue.holidays,
         .printer = "struk",
         .payload = [&](const store::Issued& one) { return slip::payload(one, complaint, m_hall, m_catalogue); }}));
  }
  if (m_spool) m_spool->wake();
}

void Terminal::start_printing(const spool::SpoolOptions& options) {
  m_spool = std::make_unique<spool::Spool>(
      std::make_unique<RememberingPrinter>(m_states, m_pages, m_pages_mutex), *m_ledger,
      [this] { m_news.notify_all(); }, options);
}

void Terminal::await(const char* what, int seconds, const std::function<bool(const spool::Snapshot&)>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::unique_lock guard(m_news_mutex);
  // A change between the look and the wait is seen at the next millisecond.
  while (!condition(m_spool->snapshot())) {
    if (std::chrono::steady_clock::now() > until) give_up(fmt::format("{} did not come", what));
    m_news.wait_for(guard, std::chrono::milliseconds(1));
  }
}

std::size_t Terminal::open_jobs() {
  const std::lock_guard guard(m_mutex);
  return must(m_store->open_jobs()).size();
}

std::vector<std::size_t> Terminal::pages() {
  const std::lock_guard guard(m_pages_mutex);
  return m_pages;
}

}  // namespace anjungan::bench
