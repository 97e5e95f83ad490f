// SPDX-License-Identifier: Apache-2.0
// The tables of intake.db. STRICT rowid tables: what is damaged can be saved row by row.
#pragma once

#include "sync/store/database.h"

namespace anjungan::store {

inline constexpr int k_intake_schema = 1;

/// Makes the tables in an empty database. Fails with `conflict` when a newer program made the database.
[[nodiscard]] record::Result<void> ensure_intake_schema(Database& database);

}  // namespace anjungan::store
