// SPDX-License-Identifier: Apache-2.0
// intake.db as another process sees it: read-only, while its writer runs or not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/tracking_number.h"
#include "sync/store/database.h"
#include "sync/store/print_job.h"
#include "sync/store/question.h"

namespace anjungan::store {

struct StoredEvent {
  std::uint64_t seq = 0;
  record::Bytes bytes;  ///< verbatim
  record::Hash hash{};
};

class IntakeReader {
 public:
  /// Fails with `io` while the app has never run (no intake.db yet).
  [[nodiscard]] static record::Result<IntakeReader> open(const std::string& folder);

  /// The app has put another database in this one's place (it was damaged): open again.
  [[nodiscard]] bool replaced() const;

  [[nodiscard]] record::Result<std::uint64_t> last_seq();
  /// Consecutive events from `from_seq` on, within both bounds (at least one when there is one), on the disk for good.
  /// `not_found` when the first was purged, `corrupt` when it was lost.
  [[nodiscard]] record::Result<std::vector<StoredEvent>> events_from(std::uint64_t from_seq, std::size_t most_events,
                                                                     std::size_t most_bytes);
  /// The first event from `from_seq` on whose bytes are here; 0 when there is none.
  [[nodiscard]] record::Result<std::uint64_t> next_kept(std::uint64_t from_seq);
  /// Zeros before the first event; `not_found` when seq is not there.
  [[nodiscard]] record::Result<record::Hash> hash_of(std::uint64_t seq);
  [[nodiscard]] record::Result<std::vector<Question>> questions();

  /// Whether a command of the centre has come to an end here, whatever end.
  [[nodiscard]] record::Result<bool> command_ended(const record::Uuid& id);

  /// An attachment that an event names.
  struct Blob {
    std::uint64_t seq = 0;  ///< of its event
    record::Hash hash{};
    std::uint64_t size = 0;  ///< sealed
  };
  /// By seq, behind `after`, at most `most`.
  [[nodiscard]] record::Result<std::vector<Blob>> blobs(std::uint64_t after, std::size_t most);

  struct Receipt {
    std::uint32_t running = 0;
    std::uint64_t seq = 0;
    std::int64_t issued_ms = 0;
    int copy = 0;
    bool voided = false;
    PrintState print = PrintState::unknown;
    std::string reason;
  };
  /// Every receipt of the terminal, by seq.
  [[nodiscard]] record::Result<std::vector<Receipt>> receipts();

 private:
  IntakeReader(Database database, std::string path);
  record::Result<std::vector<StoredEvent>> read_events(std::uint64_t from_seq, std::size_t most_events,
                                                       std::size_t most_bytes);
  Database m_database;
  std::string m_path;
  std::uint64_t m_file;  ///< number of the file that was opened
};

}  // namespace anjungan::store
