// SPDX-License-Identifier: Apache-2.0
// Attachments that are still coming: a file each in <data>/blobs/coming, as long as what is on disk of it. Thread-safe;
// two requests for one attachment take turns.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "sync/record/blob.h"

namespace anjungan::central {

class BlobStaging {
 public:
  /// Makes the folder, and forgets what nobody has gone on with for 60 days.
  [[nodiscard]] static record::Result<std::unique_ptr<BlobStaging>> open(const std::string& folder);

  /// Holds one attachment for one request; every call below takes one.
  class Turn {
   public:
    Turn(Turn&&) noexcept = default;

   private:
    friend class BlobStaging;
    Turn(std::mutex& mutex, const record::Hash& hash) : m_lock(mutex), m_hash(hash) {}
    std::unique_lock<std::mutex> m_lock;
    record::Hash m_hash;
  };
  [[nodiscard]] Turn turn(const record::Hash& hash);

  /// Bytes of it that are on disk. What an earlier process left is brought to disk first, then it counts.
  [[nodiscard]] record::Result<std::uint64_t> offset(const Turn& turn);
  /// Adds a piece that begins where the last one ended (offset()), on disk when it returns. An error leaves what was
  /// there before, or, where that is not sure, nothing. `last`: the file moves on at once, so its name here need not
  /// last.
  [[nodiscard]] record::Result<void> append(const Turn& turn, record::ByteView piece, bool last);
  /// Whether the bytes are those of the name.
  [[nodiscard]] record::Result<bool> sound(const Turn& turn);
  [[nodiscard]] std::string path(const Turn& turn) const;
  /// Forgets it; a file that was moved away is fine.
  void drop(const Turn& turn);

 private:
  explicit BlobStaging(std::string folder) : m_folder(std::move(folder)) {}

  std::string m_folder;
  std::array<std::mutex, 64> m_turns;
  std::mutex m_mutex;
  struct Coming {
    std::uint64_t size = 0;                ///< on disk
    std::optional<record::Hasher> hasher;  ///< of all these bytes; none: an earlier process took some of them
  };
  Coming* coming(const Turn& turn);

  std::map<record::Hash, Coming> m_coming;  ///< a node is its turn's, the map is m_mutex's
};

}  // namespace anjungan::central
