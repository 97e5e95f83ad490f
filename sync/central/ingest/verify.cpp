// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/verify.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "sync/central/ingest/projection.h"

namespace anjungan::central {

using record::Result;

namespace {

constexpr std::size_t k_page = 500;
constexpr std::size_t k_most_findings = 100;

class Verification {
 public:
  Verification(Reader& store, const std::optional<record::Hash>& expected) : m_store(store), m_expected(expected) {}

  Result<StoreVerdict> run() {
    if (auto done = read_audit(); !done) return tl::unexpected(done.error());
    if (auto done = read_quarantine(); !done) return tl::unexpected(done.error());
    auto devices = m_store.devices();
    if (!devices) return tl::unexpected(devices.error());
    for (const Device& one : *devices) {
      if (auto done = read_chain(one.id.str(), one.acked_seq); !done) return tl::unexpected(done.error());
    }
    if (auto done = read_chain(std::string(k_centre_chain), 0); !done) return tl::unexpected(done.error());
    return m_verdict;
  }

 private:
  template <class... Parts>
  void find(fmt::format_string<Parts...> text, Parts&&... parts) {
    if (m_verdict.findings.size() < k_most_findings) {
      m_verdict.findings.push_back(fmt::format(text, std::forward<Parts>(parts)...));
    }
  }

  Result<void> read_audit() {
    m_verdict.expected_found = !m_expected;
    for (std::uint64_t after = 0;;) {
      auto page = m_store.audit(after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) break;
      for (const AuditLink& one : *page) {
        if (one.prev != m_verdict.audit_head) find("audit {}: the row before it was removed or changed", one.id);
        if (one.hash != audit_hash(one.prev, one.row)) find("audit {}: it was changed", one.id);
        m_verdict.audit_head = one.hash;
        m_verdict.audit_rows++;
        if (m_expected && one.hash == *m_expected) m_verdict.expected_found = true;
      }
      after = page->back().id;
    }
    if (!m_verdict.expected_found)
      find("audit: the expected hash is in no row: rows were removed or the chain was made anew");
    return {};
  }

  Result<void> read_quarantine() {
    for (std::uint64_t after = 0;;) {
      auto page = m_store.quarantined(after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return {};
      for (const QuarantineRow& one : *page) m_aside[one.device].insert(one.seq);
      after = page->back().id;
    }
  }

  Result<void> read_chain(const std::string& chain, std::uint64_t acked) {
    const std::set<std::uint64_t>& aside = m_aside[chain];
    std::uint64_t seq = 0;
    record::Hash before{};
    bool before_known = true;
    const auto skip_to = [&](std::uint64_t next) {
      for (seq++; seq < next; seq++) {
        before_known = false;
        if (!aside.contains(seq) && (seq <= acked || chain == k_centre_chain))
          find("{}: event {} is missing", chain, seq);
      }
    };
    for (std::uint64_t after = 0;;) {
      auto page = m_store.events(chain, after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) break;
      after = page->back().seq;
      for (const EventRow& one : *page) {
        skip_to(one.seq);
        m_verdict.events++;
        const bool whole = record::hash(one.bytes) == one.hash;
        auto event = record::parse_event(one.bytes);
        if (!whole || !event || event->seq != one.seq || event->id != one.id || event->device != chain) {
          find("{}: event {} was changed", chain, one.seq);
        } else if (before_known && event->prev != before) {
          find("{}: event {} does not follow event {}", chain, one.seq, one.seq - 1);
        }
        before = one.hash;
        before_known = true;
      }
    }
    skip_to(acked + 1);
    return {};
  }

  Reader& m_store;
  const std::optional<record::Hash>& m_expected;
  std::map<std::string, std::set<std::uint64_t>> m_aside;
  StoreVerdict m_verdict;
};

}  // namespace

Result<StoreVerdict> verify_store(Reader& store, const std::optional<record::Hash>& expected) {
  return Verification(store, expected).run();
}

}  // namespace anjungan::central
