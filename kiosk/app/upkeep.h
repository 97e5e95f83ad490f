// SPDX-License-Identifier: Apache-2.0
// What the store needs at night, when the hall is empty: every event checked against its hash, old ones that the
// centre has forgotten, a copy of the database made, the ballast put back. In small pieces, so that whoever comes in
// anyway waits for none of it. A clock that is not sane has no night: opening the store has checked the rest then.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sync/store/intake_store.h"

namespace anjungan::app {

/// What the centre has for long: SyncReader's words.
struct Forgettable {
  std::uint64_t confirmed_seq = 0;                  ///< long_confirmed()
  std::function<std::vector<record::Hash>()> held;  ///< long_held_blobs(), asked when it is their turn; none when empty
};

class Upkeep {
 public:
  /// The copy lies in `folder`/backup/intake.db and is made only while `low_water_bytes` stay free.
  Upkeep(std::string folder, std::uint64_t low_water_bytes)
      : m_folder(std::move(folder)), m_low_water_bytes(low_water_bytes) {}

  /// Whether it is night and tonight's work is not done.
  [[nodiscard]] bool due(std::int64_t local_ms) const;

  /// Does one piece if it is due. True: there is another one to do now; false: it is day, or tonight's work is done.
  /// `local_ms` Unix milliseconds plus the
  /// zone's offset. What fails is logged, and tried again the next night; damage has stopped the store
  /// (IntakeStore::stopped).
  [[nodiscard]] bool step(store::IntakeStore& store, const Forgettable& forgettable, std::int64_t local_ms);

 private:
  enum class Piece { scrub, purge, attachments, back_up, ballast };

  [[nodiscard]] record::Result<bool> piece(store::IntakeStore& store, const Forgettable& forgettable);
  [[nodiscard]] record::Result<void> back_up(store::IntakeStore& store) const;

  std::string m_folder;
  std::uint64_t m_low_water_bytes;
  std::int64_t m_done_day = 0;  ///< days since 1970, local
  Piece m_piece = Piece::scrub;
  std::uint64_t m_from_seq = 1;
};

}  // namespace anjungan::app
