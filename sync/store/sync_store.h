// SPDX-License-Identifier: Apache-2.0
// sync.db: what the centre said. Written by the agent alone (SyncStore); the app and anjunganctl read it (SyncReader).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/tracking_number.h"
#include "sync/record/uuid.h"
#include "sync/store/database.h"
#include "sync/store/files.h"

namespace anjungan::store {

/// Where this terminal stands with the centre.
struct SyncState {
  std::array<std::uint8_t, 16> epoch{};
  std::uint64_t acked_seq = 0;  ///< every event up to here is durable at the centre
  record::Hash acked_hash{};    ///< of that event
  std::uint64_t join_counter = 0;
  std::uint64_t feed_cursor = 0;
  int standing = 1;                  ///< 1 welcome, 2 locked, 3 revoked, 4 doubted
  std::int64_t last_contact_ms = 0;  ///< the terminal's wall clock at the last verified answer; 0 = never
  std::int64_t clock_offset_ms = 0;  ///< centre's time minus the terminal's, at that moment
  std::string last_error;            ///< kind and text of the last failed try; empty after a good one
  std::int64_t carried_ms = 0;       ///< the centre's time in the last answer, if that came by hand; else 0

  /// The centre's time in the last answer that told something.
  [[nodiscard]] std::int64_t centre_ms() const {
    return carried_ms != 0 ? carried_ms : last_contact_ms + clock_offset_ms;
  }
  /// The centre's time when the terminal's wall clock says this. A clock that died says too little, never too much.
  [[nodiscard]] std::int64_t centre_now_ms(std::int64_t wall_ms) const {
    return std::max(centre_ms(), wall_ms + clock_offset_ms);
  }
  /// When it was last heard, for people: by one clock or the other.
  [[nodiscard]] std::int64_t heard_ms() const { return std::max(last_contact_ms, carried_ms); }
};

/// News of one case: the centre's JSON without personal data.
struct CaseNews {
  std::string number;  ///< 3273-0012-000427-5
  record::Bytes body;
};

/// The centre's answer to a question; the body can be opened by the app alone.
struct Answer {
  record::Uuid question;
  int finding = 0;  ///< 1 found, 2 unknown, 3 throttled
  std::uint32_t retry_after_s = 0;
  record::Bytes sealed_case;
  std::int64_t answered_ms = 0;
};

/// How an attachment of this terminal stands with the centre.
struct BlobState {
  enum class Word { held = 1, lost = 2 };
  Word word = Word::held;  ///< held: whole and durable there; lost: this disk has not what its event names
  std::array<std::uint8_t, 16> epoch{};  ///< of the centre that said so
};

/// A command of the centre as this terminal keeps it (sync/record/command.h). What became of it stands in intake.db;
/// here only what the agent has to say of those that are its own.
struct KeptCommand {
  std::uint64_t place = 0;  ///< in the order of their coming, for ever
  record::Uuid id;
  record::Bytes body;          ///< as the centre wrote it
  bool cancelled = false;      ///< the centre took it back
  std::uint64_t next_seq = 0;  ///< of resend: events before it have been sent again; 0: not begun
  std::string outcome;         ///< of the agent's own: a record::CommandEnd; empty while it is to be done
  std::string reason;
};

/// What the centre orders, beside the news of cases.
struct Orders {
  struct Command {
    record::Uuid id;
    record::Bytes body;
  };
  std::vector<Command> commands;
  std::vector<record::Uuid> cancelled;
  std::vector<record::Bytes> parts;  ///< of what commands bring, named by their hashes

  [[nodiscard]] bool empty() const { return commands.empty() && cancelled.empty() && parts.empty(); }
};

class SyncReader {
 public:
  /// Opens sync.db; fails with `io` or `unavailable` while the agent has never run.
  [[nodiscard]] static record::Result<SyncReader> open(const std::string& folder);

  [[nodiscard]] record::Result<SyncState> state();
  /// Every event up to here was confirmed by the centre in its present epoch more than 90 days before `now_ms`, by the
  /// centre's clock and the terminal's alike: a clock that jumps makes nothing old. 0 where nothing was.
  [[nodiscard]] record::Result<std::uint64_t> long_confirmed(std::int64_t now_ms);
  /// Nothing while nobody has said a word about it.
  [[nodiscard]] record::Result<std::optional<BlobState>> blob(const record::Hash& hash);
  /// Attachments that the centre, in its present epoch, holds for more than 90 days (as long_confirmed). Some tens of
  /// thousands at most.
  [[nodiscard]] record::Result<std::vector<record::Hash>> long_held_blobs(std::int64_t now_ms);
  [[nodiscard]] record::Result<std::optional<record::Bytes>> case_of(const record::TrackingNumber& number);
  [[nodiscard]] record::Result<std::optional<Answer>> answer_to(const record::Uuid& question);
  /// Those that are kept, by place: the newest 500.
  [[nodiscard]] record::Result<std::vector<KeptCommand>> commands();
  /// A piece of what a command brings; the newest 64 are kept. Nothing when it is not there.
  [[nodiscard]] record::Result<std::optional<record::Bytes>> part(const record::Hash& name);
  /// Of the last one; 0 when none has come yet.
  [[nodiscard]] record::Result<std::uint64_t> last_command();

 protected:
  explicit SyncReader(Database database) : m_database(std::move(database)) {}
  Database m_database;
};

class SyncStore : public SyncReader {
 public:
  /// Opens or makes sync.db; `conflict` when another agent writes it or a newer program made it.
  [[nodiscard]] static record::Result<SyncStore> open(const std::string& folder);

  /// State, news and orders in one transaction: a feed cursor never runs ahead of what was kept. A command that is
  /// there already stays as it is.
  [[nodiscard]] record::Result<void> save(const SyncState& state, const std::vector<CaseNews>& news,
                                          const Orders& orders = {});
  /// How far a resend has come.
  [[nodiscard]] record::Result<void> save_command_progress(const record::Uuid& id, std::uint64_t next_seq);
  /// What became of one of the agent's own, for the app to record; the first word holds.
  [[nodiscard]] record::Result<void> save_command_outcome(const record::Uuid& id, std::string_view outcome,
                                                          std::string_view reason);
  /// The centre's signed word about an attachment, or that this disk has lost it.
  [[nodiscard]] record::Result<void> save_blob(const record::Hash& hash, BlobState::Word word);
  [[nodiscard]] record::Result<void> save_answer(const Answer& answer);
  /// Answers older than `before_ms` are removed; nobody waits for them any more.
  [[nodiscard]] record::Result<void> forget_answers(std::int64_t before_ms);

 private:
  record::Result<void> note_confirmed(const SyncState& next);
  record::Result<void> keep_orders(const Orders& orders);
  record::Result<void> keep_parts(const std::vector<record::Bytes>& parts);
  SyncStore(Database database, FolderLock lock) : SyncReader(std::move(database)), m_lock(std::move(lock)) {}
  FolderLock m_lock;
};

}  // namespace anjungan::store
