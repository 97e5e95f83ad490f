// SPDX-License-Identifier: Apache-2.0
// The tables of the schema "anjungan" in PostgreSQL.
#pragma once

#include "sync/central/store/postgres_connection.h"

namespace anjungan::central {

/// Made where they are missing; several instances may ask at once.
[[nodiscard]] record::Result<void> ensure_postgres_schema(PostgresConnection& connection);

}  // namespace anjungan::central
