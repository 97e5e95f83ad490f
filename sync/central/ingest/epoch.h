// SPDX-License-Identifier: Apache-2.0
// The epoch: whether the centre's memory is still the one that gave the last acknowledgements. A store whose history
// has another name than the epoch was made for came back from a backup or lost a server; terminals then compare and
// send again what is missing (PROTOCOL.md).
#pragma once

#include "sync/central/store/store.h"

namespace anjungan::central {

/// The epoch that holds, made anew (with a line in the audit) at the first start and when the history has changed. Then
/// no terminal code that a lost enrolment may have been given is given again (`terminal_floor`).
[[nodiscard]] record::Result<wire::Epoch> current_epoch(Writer& store, std::int64_t now_ms);

/// Begins another epoch at once: a terminal has proved that this store has forgotten what it said, so it came back from
/// a copy that does not know that it is one. `why` goes into the audit.
[[nodiscard]] record::Result<wire::Epoch> new_epoch(Writer& store, std::int64_t now_ms, const std::string& why);

/// The lowest terminal code that may still be given out; 1 without a restore.
[[nodiscard]] record::Result<std::uint16_t> terminal_floor(Reader& store);

/// What stands in meta for `epoch`.
[[nodiscard]] record::Bytes epoch_entry(const wire::Epoch& epoch, std::string_view lineage);
inline constexpr std::string_view k_epoch_key = "epoch";
/// What stands there in copies and backups: whoever opens one begins a new epoch.
inline constexpr std::string_view k_copied_epoch = "copied";
/// The other entries of meta, which a copy takes along.
inline constexpr std::string_view k_copied_meta[] = {"keys", "terminal_floor", "alarms", "losses", "losses_accepted"};

}  // namespace anjungan::central
