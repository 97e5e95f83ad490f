// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/centre.h"

#include <algorithm>

namespace anjungan::central {

using record::Result;

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::known:
      return "known";
    case Verdict::pending:
      return "pending";
    case Verdict::missing:
      return "missing";
    case Verdict::voided:
      return "voided";
    case Verdict::revoked:
      return "revoked";
    case Verdict::forged:
      return "forged";
    case Verdict::unknown:
      return "unknown";
  }
  return "unknown";
}

Centre::Centre(std::unique_ptr<Store> store, Keys keys, std::string public_url, catalogue::Catalogue catalogue,
               const record::Clock& clock, const wire::Epoch& epoch)
    : m_store(std::move(store)),
      m_keys(std::move(keys)),
      m_public_url(std::move(public_url)),
      m_catalogue(std::move(catalogue)),
      m_clock(clock),
      m_epoch(epoch),
      m_question_misses(20, 2'000) {}

Result<std::unique_ptr<Centre>> Centre::open(const std::string& data_folder, std::string public_url,
                                             catalogue::Catalogue catalogue, const record::Clock& clock) {
  auto store = open_sqlite_store(data_folder);
  if (!store) return tl::unexpected(store.error());
  auto keys = load_or_make_keys(data_folder, clock.unix_ms());
  if (!keys) return tl::unexpected(keys.error());
  wire::Epoch epoch{};
  auto done = (*store)->write([&](Writer& out) -> Result<void> {
    auto kept = out.meta("epoch");
    if (!kept) return tl::unexpected(kept.error());
    if (*kept && (*kept)->size() == epoch.size()) {
      std::copy((*kept)->begin(), (*kept)->end(), epoch.begin());
      return {};
    }
    record::fill_random(epoch);
    return out.set_meta("epoch", epoch);
  });
  if (!done) return tl::unexpected(done.error());
  return std::unique_ptr<Centre>(
      new Centre(std::move(*store), std::move(*keys), std::move(public_url), std::move(catalogue), clock, epoch));
}

Result<std::string> Centre::case_of(Reader& reader, const ComplaintRow& complaint) {
  auto steps = reader.steps(complaint.number);
  if (!steps) return tl::unexpected(steps.error());
  return case_json(complaint, *steps, m_catalogue, m_clock.unix_ms());
}

}  // namespace anjungan::central
