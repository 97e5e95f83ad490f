// SPDX-License-Identifier: Apache-2.0
// What is done with a damaged intake.db: copied aside, read row by row, written anew.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/record/clock.h"

namespace anjungan::store {

/// What a rebuild found; for the log and for staff.
struct Salvage {
  std::string copy;             ///< folder with the damaged files, untouched
  std::uint64_t events = 0;     ///< saved whole
  std::uint64_t forgotten = 0;  ///< confirmed by the centre and no longer readable here
  /// Not yet sent and not readable: the terminal must be enrolled again. One more than the last, when nobody can tell
  /// where the end was.
  std::vector<std::uint64_t> lost;
  std::uint64_t jobs = 0;  ///< print jobs whose state was lost: they wait for staff as `unknown`
};

/// Moves the files of `folder`/intake.db aside and puts a new database in their place, with every event whose hash
/// proves it, found by point look-ups (of an event that nobody else has, one wrong byte is found again); receipts come
/// from the events. A power cut at any moment leaves the old database or the new one. Nobody may write the folder
/// meanwhile; readers keep reading the old file. Fails with `full` or `io` when the new one cannot be written; the old
/// files are then where they were.
[[nodiscard]] record::Result<Salvage> salvage_intake(const std::string& folder, std::uint64_t acked_seq,
                                                     const record::Clock& clock);

/// The folders with damaged files that rebuilds have left in `folder`, oldest first; at most four are kept.
[[nodiscard]] std::vector<std::string> damaged_copies(const std::string& folder);

/// Ends a rebuild that a power cut has interrupted after its new database was whole. Call before opening.
[[nodiscard]] record::Result<void> finish_salvage(const std::string& folder);

}  // namespace anjungan::store
