// SPDX-License-Identifier: Apache-2.0
// IntakeStore's attachments.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>

#include "sync/store/intake_store.h"

namespace anjungan::store {

using record::ErrorKind;
using record::fail;
using record::Result;

Result<void> IntakeStore::room_for_attachment() {
  auto room = free_bytes(m_folder);
  if (!room) return tl::unexpected(room.error());
  if (*room >= m_options.photo_low_water_bytes) return {};
  return fail(ErrorKind::full, fmt::format("{}: only {} MiB free; no new attachment is taken below {} MiB", m_folder,
                                           *room >> 20U, m_options.photo_low_water_bytes >> 20U));
}

Result<record::Attachment> IntakeStore::keep_attachment(record::AttachmentKind kind, std::string media,
                                                        record::ByteView plain) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  if (auto room = room_for_attachment(); !room) return tl::unexpected(room.error());
  // A disk that cannot take a photo stops photos. Intake asks for itself.
  auto name = m_blobs.keep(plain, m_identity.seal_to);
  if (!name) return tl::unexpected(name.error());
  return record::Attachment{kind, std::move(media), *name};
}

void IntakeStore::drop_attachment(const record::Attachment& attachment) { m_blobs.remove(attachment.blob.hash); }

Result<void> IntakeStore::check_kept(const std::vector<record::Attachment>& attachments) const {
  if (attachments.size() > record::k_most_attachments) {
    return fail(ErrorKind::invalid, fmt::format("attachments: more than {}", record::k_most_attachments));
  }
  for (const record::Attachment& one : attachments) {
    if (!m_blobs.has(one.blob.hash)) return fail(ErrorKind::not_found, "attachments: one was never kept, or dropped");
  }
  return {};
}

Result<void> IntakeStore::name_attachment(const record::TrackingNumber& number, const record::Uuid& subject,
                                          const record::Attachment& attachment) {
  record::Event event =
      next_event(record::EventType::attachment_added, subject, record::attachment_facts(number, attachment));
  event.blobs = {attachment.blob.hash};
  auto hash = insert_event(event);
  if (!hash) return tl::unexpected(hash.error());
  auto insert = m_database.prepare("INSERT INTO blob(seq, hash, size) VALUES(?, ?, ?)");
  if (!insert) return tl::unexpected(insert.error());
  auto done = insert->bind(static_cast<std::int64_t>(event.seq))
                  .bind(record::ByteView(attachment.blob.hash))
                  .bind(static_cast<std::int64_t>(attachment.blob.bytes))
                  .run();
  if (!done) return done;
  m_last_hash = *hash;
  m_last_seq = event.seq;
  return {};
}

Result<std::uint64_t> IntakeStore::attach(const record::TrackingNumber& number, const record::Attachment& attachment) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  auto seq = attach_checked(number, attachment);
  if (!seq) watch(seq.error());
  return seq;
}

Result<std::uint64_t> IntakeStore::attach_checked(const record::TrackingNumber& number,
                                                  const record::Attachment& attachment) {
  if (auto kept = check_kept({attachment}); !kept) return tl::unexpected(kept.error());
  auto find = m_database.prepare("SELECT subject FROM receipt WHERE running = ? LIMIT 1");
  if (!find) return tl::unexpected(find.error());
  auto row = find->bind(static_cast<std::int64_t>(number.running)).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row || number.region != m_identity.region || number.terminal != m_identity.terminal) {
    return fail(ErrorKind::not_found, "number: this terminal has not issued it");
  }
  record::Uuid subject;
  const record::Bytes bytes = find->bytes(0);
  if (bytes.size() == subject.bytes.size()) std::copy(bytes.begin(), bytes.end(), subject.bytes.begin());
  find->reset();

  auto transaction = Transaction::begin(m_database);
  if (!transaction) return tl::unexpected(transaction.error());
  const record::Hash hash_before = m_last_hash;
  const std::uint64_t seq_before = m_last_seq;
  auto done = name_attachment(number, subject, attachment);
  if (done) done = transaction->commit();
  if (done) return m_last_seq;
  m_last_hash = hash_before;
  m_last_seq = seq_before;
  return tl::unexpected(done.error());
}

Result<std::size_t> IntakeStore::purge_blobs(const std::vector<record::Hash>& held, std::size_t most) {
  if (auto well = standing(); !well) return tl::unexpected(well.error());
  const auto attempt = [&]() -> Result<std::size_t> {
    auto forget = m_database.prepare("DELETE FROM blob WHERE hash = ?");
    if (!forget) return tl::unexpected(forget.error());
    std::size_t gone = 0;
    for (const record::Hash& hash : held) {
      if (gone == most) break;
      if (auto done = forget->bind(record::ByteView(hash)).run(); !done) return tl::unexpected(done.error());
      if (m_database.changed() == 0) continue;
      // The row first: a file without a row is swept, a row without a file would be a loss.
      m_blobs.remove(hash);
      gone++;
    }
    return gone;
  };
  auto gone = attempt();
  if (!gone) watch(gone.error());
  return gone;
}

Result<void> IntakeStore::sweep_blobs() {
  auto find = m_database.prepare("SELECT 1 FROM blob WHERE hash = ?");
  if (!find) return tl::unexpected(find.error());
  return m_blobs.sweep(
      [&](const record::Hash& hash) -> Result<bool> {
        auto row = find->bind(record::ByteView(hash)).step();
        if (row && *row) find->reset();
        return row;
      },
      orphans_aside());
}

// In a database that was rebuilt the row may be what was lost, and the file all that is left of a photo. What was kept
// since then has its row if it has a report.
std::optional<BlobFolder::Aside> IntakeStore::orphans_aside() const {
  const std::vector<std::string> damaged = damaged_copies(m_folder);
  if (damaged.empty()) return std::nullopt;
  const std::string folder = damaged.back() + "/blobs";
  // At the rebuild itself every file is older, whatever the clock was set to when it was written.
  if (m_salvage) return BlobFolder::Aside{folder, std::filesystem::file_time_type::max()};
  std::error_code unreadable;
  const auto rebuilt = std::filesystem::last_write_time(damaged.back(), unreadable);
  return BlobFolder::Aside{folder, unreadable ? std::filesystem::file_time_type::max() : rebuilt};
}

}  // namespace anjungan::store
