// SPDX-License-Identifier: Apache-2.0
// The tables of intake.db. STRICT rowid tables: what is damaged can be saved row by row.
#pragma once

#include <array>

#include "sync/store/database.h"

namespace anjungan::store {

inline constexpr int k_intake_schema = 5;

// `bytes` of an event are empty once the centre has had it for long (purged) or it could not be saved from damage while
// the centre had it: its hash stays. One zero byte stands for an event that is lost.
inline constexpr std::array<std::uint8_t, 1> k_lost_event{0};

/// Makes the tables in an empty database and brings an older one up to date. Fails with `conflict` when a newer program
/// made the database.
[[nodiscard]] record::Result<void> ensure_intake_schema(Database& database);

}  // namespace anjungan::store
