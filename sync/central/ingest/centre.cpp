// SPDX-License-Identifier: Apache-2.0
#include "sync/central/ingest/centre.h"

#include <filesystem>

#include "sync/central/ingest/epoch.h"
#include "sync/central/ingest/projection.h"
#include "sync/store/files.h"

namespace anjungan::central {

using record::ErrorKind;
using record::Result;

namespace {

/// The root that terminals pinned and the pepper of the access codes: with others no terminal and no code would be
/// known.
Result<void> check_keys(Writer& store, const Keys& keys) {
  record::Bytes mark(keys.root.begin(), keys.root.end());
  const record::Hash pepper = record::hash_in("anjungan/pepper-mark/1", keys.pepper);
  mark.insert(mark.end(), pepper.begin(), pepper.end());
  auto there = store.meta("keys");
  if (!there) return tl::unexpected(there.error());
  if (!*there) return store.set_meta("keys", mark);
  if (**there == mark) return {};
  return record::fail(record::ErrorKind::conflict,
                      "keys: this store belongs to another centre; copy the keys folder of its data folder here");
}

}  // namespace

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

Centre::Centre(std::unique_ptr<Store> store, std::string data_folder, Keys keys, std::string public_url,
               catalogue::Catalogue catalogue, const record::Clock& clock)
    : m_store(std::move(store)),
      m_data_folder(std::move(data_folder)),
      m_keys(std::move(keys)),
      m_public_url(std::move(public_url)),
      m_catalogue(std::move(catalogue)),
      m_clock(clock),
      m_question_misses(20, 2'000) {}

Result<std::unique_ptr<Centre>> Centre::open(std::unique_ptr<Store> store, const std::string& data_folder,
                                             std::string public_url, catalogue::Catalogue catalogue,
                                             const record::Clock& clock) {
  auto keys = load_or_make_keys(data_folder, clock.unix_ms());
  if (!keys) return tl::unexpected(keys.error());
  auto done = store->write([&](Writer& out) -> Result<void> {
    if (auto fits = check_keys(out, *keys); !fits) return fits;
    auto epoch = current_epoch(out, clock.unix_ms());
    if (!epoch) return tl::unexpected(epoch.error());
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  std::unique_ptr<Centre> centre(
      new Centre(std::move(store), data_folder, std::move(*keys), std::move(public_url), std::move(catalogue), clock));
  auto staging = BlobStaging::open(data_folder + "/blobs/coming");
  if (!staging) return tl::unexpected(staging.error());
  auto blobs = open_folder_blob_store(data_folder + "/blobs");
  if (!blobs) return tl::unexpected(blobs.error());
  centre->m_staging = std::move(*staging);
  centre->m_blobs = std::move(*blobs);
  return centre;
}

Result<std::uint64_t> Centre::rebuild(const std::string& who) {
  std::uint64_t events = 0;
  auto done = m_store->write([&](Writer& out) -> Result<void> {
    auto rebuilt = rebuild_projections(out, m_keys, m_catalogue);
    if (!rebuilt) return tl::unexpected(rebuilt.error());
    events = *rebuilt;
    return out.add_audit({m_clock.unix_ms(), who, "rebuilt complaints, steps and receipts from the events"});
  });
  if (!done) return tl::unexpected(done.error());
  return events;
}

Result<StoreVerdict> Centre::verify(const std::optional<record::Hash>& expected) {
  StoreVerdict out;
  auto done = m_store->read([&](Reader& in) -> Result<void> {
    auto verdict = verify_store(in, expected);
    if (!verdict) return tl::unexpected(verdict.error());
    out = std::move(*verdict);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  if (auto noted = note_verified(out.findings.empty()); !noted) return tl::unexpected(noted.error());
  return out;
}

Result<void> Centre::back_up(const std::string& folder, const std::string& who) {
  if (folder.empty() || folder.front() != '/') return record::fail(ErrorKind::invalid, "to: must be an absolute path");
  std::error_code failed;
  if (std::filesystem::exists(folder, failed)) {
    return record::fail(ErrorKind::conflict, "to: it is there already; name a new folder");
  }
  // Under another name until it is whole, so that nobody takes half a backup for one.
  const std::string half = folder + ".part";
  std::filesystem::remove_all(half, failed);
  if (auto made = store::make_folder(half + "/keys"); !made) return made;
  if (auto copied = m_store->back_up(half + "/central.db"); !copied) return copied;
  for (const auto& one : std::filesystem::directory_iterator(m_data_folder + "/keys", failed)) {
    auto bytes = store::read_file(one.path().string(), 64 * 1024);
    if (!bytes) return tl::unexpected(bytes.error());
    auto kept = store::write_file(half + "/keys/" + one.path().filename().string(), *bytes, 0600);
    record::wipe(*bytes);
    if (!kept) return kept;
  }
  if (!failed) std::filesystem::rename(half, folder, failed);
  if (failed) return record::fail(ErrorKind::io, "to: " + failed.message());
  return m_store->write([&](Writer& out) -> Result<void> {
    const std::int64_t now = m_clock.unix_ms();
    if (auto noted = note_backup(out, now); !noted) return noted;
    return out.add_audit({now, who, "backed up"});
  });
}

bool Centre::ready() {
  const auto done = m_store->read([](Reader& in) -> Result<void> {
    auto entry = in.meta(k_epoch_key);
    if (!entry) return tl::unexpected(entry.error());
    return {};
  });
  return done.has_value();
}

Result<std::string> Centre::case_of(Reader& reader, const ComplaintRow& complaint) {
  auto steps = steps_of(reader, complaint);
  if (!steps) return tl::unexpected(steps.error());
  auto attachments = reader.attachments(complaint.number);
  if (!attachments) return tl::unexpected(attachments.error());
  return case_json(complaint, *steps, *attachments, m_catalogue, m_clock.unix_ms());
}

}  // namespace anjungan::central
