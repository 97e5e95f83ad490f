// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/copy_store.h"

#include <fmt/format.h>

#include "sync/central/ingest/command_log.h"
#include "sync/central/ingest/epoch.h"
#include "sync/central/ingest/projection.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

constexpr std::size_t k_page = 500;

class Copy {
 public:
  Copy(Reader& from, Store& to) : m_from(from), m_to(to) {}

  Result<Copied> run() {
    auto devices = m_from.devices();
    if (!devices) return tl::unexpected(devices.error());
    for (const auto& step : {&Copy::check_empty, &Copy::copy_codes, &Copy::copy_quarantine, &Copy::copy_audit}) {
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    }
    for (const Device& one : *devices) {
      if (auto done = copy_device(one); !done) return tl::unexpected(done.error());
      if (auto done = copy_chain(one.id.str()); !done) return tl::unexpected(done.error());
      if (auto done = copy_feed(one.id.str()); !done) return tl::unexpected(done.error());
      auto commands = m_to.write([&](Writer& out) { return copy_command_log(m_from, out, one.id.str()); });
      if (!commands) return tl::unexpected(commands.error());
    }
    if (auto done = copy_chain(std::string(k_centre_chain)); !done) return tl::unexpected(done.error());
    m_copied.devices = devices->size();
    return m_copied;
  }

 private:
  Result<void> check_empty() {
    return m_to.read([](Reader& in) -> Result<void> {
      auto devices = in.devices();
      if (!devices) return tl::unexpected(devices.error());
      auto audit = in.audit(0, 1);
      if (!audit) return tl::unexpected(audit.error());
      auto deeds = in.head(k_centre_chain);
      if (!deeds) return tl::unexpected(deeds.error());
      if (devices->empty() && audit->empty() && deeds->first == 0) return {};
      return fail(ErrorKind::conflict, "to: this store is not empty; name an empty database or folder");
    });
  }

  Result<void> copy_device(const Device& device) {
    auto former = m_from.former_keys(device.id.str());
    if (!former) return tl::unexpected(former.error());
    return m_to.write([&](Writer& out) -> Result<void> {
      if (auto added = out.add_device(device); !added) return added;
      for (const FormerKeys& one : *former) {
        if (auto added = out.add_former_keys(one); !added) return added;
      }
      return {};
    });
  }

  Result<void> copy_codes() {
    auto codes = m_from.enrol_codes();
    if (!codes) return tl::unexpected(codes.error());
    return m_to.write([&](Writer& out) -> Result<void> {
      for (const EnrolCodeRow& one : *codes) {
        if (auto put = out.put_enrol_code(one); !put) return put;
      }
      return {};
    });
  }

  Result<void> copy_quarantine() {
    for (std::uint64_t after = 0;;) {
      auto page = m_from.quarantined(after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return {};
      after = page->back().id;
      m_copied.quarantined += page->size();
      auto done = m_to.write([&](Writer& out) -> Result<void> {
        for (const QuarantineRow& one : *page) {
          auto kept = out.quarantine(one.device, one.seq, one.bytes, one.why, one.at_ms);
          if (!kept) return tl::unexpected(kept.error());
        }
        return {};
      });
      if (!done) return done;
    }
  }

  Result<void> copy_audit() {
    for (std::uint64_t after = 0;;) {
      auto page = m_from.audit(after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return {};
      after = page->back().id;
      m_copied.audit += page->size();
      auto done = m_to.write([&](Writer& out) -> Result<void> {
        for (const AuditLink& one : *page) {
          if (auto put = out.copy_audit(one); !put) return put;
        }
        return {};
      });
      if (!done) return done;
    }
  }

  Result<void> copy_chain(const std::string& chain) {
    for (std::uint64_t after = 0;;) {
      auto page = m_from.events(chain, after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return compare(chain);
      after = page->back().seq;
      m_copied.events += page->size();
      auto done = m_to.write([&](Writer& out) -> Result<void> {
        auto inserted = out.insert_events(chain, *page);
        if (!inserted) return tl::unexpected(inserted.error());
        return {};
      });
      if (!done) return done;
    }
  }

  Result<void> compare(const std::string& chain) {
    auto count = m_from.event_count(chain);
    if (!count) return tl::unexpected(count.error());
    auto head = m_from.head(chain);
    if (!head) return tl::unexpected(head.error());
    return m_to.read([&](Reader& in) -> Result<void> {
      auto there = in.event_count(chain);
      if (!there) return tl::unexpected(there.error());
      auto there_head = in.head(chain);
      if (!there_head) return tl::unexpected(there_head.error());
      if (*there == *count && *there_head == *head) return {};
      return fail(ErrorKind::corrupt, fmt::format("{}: {} events of {} arrived", chain, *there, *count));
    });
  }

  Result<void> copy_feed(const std::string& device) {
    for (std::uint64_t after = 0;;) {
      auto page = m_from.feed(device, after, k_page);
      if (!page) return tl::unexpected(page.error());
      if (page->empty()) return {};
      after = page->back().cursor;
      auto done = m_to.write([&](Writer& out) { return out.add_feed(device, *page); });
      if (!done) return done;
    }
  }

  Reader& m_from;
  Store& m_to;
  Copied m_copied;
};

}  // namespace

Result<Copied> copy_store(Store& from, Store& to, const Keys& keys, const catalogue::Catalogue& catalogue) {
  Copied copied;
  auto done = from.read([&](Reader& in) -> Result<void> {
    auto ran = Copy(in, to).run();
    if (!ran) return tl::unexpected(ran.error());
    copied = *ran;
    // What makes the copy usable comes last: one that was interrupted is refused as not empty.
    return to.write([&](Writer& out) -> Result<void> {
      auto rebuilt = rebuild_projections(out, keys, catalogue);
      if (!rebuilt) return tl::unexpected(rebuilt.error());
      for (const std::string_view key : k_copied_meta) {
        auto value = in.meta(key);
        if (!value) return tl::unexpected(value.error());
        if (!*value) continue;
        if (auto set = out.set_meta(key, **value); !set) return set;
      }
      return out.set_meta(k_epoch_key, record::view_of(k_copied_epoch));
    });
  });
  if (!done) return tl::unexpected(done.error());
  return copied;
}

}  // namespace anjungan::central
